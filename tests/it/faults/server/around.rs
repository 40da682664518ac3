//! What happens around a run (promises 5 and 7): few open files, rights that are taken away, databases under
//! another name, a damaged log of DuckDB's.

use super::*;

fn models(p: &Project) {
    p.file("models/first.sql", &table("select {{ var('v', 1) }} as id"));
    p.file("models/child.sql", &table("select * from {{ ref('first') }}"));
    p.file("models/shown.sql", "select * from {{ ref('child') }}");
    p.file(
        "models/grown.sql",
        "{{ config(materialized='incremental', unique_key='id') }} select * from {{ ref('first') }}",
    );
}

#[test]
fn few_open_files_are_told_and_lose_nothing() {
    on_adapters(|p| {
        models(p);
        for n in 0..10 {
            p.file(&format!("models/t{n}.sql"), &table("select {{ var('v', 1) }} as id"));
        }
        profile(p, "threads: 4", "threads: 12");
        p.karat(["run"]).success();
        let relations = p.relations();
        for limit in [10, 13, 16, 20, 28, 40] {
            let outcome = p.shell(&format!("ulimit -n {limit}; karat run --vars 'v: {limit}'"));
            if outcome.code() != Some(0) {
                outcome.stdout_has("ulimit -n").stdout_lacks("panicked");
            }
            for relation in ["first", "child", "shown", "t3"] {
                assert_eq!(p.count(&format!("analytics.{relation}")), 1, "{relation} under {limit}");
            }
        }
        p.karat(["run", "--vars", "v: 7"]).success();
        assert_eq!(p.rows("select id from analytics.shown"), [["7"]]);
        assert_eq!(p.relations(), relations);
    });
}

#[test]
fn rights_that_are_taken_away_meanwhile_cost_the_nodes_that_need_them() {
    on_postgres(|p| {
        let role = format!("weak_{}", p.database);
        p.execute(&format!("create role {role} login; grant create on database {} to {role}", p.database));
        profile(p, "user: warehouse", &format!("user: {role}"));
        models(p);
        p.file(
            "models/first.sql",
            &table("select {{ var('v', 1) }} as id, pg_advisory_xact_lock_shared(7)::text as s"),
        );
        p.file("models/other.sql", &table("select {{ var('v', 1) }} as id"));
        p.karat(["run"]).success();
        let relations = p.relations();
        let run = Server::get().session(&p.database, |holder| {
            holder.rows("select pg_advisory_lock(7)").unwrap();
            let run = p.start(["run", "--vars", "v: 2", "-s", "first+", "other"]);
            until("one is done", || said_so_far(p).contains("OK created sql table model analytics.other"));
            until("one waits", || running(p, "pg_advisory_xact_lock_shared(7)"));
            p.execute(&format!("revoke create on schema analytics from {role}"));
            run
        });
        let outcome = run.wait();
        outcome.exit(1).stdout_has("permission denied for schema analytics");
        outcome.statuses(["other success", "first error", "child skipped", "shown skipped", "grown skipped"]);
        assert_eq!(p.rows("select id from analytics.shown"), [["1"]]);
        p.execute(&format!("grant create on schema analytics to {role}"));
        p.karat(["retry"]).success();
        assert_eq!(p.rows("select id from analytics.shown"), [["2"]]);
        assert_eq!(p.relations(), relations);
        p.execute(&format!("drop owned by {role}; drop role {role}"));
    });
}

#[test]
fn a_server_database_under_another_name_is_missed() {
    on_postgres(|p| {
        models(p);
        p.karat(["run"]).success();
        let away = format!("{}_away", p.database);
        let rename = |from: &str, to: &str| {
            let sql = format!("alter database {from} rename to {to}");
            until("nobody is in it", || Server::get().try_rows("postgres", &sql).is_ok());
        };
        rename(&p.database, &away);
        let outcome = p.karat(["run"]);
        outcome.exit(2).stdout_has(&format!("database \"{}\" does not exist", p.database));
        rename(&away, &p.database);
        assert_eq!(p.count("analytics.shown"), 1);
        p.karat(["retry"]).success();
    });
}

/// Views name the database of the time when they were made.
#[test]
fn a_database_file_under_another_name_is_built_on() {
    on_duckdb(|p| {
        models(p);
        p.karat(["run"]).success();
        p.karat(["run", "--vars", "v: 2"]).success();
        std::fs::rename(p.path("warehouse.duckdb"), p.path("moved.duckdb")).unwrap();
        profile(p, "path: warehouse.duckdb", "path: moved.duckdb");
        p.karat(["run", "--vars", "v: 3"]).success();
        std::fs::rename(p.path("moved.duckdb"), p.path("warehouse.duckdb")).unwrap();
        assert_eq!(p.column("select id from analytics.grown order by id"), ["1", "2", "3"]);
        profile(p, "path: moved.duckdb", "path: warehouse.duckdb");
        p.karat(["run", "--vars", "v: 4"]).success();
        assert_eq!(p.rows("select id from analytics.shown"), [["4"]]);
    });
}

/// The log holds what was committed last and is not in the file yet: a damaged one is never passed over.
#[test]
fn a_damaged_log_is_told_and_kept() {
    on_duckdb(|p| {
        models(p);
        p.karat(["run"]).success();
        p.execute("pragma disable_checkpoint_on_shutdown; create table analytics.mine as select range as a from range(1000)");
        let (log, file) = (p.path("warehouse.duckdb.wal"), p.path("warehouse.duckdb"));
        let (good, before) = (std::fs::read(&log).unwrap(), std::fs::read(&file).unwrap());
        let middle: Vec<u8> = good.iter().enumerate().map(|(n, byte)| byte ^ u8::from(n == 1000)).collect();
        let foreign = b"no log of DuckDB's".repeat(20);
        for damaged in [middle, foreign] {
            std::fs::write(&log, &damaged).unwrap();
            let outcome = p.karat(["run", "--vars", "v: 2"]);
            outcome.exit(2).stdout_has("warehouse.duckdb.wal").stdout_has("from a copy");
            assert!(std::fs::read(&log).unwrap() == damaged, "the log was changed");
            assert!(std::fs::read(&file).unwrap() == before, "the file was changed");
        }
        std::fs::write(&log, &good).unwrap();
        p.karat(["run", "--vars", "v: 2"]).success();
        assert_eq!(p.count("analytics.mine"), 1000);
        assert_eq!(p.rows("select id from analytics.shown"), [["2"]]);
    });
}
