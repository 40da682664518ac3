//! Names longer than the 63 bytes that PostgreSQL takes: two of them never become one.

use crate::harness::*;

fn long(end: &str) -> String {
    format!("{}{end}", "m".repeat(63 - end.len()))
}

#[test]
fn names_beside_a_long_target_do_not_meet() {
    on_postgres(|p| {
        let names: Vec<String> = (0..6).map(|n| long(&format!("_{n}"))).collect();
        for name in &names {
            p.file(&format!("models/{name}.sql"), "{{ config(materialized='table', indexes=[{'columns': ['id']}, {'columns': ['v'], 'unique': true}]) }} select 1 as id, 2 as v");
        }
        for _ in 0..3 {
            p.karat(["run", "--threads", "6"]).success();
        }
        assert_eq!(p.relations().len(), 6);
        assert_eq!(p.value("select count(*) from pg_indexes where schemaname = 'analytics'"), "12");
    });
}

#[test]
fn long_names_of_every_kind_of_node() {
    on_postgres(|p| {
        let [inc, snap, seed, view] = ["inc", "snap", "seed", "view"].map(long);
        p.file(&format!("models/{view}.sql"), "select 1 as id, 'é' as v");
        p.file(&format!("models/{inc}.sql"), &format!("{{{{ config(materialized='incremental', unique_key='id') }}}} select * from {{{{ ref('{view}') }}}}"));
        p.file("snapshots/s.yml", &format!("snapshots: [{{name: {snap}, relation: \"ref('{view}')\", config: {{unique_key: id, strategy: check, check_cols: all}}}}]"));
        p.file(&format!("seeds/{seed}.csv"), "id\n1\n");
        p.file("models/m.yml", &format!("models: [{{name: {inc}, columns: [{{name: id, data_tests: [unique, not_null, {{accepted_values: {{arguments: {{values: [1]}}}}}}]}}]}}]"));
        p.configure("data_tests: {+store_failures: true}");
        for words in [vec!["build"], vec!["build"], vec!["build", "--full-refresh"]] {
            p.karat(words).success();
        }
        assert_eq!(p.relations().iter().filter(|name| name.starts_with("analytics.")).count(), 4);
        assert!(p.relations().iter().all(|name| !name.contains("__dbt_")), "{:?}", p.relations());
    });
}

#[test]
fn a_name_that_is_too_long_is_told() {
    on_postgres(|p| {
        let (one, two) = (format!("{}_one", "m".repeat(63)), format!("{}_two", "m".repeat(63)));
        p.file(&format!("models/{one}.sql"), "select 1 as id")
            .file(&format!("models/{two}.sql"), "select 2 as id");
        let ran = p.karat(["run"]);
        ran.exit(1).stdout_has("is longer than 63 characters");
        assert!(p.relations().is_empty());
    });
}
