//! Configs: in the file, in its properties, in dbt_project.yml with and without `+`.

use crate::harness::*;
use serde_json::{Map, Value, json};

/// Keys of models with a value each, as YAML and JSON have them alike.
const MODEL: [(&str, &str); 58] = [
    ("access", r#""public""#),
    ("alias", r#""al""#),
    ("batch_size", r#""day""#),
    ("begin", r#""2024-01-01""#),
    ("column_types", r#"{"a": "int"}"#),
    ("concurrent_batches", "true"),
    ("contract", r#"{"alias_types": false}"#),
    ("database", r#""other""#),
    ("delimiter", r#"";""#),
    ("docs", r#"{"show": false}"#),
    ("docs", r##"{"node_color": "#ff0000"}"##),
    ("enabled", "true"),
    ("event_time", r#""at""#),
    ("freshness", r#"{"build_after": {"count": 1, "period": "day"}}"#),
    ("freshness", r#"{"build_after": {"count": 2, "period": "hour", "updates_on": "all"}}"#),
    ("full_refresh", "false"),
    ("grants", r#"{"select": "a"}"#),
    ("grants", r#"{"+select": ["a"], "insert": ["b", "c"]}"#),
    ("group", r#""g""#),
    ("incremental_predicates", r#"["a > 1"]"#),
    ("incremental_strategy", r#""delete+insert""#),
    ("indexes", r#"[{"columns": ["id"], "unique": true, "type": "hash"}]"#),
    ("location_root", r#""x""#),
    ("lookback", "3"),
    ("materialized", r#""table""#),
    ("materialized", r#""ephemeral""#),
    ("merge_exclude_columns", r#"["a"]"#),
    ("merge_update_columns", r#"["a"]"#),
    ("meta", r#"{"k": 1, "n": {"x": [1]}}"#),
    ("on_configuration_change", r#""continue""#),
    ("on_schema_change", r#""fail""#),
    ("own_key", r#""v""#),
    ("own_key", r#"{"deep": [1, 2.5, null, true]}"#),
    ("packages", r#"["x"]"#),
    ("persist_docs", r#"{"relation": true, "columns": true}"#),
    ("post_hook", r#"[{"sql": "select 1"}, "select 2"]"#),
    ("post-hook", r#""select 1""#),
    ("pre_hook", r#"{"sql": "select 3", "transaction": false}"#),
    ("pre-hook", r#"["select 1", "select 2"]"#),
    ("quote_columns", "true"),
    ("quoting", r#"{"identifier": false}"#),
    ("quoting", r#"{"database": true, "schema": false}"#),
    ("schema", r#""sch""#),
    ("schema", "null"),
    ("snapshot_meta_column_names", r#"{"dbt_valid_to": "x"}"#),
    ("sql_header", r#""set x = 1""#),
    ("static_analysis", r#""off""#),
    ("store_failures", "true"),
    ("tags", r#""one""#),
    ("tags", r#"["b", "a", "b"]"#),
    ("unique_key", r#""id""#),
    ("unique_key", r#"["a", "b"]"#),
    ("unlogged", "true"),
    ("latest_version_pointer", "false"),
    ("on_error", r#""continue""#),
    ("severity", r#""warn""#),
    ("where", r#""a > 1""#),
    ("limit", "5"),
];

/// Where a config may stand.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    File,
    Properties,
    Plus,
    Bare,
}

/// A project with one model for each key, and the config that each has.
fn configs(p: &Project, place: Place) -> Value {
    let mut entries = Vec::new();
    let mut tree = Map::new();
    for (at, (key, value)) in MODEL.into_iter().enumerate() {
        let value: Value = serde_json::from_str(value).unwrap();
        let name = format!("m{at:02}_{}", key.replace('-', "_"));
        let python = format!("{{{{ config({{'{key}': fromjson('{value}')}}) }}}}\n");
        let call = if place == Place::File { python } else { String::new() };
        p.file(&format!("models/{name}/{name}.sql"), &format!("{call}select 1 as id, 2 as at"));
        match place {
            Place::File => {}
            Place::Properties => entries.push(json!({"name": name, "config": {key: value}})),
            Place::Plus => drop(tree.insert(name, json!({format!("+{key}"): value}))),
            Place::Bare => drop(tree.insert(name, json!({key: value}))),
        }
    }
    p.file(
        "models/all.yml",
        &json!({"models": entries, "groups": [{"name": "g", "owner": {"name": "o"}}]}).to_string(),
    );
    p.file(
        "dbt_project.yml",
        &format!("name: shop\nprofile: shop\nversion: '1.0'\nmodels: {}", json!({"shop": tree})),
    );
    let manifest = p.karat(["parse"]).success().manifest();
    let nodes = manifest["nodes"].as_object().unwrap();
    nodes.iter().map(|(id, node)| (id.clone(), node["config"].clone())).collect::<Map<_, _>>().into()
}

#[test]
fn a_config_means_the_same_in_every_place() {
    on_duckdb(|p| {
        let file = configs(p, Place::File);
        let usual = file["model.shop.m11_enabled"].clone();
        let own = |config: &Value| -> Map<String, Value> {
            let config = config.as_object().unwrap().iter();
            config
                .filter(|(key, value)| usual.get(*key) != Some(value))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect()
        };
        let all = file.as_object().unwrap();
        let told: String =
            all.iter().map(|(id, config)| format!("{id} {}\n", Value::from(own(config)))).collect();
        insta::assert_snapshot!("configs_of_models", told);
        for place in [Place::Properties, Place::Plus, Place::Bare] {
            let here = configs(p, place);
            for ((id, config), (_, written)) in all.iter().zip(MODEL) {
                // A mapping without `+` is a folder.
                if place == Place::Bare && written.starts_with('{') {
                    continue;
                }
                assert_eq!(own(&here[id]), own(config), "{id} in place {}", place as u8);
            }
        }
    });
}

/// The same of other kinds, by what dbt made of them: `(kind, key of its tree, its properties without config)`.
const KINDS: [(&str, &str, &str); 7] = [
    ("seed", "seeds", r#"{"name": "s"}"#),
    ("snapshot", "snapshots", r#"{"name": "n", "relation": "ref('o')"}"#),
    ("source", "sources", r#"{"name": "raw", "tables": [{"name": "t"}]}"#),
    ("exposure", "exposures", r#"{"name": "ex", "type": "dashboard", "owner": {"name": "o"}}"#),
    ("function", "functions", r#"{"name": "f", "returns": {"data_type": "int"}}"#),
    (
        "unit_test",
        "unit_tests",
        r#"{"name": "u", "model": "o", "given": [], "expect": {"rows": [{"id": 1}]}}"#,
    ),
    ("saved_query", "saved-queries", r#"{"name": "asked", "query_params": {"metrics": ["mt"]}}"#),
];

const LAYER: &str = "
models: [{name: days, time_spine: {standard_granularity_column: day}, columns: [{name: day, granularity: day}]}]
semantic_models:
  - name: sm
    model: ref('o')
    defaults: {agg_time_dimension: at}
    entities: [{name: id_of_it, type: primary, expr: id}]
    dimensions: [{name: at, type: time, type_params: {time_granularity: day}}]
    measures: [{name: cnt, agg: count, expr: id}]
metrics: [{name: mt, label: M, type: simple, type_params: {measure: cnt}}]
";

/// What a config of one kind becomes, written into its properties or into its tree.
fn of_kind(p: &Project, (kind, tree, entry): (&str, &str, &str), config: &str, in_tree: bool) -> Value {
    let mut entry: Value = serde_json::from_str(entry).unwrap();
    let config: Value = serde_json::from_str(config).unwrap();
    let plus = config.as_object().unwrap().iter().map(|(key, value)| (format!("+{key}"), value.clone()));
    let plus: Value = plus.collect::<Map<_, _>>().into();
    let said = if in_tree { json!({"shop": plus}) } else { json!({}) };
    if !in_tree {
        entry["config"] = config;
    }
    p.file("dbt_project.yml", &format!("name: shop\nprofile: shop\nversion: '1.0'\n{tree}: {said}"));
    p.file("models/o.sql", "select 1 as id").file("models/days.sql", "select 1 as day");
    p.file("seeds/s.csv", "id\n1\n").file("functions/f.sql", "1").file("models/layer.yml", LAYER);
    p.file("models/one.yml", &json!({tree.replace('-', "_"): [entry]}).to_string());
    let manifest = p.karat(["parse"]).success().manifest();
    let sections = ["nodes", "sources", "exposures", "functions", "unit_tests", "saved_queries"];
    let mut all = sections.into_iter().filter_map(|section| manifest[section].as_object()).flatten();
    all.find(|(id, _)| id.starts_with(&format!("{kind}."))).unwrap().1["config"].clone()
}

#[test]
fn every_kind_takes_its_configs_in_both_places() {
    on_duckdb(|p| {
        let configs = [
            r#"{"tags": ["b", "a"], "meta": {"k": 1}, "own_key": {"deep": [1]}, "enabled": true, "group": "g"}"#,
            r#"{"schema": "sch", "alias": "al", "database": "other", "grants": {"select": ["a"]}, "docs": {"show": false}, "quoting": {"identifier": true}, "event_time": "at", "persist_docs": {"relation": true}, "column_types": {"id": "int"}, "quote_columns": true, "delimiter": ";"}"#,
            r#"{"loaded_at_field": "at", "hard_deletes": "invalidate", "dbt_valid_to_current": "x", "snapshot_meta_column_names": {"dbt_valid_to": "y"}, "volatility": "stable", "type": "scalar", "cache": {"enabled": true}}"#,
        ];
        p.file("models/g.yml", "groups: [{name: g, owner: {name: o}}]");
        let mut told = String::new();
        for kind in KINDS {
            for config in configs {
                // The strategy is told with every config: a snapshot is none without.
                let strategy = r#"{"unique_key": "id", "strategy": "check", "check_cols": "all", "#;
                let config =
                    if kind.0 == "snapshot" { config.replacen('{', strategy, 1) } else { config.to_string() };
                let here = of_kind(p, kind, &config, false);
                told += &format!("{} {config}\n  {here}\n", kind.0);
                let there = of_kind(p, kind, &config, true);
                if there != here {
                    told += &format!("  in the tree: {there}\n");
                }
            }
        }
        insta::assert_snapshot!("configs_of_other_kinds", told);
    });
}
