//! `compile` and `parse`: SQL and manifest without touching a relation.

use crate::harness::*;

#[test]
fn compiled_sql_is_written_and_nothing_is_made() {
    on_adapters(|p| {
        p.file("models/x/a.sql", "select {{ 1 + 1 }} as id");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.file("tests/t.sql", "select * from {{ ref('b') }}");
        p.file("models/p.yml", "models:\n  - name: b\n    columns: [{name: id, data_tests: [unique]}]\n");
        p.karat(["compile"]).success();
        assert_eq!(p.text("target/compiled/shop/models/x/a.sql").trim(), "select 2 as id");
        let b = p.text("target/compiled/shop/models/b.sql");
        assert_eq!(b.trim(), format!("select * from \"{}\".\"analytics\".\"a\"", p.database));
        assert!(p.path("target/compiled/shop/tests/t.sql").exists());
        assert!(p.path("target/compiled/shop/models/p.yml/unique_b_id.sql").exists());
        assert!(p.relations().is_empty());
    });
}

#[test]
fn a_selected_model_is_printed() {
    on_adapters(|p| {
        p.file("models/a.sql", "select {{ 1 + 1 }} as id");
        let outcome = p.karat(["compile", "--select", "a"]);
        outcome.success().prints("Compiled node 'a' is:").prints("select 2 as id");
        let outcome = p.karat(["compile", "--inline", "select * from {{ ref('a') }}"]);
        outcome.success().prints("Compiled inline node is:").stdout_has(".\"analytics\".\"a\"");
        let outcome = p.karat(["-q", "compile", "-s", "a", "--output", "json"]);
        let value: serde_json::Value = serde_json::from_str(outcome.success().stdout().trim()).unwrap();
        assert_eq!(value, serde_json::json!({"node": "a", "compiled": "select 2 as id"}));
    });
}

#[test]
fn ephemeral_models_have_a_result_where_compile_selects_them() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='ephemeral') }} select 1 as id");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        let ids = |outcome: &Outcome| {
            let results = outcome.results();
            results.iter().map(|it| it["unique_id"].as_str().unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(ids(p.karat(["compile"]).success()), ["model.shop.b"]);
        assert_eq!(ids(p.karat(["compile", "-s", "+b"]).success()), ["model.shop.a", "model.shop.b"]);
        assert_eq!(ids(p.karat(["run", "-s", "+b"]).success()), ["model.shop.b"]);
    });
}

#[test]
fn run_sql_is_written_by_runs() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.karat(["run"]).success();
        assert!(p.text("target/run/shop/models/a.sql").to_lowercase().contains("create"));
    });
}

#[test]
fn parse_writes_the_manifest_without_a_database() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select {{ 'one' if execute else 'two' }} as id");
        let manifest = p.karat(["parse"]).success().manifest();
        assert_eq!(manifest["nodes"]["model.shop.a"]["name"], "a");
        assert!(!p.path("warehouse.duckdb").exists());
    });
}

#[test]
fn what_cannot_be_compiled_ends_the_command() {
    on_adapters(|p| {
        p.file("models/a.sql", "select {{ exceptions.raise_compiler_error('no') if execute }} 1 as id");
        p.file("models/b.sql", "select {{ target.nope() }} as id").file("models/c.sql", "select 1 as id");
        let outcome = p.karat(["compile"]);
        outcome.exit(2).stdout_has("models/a.sql:1:").stdout_has("models/b.sql:1:");
        p.karat(["docs", "generate"]).exit(2);
    });
}

#[test]
fn no_introspect_asks_no_database() {
    on_adapters(|p| {
        p.file("models/a.sql", "select {{ run_query('select 7').rows[0][0] if execute }} as id");
        p.karat(["compile", "--no-introspect"])
            .exit(2)
            .stdout_has("connection never acquired for thread")
            .stdout_has("models/a.sql");
        p.karat(["compile"]).success();
        p.karat(["run"]).success();
        p.env("DBT_INTROSPECT", "false").karat(["run"]).success();
    });
}
