//! Stopping (promise 3): the engine stops too, the second signal ends at once, a dead network holds nobody.

use super::proxy::Proxy;
use super::*;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

fn long(p: &Project) -> &'static str {
    p.adapter.pick(
        "select count(*) as n from range(1000000000) a(x), range(1000000) b(y) where a.x * b.y % 7 = 3",
        "select pg_sleep(120)::text as n",
    )
}

/// Starts the words and waits until the long query is on its way.
fn at_work<'p>(p: &'p Project, words: &[&str], sign: &str) -> Running<'p> {
    let run = p.start(words);
    until("the query runs", || match p.adapter {
        Adapter::Postgres => running(p, "pg_sleep(120)"),
        Adapter::DuckDb => said_so_far(p).contains(sign),
    });
    std::thread::sleep(Duration::from_millis(100));
    run
}

#[test]
fn a_hook_and_an_operation_are_cancelled_too() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as n");
        p.file(
            "macros/long.sql",
            &format!("{{% macro long() %}}{{% do run_query(\"{}\") %}}{{% endmacro %}}", long(p)),
        );
        p.file(
            "dbt_project.yml",
            &format!("{}on-run-start: \"{{{{ long() if execute }}}}\"\n", p.text("dbt_project.yml")),
        );
        for words in [&["run-operation", "long"][..], &["run"]] {
            let run = at_work(p, words, "Running with");
            if p.adapter == Adapter::DuckDb {
                std::thread::sleep(Duration::from_millis(700));
            }
            run.signal("INT");
            let sent = Instant::now();
            assert_ne!(run.wait().code(), Some(0), "{words:?}");
            assert!(sent.elapsed() < Duration::from_secs(5), "{words:?} took {:?}", sent.elapsed());
            assert!(p.adapter == Adapter::DuckDb || !running(p, "pg_sleep(120)"), "{words:?}");
        }
    });
}

#[test]
fn the_interrupted_node_and_those_that_never_began_are_in_the_results() {
    on_adapters(|p| {
        p.file("models/first.sql", &table("select 1 as n"));
        p.file("models/long.sql", &format!("-- depends_on: {{{{ ref('first') }}}}\n{}", table(long(p))));
        p.file("models/after.sql", &table("select * from {{ ref('long') }}"));
        let run = at_work(p, &["run"], "START sql table model analytics.long");
        run.signal("TERM");
        run.wait().statuses(["first success", "long error", "after skipped"]);
    });
}

#[test]
fn a_second_signal_ends_at_once_and_a_dead_network_holds_nobody() {
    on_postgres(|p| {
        p.file("models/a.sql", &table(long(p)));
        let proxy = Proxy::before(Server::get().port());
        over_port(p, proxy.port());
        let run = at_work(p, &["run"], "");
        proxy.stall();
        run.signal("INT");
        std::thread::sleep(Duration::from_millis(300));
        let sent = Instant::now();
        run.signal("INT");
        run.wait().exit(130);
        assert!(sent.elapsed() < Duration::from_secs(30), "{:?}", sent.elapsed());
        terminate(p, "pg_sleep(120)");
        until("the first query is gone", || !running(p, "pg_sleep(120)"));

        let proxy = Proxy::before(Server::get().port());
        p.file("profiles.yml", &p.profiles("shop"));
        over_port(p, proxy.port());
        let run = at_work(p, &["run"], "");
        proxy.stall();
        let sent = Instant::now();
        run.signal("INT");
        run.wait().exit(1).statuses(["a error"]);
        assert!(sent.elapsed() < Duration::from_secs(40), "{:?}", sent.elapsed());
        terminate(p, "pg_sleep(120)");
    });
}

#[test]
fn a_kill_ends_the_query_within_twenty_seconds() {
    on_postgres(|p| {
        p.file("models/a.sql", &table(long(p)));
        at_work(p, &["run"], "").kill();
        let killed = Instant::now();
        until("the server notices", || !running(p, "pg_sleep(120)"));
        assert!(killed.elapsed() < Duration::from_secs(20), "{:?}", killed.elapsed());
    });
}

#[test]
fn a_console_that_is_closed_ends_quietly() {
    on_adapters(|p| {
        for n in 0..30 {
            p.file(&format!("models/m{n}.sql"), "select 1 as id");
        }
        let many = "select 1 as id from generate_series(1, 20000)";
        let all: [&[&str]; 4] =
            [&["build"], &["ls"], &["show", "--inline", many, "--limit", "20000"], &["--help"]];
        for words in all {
            let mut child = p.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let ended = child.wait_with_output().unwrap();
            assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{words:?}");
            assert_eq!(ended.status.code(), Some(0), "{words:?}");
        }
        assert_eq!(p.relations().len(), 30);
    });
}

/// There is nothing to cancel and nothing to undo yet.
#[test]
fn a_signal_before_anything_is_run_ends_at_once() {
    on_adapters(|p| {
        let endless =
            "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %} select 1";
        p.file("models/a.sql", endless);
        for (words, signal) in [(&["parse"][..], "TERM"), (&["build"], "INT")] {
            let run = p.start(words);
            until("it parses", || said_so_far(p).contains("Registered adapter"));
            run.signal(signal);
            run.wait().exit(130).stdout_has("stopped before anything was run");
        }
    });
}

#[test]
fn a_catalog_that_was_stopped_leaves_the_old_one() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as n");
        p.karat(["docs", "generate"]).success();
        let whole = p.text("target/catalog.json");
        let name = p.adapter.name();
        let asks = |what: &str| {
            format!("{{% macro {name}__{what}(i, s) %}}{{% do run_query(\"{}\") %}}{{% endmacro %}}", long(p))
        };
        p.file("macros/catalog.sql", &(asks("get_catalog") + &asks("get_catalog_relations")));
        let run = at_work(p, &["docs", "generate"], "Building catalog");
        run.signal("INT");
        run.wait().exit(2).stdout_has("no catalog was written");
        assert_eq!(p.text("target/catalog.json"), whole);
    });
}
