//! Functions in the database (UDFs): scalar ones with all their keys, and who calls them.

use crate::harness::*;
use serde_json::json;

#[test]
fn a_function_is_made_before_its_callers() {
    on_adapters(|p| {
        p.file("functions/twice.sql", p.adapter.pick("x * 2", "select x * 2"));
        p.file(
            "functions/f.yml",
            "functions:
  - name: twice
    description: told
    arguments: [{name: x, data_type: integer, description: what is doubled}]
    returns: {data_type: integer, description: the double}
    config: {type: scalar, tags: [math], meta: {k: 1}}
",
        );
        p.file("models/a.sql", "{{ config(materialized='table') }} select {{ function('twice') }}(21) as n");
        let built = p.karat(["build"]);
        built.success().statuses(["function.shop.twice success", "a success"]);
        assert_eq!(p.value("select n from analytics.a"), "42");
        let manifest = built.manifest();
        let function = &manifest["functions"]["function.shop.twice"];
        assert_eq!(function["arguments"][0]["description"], "what is doubled");
        assert_eq!(function["returns"]["data_type"], "integer");
        assert_eq!((&function["config"]["type"], &function["tags"]), (&json!("scalar"), &json!(["math"])));
        assert_eq!(manifest["parent_map"]["model.shop.a"], json!(["function.shop.twice"]));
        p.file("functions/twice.sql", p.adapter.pick("x * 3", "select x * 3"));
        p.karat(["build"]).success();
        assert_eq!(p.value("select n from analytics.a"), "63");
    });
}

#[test]
fn volatility_is_taken_on_postgres() {
    on_postgres(|p| {
        p.file("functions/one.sql", "select 1");
        p.file(
            "functions/f.yml",
            "functions: [{name: one, arguments: [], returns: {data_type: integer}, config: {volatility: deterministic}}]",
        );
        p.karat(["build"]).success();
        assert_eq!(p.value("select provolatile from pg_proc where proname = 'one'"), "i");
    });
}
