//! Hostile files (promises 9 to 11): each ends in a message, none in a hang, a panic or a full memory.

use super::*;
use std::os::unix::fs::symlink;

/// Limits what the run may take, and what it may write to one file.
pub fn limited(p: &Project, words: &str, limits: &str) -> (Option<i32>, String) {
    let run = p.command(&[]);
    let program = run.get_program().to_string_lossy().into_owned();
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(format!("{limits}; exec timeout -s KILL 60 {program} {words}"));
    shell.current_dir(p.root()).env_clear();
    shell.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ended = shell.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&ended.stdout) + &text(&ended.stderr);
    assert!(!said.contains("panicked") && !said.contains("stack backtrace"), "{said}");
    (ended.status.code(), said)
}

#[track_caller]
pub fn refused(p: &Project, words: &str, told: &str) {
    let (code, said) = limited(p, words, "ulimit -v 8000000");
    let end: String = said.chars().rev().take(2000).collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(code, Some(2), "{end}");
    assert!(said.contains(told), "`{told}` in {end}");
}

#[test]
fn what_grows_without_an_end_is_stopped() {
    on_duckdb(|p| {
        let bomb: String = (1..30).fold("models: []\na0: &a0 [x]\n".to_string(), |text, n| {
            let all = vec![format!("*a{}", n - 1); 9].join(",");
            text + &format!("a{n}: &a{n} [{all}]\n")
        });
        p.file("models/p.yml", &bomb);
        refused(p, "parse", "aliases expand to more than");
        p.file("models/p.yml", &format!("models: {}{}", "[".repeat(100_000), "]".repeat(100_000)));
        refused(p, "parse", "recursion limit");
        p.remove("models/p.yml");
        p.file(
            "models/a.sql",
            &format!("select {{{{ {}1{} }}}} as id", "(".repeat(20_000), ")".repeat(20_000)),
        );
        refused(p, "parse", "nested too deeply");
        p.file(
            "models/a.sql",
            &format!("{}select 1{}", "{% if true %}".repeat(5_000), "{% endif %}".repeat(5_000)),
        );
        refused(p, "parse", "recursion limit");
        p.file("models/a.sql", "{% for i in range(1000000000) %}{% endfor %}");
        refused(p, "parse", "Range too big");
        p.file("models/a.sql", "select '{{ 'a' * 10000000000 }}'");
        refused(p, "parse", "longer than 100 MB");
        p.file("macros/m.sql", "{% macro f() %}{{ f() }}{% endmacro %}");
        p.file("models/a.sql", "{{ f() }}");
        refused(p, "parse", "called by macro f");
    });
}

#[test]
fn a_disabled_node_may_grow_as_it_likes() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(enabled=false) }} select '{{ 'a' * 10000000000 }}' from {{ ref('b') }}",
        );
        p.file("models/b.sql", "select 1 as id");
        p.file("models/c.sql", "select '{{ 'a' * 10000000000 }}' from {{ ref('b') }}");
        p.file("models/p.yml", "models: [{name: c, config: {enabled: false}}]");
        p.file(
            "tests/t.sql",
            "{{ config(enabled=false) }}{% for n in range(100) %}{{ 'a' * 10000000000 }}{% endfor %}",
        );
        let built = p.karat(["build"]);
        built.success().statuses(["b success"]);
        let disabled =
            built.manifest()["disabled"].as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
        assert_eq!(disabled.unwrap_or_default().len(), 3);
        p.file("models/p.yml", "models: [{name: c}]");
        refused(p, "parse", "longer than 100 MB");
    });
}

#[test]
fn pipes_and_devices_under_a_files_name_hold_nobody() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let pipe = |path: &str| {
            std::fs::remove_file(p.path(path)).ok();
            std::fs::create_dir_all(p.path(path).parent().unwrap()).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(p.path(path)).status().unwrap().success());
        };
        for path in [
            "models/b.sql",
            "models/p.yml",
            "seeds/s.csv",
            ".env",
            ".dbtignore",
            "target/run_results.json",
            "target/manifest.json",
        ] {
            pipe(path);
        }
        symlink("/dev/zero", p.path("models/zero.sql")).unwrap();
        symlink("/dev/zero", p.path("models/zero.yml")).unwrap();
        symlink("..", p.path("models/round")).unwrap();
        let (code, said) = limited(p, "build", "ulimit -v 8000000");
        assert_eq!(code, Some(0), "{said}");
        refused(p, "ls -s state:new --state target/state_of_nobody", "state");
        pipe("state/manifest.json");
        refused(p, "ls -s state:new --state state", "pipe or a device");
        pipe("dbt_project.yml");
        refused(p, "parse", "pipe or a device");
    });
}

#[test]
fn names_are_never_cut_to_one() {
    on_postgres(|p| {
        let name = "n".repeat(63);
        p.file(&format!("models/{name}.sql"), &table("select 1 as id"));
        p.file(&format!("models/{name}x.sql"), &table("select 2 as id"));
        p.file("models/Größe_😀.sql", &table("select 3 as \"é😀\""));
        let outcome = p.karat(["run"]);
        outcome.exit(1).stdout_has("is longer than 63 characters");
        assert_eq!(p.column(&format!("select id from analytics.{name}")), ["1"]);
        assert_eq!(p.relations().len(), 2);
    });
}

#[test]
fn wide_tables_pass() {
    on_adapters(|p| {
        let columns: Vec<String> = (0..1600).map(|n| format!("{n} as c{n}")).collect();
        p.file("models/a.sql", &table(&format!("select {}", columns.join(", "))));
        p.karat(["run"]).success();
    });
}

#[test]
fn a_damaged_state_is_an_error_and_damaged_leftovers_are_none() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).success();
        for damage in ["", "x", "[[[", "{\"metadata\": 3}", "\u{0}"] {
            p.file("state/manifest.json", damage);
            p.karat(["ls", "-s", "state:modified", "--state", "state"]).exit(2).stdout_has("manifest.json");
            for file in [
                "target/run_results.json",
                "target/manifest.json",
                "target/partial_parse.msgpack",
                "target/karat_journal.jsonl",
            ] {
                p.file(file, damage);
            }
            p.karat(["build"]).success();
            p.file("target/run_results.json", damage).karat(["retry"]).exit(2).stdout_has("run_results.json");
        }
    });
}

#[test]
fn a_full_disk_under_the_target_folder_is_told() {
    on_postgres(|p| {
        p.file("models/a.sql", &table("select 1 as id"));
        p.file(
            "models/b.sql",
            &format!("/* {} */ {}", "x".repeat(60_000), table("select * from {{ ref('a') }}")),
        );
        let (code, said) = limited(p, "run --log-level-file none", "ulimit -f 20");
        assert!(code.is_some_and(|code| code > 0), "{code:?} {said}");
        assert!(said.contains("File too large"), "{said}");
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a table", "analytics.b table"]);
    });
}

#[test]
fn a_full_disk_under_the_database_costs_its_node() {
    on_duckdb(|p| {
        p.file("models/small.sql", &table("select 1 as id"));
        p.karat(["run"]).success();
        p.file("models/big.sql", &table("select x, md5(x::varchar) as h from range(3000000) t(x)"));
        p.file("models/child.sql", &table("select count(*) as n from {{ ref('big') }}"));
        let (code, said) = limited(p, "run", "ulimit -f 40000");
        assert!(code.is_some_and(|code| code > 0), "{code:?} {said}");
        assert_eq!(p.count("analytics.small"), 1);
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.big"), 3_000_000);
    });
}
