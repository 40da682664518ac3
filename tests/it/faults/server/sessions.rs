//! Sessions and networks that are lost at random moments (promises 5 and 6): every run ends, what could be read
//! can be read, whole and from one run, and the next run is well. `KARAT_SEED` repeats the moments.

use super::proxy::Proxy;
use super::*;
use crate::safety::moments;

const ASKED: &str = "select count(*) as n, count(distinct v) as versions from analytics.fact";
const WHOLE: &str = "2000,1";
const ROUNDS: u32 = 20;

fn warehouse(p: &Project) {
    let rows = "select x as id, cast({{ var('v') }} as integer) as v from generate_series(1, 2000) t(x)";
    p.file("models/base.sql", rows);
    p.file(
        "models/grown.sql",
        "{{ config(materialized='incremental', unique_key='id') }} select * from {{ ref('base') }}",
    );
    p.file("models/fact.sql", &table("select * from {{ ref('grown') }}"));
    p.file("models/mart.sql", "select v, count(*) as n from {{ ref('fact') }} group by v");
    p.file("snapshots/kept.sql", "{% snapshot kept %}{{ config(unique_key='v', target_schema='analytics', strategy='check', check_cols=['n']) }} select * from {{ ref('mart') }}{% endsnapshot %}");
    p.file("seeds/s.csv", "id,v\n1,2\n");
    p.file(
        "models/p.yml",
        "models:\n  - name: grown\n    columns: [{name: id, data_tests: [unique, not_null]}]\n",
    );
}

fn vars(v: u32) -> String {
    format!("v: {v}")
}

/// Rounds of builds that are disturbed once, at a random moment; readers look on.
fn disturbed(p: &Project, disturb: impl Fn(u32)) {
    warehouse(p);
    p.karat(["build", "--vars", &vars(0)]).success();
    let begin = Instant::now();
    p.karat(["build", "--vars", &vars(1)]).success();
    let mut moments = moments(begin.elapsed());
    let reader = Reader::ask(p, ASKED);
    for round in 2..ROUNDS + 2 {
        let run = p.start(["build", "--vars", &vars(round)]);
        std::thread::sleep(moments.next().expect("a moment"));
        disturb(round);
        let outcome = run.wait();
        assert!(matches!(outcome.code(), Some(0..=2)), "round {round}: {:?}", outcome.code());
        if outcome.code() != Some(0) {
            outcome.stdout_has("connection");
            p.karat(["build", "--vars", &vars(round)]).success();
        }
        assert_eq!(p.rows("select v, n from analytics.mart"), [[round.to_string(), "2000".into()]]);
    }
    reader.heard_only(&[WHOLE]);
    let doubled =
        "select v, count(*) from analytics.kept where dbt_valid_to is null group by v having count(*) > 1";
    assert_eq!(p.rows(doubled), Vec::<Vec<String>>::new());
    assert!(p.relations().iter().all(|name| !name.contains("__dbt_")), "{:?}", p.relations());
}

#[test]
fn sessions_that_are_terminated_at_random_moments_lose_nothing() {
    on_postgres(|p| {
        let all = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dbt' and datname = '{}'",
            p.database
        );
        disturbed(p, |_| drop(Server::get().rows("postgres", &all)));
    });
}

#[test]
fn a_network_that_is_cut_stalled_and_slow_at_random_moments_loses_nothing() {
    on_postgres(|p| {
        let proxy = Proxy::before(Server::get().port());
        over_port(p, proxy.port());
        disturbed(p, |round| match round % 3 {
            0 => proxy.cut(),
            1 => proxy.stall_for(Duration::from_millis(300)),
            _ => proxy.delay(Duration::from_millis(u64::from(round % 2) * 3)),
        });
    });
}

/// Two sessions that take two tables in turns: one of them is undone, and its node begun again.
#[test]
fn a_deadlock_with_another_program_is_begun_again() {
    on_postgres(|p| {
        p.execute("create table one (v int); create table two (v int); insert into one values (0); insert into two values (0)");
        p.file("models/a.sql", "{{ config(materialized='table', pre_hook=['update public.one set v = v + 1', 'select pg_sleep(1)', 'update public.two set v = v + 1']) }} select 1 as id");
        let run = p.start(["run"]);
        Server::get().session(&p.database, |other| {
            other.rows("begin; set local deadlock_timeout = '1h'; update public.two set v = v + 10").unwrap();
            until("the first is taken", || running(p, "pg_sleep(1)"));
            // Waits for the run, which then waits for this one: the run is chosen, as the other does not look.
            let other_wins = other.rows("update public.one set v = v + 10; commit");
            assert!(other_wins.is_ok(), "{other_wins:?}");
        });
        run.wait().success();
        assert_eq!(p.rows("select (select v from one), (select v from two)"), [["11", "11"]]);
    });
}

/// A pooler that has room for so many refuses in words and a code of its own.
#[test]
fn a_pooler_without_room_is_lived_with() {
    on_postgres(|p| {
        let proxy = Proxy::before(Server::get().port());
        proxy.admit(1);
        over_port(p, proxy.port());
        profile(p, "threads: 4", "threads: 8");
        for n in 0..6 {
            p.file(&format!("models/m{n}.sql"), &table("select 1 as id, pg_sleep(0.05)::text as s"));
        }
        p.karat(["build"]).success().stdout_has("no more connections allowed");
    });
}
