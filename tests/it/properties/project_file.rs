//! dbt_project.yml: every key of it, in both spellings, with the old names of folders.

use crate::harness::*;
use serde_json::json;

#[test]
fn folders_may_have_other_names() {
    on_duckdb(|p| {
        p.configure(
            "model-paths: [m]\nseed-paths: [s]\ntest-paths: [t]\nanalysis-paths: [an]\nmacro-paths: [ma]\n\
             snapshot-paths: [sn]\ndocs-paths: [d]\nasset-paths: [as]\nfunction-paths: [f]\ntarget-path: target\n\
             log-path: l\nclean-targets: [target, l]\npackages-install-path: pk\nrequire-dbt-version: [\">=1.0.0\", \"<2.0.0\"]",
        );
        p.file("m/a.sql", "select {{ one() }} as id from {{ ref('s') }}");
        p.file("m/a.yml", "models:\n  - {name: a, description: \"{{ doc('told') }}\"}");
        p.file("s/s.csv", "id\n1\n").file("t/t.sql", "select 1 as id from {{ ref('a') }} where 1 = 0");
        p.file("an/q.sql", "select 1").file("ma/one.sql", "{% macro one() %}1{% endmacro %}");
        p.file("d/d.md", "{% docs told %}said{% enddocs %}");
        p.file("sn/n.sql", "{% snapshot n %}{{ config(unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('a') }}{% endsnapshot %}");
        let built = p.karat(["build"]);
        built.success().statuses(["seed s success", "a success", "test t pass", "snapshot.shop.n success"]);
        let manifest = built.manifest();
        assert_eq!(manifest["nodes"]["model.shop.a"]["description"], "said");
        assert!(manifest["nodes"]["analysis.shop.q"].is_object());
        assert!(p.path("l/dbt.log").is_file());
    });
}

#[test]
fn old_names_of_folders_are_taken() {
    on_duckdb(|p| {
        p.configure("source-paths: [old]\ndata-paths: [data]");
        p.file("old/a.sql", "select * from {{ ref('s') }}").file("data/s.csv", "id\n1\n");
        p.karat(["build"]).success().statuses(["seed s success", "a success"]);
    });
}

#[test]
fn a_plus_before_a_key_is_a_matter_of_taste() {
    on_adapters(|p| {
        for plus in ["", "+"] {
            p.file(
                "dbt_project.yml",
                &format!(
                    "name: shop\nversion: '1.0'\nprofile: shop\nmodels:\n  shop:\n    {plus}materialized: table\n    marts:\n      {plus}tags: mart\n      {plus}schema: marts\n"
                ),
            );
            p.file("models/marts/a.sql", "select 1 as id");
            let built = p.karat(["build"]);
            let config = built.success().manifest()["nodes"]["model.shop.a"]["config"].clone();
            assert_eq!((&config["materialized"], &config["tags"]), (&json!("table"), &json!(["mart"])));
            assert_eq!(p.relations(), ["analytics_marts.a table"]);
        }
    });
}

#[test]
fn every_kind_has_a_tree_of_configs() {
    on_duckdb(|p| {
        let kinds = [
            "models",
            "seeds",
            "snapshots",
            "sources",
            "analyses",
            "exposures",
            "metrics",
            "semantic-models",
            "saved-queries",
            "functions",
            "unit_tests",
        ];
        for kind in kinds {
            p.configure(&format!("{kind}: {{shop: {{+meta: {{tree: {kind}}}}}}}"));
        }
        p.configure("data_tests: {shop: {+severity: warn}}");
        p.file("models/a.sql", "select 1 as id, cast('2024-01-01' as date) as day");
        p.file("models/days.sql", "select cast('2024-01-01' as date) as day");
        p.file("seeds/s.csv", "id\n1\n").file("analyses/q.sql", "select 1").file("functions/f.sql", "x + 1");
        p.file(
            "models/all.yml",
            "models:
  - {name: a, columns: [{name: id, data_tests: [not_null]}]}
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
sources: [{name: raw, tables: [{name: t}]}]
exposures: [{name: ex, type: dashboard, owner: {name: A}}]
functions: [{name: f, arguments: [{name: x, data_type: int}], returns: {data_type: int}}]
snapshots: [{name: n, relation: ref('a'), config: {unique_key: id, strategy: check, check_cols: all}}]
unit_tests: [{name: u, model: days, given: [], expect: {rows: [{day: 2024-01-01}]}}]
semantic_models:
  - name: sm
    model: ref('a')
    defaults: {agg_time_dimension: at}
    entities: [{name: id, type: primary}]
    dimensions: [{name: at, type: time, expr: day, type_params: {time_granularity: day}}]
    measures: [{name: cnt, agg: count, expr: id}]
metrics: [{name: mt, label: M, type: simple, type_params: {measure: cnt}}]
saved_queries: [{name: sq, query_params: {metrics: [mt]}}]
",
        );
        let manifest = p.karat(["parse"]).success().manifest();
        for (section, id, kind) in [
            ("nodes", "model.shop.a", "models"),
            ("nodes", "seed.shop.s", "seeds"),
            ("nodes", "snapshot.shop.n", "snapshots"),
            // analyses are SQL files to dbt: the tree of models holds for them
            ("nodes", "analysis.shop.q", "models"),
            ("sources", "source.shop.raw.t", "sources"),
            ("exposures", "exposure.shop.ex", "exposures"),
            ("metrics", "metric.shop.mt", "metrics"),
            ("semantic_models", "semantic_model.shop.sm", "semantic-models"),
            ("saved_queries", "saved_query.shop.sq", "saved-queries"),
            ("functions", "function.shop.f", "functions"),
            ("unit_tests", "unit_test.shop.days.u", "unit_tests"),
        ] {
            assert_eq!(manifest[section][id]["config"]["meta"]["tree"], kind, "{id}");
        }
        let test = manifest["nodes"].as_object().unwrap().values().find(|n| n["name"] == "not_null_a_id");
        assert_eq!(test.unwrap()["config"]["severity"], "warn");
    });
}

#[test]
fn quoting_and_query_comments_are_as_the_project_says() {
    on_adapters(|p| {
        p.configure("quoting: {database: false, schema: false, identifier: false}\nquery-comment: {comment: \"seen {{ node.name }}\", append: true, job-label: true}");
        p.file("models/a.sql", "select 1 as id");
        let built = p.karat(["run"]);
        let manifest = built.success().manifest();
        let name = format!("{}.analytics.a", p.database);
        assert_eq!(manifest["nodes"]["model.shop.a"]["relation_name"], name);
        assert!(p.text("logs/dbt.log").contains("/* seen a */"));
    });
}

#[test]
fn a_query_comment_may_be_left_out() {
    on_adapters(|p| {
        p.configure("query-comment:");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).success();
        assert!(!p.text("logs/dbt.log").contains("\"app\": \"dbt\""));
    });
}

#[test]
fn dispatch_and_restricted_access_are_read() {
    on_duckdb(|p| {
        p.configure("restrict-access: true\ndispatch: [{macro_namespace: dbt, search_order: [shop, dbt]}]\ndbt-cloud: {project-id: 1}");
        p.file("macros/m.sql", "{% macro duckdb__current_timestamp() %}'now'{% endmacro %}{% macro default__concat(fields) %}'mine'{% endmacro %}");
        p.file("models/a.sql", "select {{ dbt.concat(['x', 'y']) }} as v");
        p.karat(["run"]).success();
        assert_eq!(p.value("select v from analytics.a"), "mine");
    });
}

#[test]
fn the_whole_file_is_a_template() {
    on_adapters(|p| {
        p.env("KIND", "table");
        p.configure(
            "models:\n  shop:\n    +materialized: \"{{ env_var('KIND') }}\"\n    +enabled: \"{{ target.name == 'dev' }}\"\n    +meta: {n: \"{{ var('n', 3) }}\", rows: \"{{ [1, 2] }}\"}",
        );
        p.file("models/a.sql", "select 1 as id");
        let run = p.karat(["run", "--vars", "n: 7"]);
        let config = run.success().manifest()["nodes"]["model.shop.a"]["config"].clone();
        assert_eq!(config["meta"], json!({"n": 7, "rows": "[1, 2]"}));
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}
