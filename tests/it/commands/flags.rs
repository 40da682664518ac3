//! Flags before and after the command, and their twins in the environment and the project.

use crate::harness::*;

#[test]
fn flags_stand_before_or_after_the_command() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select {{ var('n') }} as id").file("models/b.sql", "select 1 as id");
        for words in [
            "run --select a --vars VARS",
            "run -s a --vars=VARS",
            "--quiet run --vars VARS -s a",
            "--no-use-colors --fail-fast run --quiet --vars VARS --select=a",
            "--log-level warn --no-partial-parse --printer-width 60 run --vars VARS -s a --threads 1 --target dev",
            "run --no-use-colors --no-partial-parse --fail-fast --log-level warn --vars VARS -s a",
        ] {
            let words: Vec<&str> = words
                .split(' ')
                .map(|word| match word {
                    "VARS" => "{n: 1}",
                    "--vars=VARS" => "--vars={n: 1}",
                    word => word,
                })
                .collect();
            p.karat(&words[..]).success().statuses(["a success"]);
        }
    });
}

#[test]
fn quiet_prints_only_faults() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.karat(["--quiet", "run"]).success().stdout_is("");
        p.file("models/a.sql", "select nowhere as id");
        p.karat(["run", "-q"]).exit(1).stdout_has("nowhere").stdout_lacks("START");
    });
}

#[test]
fn the_environment_has_twins_of_the_flags() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental') }} select {{ 1 if flags.FULL_REFRESH else 0 }} as id",
        );
        p.env("DBT_FULL_REFRESH", "1").env("DBT_TARGET_PATH", "out").env("DBT_LOG_PATH", "words");
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.a"), ["1"]);
        assert!(p.path("out/run_results.json").exists() && p.path("words/dbt.log").exists());
        p.karat(["run", "--target-path", "out2"]);
        assert!(p.path("out2/manifest.json").exists());
    });
}

#[test]
fn the_project_sets_flags() {
    on_duckdb(|p| {
        p.configure("flags:\n  fail_fast: true\n  use_colors: false");
        p.file("models/a.sql", "select nowhere as id")
            .file("models/b.sql", "select '{{ flags.FAIL_FAST }}' as v");
        p.karat(["run", "--select", "b"]).success();
        assert_eq!(p.value("select v from analytics.b"), "True");
    });
}

#[test]
fn json_lines_carry_name_code_and_data() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let outcome = p.karat(["--log-format", "json", "run"]);
        let lines: Vec<serde_json::Value> =
            outcome.success().stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let event = |name: &str| {
            let found = lines.iter().find(|line| line["info"]["name"] == name);
            found.unwrap_or_else(|| panic!("no event {name}"))
        };
        for (name, code) in [
            ("MainReportVersion", "A001"),
            ("AdapterRegistered", "E034"),
            ("LogStartLine", "Q011"),
            ("LogModelResult", "Q012"),
            ("FinishedRunningStats", "E047"),
            ("StatsLine", "Z023"),
        ] {
            assert_eq!(event(name)["info"]["code"], code, "{name}");
        }
        let result = event("LogModelResult");
        assert_eq!(result["data"]["node_info"]["unique_id"], "model.shop.a");
        assert_eq!(result["data"]["node_info"]["node_status"], "success");
        assert_eq!(result["info"]["level"], "info");
    });
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let both = p.karat(["run", "--warn-error", "--warn-error-options", "{error: all}"]);
        both.exit(2).stderr_has("warn_error_options: not allowed with argument warn_error");
        let both = p.karat(["compile", "--select", "a", "--inline", "select 1"]);
        both.exit(2).stderr_has("inline: not allowed with argument select");
        p.karat(["run", "--warn-error"]).success();
        p.karat(["retry"]).success();
        p.karat(["run-operation", "m", "--defer"]).exit(2).stdout_lacks("--state");
    });
}

#[test]
fn what_is_said_of_the_console_holds_for_the_log_file() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select {{ invocation_args_dict['log_level_file'] | tojson }} as id");
        let shown = |words: &[&str]| p.karat([&["compile", "-q", "-s", "a"], words].concat()).stdout();
        assert!(shown(&[]).contains("debug"));
        assert!(shown(&["--log-level", "error"]).contains("error"));
        assert!(shown(&["--log-level", "error", "--log-level-file", "info"]).contains("info"));
        p.configure("flags: {log_level: warn}");
        assert!(shown(&[]).contains("warn"));
    });
}
