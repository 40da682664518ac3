//! Configs: from dbt_project.yml, property files and the model itself, the nearest winning.

use crate::harness::*;

#[test]
fn the_nearest_config_wins() {
    on_adapters(|p| {
        p.configure("models:\n  +materialized: table\n  shop:\n    x:\n      +materialized: view\n      deep:\n        +materialized: table");
        for path in ["a", "x/b", "x/deep/c", "x/d", "x/e"] {
            p.file(&format!("models/{path}.sql"), "select 1 as id");
        }
        p.file("models/x/p.yml", "models:\n  - name: d\n    config: {materialized: table}\n  - name: e\n    config: {materialized: table}\n");
        p.file("models/x/e.sql", "{{ config(materialized='view') }} select 1 as id");
        p.karat(["run"]).success();
        let expect = [
            "analytics.a table",
            "analytics.b view",
            "analytics.c table",
            "analytics.d table",
            "analytics.e view",
        ];
        assert_eq!(p.relations(), expect);
    });
}

#[test]
fn tags_add_up_and_meta_is_merged() {
    on_duckdb(|p| {
        p.configure("models:\n  +tags: all\n  +meta: {owner: ada, level: 1}");
        p.file("models/a.sql", "{{ config(tags=['own'], meta={'level': 2}) }} select 1 as id");
        p.file("models/a.yml", "models:\n  - name: a\n    config: {tags: [yml]}\n");
        let node = p.karat(["parse"]).success().manifest()["nodes"]["model.shop.a"].clone();
        assert_eq!(node["tags"], serde_json::json!(["all", "own", "yml"]));
        assert_eq!(node["config"]["meta"], serde_json::json!({"owner": "ada", "level": 2}));
    });
}

#[test]
fn a_disabled_model_is_not_there() {
    on_adapters(|p| {
        p.configure("models:\n  shop:\n    old:\n      +enabled: false");
        p.file("models/old/a.sql", "select 1 as id")
            .file("models/b.sql", "{{ config(enabled=var('use_b', false)) }} select 1 as id");
        p.file("models/c.sql", "select 1 as id");
        p.karat(["run"]).success().statuses(["c success"]);
        p.karat(["run", "--vars", "use_b: true"]).success().statuses(["b success", "c success"]);
    });
}

#[test]
fn a_ref_to_a_disabled_model_is_refused() {
    on_duckdb(|p| {
        p.file("models/a.sql", "{{ config(enabled=false) }} select 1 as id")
            .file("models/b.sql", "select * from {{ ref('a') }}");
        p.karat(["run"]).exit(2).stdout_has("disabled").stdout_has("models/b.sql");
    });
}

#[test]
fn indexes_are_made_on_postgres() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['id', 'v'], 'type': 'btree'}]) }} select 1 as id, 2 as v");
        for _ in 0..2 {
            p.karat(["run"]).success();
            let indexes =
                p.column("select indexdef from pg_indexes where tablename = 'a' order by length(indexdef)");
            assert_eq!(indexes.len(), 2);
            assert!(indexes.iter().any(|i| i.contains("UNIQUE") && i.ends_with("(id)")), "{indexes:?}");
            assert!(indexes.iter().any(|i| i.ends_with("(id, v)")), "{indexes:?}");
        }
    });
}

#[test]
fn a_color_of_the_project_is_checked_too() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").configure("models:\n  +docs: {node_color: notacolor}");
        p.karat(["parse"]).exit(2).stdout_has("Invalid color name for docs.node_color: notacolor");
        p.configure("models:\n  +docs: {node_color: RebeccaPurple}");
        p.karat(["parse"]).success();
    });
}

#[test]
fn what_stands_under_meta_is_found_by_meta_get_alone() {
    on_adapters(|p| {
        p.file("models/p.yml", "models:\n  - name: a\n    config: {meta: {k: deep}}\n");
        p.file("models/a.sql", "select '{{ config.get('k', 'default') }}' as v");
        let outcome = p.karat(["run"]);
        outcome
            .success()
            .stdout_has("The key 'k' was not found using config.get('k')")
            .stdout_has("meta_get");
        assert_eq!(p.value("select v from analytics.a"), "default");
        p.file("models/a.sql", "select '{{ config.meta_get('k', 'default') }}' as v");
        p.karat(["run"]).success().stdout_lacks("not found using");
        assert_eq!(p.value("select v from analytics.a"), "deep");
        p.file("models/a.sql", "select '{{ config.require('k') }}' as v");
        p.karat(["run"]).exit(1).stdout_has("does not define a required config parameter 'k'");
    });
}

#[test]
fn tags_stand_in_the_order_in_which_they_are_said() {
    on_adapters(|p| {
        p.configure("models:\n  +tags: [a, b]");
        p.file("models/m.sql", "select 1 as id")
            .file("models/n.sql", "{{ config(tags='d') }} select 1 as id");
        p.file(
            "models/m.yml",
            "models: [{name: m, config: {tags: [c, a]}}, {name: n, config: {tags: [c, a]}}]",
        );
        let nodes = p.karat(["parse"]).success().manifest()["nodes"].clone();
        let tags = |name: &str| nodes[format!("model.shop.{name}")]["tags"].clone();
        assert_eq!(tags("m"), serde_json::json!(["a", "b", "c"]));
        assert_eq!(tags("n"), serde_json::json!(["a", "b", "d", "c"]));
    });
}

#[test]
fn a_null_takes_nothing_back_but_parts_of_a_name() {
    on_adapters(|p| {
        p.configure(
            "models:\n  +group: g\n  +unique_key: id\n  +schema: extra\n  +materialized: incremental",
        );
        p.file(
            "models/g.yml",
            "groups: [{name: g, owner: {name: o}}]\nmodels: [{name: a, config: {group: null}}]",
        );
        p.file("models/a.sql", "{{ config(unique_key=none, schema=none) }} select 1 as id");
        for _ in 0..2 {
            p.karat(["run"]).success();
        }
        assert_eq!(p.value("select count(*) from analytics.a"), "1");
        let node = p.karat(["parse"]).success().manifest()["nodes"]["model.shop.a"].clone();
        assert_eq!((&node["group"], &node["config"]["unique_key"]), (&"g".into(), &"id".into()));
    });
}

#[test]
fn keys_of_other_kinds_do_not_add_up() {
    on_adapters(|p| {
        p.configure("data_tests:\n  +docs: {show: false}\n  +packages: x\n  +pre-hook: select 1\n  +tags: a");
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "tests/t.sql",
            "{{ config(docs={'node_color': 'red'}, packages='y', tags='b') }} select 1 where false",
        );
        let config = p.karat(["parse"]).success().manifest()["nodes"]["test.shop.t"]["config"].clone();
        assert_eq!(config["docs"], serde_json::json!({"node_color": "red"}));
        assert_eq!(config["tags"], serde_json::json!(["a", "b"]));
        assert_eq!((&config["packages"], config.get("pre-hook")), (&"y".into(), None));
    });
}
