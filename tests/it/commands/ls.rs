//! `ls`: the nodes of a project as names, paths, selectors or JSON.

use crate::harness::*;

fn small(p: &Project) {
    p.file("seeds/s.csv", "id\n1\n");
    p.file("models/gold/a.sql", "{{ config(tags=['t']) }} select * from {{ ref('s') }}");
    p.file("models/gold/p.yml", "models:\n  - name: a\n    description: The a.\n    columns:\n      - name: id\n        data_tests: [unique]\n");
    p.file("models/sources.yml", "sources:\n  - name: raw\n    tables: [{name: orders}]\nexposures:\n  - name: board\n    type: dashboard\n    owner: {name: Ada}\n    depends_on: [ref('a')]\n");
}

#[test]
fn selectors_names_and_paths() {
    on_duckdb(|p| {
        small(p);
        let all = "exposure:shop.board\nsource:shop.raw.orders\nshop.gold.a\nshop.s\nshop.gold.unique_a_id";
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
            lines.sort();
            lines
        };
        let outcome = p.karat(["--quiet", "ls"]);
        assert_eq!(sorted(outcome.success().stdout().trim()), sorted(all));
        let outcome = p.karat(["list", "-q", "--output", "name"]);
        assert_eq!(sorted(outcome.success().stdout().trim()), sorted("board\nraw.orders\na\ns\nunique_a_id"));
        let paths =
            "models/sources.yml\nmodels/sources.yml\nmodels/gold/a.sql\nseeds/s.csv\nmodels/gold/p.yml";
        let outcome = p.karat(["ls", "-q", "--output", "path"]);
        assert_eq!(sorted(outcome.success().stdout().trim()), sorted(paths));
    });
}

#[test]
fn without_quiet_the_usual_lines_come_first() {
    on_duckdb(|p| {
        small(p);
        let lines = p.karat(["ls", "--resource-type", "model"]).success().lines();
        assert!(lines[0].starts_with("Running with dbt="), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "shop.gold.a");
    });
}

#[test]
fn json_has_the_keys_asked_for() {
    on_duckdb(|p| {
        small(p);
        let outcome = p.karat(["ls", "-q", "--output", "json", "--select", "a", "--resource-type", "model"]);
        let value: serde_json::Value = serde_json::from_str(outcome.success().stdout().trim()).unwrap();
        assert_eq!(value["name"], "a");
        assert_eq!(value["resource_type"], "model");
        assert_eq!(value["package_name"], "shop");
        assert_eq!(value["original_file_path"], "models/gold/a.sql");
        assert_eq!(value["unique_id"], "model.shop.a");
        assert_eq!(value["alias"], "a");
        assert_eq!(value["tags"], serde_json::json!(["t"]));
        assert_eq!(value["config"]["materialized"], "view");
        assert_eq!(value["depends_on"]["nodes"], serde_json::json!(["seed.shop.s"]));
        let outcome = p.karat([
            "ls",
            "-q",
            "--output",
            "json",
            "-s",
            "a",
            "--resource-type",
            "model",
            "--output-keys",
            "name description",
        ]);
        outcome.success().stdout_is(r#"{"name": "a", "description": "The a."}"#);
    });
}

#[test]
fn nothing_found_is_no_failure() {
    on_duckdb(|p| {
        small(p);
        p.karat(["ls", "--select", "tag:nobody"]).success().stdout_has("No nodes selected!");
    });
}

#[test]
fn ls_needs_no_database() {
    on_duckdb(|p| {
        small(p);
        p.karat(["ls"]).success();
        assert!(!p.path("warehouse.duckdb").exists());
    });
}

#[test]
fn analyses_are_listed_among_all_but_not_by_default() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("analyses/an.sql", "select 1 as id");
        p.karat(["ls", "-q"]).success().stdout_is("shop.a\n");
        p.karat(["ls", "-q", "--resource-type", "default"]).success().stdout_is("shop.a\n");
        p.karat(["ls", "-q", "--resource-type", "all"]).success().stdout_is("shop.analysis.an\nshop.a\n");
    });
}

#[test]
fn the_manifest_is_written() {
    on_duckdb(|p| {
        small(p);
        p.karat(["ls"]).success();
        assert!(p.text("target/manifest.json").contains("seed.shop.s"));
        p.file("macros/m.sql", "{% macro m() %}{% endmacro %}").karat(["run-operation", "m"]).success();
        assert!(p.text("target/manifest.json").contains("macro.shop.m"));
        p.remove("target/manifest.json").karat(["ls", "--no-write-json"]).success();
        assert!(!p.path("target/manifest.json").exists());
    });
}

#[test]
fn a_project_that_has_changed_is_written_into_the_manifest() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id").karat(["run"]).success();
        let compiled = |outcome: &Outcome| outcome.manifest()["nodes"]["model.shop.a"]["compiled"].clone();
        assert_eq!(compiled(p.karat(["ls"]).success()), true, "what the run wrote stays");
        p.file("models/b.sql", "select 2 as id");
        let listed = p.karat(["ls"]);
        assert!(listed.success().manifest()["nodes"]["model.shop.b"].is_object());
        assert_eq!(compiled(&listed), serde_json::Value::Null);
    });
}
