//! What a snapshot does with rows that are gone from its source, and with keys that are not unique.

use crate::harness::*;

fn stage(p: &Project, hard_deletes: &str) {
    p.file(
        "snapshots/s.yml",
        &format!(
            "snapshots:\n  - name: s\n    relation: ref('a')\n    config: {{unique_key: id, strategy: check, \
             check_cols: [v], {hard_deletes}}}\n"
        ),
    );
    rows(p, "select 1 as id, 'x' as v union all select 2, 'y'");
    p.karat(["build"]).success();
}

fn rows(p: &Project, sql: &str) {
    p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}} {sql}"));
}

fn history(p: &Project) -> Vec<String> {
    p.column(
        "select id || ' ' || v || case when dbt_valid_to is null then ' current' else '' end as row \
         from analytics.s order by id, dbt_valid_from, v",
    )
}

fn gone(p: &Project, hard_deletes: &str) -> Vec<String> {
    stage(p, hard_deletes);
    rows(p, "select 1 as id, 'x' as v");
    p.karat(["build"]).success();
    history(p)
}

#[test]
fn a_deleted_row_stays_current_unless_told_otherwise() {
    on_adapters(|p| assert_eq!(gone(p, ""), ["1 x current", "2 y current"]));
    on_adapters(|p| assert_eq!(gone(p, "hard_deletes: ignore"), ["1 x current", "2 y current"]));
}

#[test]
fn a_deleted_row_may_end() {
    on_adapters(|p| assert_eq!(gone(p, "hard_deletes: invalidate"), ["1 x current", "2 y"]));
    on_adapters(|p| assert_eq!(gone(p, "invalidate_hard_deletes: true"), ["1 x current", "2 y"]));
}

#[test]
fn a_deleted_row_may_have_a_row_that_says_so() {
    on_adapters(|p| {
        gone(p, "hard_deletes: new_record");
        let rows = p.column(
            "select id || ' ' || cast(dbt_is_deleted as varchar(9)) || \
             case when dbt_valid_to is null then ' current' else '' end as row \
             from analytics.s order by id, dbt_valid_from, dbt_is_deleted",
        );
        assert_eq!(rows, ["1 False current", "2 False", "2 True current"]);
    });
}

#[test]
fn a_row_that_comes_back_is_current_again() {
    on_adapters(|p| {
        gone(p, "hard_deletes: invalidate");
        rows(p, "select 1 as id, 'x' as v union all select 2, 'y'");
        p.karat(["build"]).success();
        assert_eq!(history(p), ["1 x current", "2 y", "2 y current"]);
    });
}

#[test]
fn hard_deletes_has_three_values() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id, 'x' as v");
        p.file(
            "snapshots/s.yml",
            "snapshots:\n  - name: s\n    relation: ref('a')\n    config: {unique_key: id, strategy: check, \
             check_cols: all, hard_deletes: maybe}\n",
        );
        let outcome = p.karat(["build"]);
        assert_ne!(outcome.code(), Some(0));
        outcome.stdout_has("hard_deletes");
    });
}
