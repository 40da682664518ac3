//! Ctrl-C and SIGTERM during a long query: it is cancelled in the engine, and nothing is left over.

use crate::harness::*;
use std::time::{Duration, Instant};

fn long_query(p: &Project) -> &'static str {
    p.adapter.pick(
        "select count(*) as n from range(1000000000) a(x), range(1000000) b(y) where a.x * b.y % 7 = 3",
        "select pg_sleep(120)::text as n",
    )
}

/// Starts a build, waits until the long model runs, sends the signal, and waits for the end.
fn interrupted(p: &Project, signal: &str) -> (Outcome, Duration) {
    let running = p.start(["build"]);
    let begin = Instant::now();
    let started =
        || std::fs::read_to_string(p.scratch("stdout")).unwrap_or_default().contains("model analytics.long");
    while !started() {
        assert!(begin.elapsed() < Duration::from_secs(30), "the long model does not start");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(500));
    running.signal(signal);
    let sent = Instant::now();
    let outcome = running.wait();
    (outcome, sent.elapsed())
}

#[test]
fn a_signal_ends_the_run_and_its_queries() {
    on_adapters(|p| {
        p.file("models/quick.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file("models/long.sql", "{{ config(materialized='table') }} select 'old' as n");
        p.file("models/after.sql", "select * from {{ ref('long') }}");
        p.karat(["build"]).success();
        p.file("models/long.sql", &format!("{{{{ config(materialized='table') }}}} {}", long_query(p)));
        for signal in ["INT", "TERM"] {
            let (outcome, time) = interrupted(p, signal);
            assert_ne!(outcome.code(), Some(0), "SIG{signal}");
            assert!(time < Duration::from_secs(5), "SIG{signal} took {time:?}");
            outcome
                .stdout_has("Exited because of keyboard interrupt")
                .stdout_has("Interrupted in model long");
            assert_eq!(outcome.result("quick")["status"], "success");
            if p.adapter == Adapter::Postgres {
                let active = "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(120)%' and datname = current_database() and pid <> pg_backend_pid()";
                assert_eq!(p.value(active), "0", "the query still runs in the server");
            }
            assert_eq!(p.rows("select n from analytics.after"), [["old"]]);
            assert_eq!(
                p.relations(),
                ["analytics.after view", "analytics.long table", "analytics.quick table"]
            );
        }
    });
}

#[test]
fn the_next_run_is_green() {
    on_adapters(|p| {
        p.file("models/long.sql", &format!("{{{{ config(materialized='table') }}}} {}", long_query(p)));
        interrupted(p, "INT");
        p.file("models/long.sql", "{{ config(materialized='table') }} select 1 as n");
        p.karat(["build"]).success();
        assert_eq!(p.relations(), ["analytics.long table"]);
    });
}
