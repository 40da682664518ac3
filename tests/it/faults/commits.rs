//! Killed, or cut off, between the commit of a model that only adds rows and the journal's word of it (promise
//! 4): its rows are there once, and nothing is left behind.

use super::proxy::{AtCommit, Proxy};
use super::*;

/// Models that add rows: by `append`, without a key, by a strategy of the project's own. Another reads them.
const ADDING: [(&str, &str); 3] = [
    ("appended", "incremental_strategy='append'"),
    ("keyless", "incremental_strategy='delete+insert'"),
    ("own", "incremental_strategy='mine'"),
];

fn model(p: &Project, config: &str) {
    p.file(
        "models/grown.sql",
        &format!("{{{{ config(materialized='incremental', {config}) }}}} select 1 as id"),
    );
    p.file("models/after.sql", &table("select count(*) as n from {{ ref('grown') }}"));
    p.file(
        "macros/mine.sql",
        "{% macro get_incremental_mine_sql(args) %}{% do return(get_incremental_append_sql(args)) %}{% endmacro %}",
    );
}

/// What marks of commits are left.
fn marks(p: &Project) -> Vec<Vec<String>> {
    p.rows(p.adapter.pick("select sequence_name from duckdb_sequences()", "select 1 where false"))
}

fn journal(p: &Project) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(p.path("target")).unwrap().flatten().map(|entry| entry.path());
    entries.into_iter().find(|path| path.to_string_lossy().contains("karat_journal"))
}

/// A run that is killed as soon as the model's transaction was committed, while a hook or a macro waits.
#[cfg(unix)]
fn killed_after_the_commit(p: &Project) {
    match p.adapter {
        Adapter::Postgres => {
            let run = p.start(["run", "--vars", "wait: select pg_sleep(600)"]);
            until("the commit is done", || running(p, "select pg_sleep(600)"));
            run.kill();
            terminate(p, "select pg_sleep(600)");
        }
        Adapter::DuckDb => {
            let pipe = p.path("pipe");
            if !pipe.exists() {
                assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            }
            let run = p.start(["run", "--vars", "wait: select * from read_csv('pipe', header=false)"]);
            // Opens once the other side has opened it, too.
            let opening =
                std::thread::spawn(move || std::fs::OpenOptions::new().write(true).open(pipe).unwrap());
            until("the commit is done", || opening.is_finished());
            run.kill();
            drop(opening.join());
        }
    }
}

/// Waits behind the commit, where the macro of hooks is called a last time.
const WAITING: &str = "{% macro run_hooks(hooks, inside_transaction=True) %}{% if not inside_transaction \
    and load_result('main') and var('wait', '') and this.name == 'grown' %}\
    {% do run_query(var('wait')) %}{% endif %}{% endmacro %}";

#[test]
fn a_commit_that_was_not_written_down_is_not_done_twice() {
    on_adapters(|p| {
        for (name, config) in ADDING {
            model(p, config);
            p.file("macros/waiting.sql", WAITING);
            p.karat(["run", "--full-refresh"]).success();
            killed_after_the_commit(p);
            let outcome = p.karat(["retry", "--vars", "wait: ''"]);
            outcome.success().statuses(["after success"]).stdout_has("was committed before");
            assert_eq!(p.rows("select n from analytics.after"), [["2"]], "{name}");
            assert_eq!(marks(p), Vec::<Vec<String>>::new(), "{name}");
            p.karat(["run"]).success();
            assert_eq!(p.count("analytics.grown"), 3, "{name}");
        }
    });
}

/// The first build makes the table, and a second one would add to it.
#[test]
fn the_first_build_is_not_done_twice() {
    on_adapters(|p| {
        model(p, ADDING[0].1);
        p.file("macros/waiting.sql", WAITING);
        killed_after_the_commit(p);
        p.karat(["retry", "--vars", "wait: ''"]).success();
        assert_eq!(p.rows("select n from analytics.after"), [["1"]]);
    });
}

/// What was to follow the commit is still to be done.
#[test]
fn hooks_behind_a_commit_are_run() {
    on_adapters(|p| {
        model(
            p,
            "incremental_strategy='append', post_hook=[after_commit('{{ var(\"wait\", \"\") or \"select 1\" }}'), after_commit('insert into analytics.log select 1')]",
        );
        p.execute("create schema analytics; create table analytics.log (id int)");
        p.karat(["run"]).success();
        killed_after_the_commit(p);
        let outcome = p.karat(["retry", "--vars", "wait: ''"]);
        outcome.success().statuses(["grown success", "after success"]);
        assert_eq!(p.rows("select n from analytics.after"), [["2"]]);
        assert_eq!(p.count("analytics.log"), 2);
        assert_eq!(marks(p), Vec::<Vec<String>>::new());
    });
}

/// The next run that does not continue the killed one removes the mark.
#[test]
fn a_mark_is_not_left_behind() {
    on_duckdb(|p| {
        model(p, ADDING[0].1);
        p.file("macros/waiting.sql", WAITING);
        p.execute("create schema analytics; create sequence analytics.karat_commit_mine");
        killed_after_the_commit(p);
        assert_eq!(marks(p).len(), 2);
        p.karat(["run", "-s", "after"]).success();
        assert_eq!(marks(p), [["karat_commit_mine"]]);
    });
}

/// A journal that speaks of a commit that was never done.
#[test]
fn what_was_not_committed_is_run() {
    on_adapters(|p| {
        model(p, ADDING[0].1);
        p.file("macros/waiting.sql", WAITING);
        p.karat(["run"]).success();
        killed_after_the_commit(p);
        let path = journal(p).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let (head, mark) = text.trim_end().split_once('\n').unwrap();
        let mut mark: serde_json::Value = serde_json::from_str(mark.lines().next().unwrap()).unwrap();
        mark["commit_mark"] = p.adapter.pick("karat_commit_0", "9000000000000/1").into();
        std::fs::write(&path, format!("{head}\n{mark}\n")).unwrap();
        p.karat(["retry", "--vars", "wait: ''"]).success().statuses(["grown success", "after success"]);
        assert_eq!(p.rows("select n from analytics.after"), [["3"]]);
    });
}

fn over_proxy(p: &Project) -> Proxy {
    let proxy = Proxy::before(Server::get().port());
    over_port(p, proxy.port());
    model(p, ADDING[0].1);
    p.karat(["run"]).success();
    proxy
}

const GROWS: &str = "insert into \"";

/// A run whose commit is on its way, with the rows before it; `reaches`: the server has heard of it.
fn stalled_at_commit<'p>(p: &'p Project, proxy: &Proxy, reaches: bool) -> (usize, Running<'p>) {
    let rows = p.count("analytics.grown");
    proxy.stall_at(AtCommit { after: GROWS, reaches });
    let run = p.start(["run"]);
    until("the commit is on its way", || proxy.is_stalled());
    let there = rows + usize::from(reaches);
    until("it is done", || p.count("analytics.grown") == there);
    (rows, run)
}

#[test]
fn a_kill_before_and_after_the_server_hears_of_the_commit() {
    on_postgres(|p| {
        let proxy = over_proxy(p);
        for (reaches, statuses) in
            [(false, &["grown success", "after success"][..]), (true, &["after success"])]
        {
            let (rows, run) = stalled_at_commit(p, &proxy, reaches);
            run.kill();
            proxy.recover();
            p.karat(["retry"]).success().statuses(statuses);
            assert_eq!(p.count("analytics.grown"), rows + 1);
        }
    });
}

/// Nobody is killed, but the answer to the commit is lost: the run itself finds out.
#[test]
fn a_lost_answer_to_a_commit_is_asked_for_again() {
    on_postgres(|p| {
        let proxy = over_proxy(p);
        for reaches in [false, true] {
            let (rows, run) = stalled_at_commit(p, &proxy, reaches);
            proxy.recover();
            run.wait().success();
            assert_eq!(p.count("analytics.grown"), rows + 1);
            assert_eq!(p.value("select n from analytics.after"), (rows + 1).to_string());
        }
    });
}

/// Batches of a first build, killed while the third waits: the others are not forgotten, now that there is a table.
#[test]
fn batches_of_a_killed_first_build_are_all_built() {
    on_adapters(|p| {
        let key = p.adapter.pick("", "unique_key='happened', ");
        let months: String = (1..=6).map(|n| format!("2026-{n:02}-15,{n}\n")).collect();
        p.file("seeds/raw.csv", &format!("happened,n\n{months}"));
        p.file(
            "seeds/raw.yml",
            "seeds: [{name: raw, config: {event_time: happened, column_types: {happened: timestamp}}}]",
        );
        let config = format!(
            "materialized='incremental', incremental_strategy='microbatch', event_time='happened', {key}begin='2026-01-01', batch_size='month', concurrent_batches=false"
        );
        let grown = format!("{{{{ config({config}) }}}} select * from {{{{ ref('raw') }}}}");
        p.file("models/grown.sql", &grown);
        let waiting =
            WAITING.replace("var('wait', '')", "var('wait', '') and model.batch.id[:6] == '202603'");
        p.file("macros/waiting.sql", &waiting);
        p.karat(["seed"]).success();
        killed_after_the_commit(p);
        p.karat(["retry", "--vars", "wait: ''"]).success().statuses(["grown success"]);
        let built = p.column("select n from analytics.grown order by n");
        assert_eq!(built, ["1", "2", "3", "4", "5", "6"]);
    });
}
