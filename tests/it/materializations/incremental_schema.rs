//! `on_schema_change`: what happens to an incremental model whose columns change.

use crate::harness::*;

/// `id, gone` at first, `id, came` later.
fn change_columns(p: &Project, mode: &str) -> Outcome {
    p.file(
        "models/a.sql",
        &format!(
            "{{{{ config(materialized='incremental', unique_key='id', on_schema_change='{mode}') }}}}
             {{% if is_incremental() %}} select 2 as id, 'y' as came {{% else %}} select 1 as id, 'x' as gone {{% endif %}}"
        ),
    );
    p.karat(["run"]).success();
    p.karat(["run"])
}

fn columns(p: &Project) -> Vec<String> {
    p.column(
        "select column_name from information_schema.columns where table_name = 'a' order by ordinal_position",
    )
}

#[test]
fn append_new_columns_keeps_the_old_ones() {
    on_adapters(|p| {
        change_columns(p, "append_new_columns").success();
        assert_eq!(columns(p), ["id", "gone", "came"]);
        let rows = p.rows("select id, gone, came from analytics.a order by id");
        assert_eq!(rows, [["1", "x", "NULL"], ["2", "NULL", "y"]]);
    });
}

#[test]
fn sync_all_columns_drops_the_old_ones() {
    on_adapters(|p| {
        change_columns(p, "sync_all_columns").success();
        assert_eq!(columns(p), ["id", "came"]);
        assert_eq!(p.rows("select id, came from analytics.a order by id"), [["1", "NULL"], ["2", "y"]]);
    });
}

#[test]
fn fail_says_which_columns_differ() {
    on_adapters(|p| {
        let outcome = change_columns(p, "fail");
        outcome.exit(1).stdout_has("came").stdout_has("gone");
        assert_eq!(p.rows("select id, gone from analytics.a"), [["1", "x"]]);
    });
}

#[test]
fn ignore_inserts_what_fits() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental', on_schema_change='ignore') }}
             select {% if is_incremental() %} 2 as id, 'y' as kept, 9 as came {% else %} 1 as id, 'x' as kept {% endif %}",
        );
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        assert_eq!(columns(p), ["id", "kept"]);
        assert_eq!(p.rows("select id, kept from analytics.a order by id"), [["1", "x"], ["2", "y"]]);
    });
}
