//! Runs that share one target folder (promise 7): artifacts are whole at every moment, the log is whole line by
//! line, and no run's journal is taken for that of another.

use super::*;
use serde_json::Value;

const ARTIFACTS: [&str; 6] = [
    "manifest.json",
    "run_results.json",
    "catalog.json",
    "semantic_manifest.json",
    "graph_summary.json",
    "karat_durations.json",
];

fn models(p: &Project) {
    for n in 0..6 {
        p.file(&format!("models/t{n}.sql"), &table(&format!("select {n} as id, {{{{ var('v', 0) }}}} as v")));
        p.file(&format!("models/v{n}.sql"), &format!("select * from {{{{ ref('t{n}') }}}}"));
    }
    p.file(
        "models/p.yml",
        "models:\n  - name: t0\n    columns: [{name: id, data_tests: [unique, not_null]}]\n",
    );
}

/// Every artifact that is there can be read.
fn look(p: &Project) {
    for name in ARTIFACTS {
        if let Ok(text) = std::fs::read(p.path("target").join(name)) {
            serde_json::from_slice::<Value>(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
    if let Ok(page) = std::fs::read_to_string(p.path("target/index.html")) {
        assert!(page.trim_end().ends_with("</html>"), "half of index.html");
    }
}

#[test]
fn artifacts_are_whole_while_several_runs_write_them() {
    on_adapters(|p| {
        models(p);
        p.env("DBT_LOG_FORMAT_FILE", "json");
        p.karat(["build"]).success();
        let all: [&[&str]; 4] = [
            &["build", "--wait", "60"],
            &["build", "--wait", "60", "--vars", "v: 1"],
            &["docs", "generate", "--wait", "60"],
            &["parse", "--no-partial-parse"],
        ];
        let mut runs: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(n, words)| {
                let said = std::fs::File::create(p.scratch(&format!("said-{n}"))).unwrap();
                (words, p.command(words).stdout(said).spawn().unwrap(), n)
            })
            .collect();
        while runs.iter_mut().any(|(_, run, _)| run.try_wait().unwrap().is_none()) {
            look(p);
        }
        for (words, mut run, n) in runs {
            let said = std::fs::read_to_string(p.scratch(&format!("said-{n}"))).unwrap();
            assert!(run.wait().unwrap().success(), "{words:?}: {said}");
        }
        look(p);
        for line in p.text("logs/dbt.log").lines() {
            serde_json::from_str::<Value>(line).unwrap_or_else(|why| panic!("{why}: {line}"));
        }
        let strays = std::fs::read_dir(p.path("target")).unwrap().flatten();
        let mut strays = strays.map(|entry| entry.file_name().to_string_lossy().into_owned());
        assert!(strays.all(|name| !name.contains("journal") && !name.starts_with(".karat-new")));
        p.karat(["build"]).success().stdout_lacks("Unable to do partial parsing because saved");
    });
}

#[test]
fn retry_takes_up_the_killed_run_not_the_living() {
    on_postgres(|p| {
        for name in ["killed", "living"] {
            p.file(
                &format!("models/{name}.sql"),
                &table("select pg_sleep({{ var('pause') }}) is null as n, '{{ this.name }}' as who"),
            );
        }
        let start = |name: &str, pause: &str| {
            let words = ["run", "-s", name, "--vars", &format!("pause: {pause}")];
            let run = p.command(&words).stdout(std::process::Stdio::null()).spawn().unwrap();
            until("it runs", || running(p, &format!("pg_sleep({pause})")));
            run
        };
        let mut killed = start("killed", "6.5");
        let mut living = start("living", "120");
        killed.kill().unwrap();
        killed.wait().unwrap();
        p.karat(["retry", "--vars", "pause: 0", "--wait", "60"]).success().statuses(["killed success"]);
        // The living one is the last that wrote results only when it has ended.
        terminate(p, "pg_sleep(120)");
        until("it is begun again", || running(p, "pg_sleep(120)"));
        terminate(p, "pg_sleep(120)");
        assert_eq!(living.wait().unwrap().code(), Some(1));
        p.karat(["retry", "--vars", "pause: 0"]).success().statuses(["living success"]);
    });
}

#[test]
fn a_killed_run_that_waited_for_the_file_is_taken_up_after_the_living_one() {
    on_duckdb(|p| {
        p.file("models/quick.sql", &table("select 1 as n"));
        p.file(
            "models/slow.sql",
            &table("select count(*) as n from range({{ var('n') }}) a(x) where a.x * 7 % 3 = 1"),
        );
        let living = p.start(["run", "-s", "slow", "--vars", "n: 300000000"]);
        until("the model runs", || said_so_far(p).contains("START sql table model"));
        let waits = p.scratch("waits");
        let mut killed = p.command(&["run", "-s", "quick", "--wait", "60", "--vars", "n: 1"]);
        let mut killed = killed.stdout(std::fs::File::create(&waits).unwrap()).spawn().unwrap();
        until("it waits", || std::fs::read_to_string(&waits).unwrap().contains("Waiting: "));
        killed.kill().unwrap();
        killed.wait().unwrap();
        living.signal("INT");
        living.wait();
        p.karat(["retry"]).success().statuses(["quick success"]);
    });
}

#[test]
fn two_projects_may_build_into_one_schema() {
    on_postgres(|p| {
        models(p);
        p.file("other/dbt_project.yml", &p.text("dbt_project.yml").replace("name: shop", "name: other"));
        p.file("other/models/mine.sql", &table("select {{ var('v', 0) }} as id"));
        p.file("other/models/t0.sql", &table("select 7 as id, {{ var('v', 0) }} as v"));
        for v in 0..3 {
            let vars = format!("v: {v}");
            let others = ["build", "--project-dir", "other", "--profiles-dir", ".", "--vars", &vars];
            let mut other = p.command(&others);
            let mut other = other.stdout(std::process::Stdio::null()).spawn().unwrap();
            p.karat(["build", "--vars", &vars]).success();
            assert!(other.wait().unwrap().success());
            assert_eq!(p.column("select id from analytics.mine"), [v.to_string()]);
            assert_eq!(
                p.rows("select count(*), max(v) from analytics.v0"),
                [["1".to_string(), v.to_string()]]
            );
        }
        let strays = p.relations().into_iter().filter(|name| name.contains("__dbt_"));
        assert_eq!(strays.collect::<Vec<_>>(), Vec::<String>::new());
    });
}

/// A file that a killed run had not finished goes with the next run; one whose writer lives stays, and so does
/// what only has such a name.
#[test]
fn unfinished_files_of_the_dead_are_removed_at_once() {
    on_duckdb(|p| {
        models(p);
        p.karat(["run"]).success();
        let of_the_living = p.path("target/.karat-new-living");
        let living = std::fs::File::create(&of_the_living).unwrap();
        living.lock().unwrap();
        p.file("target/.karat-new-dead", "{\"half");
        std::fs::create_dir(p.path("target/.karat-new-folder")).unwrap();
        std::os::unix::fs::symlink("../models/t0.sql", p.path("target/.karat-new-link")).unwrap();
        p.karat(["run"]).success();
        let left = |name: &str| std::fs::symlink_metadata(p.path("target").join(name)).is_ok();
        assert!(!left(".karat-new-dead"));
        assert!(left(".karat-new-living") && left(".karat-new-folder") && left(".karat-new-link"));
        drop(living);
        p.karat(["run"]).success();
        assert!(!left(".karat-new-living"));
        assert!(p.text("models/t0.sql").contains("select 0"));
    });
}
