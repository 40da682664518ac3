//! The server crashes while every kind of node is at work (promises 1, 4 and 5): what is undone whole is begun
//! again, the rest fails plainly, and the next run is well.

use super::*;

/// Nodes that are all at work at once for as long as `pause` says.
fn at_work(p: &Project) {
    let rest = "pg_sleep({{ var('pause') }})::text as s";
    p.file("models/created.sql", &table(&format!("select 1 as id, {rest}")));
    p.file("models/merged.sql", &format!("{{{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }}}} select 1 as id, {rest}"));
    p.file("models/batched.sql", &format!("{{{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2026-01-01', batch_size='year', unique_key='id') }}}} select 1 as id, timestamp '2026-02-01' as at, {rest}"));
    p.file("snapshots/kept.sql", &format!("{{% snapshot kept %}}{{{{ config(unique_key='id', target_schema='analytics', strategy='check', check_cols=['id']) }}}} select 1 as id, {rest}{{% endsnapshot %}}"));
    let hook = "select pg_sleep(' ~ var('pause') ~ ')";
    p.file(
        "models/within.sql",
        &format!("{{{{ config(materialized='table', post_hook='{hook}') }}}} select 1 as id"),
    );
    p.file(
        "models/beyond.sql",
        &format!("{{{{ config(materialized='table', post_hook=after_commit('{hook}')) }}}} select 1 as id"),
    );
    p.file("models/child.sql", &table("select count(*) as n from {{ ref('beyond') }}"));
    p.file("seeds/loaded.csv", "id,v\n1,2\n");
    p.configure("seeds: {+post-hook: \"select pg_sleep({{ var('pause') }})\"}");
    p.file("tests/probed.sql", "select 1 as id where pg_sleep({{ var('pause') }}) is null");
    profile(p, "threads: 4", "threads: 12");
}

const SLEEPING: &str =
    "select count(*) from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'";

fn build<'a>(p: &'a Project, pause: &str) -> Running<'a> {
    p.start(["build", "--vars", &format!("pause: {pause}")])
}

#[test]
fn a_crash_in_every_phase_loses_nothing() {
    on_postgres(|p| {
        let server = Server::own();
        over_port(p, server.port());
        profile(p, &format!("dbname: {}", p.database), "dbname: postgres");
        at_work(p);
        build(p, "0").wait().success();
        let run = build(p, "2.5");
        until("all are at work", || server.rows("postgres", SLEEPING) == [["8"]]);
        server.crash(Duration::from_millis(300));
        let outcome = run.wait();
        let good = ["created", "merged", "batched", "within"].map(|name| format!("{name} success"));
        let others = [
            "snapshot.shop.kept success",
            "seed loaded success",
            "test probed pass",
            "beyond error",
            "child skipped",
        ];
        outcome.exit(1).statuses(good.iter().map(String::as_str).chain(others).collect::<Vec<_>>());
        outcome.stdout_has("begun again").stdout_has("the connection to PostgreSQL was lost");
        p.karat(["retry", "--vars", "pause: 0"]).success().statuses(["beyond success", "child success"]);
        let current = "select count(*) from analytics.kept where dbt_valid_to is null";
        assert_eq!(server.rows("postgres", current), [["1"]]);
        let strays = "select count(*) from pg_class where relname like '%dbt\\_%' and relkind in ('r', 'v')";
        assert_eq!(server.rows("postgres", strays), [["0"]]);
    });
}

#[test]
fn a_crash_under_a_hook_of_the_run_is_told() {
    on_postgres(|p| {
        let server = Server::own();
        over_port(p, server.port());
        profile(p, &format!("dbname: {}", p.database), "dbname: postgres");
        p.file("models/a.sql", &table("select 1 as id"));
        p.configure("on-run-end: [\"select pg_sleep({{ var('pause', 0) }})\", \"select 1\"]");
        let run = p.start(["run", "--vars", "pause: 120"]);
        until("the hook is at work", || server.rows("postgres", SLEEPING) == [["1"]]);
        server.crash(Duration::ZERO);
        let hooks = ["operation.shop.shop-on-run-end-0 error", "operation.shop.shop-on-run-end-1 skipped"];
        run.wait().exit(1).statuses([&hooks[..], &["a success"]].concat());
        p.karat(["run"]).success();
    });
}
