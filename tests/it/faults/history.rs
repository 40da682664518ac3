//! History stays true (promise 8): keys that are not keys are refused, two snapshots at once make one current
//! row a key, a change of the session's time zone never makes a row end before it begins.

use super::*;

fn snapshot(p: &Project, strategy: &str) {
    p.file(
        "snapshots/s.sql",
        &format!(
            "{{% snapshot s %}}{{{{ config(unique_key='id', target_schema='analytics', {strategy}) }}}} \
             select * from analytics.source{{% endsnapshot %}}"
        ),
    );
}

const CHECK: &str = "strategy='check', check_cols=['v']";

fn source(p: &Project, rows: &str) {
    p.execute(&format!(
        "create schema if not exists analytics; drop table if exists analytics.source; \
         create table analytics.source as select * from (values {rows}) t(id, v)"
    ));
}

#[test]
fn a_snapshot_over_keys_that_are_none_is_refused_and_shows_them() {
    on_adapters(|p| {
        snapshot(p, CHECK);
        for rows in ["(1, 'a'), (7, 'b'), (7, 'c')", "(1, 'a'), (cast(null as integer), 'b')"] {
            source(p, rows);
            let outcome = p.karat(["snapshot"]);
            outcome.exit(1).stdout_has(if rows.contains("null") {
                "id = NULL: 1 row"
            } else {
                "id = 7: 2 rows"
            });
        }
        source(p, "(1, 'a'), (7, 'b')");
        p.karat(["snapshot"]).success();
        source(p, "(1, 'a'), (7, 'b'), (7, 'c')");
        p.karat(["snapshot"]).exit(1).stdout_has("id = 7: 2 rows");
        assert_eq!(p.count("analytics.s"), 2);
        p.configure("flags: {refuse_duplicate_keys: false}");
        p.karat(["snapshot"]).success();
    });
}

#[test]
fn a_merge_of_a_key_twice_is_refused_and_shows_it() {
    on_adapters(|p| {
        source(p, "(1, 'a'), (2, 'b')");
        p.file("models/m.sql", "{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }} select * from analytics.source");
        p.karat(["run"]).success();
        source(p, "(2, 'x'), (3, 'c'), (3, 'd')");
        p.karat(["run"]).exit(1).stdout_has("id = 3: 2 rows");
        assert_eq!(p.column("select v from analytics.m order by id"), ["a", "b"]);
        source(p, "(2, 'x'), (3, 'd')");
        p.karat(["run"]).success();
        assert_eq!(p.column("select v from analytics.m order by id"), ["a", "x", "d"]);
    });
}

#[test]
fn snapshots_at_once_make_one_current_row_a_key() {
    on_postgres(|p| {
        snapshot(p, CHECK);
        source(p, "(1, 'a'), (2, 'b')");
        for round in 0..3 {
            p.execute(&format!("update analytics.source set v = v || '{round}'"));
            let others: Vec<_> = (0..3)
                .map(|n| p.command(&["snapshot", "--target-path", &format!("target/{n}")]).spawn().unwrap())
                .collect();
            for mut other in others {
                assert!(other.wait().unwrap().success());
            }
            let current = "select count(*), count(distinct id) from analytics.s where dbt_valid_to is null";
            assert_eq!(p.rows(current), [["2", "2"]]);
            let states = (round + 1) * 2;
            assert_eq!(p.count("analytics.s"), states, "round {round}");
        }
    });
}

#[test]
fn a_change_of_the_sessions_time_zone_never_ends_a_row_before_it_begins() {
    on_postgres(|p| {
        snapshot(p, &format!("{CHECK}, hard_deletes='invalidate'"));
        for (round, zone) in
            ["Asia/Tokyo", "America/Los_Angeles", "UTC", "Pacific/Kiritimati"].into_iter().enumerate()
        {
            source(p, &format!("(1, 'a{round}'), ({round} + 10, 'b')"));
            p.env("PGTZ", zone);
            p.karat(["snapshot"]).success();
        }
        assert_eq!(p.value("select count(*) from analytics.s where dbt_valid_to < dbt_valid_from"), "0");
        assert_eq!(p.value("select count(*) from analytics.s where id = 1 and dbt_valid_to is null"), "1");
    });
}

/// DuckDB's clock is that of the session's time zone, as dbt's: wherever it jumps, each state begins where the one
/// before it ends.
#[test]
fn states_follow_each_other_whatever_the_time_zone_says() {
    on_duckdb(|p| {
        for deletes in ["invalidate", "new_record"] {
            p.execute("drop table if exists analytics.s");
            snapshot(p, &format!("{CHECK}, hard_deletes='{deletes}'"));
            let zones = ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Tokyo", "UTC"];
            for (round, zone) in zones.into_iter().enumerate() {
                let deleted = if round == 0 { ", (2, 'gone')" } else { "" };
                source(p, &format!("(1, 'a{round}'){deleted}"));
                p.env("TZ", zone);
                p.karat(["snapshot"]).success();
            }
            let torn = "select id, v, dbt_valid_from, dbt_valid_to, prior from (select *, lag(dbt_valid_to) over \
                (partition by id order by rowid) as prior from analytics.s) \
                where dbt_valid_to < dbt_valid_from or prior <> dbt_valid_from";
            assert_eq!(p.rows(torn), Vec::<Vec<String>>::new(), "{deletes}");
            assert_eq!(p.value("select v from analytics.s where id = 1 and dbt_valid_to is null"), "a3");
            assert_eq!(p.value("select count(*) from analytics.s where id = 1"), "4");
        }
    });
}

#[test]
fn every_kind_of_key_is_looked_at_under_both_strategies() {
    on_adapters(|p| {
        let first = "timestamp '2026-01-01'";
        for strategy in [CHECK, "strategy='timestamp', updated_at='ts'"] {
            for key in ["'id'", "['id', 'ts']", "'id || v'"] {
                let config = format!("unique_key={key}, target_schema='analytics', {strategy}");
                p.file("snapshots/s.sql", &format!("{{% snapshot s %}}{{{{ config({config}) }}}} select * from analytics.source{{% endsnapshot %}}"));
                p.execute("create schema if not exists analytics; drop table if exists analytics.s");
                let fill = |rows: &str| {
                    p.execute("drop table if exists analytics.source");
                    p.execute(&format!(
                        "create table analytics.source as select * from (values {rows}) t(id, v, ts)"
                    ));
                };
                fill(&format!("(1, 'a', {first}), (2, 'b', {first})"));
                p.karat(["snapshot"]).success();
                fill(&format!("(1, 'a', {first}), (2, 'b', {first}), (2, 'b', {first})"));
                p.karat(["snapshot"]).exit(1).stdout_has("2 rows");
                fill(&format!("(1, 'a', {first}), (cast(null as integer), 'b', {first})"));
                p.karat(["snapshot"]).exit(1).stdout_has("NULL");
                assert_eq!(p.count("analytics.s"), 2, "{key} {strategy}");
            }
        }
    });
}

/// PostgreSQL merges the batches of time, too.
#[test]
fn a_batch_of_time_with_a_key_twice_is_refused() {
    on_postgres(|p| {
        p.file("models/m.sql", "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='ts', begin=(modules.datetime.datetime.utcnow() - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d'), batch_size='day', unique_key='id') }} select s.*, cast('{{ run_started_at }}' as timestamp) as ts from analytics.source s");
        source(p, "(1, 'a'), (2, 'b')");
        p.karat(["run"]).success();
        source(p, "(2, 'x'), (3, 'c'), (3, 'd')");
        p.karat(["run"]).exit(1).stdout_has("id = 3: 2 rows");
        assert_eq!(p.column("select v from analytics.m order by id"), ["a", "b"]);
    });
}
