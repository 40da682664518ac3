//! Grants on PostgreSQL; DuckDB has none.

use crate::harness::*;

fn may_select(p: &Project) -> Vec<String> {
    p.column(
        "select grantee from information_schema.role_table_grants where table_schema = 'analytics' \
         and table_name = 'a' and privilege_type = 'SELECT' and grantee like 'reader_%' order by 1",
    )
}

#[test]
fn grants_are_given_kept_and_taken_back() {
    on_postgres(|p| {
        let [one, two] = ["one", "two"].map(|name| format!("reader_{name}_{}", p.database));
        p.execute(&format!("create role {one}; create role {two}"));
        for kind in ["view", "table", "incremental"] {
            for readers in [vec![&one], vec![&one, &two], vec![&two]] {
                let list = readers.iter().map(|r| format!("'{r}'")).collect::<Vec<_>>().join(", ");
                p.file("models/a.sql", &format!("{{{{ config(materialized='{kind}', grants={{'select': [{list}]}}) }}}} select 1 as id"));
                for _ in 0..2 {
                    p.karat(["run"]).success();
                    assert_eq!(may_select(p).iter().collect::<Vec<_>>(), readers, "{kind}");
                }
            }
        }
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental', grants={'select': []}) }} select 1 as id",
        );
        p.karat(["run"]).success();
        assert!(may_select(p).is_empty());
    });
}

#[test]
fn grants_of_project_and_model_are_joined_by_a_plus() {
    on_postgres(|p| {
        let [one, two] = ["one", "two"].map(|name| format!("reader_{name}_{}", p.database));
        p.execute(&format!("create role {one}; create role {two}"));
        p.configure(&format!("models:\n  +grants:\n    select: {one}"));
        p.file("models/a.sql", &format!("{{{{ config(grants={{'+select': '{two}'}}) }}}} select 1 as id"));
        p.karat(["run"]).success();
        assert_eq!(may_select(p), [one, two]);
    });
}

#[test]
fn an_unknown_reader_fails_the_model() {
    on_postgres(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', grants={'select': ['nobody_here']}) }} select 1 as id",
        );
        p.karat(["run"]).exit(1).stdout_has("role \"nobody_here\" does not exist");
        assert!(p.relations().is_empty());
    });
}
