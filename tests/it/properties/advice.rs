//! What karat says of properties that cannot be kept, or of newer versions.

use crate::harness::*;

#[test]
fn constraints_of_a_view_are_told_of() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let column = |more: &str| {
            format!(
                "models: [{{name: a, config: {{contract: {{enforced: true, enforce: true}}}}, columns: [{{name: id, \
                 data_type: int, constraints: [{{type: not_null{more}}}]}}]}}]"
            )
        };
        p.file("models/s.yml", &column(""));
        let said = p.karat(["run"]);
        said.success().stdout_has("Constraint types are not supported for view materializations");
        let contract = said.manifest()["nodes"]["model.shop.a"]["config"]["contract"].clone();
        assert_eq!(contract, serde_json::json!({"enforced": true, "alias_types": true}));
        p.file("models/s.yml", &column(", warn_unsupported: false"));
        p.karat(["parse"]).success().stdout_lacks("Constraint types");
        p.file("models/s.yml", &column("")).configure("models: {+materialized: table}");
        p.karat(["parse"]).success().stdout_lacks("Constraint types");
    });
}

#[test]
fn a_ref_without_a_version_is_told_of_newer_ones() {
    on_duckdb(|p| {
        p.file("models/m_v1.sql", "select 1 as id").file("models/m_v2.sql", "select 2 as id");
        p.file("models/s.yml", "models: [{name: m, latest_version: 1, versions: [{v: 1}, {v: 2}]}]");
        p.file("models/reader.sql", "select * from {{ ref('m') }}");
        p.karat(["--warn-error", "parse"]).success().stdout_has("A prerelease version 2 is available");
        p.file("models/reader.sql", "select * from {{ ref('m', v=1) }}");
        p.karat(["parse"]).success().stdout_lacks("prerelease");
    });
}

#[test]
fn an_empty_loaded_at_field_is_refused() {
    on_duckdb(|p| {
        p.file("models/s.yml", "sources: [{name: raw, tables: [{name: t, config: {loaded_at_field: ''}}]}]");
        p.karat(["parse"]).exit(2).stdout_has("loaded_at_field cannot be an empty string");
    });
}

#[test]
fn time_spines_name_columns_that_are_there() {
    on_duckdb(|p| {
        p.file("models/people.sql", "select 1 as id, current_date as at");
        p.file("models/days.sql", "select current_date as day")
            .file("models/other.sql", "select current_date as day");
        let spine = |more: &str, columns: &str| {
            format!(
                "models:\n  - {{name: days, time_spine: {{standard_granularity_column: day}}, columns: [{{name: day, \
                 granularity: day}}]}}\n  - {{name: other, time_spine: {{standard_granularity_column: day{more}}}, \
                 columns: [{columns}]}}\nsemantic_models:\n  - {{name: people, model: ref('people'), entities: [{{name: \
                 id, type: primary}}]}}\n"
            )
        };
        let parse = |more: &str, columns: &str| {
            p.file("models/s.yml", &spine(more, columns));
            p.karat(["parse"])
        };
        parse("", "{name: day, granularity: day}").success();
        parse("", "{name: day}").exit(2).stdout_has("column must have a granularity defined");
        parse("", "{name: night}").exit(2).stdout_has("column must be defined on the model");
        let month = ", custom_granularities: [{name: month}]";
        parse(month, "{name: day, granularity: day}").exit(2).stdout_has("columns do not exist in the model");
    });
}
