//! Locks that others hold (promises 5 and 6): each phase of a node that runs into a timeout costs that node
//! and its children, and what waits for a lock lets the readers pass.

use super::*;
use std::collections::BTreeSet;

const TIMEOUTS: [&str; 2] = ["-c lock_timeout=300", "-c statement_timeout=3000"];

/// Models, snapshots and seeds, each with a child; what they do depends on the variable `x`.
fn write(p: &Project, nodes: &[(&str, &str)]) {
    for (name, text) in nodes {
        let path = match name {
            _ if text.starts_with("id") => format!("seeds/{name}.csv"),
            _ if text.contains("snapshot") => format!("snapshots/{name}.sql"),
            _ => format!("models/{name}.sql"),
        };
        p.file(&path, text);
        p.file(
            &format!("models/child_{name}.sql"),
            &table(&format!("select count(*) as n from {{{{ ref('{name}') }}}}")),
        );
    }
    p.file("models/bystander.sql", &table("select 1 as id"));
    profile(p, "threads: 4", "threads: 24");
}

/// Nodes whose build takes a lock that a reader or a writer of the relation stands against.
const LOCKING: [(&str, &str); 10] = [
    ("swapped", "{{ config(materialized='table') }} select {{ var('x') }} as id"),
    ("seen", "select {{ var('x') }} as id, 1 as c{{ var('x') }}"),
    (
        "appended",
        "{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }} select 1 as id{{ ', 2 as more' if var('x') > 1 }}",
    ),
    (
        "synced",
        "{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns') }} select 1 as id{{ ', 2 as less' if var('x') == 1 }}",
    ),
    (
        "retyped",
        "{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns') }} select 1 as id, {{ \"'a'\" if var('x') > 1 else 7 }} as v",
    ),
    (
        "widened",
        "{{ config(materialized='incremental', unique_key='id') }} select 1 as id, cast('a' as varchar({{ var('x') * 10 }})) as v",
    ),
    (
        "kept",
        "{% snapshot kept %}{{ config(unique_key='id', target_schema='analytics', strategy='check', check_cols='all') }} select 1 as id{{ ', 2 as more' if var('x') > 1 }}{% endsnapshot %}",
    ),
    ("refreshed", "{{ config(materialized='materialized_view') }} select 1 as id"),
    (
        "unindexed",
        "{{ config(materialized='materialized_view', indexes=[{'columns': ['id']}] if var('x') == 1 else []) }} select 1 as id",
    ),
    (
        "granted",
        "{{ config(grants={'select': ['keeper']}) }} select {{ var('x') }} as id, 1 as c{{ var('x') }}",
    ),
];

/// Nodes that only write rows: they stand against other writers.
const WRITING: [(&str, &str); 3] = [
    (
        "merged",
        "{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }} select 1 as id, {{ var('x') }} as v",
    ),
    (
        "replaced",
        "{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert') }} select 1 as id",
    ),
    ("loaded", "id,v\n1,2\n"),
];

/// How the results of a run call a node.
fn called(name: &str) -> String {
    match name {
        "kept" => "snapshot.shop.kept".to_string(),
        "loaded" => "seed loaded".to_string(),
        _ => name.to_string(),
    }
}

fn build(p: &Project, x: u32) -> Outcome {
    p.karat(["build", "--wait", "1", "--vars", &format!("x: {x}")])
}

/// Every node failed, its child was skipped, the bystander is there.
fn each_paid_alone(outcome: &Outcome, nodes: &[(&str, &str)]) {
    let mut expect = vec!["bystander success".to_string()];
    for (name, _) in nodes {
        expect.extend([format!("{} error", called(name)), format!("child_{name} skipped")]);
    }
    outcome.exit(1).statuses(expect.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn no_change_of_a_relation_queues_readers_behind_itself() {
    on_postgres(|p| {
        write(p, &LOCKING);
        build(p, 1).success();
        let ask = |name: &str| format!("select count(*) from analytics.{name}");
        Server::get().session(&p.database, |long| {
            long.rows("begin").unwrap();
            LOCKING.iter().for_each(|(name, _)| drop(long.rows(&ask(name)).unwrap()));
            let build = p.start(["build", "--vars", "x: 2"]);
            Server::get().session(&p.database, |other| {
                // Whoever queues behind the long reader would wait for ever.
                other.rows("set lock_timeout = '20s'").unwrap();
                let mut waited = BTreeSet::new();
                let waiting = format!(
                    "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = '{}'",
                    p.database
                );
                until("every node waits for its lock", || {
                    waited.extend(Server::get().rows("postgres", &waiting));
                    waited.len() >= LOCKING.len()
                });
                for _ in 0..5 {
                    for (name, _) in LOCKING {
                        let count = other.rows(&ask(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
                        assert_eq!(count, [["1"]], "{name}");
                        std::thread::sleep(Duration::from_millis(5));
                    }
                }
            });
            long.rows("commit").unwrap();
            build.wait().success();
        });
    });
}

#[test]
fn a_lock_that_is_never_had_costs_its_node_in_every_phase() {
    on_postgres(|p| {
        let nodes = [&LOCKING[..], &WRITING[..]].concat();
        write(p, &nodes);
        build(p, 1).success();
        let before = p.relations();
        p.env("PGOPTIONS", TIMEOUTS[0]);
        Server::get().session(&p.database, |writer| {
            writer.rows("begin").unwrap();
            LOCKING.iter().for_each(|(name, _)| {
                drop(writer.rows(&format!("select count(*) from analytics.{name}")).unwrap());
            });
            WRITING.iter().for_each(|(name, _)| {
                drop(writer.rows(&format!("select * from analytics.{name} for update")).unwrap());
            });
            each_paid_alone(&build(p, 2), &nodes);
            assert_eq!(p.relations(), before);
            writer.rows("rollback").unwrap();
        });
        p.karat(["retry"]).success();
        assert_eq!(p.relations(), before);
    });
}

#[test]
fn a_statement_timeout_costs_its_node_in_every_phase() {
    let nodes = [
        ("created", "{{ config(materialized='table') }} select pg_sleep({{ var('x') }})::text as s"),
        (
            "indexed",
            "{{ config(materialized='table', indexes=[{'columns': ['public.slow(id)']}]) }} select {{ var('x') }}::int as id",
        ),
        (
            "hooked",
            "{{ config(materialized='table', post_hook='select pg_sleep(' ~ var('x') ~ ')') }} select 1 as id",
        ),
        (
            "committed",
            "{{ config(materialized='table', post_hook=after_commit('select pg_sleep(' ~ var('x') ~ ')')) }} select 1 as id",
        ),
        (
            "merged",
            "{{ config(materialized='incremental', unique_key='id') }} select 1 as id, pg_sleep({{ var('x') }})::text as s",
        ),
        (
            "kept",
            "{% snapshot kept %}{{ config(unique_key='id', target_schema='analytics', strategy='check', check_cols=['id']) }} select 1 as id, pg_sleep({{ var('x') }})::text as s{% endsnapshot %}",
        ),
        ("loaded", "id,v\n1,2\n"),
    ];
    on_postgres(|p| {
        p.execute("create function public.slow(n int) returns int language plpgsql immutable as 'begin perform pg_sleep(n); return n; end'");
        write(p, &nodes);
        p.configure("seeds: {+pre-hook: \"select pg_sleep({{ var('x') }})\"}");
        p.configure("on-run-start: \"select pg_sleep({{ var('x') }})\"");
        p.configure("on-run-end: \"select pg_sleep({{ var('x') }})\"");
        p.file(
            "tests/probed.sql",
            "-- {{ ref('bystander') }}\nselect pg_sleep(case when id = 1 then {{ var('x') }} end) from {{ ref('bystander') }} where false or pg_sleep({{ var('x') }}) is null",
        );
        build(p, 0).success();
        p.env("PGOPTIONS", TIMEOUTS[1]);
        let outcome = build(p, 20);
        let mut expect = vec![
            "bystander success".to_string(),
            "test probed error".to_string(),
            "operation.shop.shop-on-run-start-0 error".to_string(),
            "operation.shop.shop-on-run-end-0 error".to_string(),
        ];
        for (name, _) in nodes {
            expect.extend([format!("{} error", called(name)), format!("child_{name} skipped")]);
        }
        outcome.exit(1).statuses(expect.iter().map(String::as_str).collect::<Vec<_>>());
        outcome.stdout_has("canceling statement due to statement timeout");
        p.env("PGOPTIONS", "");
        build(p, 0).success();
        assert!(p.relations().iter().all(|name| !name.contains("__dbt_")), "{:?}", p.relations());
    });
}
