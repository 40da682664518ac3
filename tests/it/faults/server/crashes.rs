//! The server crashes while every kind of node is at work (promises 1, 4 and 5): what is undone whole is begun
//! again, the rest fails plainly, and the next run is well.

use super::*;

/// Nodes that are all at work at once: each waits at the lock that `gate` names.
fn at_work(p: &Project) {
    let gate = "pg_advisory_xact_lock_shared({{ var('gate') }})";
    let rest = format!("{gate}::text as s");
    p.file("models/created.sql", &table(&format!("select 1 as id, {rest}")));
    p.file("models/merged.sql", &format!("{{{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }}}} select 1 as id, {rest}"));
    p.file("models/batched.sql", &format!("{{{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2026-01-01', batch_size='year', unique_key='id') }}}} select 1 as id, timestamp '2026-02-01' as at, {rest}"));
    p.file("snapshots/kept.sql", &format!("{{% snapshot kept %}}{{{{ config(unique_key='id', target_schema='analytics', strategy='check', check_cols=['id']) }}}} select 1 as id, {rest}{{% endsnapshot %}}"));
    let hook = "select pg_advisory_xact_lock_shared(' ~ var('gate') ~ ')";
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
    p.configure("seeds: {+post-hook: \"select pg_advisory_xact_lock_shared({{ var('gate') }})\"}");
    p.file("tests/probed.sql", &format!("select 1 as id where {gate}::text is null"));
    profile(p, "threads: 4", "threads: 12");
}

const WAITING: &str = "select count(*) from pg_stat_activity where wait_event = 'advisory'";
const SLEEPING: &str =
    "select count(*) from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'";

fn build<'a>(p: &'a Project, gate: &str) -> Running<'a> {
    p.start(["build", "--vars", &format!("gate: {gate}")])
}

#[test]
fn a_crash_in_every_phase_loses_nothing() {
    on_postgres(|p| {
        let server = Server::own();
        over_port(p, server.port());
        profile(p, &format!("dbname: {}", p.database), "dbname: postgres");
        at_work(p);
        build(p, "1").wait().success();
        // The lock goes with the server: who begins again finds the gate open.
        let run = server.session("postgres", |holder| {
            holder.rows("select pg_advisory_lock(2)").unwrap();
            let run = build(p, "2");
            until("all are at work", || server.rows("postgres", WAITING) == [["8"]]);
            server.crash(Duration::from_millis(300));
            run
        });
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
        p.karat(["retry", "--vars", "gate: 1"]).success().statuses(["beyond success", "child success"]);
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
