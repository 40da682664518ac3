//! What other people do to a server and a database meanwhile (promises 2, 5 and 7): names that are taken, owners,
//! read-only servers, paths of search, files that are not what they seem.

use super::*;

fn two_models(p: &Project) {
    p.file("models/a.sql", &table("select {{ var('v', 1) }} as id"));
    p.file("models/child.sql", &table("select * from {{ ref('a') }}"));
    p.file("models/b.sql", &table("select 1 as id"));
}

#[test]
fn a_name_that_something_else_has_is_told() {
    on_postgres(|p| {
        two_models(p);
        let others = [
            ("sequence", "create sequence analytics.a", "drop sequence analytics.a"),
            ("type", "create type analytics.a as (id int)", "drop type analytics.a"),
            (
                "index",
                "create table analytics.t (id int); create index a on analytics.t (id)",
                "drop table analytics.t",
            ),
        ];
        p.execute("create schema analytics");
        for (kind, make, drop) in others {
            p.execute(make);
            let outcome = p.karat(["run"]);
            outcome.exit(1).statuses(["a error", "child skipped", "b success"]);
            outcome.stdout_has(&format!("is taken by a{} {kind}", if kind == "index" { "n" } else { "" }));
            p.execute(drop);
        }
        p.karat(["retry"]).success();
    });
}

#[test]
fn a_relation_of_another_owner_is_left_alone() {
    on_postgres(|p| {
        two_models(p);
        p.karat(["run"]).success();
        let role = format!("guest_{}", p.database);
        p.execute(&format!("create role {role} login; grant create on database {} to {role}; grant all on schema analytics to {role}; grant select on all tables in schema analytics to {role}", p.database));
        profile(p, "user: warehouse", &format!("user: {role}"));
        let outcome = p.karat(["run", "--vars", "v: 2"]);
        outcome.exit(1).statuses(["a error", "child skipped", "b error"]).stdout_has("only its owner");
        assert_eq!(p.rows("select * from analytics.child"), [["1"]]);
        assert_eq!(p.relations().len(), 3);
        p.execute(&format!("drop owned by {role}; drop role {role}"));
    });
}

#[test]
fn a_read_only_database_is_told() {
    on_postgres(|p| {
        two_models(p);
        p.karat(["run"]).success();
        p.execute(&format!("alter database {} set default_transaction_read_only = on", p.database));
        let outcome = p.karat(["run", "--vars", "v: 2"]);
        outcome.exit(1).stdout_has("read-only transaction").stdout_has("is a standby");
        assert_eq!(p.rows("select * from analytics.child"), [["1"]]);
    });
}

/// The macros mean the catalog, whatever else bears its names.
#[test]
fn names_before_the_catalogs_own_are_not_taken_for_it() {
    on_postgres(|p| {
        two_models(p);
        p.file("models/v.sql", "select * from {{ ref('a') }}");
        p.file(
            "models/i.sql",
            "{{ config(materialized='incremental', unique_key='id') }} select * from {{ ref('a') }}",
        );
        p.execute(
            "create schema evil; create table evil.pg_class as select 1 as x; create table evil.pg_depend as select 1 as x; \
             create function evil.to_regclass(text) returns regclass language sql as 'select null::regclass'; \
             create table evil.a as select 666 as id",
        );
        p.execute(&format!("alter database {} set search_path = evil, pg_catalog", p.database));
        for v in ["1", "2", "3"] {
            p.karat(["build", "--vars", &format!("v: {v}")]).success();
            assert_eq!(p.column("select id from analytics.v"), [v]);
        }
        assert_eq!(p.column("select id from evil.a"), ["666"]);
    });
}

#[test]
fn sessions_that_the_server_ends_for_idling_are_opened_again() {
    on_postgres(|p| {
        p.execute(&format!("alter database {} set idle_session_timeout = '150ms'", p.database));
        for n in 0..4 {
            p.file(&format!("models/quick{n}.sql"), &table("select 1 as id"));
            p.file(
                &format!("models/late{n}.sql"),
                &format!("-- depends_on: {{{{ ref('slow') }}}}\n{}", table("select 1 as id")),
            );
        }
        p.file("models/slow.sql", &table("select pg_sleep(1)::text as s"));
        p.karat(["build"]).success();
    });
}

#[test]
fn a_pipe_in_the_place_of_a_database_is_refused() {
    on_duckdb(|p| {
        two_models(p);
        let made = std::process::Command::new("mkfifo").arg(p.path("warehouse.duckdb")).status();
        assert!(made.unwrap().success());
        p.karat(["run"]).exit(2).stdout_has("is a pipe, not a database");
        p.remove("warehouse.duckdb");
        p.karat(["run"]).success();
    });
}

#[test]
fn a_database_file_that_is_taken_away_is_missed() {
    on_duckdb(|p| {
        two_models(p);
        p.file(
            "models/slow.sql",
            &table("select count(*) as n from range({{ var('n', 1) }}) t(x) where x * 7 % 3 = 1"),
        );
        p.karat(["run"]).success();
        let run = p.start(["run", "--vars", "n: 200000000"]);
        until("the model runs", || said_so_far(p).contains("START sql table model analytics.slow"));
        p.remove("warehouse.duckdb");
        run.wait().exit(2).stdout_has("was removed or replaced during the run");
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.slow"), 1);
    });
}

/// The state is that of the very environment that is built.
#[test]
fn a_clone_of_itself_takes_nothing_away() {
    on_adapters(|p| {
        two_models(p);
        p.file("seeds/s.csv", "id\n1\n2\n");
        p.karat(["build"]).success();
        p.file("state/manifest.json", &p.text("target/manifest.json"));
        for words in [&["clone", "--state", "state"][..], &["clone", "--state", "state", "--full-refresh"]] {
            p.karat(words).success();
            assert_eq!(p.count("analytics.s"), 2);
            assert_eq!(p.count("analytics.child"), 1);
        }
        // What is not there cannot be cloned, as dbt says too.
        p.execute("drop table analytics.s");
        p.karat(["clone", "--state", "state", "-s", "s"]).exit(1);
    });
}

/// In the place of the rows that it reads it could never be read again.
#[test]
fn a_view_on_itself_takes_nothing_away() {
    on_adapters(|p| {
        p.file("models/a.sql", &table("select 1 as id"));
        p.karat(["run"]).success();
        p.file("models/a.sql", "{{ config(materialized='view') }} select * from analytics.a");
        p.karat(["run"]).exit(1);
        assert_eq!(p.column("select id from analytics.a"), ["1"]);
        assert_eq!(p.relations(), ["analytics.a table"]);
    });
}
