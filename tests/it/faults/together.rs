//! Several runs at once (promise 7): both end well, or one says who holds what it needs.

use super::*;

const MODELS: usize = 6;

fn project(p: &Project) {
    for n in 0..MODELS {
        p.file(
            &format!("models/t{n}.sql"),
            &table(&format!(
                "select x as id, {n} as n, {{{{ var('v', 0) }}}} as v from generate_series(1, 500) t(x)"
            )),
        );
        p.file(&format!("models/v{n}.sql"), &format!("select * from {{{{ ref('t{n}') }}}}"));
    }
    p.file(
        "models/grown.sql",
        "{{ config(materialized='incremental', unique_key='id') }} select id, v from {{ ref('t1') }}",
    );
    p.file("seeds/s.csv", "id,v\n1,1\n2,2\n");
    p.file("models/p.yml", "models:\n  - name: t0\n    columns: [{name: id, data_tests: [unique: {config: {store_failures: true}}]}]\n");
}

/// So many builds of one project at once, each with a target folder of its own.
fn at_once(p: &Project, count: usize, words: &[&str]) -> Vec<Outcome> {
    let started: Vec<_> = (0..count)
        .map(|n| {
            let (target, vars) = (format!("target/{n}"), format!("v: {n}"));
            let words = [words, &["--target-path", &target, "--vars", &vars]].concat();
            let mut command = p.command(&words);
            let file = |name| std::fs::File::create(p.scratch(&format!("{name}-{n}"))).unwrap();
            command.stdout(file("stdout")).stderr(file("stderr"));
            (command.spawn().unwrap(), words.join(" "))
        })
        .collect();
    let ended = started.into_iter().enumerate().map(|(n, (mut child, words))| {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if begin.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let text = |name| std::fs::read_to_string(p.scratch(&format!("{name}-{n}"))).unwrap();
        Outcome::new(p, status, [words, text("stdout"), text("stderr")])
    });
    ended.collect()
}

fn whole(p: &Project) {
    for n in 0..MODELS {
        assert_eq!(
            p.rows(&format!("select count(*), count(distinct v) from analytics.v{n}")),
            [["500", "1"]]
        );
    }
    assert_eq!(p.rows("select count(*), count(distinct id) from analytics.grown"), [["500", "500"]]);
    assert_eq!(p.count("analytics.s"), 2);
    let strays = p.relations().into_iter().filter(|name| name.contains("__dbt_")).collect::<Vec<_>>();
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn two_and_eight_builds_of_one_project_all_end_well() {
    on_postgres(|p| {
        project(p);
        for count in [2, 8] {
            for outcome in at_once(p, count, &["build"]) {
                outcome.success();
            }
            whole(p);
        }
    });
}

#[test]
fn two_builds_under_a_view_of_others_end_well() {
    on_postgres(|p| {
        project(p);
        p.karat(["build"]).success();
        p.execute("create schema theirs; create view theirs.all_of_it as select t0.id from analytics.t0, analytics.t1, analytics.t2 where t0.id = t1.id and t1.id = t2.id");
        let reader = Reader::ask(p, "select count(*) from theirs.all_of_it");
        for outcome in at_once(p, 3, &["build"]) {
            outcome.success();
        }
        let answers = reader.answers();
        assert!(answers.keys().all(|answer| answer == "500"), "{answers:?}");
        whole(p);
    });
}

#[test]
fn who_holds_a_relation_is_said() {
    on_postgres(|p| {
        p.file("models/slow.sql", &table("select pg_sleep(6)::text as id"));
        let first = p.start(["run"]);
        until("the model runs", || running(p, "create%pg_sleep(6)"));
        let mut second = p.command(&["run", "--wait", "1", "--target-path", "target/second"]);
        let said = second.output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.contains("is being built by another run, session "), "{said}");
        assert!(said.contains("of warehouse (dbt, 127.0.0.1)"), "{said}");
        first.wait().success();
    });
}

#[test]
fn the_lock_can_be_switched_off() {
    on_postgres(|p| {
        p.configure("flags: {lock_relations: false}");
        p.file("models/a.sql", &table("select 1 as id"));
        Server::get().session(&p.database, |session| {
            let key = "pg_advisory_lock(hashtextextended('karat: analytics.a', 0))";
            session.rows(&format!("select {key}")).unwrap();
            p.karat(["run", "--wait", "1"]).success();
            p.configure("").file("dbt_project.yml", &p.text("dbt_project.yml").replace("false", "true"));
            p.karat(["run", "--wait", "1"]).exit(1).stdout_has("is being built by another run");
        });
    });
}

#[test]
fn a_claim_beyond_the_transaction_is_given_back() {
    on_postgres(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', pre_hook=before_begin('select 1')) }} select 1 as id",
        );
        p.file(
            "models/b.sql",
            "{{ config(materialized='table', post_hook=after_commit('select nowhere')) }} select 1 as id",
        );
        p.karat(["run", "-s", "a"]).success();
        p.karat(["run", "-s", "b"]).exit(1);
        p.karat(["run", "-s", "a", "--wait", "0"]).success();
        for outcome in at_once(p, 3, &["run", "-s", "a"]) {
            outcome.success();
        }
    });
}

#[test]
fn the_holder_of_a_database_file_is_named_and_waited_for() {
    on_duckdb(|p| {
        p.file(
            "models/slow.sql",
            &table("select count(*) as n from range(40000000) a(x) where a.x * 7 % 3 = 1"),
        );
        p.file(
            "models/more.sql",
            &table("select count(*) as n from {{ ref('slow') }}, range(40000000) b(y) where b.y * 7 % 3 = 1"),
        );
        p.file("models/quick.sql", &table("select 1 as n"));
        let first = p.start(["run", "-s", "slow", "more", "--threads", "1"]);
        until("the model runs", || said_so_far(p).contains("START sql table model"));
        let second = |wait: &str| {
            let words = ["run", "-s", "quick", "--wait", wait, "--target-path", "target/second"];
            let said = p.command(&words).output().unwrap();
            (said.status.code(), String::from_utf8_lossy(&said.stdout).into_owned())
        };
        let (code, said) = second("0");
        assert!(code == Some(2) && said.contains(&format!("PID {}", first.id())), "{said}");
        let (code, said) = second("60");
        assert!(code == Some(0) && said.contains("Waiting: "), "{said}");
        first.wait().success();
    });
}
