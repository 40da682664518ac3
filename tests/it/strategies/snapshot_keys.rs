//! Keys of snapshots: a key that the source has twice, and the old name of `hard_deletes`.

use crate::harness::*;

/// Takes a snapshot of each of these states of the source table.
fn states(p: &Project, config: &str, states: &[&str]) {
    p.execute("create schema raw");
    p.file("snapshots/s.yml", &format!(
        "sources: [{{name: raw, tables: [{{name: t}}]}}]\nsnapshots: [{{name: s, relation: \"source('raw', 't')\", config: {{{config}}}}}]"
    ));
    for (at, state) in states.iter().enumerate() {
        let old = if at == 0 { "" } else { "drop table raw.t;" };
        p.execute(&format!("{old} create table raw.t as {state}"));
        p.karat(["snapshot"]).success();
    }
}

fn row(id: u32, v: &str, day: u32) -> String {
    format!(
        "select {id} as id, {id} as part, cast('{v}' as varchar(9)) as v, cast('2024-01-0{day}' as timestamp) as seen"
    )
}

const TIMESTAMP: &str = "unique_key: id, strategy: timestamp, updated_at: seen";

/// Every row as `id v open|shut`.
fn history(p: &Project) -> Vec<String> {
    p.column("select id || ' ' || v || case when dbt_valid_to is null then ' open' else ' shut' end as r from analytics.s order by id, dbt_valid_from, dbt_valid_to is null")
}

#[test]
fn a_key_that_is_there_twice_loses_nothing() {
    on_adapters(|p| {
        states(p, TIMESTAMP, &[&row(1, "a", 1)]);
        p.execute(&format!(
            "drop table raw.t; create table raw.t as {} union all {}",
            row(1, "b", 2),
            row(1, "c", 3)
        ));
        p.karat(["snapshot"]).exit(1).stdout_has("unique_key");
        assert_eq!(history(p), ["1 a open"]);
    });
}

#[test]
fn the_old_name_of_hard_deletes_is_taken() {
    on_adapters(|p| {
        let first = format!("{} union all {}", row(1, "a", 1), row(2, "b", 1));
        states(p, &format!("{TIMESTAMP}, invalidate_hard_deletes: true"), &[&first, &row(1, "a", 1)]);
        assert_eq!(history(p), ["1 a open", "2 b shut"]);
    });
}

#[test]
fn a_query_may_end_with_a_comment() {
    on_adapters(|p| {
        p.file(
            "snapshots/s.sql",
            "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols=['v']) }}\n\
             select 1 as id, 'a' as v\n-- the end\n{% endsnapshot %}",
        );
        p.karat(["snapshot"]).success();
        p.karat(["snapshot"]).success().statuses(["snapshot.shop.s success"]);
        assert_eq!(history(p), ["1 a open"]);
    });
}
