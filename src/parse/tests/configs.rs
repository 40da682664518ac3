//! The config of a node: project, property file, `config()`.

use super::*;
use serde_json::{Value as Json, json};

#[track_caller]
fn check(project: &str, (yaml, call): (&str, &str), expect: Json) {
    let project = format!("name: p\nprofile: p\n{project}");
    let model = format!("{call}select 1");
    let yaml = format!("models: [{{name: a, {yaml}}}]\n");
    let manifest =
        manifest(&[("dbt_project.yml", &project), ("models/x/a.sql", &model), ("models/s.yml", &yaml)]);
    let config = &node(&manifest, "model.p.a").config.0;
    for (key, value) in expect.as_object().unwrap() {
        assert_eq!(&config[key], value, "{key}");
    }
}

#[test]
fn later_levels_win() {
    let project = "models: {+materialized: table, p: {+tags: [p], x: {+tags: x, +meta: {a: 1}}}}\n";
    check(
        project,
        ("", ""),
        json!({"materialized": "table", "tags": ["p", "x"], "lookback": 1, "enabled": true}),
    );
    check(
        project,
        ("config: {materialized: view, meta: {b: 2}}", ""),
        json!({"materialized": "view", "meta": {"a": 1, "b": 2}}),
    );
    check(
        project,
        (
            "config: {materialized: view, tags: [y]}",
            "{{ config(materialized='ephemeral', tags=['c'], x_y=1) }}",
        ),
        json!({"materialized": "ephemeral", "tags": ["p", "x", "y", "c"], "x_y": 1}),
    );
    check(
        project,
        ("meta: {c: 3}, access: public", ""),
        json!({"meta": {"a": 1, "c": 3}, "access": "public"}),
    );
    check(
        "models: {p: {+pre-hook: one}}\n",
        ("config: {pre_hook: [two]}", "{{ config(pre_hook={'sql': '{{ this }}', 'transaction': false}) }}"),
        json!({"pre-hook": [
            {"sql": "one", "transaction": true, "index": null},
            {"sql": "two", "transaction": true, "index": null},
            {"sql": "{{ this }}", "transaction": false, "index": null},
        ]}),
    );
}

#[test]
fn the_root_project_overrules_packages() {
    let manifest = manifest(&[
        ("dbt_project.yml", "name: p\nprofile: p\nmodels: {q: {+materialized: table}}\n"),
        ("packages.yml", "packages: [{local: ../q}]\n"),
        ("dbt_packages/q/dbt_project.yml", "name: q\nmodels: {q: {+materialized: ephemeral, +tags: [q]}}\n"),
        ("dbt_packages/q/models/b.sql", "{{ config(materialized='view') }}select 1"),
    ]);
    let config = &node(&manifest, "model.q.b").config;
    assert_eq!((config.materialized(), config.tags()), ("table", vec!["q".to_string()]));
}

#[test]
fn disabled_nodes_are_kept_apart() {
    let manifest =
        manifest(&[("models/a.sql", "{{ config(enabled=false) }}select 1"), ("models/b.sql", "select 1")]);
    assert_eq!(manifest.nodes.len(), 1);
    assert_eq!(manifest.disabled.keys().next().unwrap().as_str(), "model.p.a");
}

#[test]
fn wrong_values_are_told() {
    let told = faults(&[("models/a.sql", "{{ config(enabled='maybe', tags={'a': 1}) }}select 1")]);
    assert_eq!(
        told,
        [
            "config `enabled`: 'maybe' is not of type 'boolean' (models/a.sql)",
            "config `tags`: [{\"a\":1}] is not of type 'string', 'array' (models/a.sql)",
        ]
    );
}
