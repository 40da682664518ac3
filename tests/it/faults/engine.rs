//! The engine fails (promises 5 and 6): sessions are terminated, connections cut, the server crashes, is
//! full, is slow, says nothing. One node pays for it, and every run ends.

use super::proxy::Proxy;
use super::*;
use std::net::TcpListener;

/// A chain of two and a bystander.
fn three_models(p: &Project, slow: &str) {
    p.file("models/slow.sql", &table(slow));
    p.file("models/child.sql", &table("select * from {{ ref('slow') }}"));
    p.file("models/bystander.sql", &table("select 1 as id"));
}

#[test]
fn a_terminated_session_is_opened_again_once() {
    on_postgres(|p| {
        three_models(p, "select pg_sleep(1.5)::text as id");
        let running_build = p.start(["run"]);
        until("the model runs", || running(p, "create%pg_sleep(1.5)"));
        assert!(terminate(p, "create%pg_sleep(1.5)") > 0);
        running_build.wait().success().stdout_has("begun again");
        assert_eq!(p.count("analytics.child"), 1);
    });
}

#[test]
fn a_session_that_is_terminated_again_costs_its_node_and_the_children() {
    on_postgres(|p| {
        three_models(p, "select pg_sleep(30)::text as id");
        let build = p.start(["run"]);
        let at_work = format!(
            "select pid from pg_stat_activity where state = 'active' and datname = '{}' \
             and query like '%create%pg_sleep(30)%'",
            p.database
        );
        let mut ended = Vec::new();
        for _ in 0..2 {
            until("the model runs in a session of its own", || {
                let pids = Server::get().rows("postgres", &at_work);
                pids.first().is_some_and(|pid| !ended.contains(pid))
            });
            ended.extend(Server::get().rows("postgres", &at_work));
            terminate(p, "create%pg_sleep(30)");
        }
        build.wait().exit(1).statuses(["slow error", "child skipped", "bystander success"]);
    });
}

#[test]
fn a_cut_connection_is_opened_again() {
    on_postgres(|p| {
        three_models(p, "select pg_sleep(1.5)::text as id");
        let proxy = Proxy::before(Server::get().port());
        over_port(p, proxy.port());
        let build = p.start(["run"]);
        until("the model runs", || running(p, "create%pg_sleep(1.5)"));
        proxy.cut();
        build.wait().success();
        assert_eq!(p.count("analytics.child"), 1);
    });
}

#[test]
fn a_slow_network_is_only_slow() {
    on_postgres(|p| {
        three_models(p, "select 1 as id");
        let proxy = Proxy::before(Server::get().port());
        proxy.delay(Duration::from_millis(5));
        over_port(p, proxy.port());
        p.karat(["build"]).success();
    });
}

#[test]
fn a_server_that_accepts_and_says_nothing_times_out() {
    on_postgres(|p| {
        p.file("models/a.sql", "select 1 as id");
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        over_port(p, silent.local_addr().unwrap().port());
        profile(p, "threads: 4", "threads: 4\n      connect_timeout: 1\n      retries: 0");
        let begin = Instant::now();
        let outcome = p.karat(["run"]);
        outcome.exit(2).stdout_has("no answer within 1 seconds");
        assert!(begin.elapsed() < Duration::from_secs(10));
    });
}

/// It answers the greeting, then no more: the settings of the session are part of the connecting.
#[test]
fn a_server_that_falls_silent_while_connecting_times_out() {
    on_postgres(|p| {
        p.file("models/a.sql", "select 1 as id");
        let proxy = Proxy::before(Server::get().port());
        proxy.stall();
        over_port(p, proxy.port());
        profile(p, "threads: 4", "threads: 4\n      connect_timeout: 1\n      retries: 1");
        p.karat(["run"]).exit(2).stdout_has("no answer within 1 seconds");
    });
}

#[test]
fn a_crash_of_the_server_is_survived_by_readers_and_by_the_next_run() {
    on_postgres(|p| {
        let server = Server::own();
        over_port(p, server.port());
        profile(p, &format!("dbname: {}", p.database), "dbname: postgres");
        three_models(p, "select {{ var('v') }} as v, pg_sleep(0.3)::text as id");
        p.karat(["run", "--vars", "v: 1"]).success();
        let build = p.start(["run", "--vars", "v: 2"]);
        until("the model is on its way", || said_so_far(p).contains("START sql table model analytics.slow"));
        std::thread::sleep(Duration::from_millis(200));
        server.crash(Duration::from_millis(300));
        build.wait().success();
        assert_eq!(server.rows("postgres", "select v from analytics.child"), [["2"]]);
        let strays = "select count(*) from pg_class where relname like '%dbt%'";
        assert_eq!(server.rows("postgres", strays), [["0"]]);
    });
}

#[test]
fn too_few_connections_are_enough() {
    on_postgres(|p| {
        let role = format!("few_{}", p.database);
        p.execute(&format!("create role {role} login connection limit 1"));
        p.execute(&format!("grant create on database {} to {role}", p.database));
        profile(p, "user: warehouse", &format!("user: {role}"));
        profile(p, "threads: 4", "threads: 8");
        for n in 0..8 {
            p.file(&format!("models/m{n}.sql"), &table("select 1 as id, pg_sleep(0.05)::text as s"));
        }
        p.file("models/p.yml", "models:\n  - name: m1\n    columns: [{name: id, data_tests: [unique]}]\n");
        p.karat(["build"]).success().stdout_has("too many connections");
        p.execute(&format!("drop owned by {role}; drop role {role}"));
    });
}

#[test]
fn a_lock_timeout_and_a_statement_timeout_cost_one_node() {
    on_postgres(|p| {
        three_models(p, "select pg_sleep(10)::text as id");
        p.env("PGOPTIONS", "-c statement_timeout=500");
        p.karat(["run"]).exit(1).statuses(["slow error", "child skipped", "bystander success"]);
    });
}

#[test]
fn the_swap_never_queues_readers_behind_itself() {
    on_postgres(|p| {
        p.file("models/a.sql", &table("select 1 as id"));
        p.file("models/v.sql", "select * from {{ ref('a') }}");
        p.karat(["run"]).success();
        Server::get().session(&p.database, |session| {
            session.rows("begin; select * from analytics.a").unwrap();
            let build = p.start(["run"]);
            until("the swap waits", || running(p, "rename to"));
            let mut slowest = Duration::ZERO;
            for _ in 0..30 {
                let begin = Instant::now();
                assert_eq!(p.count("analytics.v"), 1);
                slowest = slowest.max(begin.elapsed());
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(slowest < Duration::from_secs(2), "a reader waited for {slowest:?}");
            session.rows("commit").unwrap();
            build.wait().success();
        });
    });
}

#[test]
fn a_swap_that_never_gets_its_lock_ends_and_names_the_reader() {
    on_postgres(|p| {
        p.file("models/a.sql", &table("select 1 as id"));
        p.karat(["run"]).success();
        Server::get().session(&p.database, |session| {
            session.rows("begin; select * from analytics.a").unwrap();
            p.karat(["run", "--wait", "1"]).exit(1).stdout_has("is held by others: session");
        });
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}
