//! Models and their columns: every key of a property file, at the top and under `config`.

use crate::harness::*;
use serde_json::json;

#[test]
fn a_model_has_dbts_keys() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id, 'x' as name");
        p.file(
            "models/a.yml",
            "groups: [{name: g, owner: {name: A}}]
models:
  - name: a
    description: told
    docs: {show: false, node_color: '#ff0000'}
    access: public
    group: g
    deprecation_date: 2040-01-01
    constraints: [{type: check, expression: id > 0, name: pos}]
    config:
      alias: other
      meta: {k: 1}
      tags: [t]
      event_time: at
      static_analysis: strict
      freshness: {build_after: {count: 1, period: day, updates_on: any}}
      own_key: {x: 1}
      on_error: continue
    columns:
      - name: id
        description: the key
        data_type: integer
        quote: true
        tags: [c]
        meta: {m: 1}
        policy_tags: [p]
        constraints: [{type: not_null}]
        config: {tags: [d], meta: {n: 2}}
        granularity: day
        data_tests: [unique]
      - {name: name, docs: {show: true}, config: {tags: one}}
",
        );
        let manifest = p.karat(["parse"]).success().manifest();
        let a = &manifest["nodes"]["model.shop.a"];
        for (pointer, value) in [
            ("/description", json!("told")),
            ("/docs", json!({"show": false, "node_color": "#ff0000"})),
            ("/access", json!("public")),
            ("/group", json!("g")),
            ("/alias", json!("other")),
            ("/deprecation_date", json!("2040-01-01T00:00:00+00:00")),
            ("/constraints/0/name", json!("pos")),
            ("/config/meta", json!({"k": 1})),
            ("/config/event_time", json!("at")),
            ("/config/own_key", json!({"x": 1})),
            ("/config/on_error", json!("continue")),
            ("/config/freshness/build_after/count", json!(1)),
            ("/columns/id/description", json!("the key")),
            ("/columns/id/data_type", json!("integer")),
            ("/columns/id/quote", json!(true)),
            ("/columns/id/meta", json!({"m": 1, "n": 2})),
            ("/columns/id/granularity", json!("day")),
            ("/columns/id/policy_tags", json!(["p"])),
            ("/columns/id/constraints/0/type", json!("not_null")),
        ] {
            assert_eq!(a.pointer(pointer), Some(&value), "{pointer}");
        }
        let nodes = manifest["nodes"].as_object().unwrap();
        let test =
            nodes.values().find(|node| node["name"].as_str().unwrap().starts_with("unique_a_")).unwrap();
        assert_eq!(test["tags"], json!(["c", "d"]), "a column's tags are its tests' too");
    });
}

#[test]
fn a_config_is_the_same_at_the_top_and_below() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 1 as id");
        p.file(
            "models/p.yml",
            "models:
  - {name: a, meta: {k: 1}, docs: {show: false}, access: public}
  - {name: b, config: {meta: {k: 1}, docs: {show: false}, access: public}}
",
        );
        let manifest = p.karat(["parse"]).success().manifest();
        let of = |name: &str, key: &str| manifest["nodes"][format!("model.shop.{name}")][key].clone();
        for key in ["meta", "docs", "access"] {
            assert_eq!(of("a", key), of("b", key), "{key}");
        }
    });
}

#[test]
fn a_config_of_a_wrong_kind_is_told() {
    on_duckdb(|p| {
        for (config, told) in [
            ("on_error: stop", "on_error"),
            ("on_configuration_change: perhaps", "on_configuration_change"),
            ("enabled: perhaps", "enabled"),
            ("tags: {a: 1}", "tags"),
        ] {
            p.file("models/a.sql", "select 1 as id");
            p.file("models/a.yml", &format!("models: [{{name: a, config: {{{config}}}}}]"));
            p.karat(["parse"]).exit(2).stdout_has(told).stdout_has("models/a");
        }
    });
}
