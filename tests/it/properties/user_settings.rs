//! `~/.dbt/user_settings.yml` (dbt 1.12): flags of a person; and what is not written beside it.

use crate::harness::*;

fn home(p: &Project, settings: &str) {
    p.file("home/.dbt/user_settings.yml", settings);
    p.env("HOME", p.path("home").to_str().unwrap());
}

#[test]
fn a_person_speaks_where_nobody_else_does() {
    on_adapters(|p| {
        p.file("models/a.sql", "{% do log('wide ' ~ flags.PRINTER_WIDTH ~ ' first ' ~ flags.FAIL_FAST, info=true) %} select 1 as id");
        home(
            p,
            "flags: {printer_width: 99, fail_fast: true, threads: 3, target_path: mine, quiet: null}\nother: 1",
        );
        p.karat(["run"]).success().stdout_has("wide 99 first True").stdout_has("Concurrency: 3 threads");
        assert!(p.path("mine/manifest.json").exists());
        p.configure("flags: {printer_width: 90}");
        p.karat(["run", "--no-fail-fast", "--threads", "2", "--target-path", "yours"])
            .success()
            .stdout_has("wide 90 first False")
            .stdout_has("Concurrency: 2 threads");
        assert!(p.path("yours/manifest.json").exists());
        p.env("DBT_PRINTER_WIDTH", "80");
        p.karat(["run"]).success().stdout_has("wide 80 first True");
    });
}

#[test]
fn settings_that_cannot_be_read_are_told_of_and_passed_over() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        for (settings, told) in [
            ("flags: [", "~/.dbt/user_settings.yml:"),
            ("flags: [a]", "`flags` must be a mapping"),
            ("flags: {log_level: loud}", "flag `log_level` must be one of"),
            ("flags: {threads: many}", "flag `threads` must be a whole number, not `\"many\"`"),
        ] {
            home(p, settings);
            p.karat(["run"]).success().stdout_has("[WARNING]").stdout_has(told);
        }
    });
}

#[test]
fn nothing_is_written_that_tells_who_ran_it() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        home(p, "flags: {send_anonymous_usage_stats: true}");
        let manifest = p.karat(["run"]).success().manifest();
        assert!(manifest["metadata"]["user_id"].is_null());
        assert_eq!(manifest["metadata"]["send_anonymous_usage_stats"], false);
        assert!(!p.path("home/.dbt/.user.yml").exists() && !p.path(".user.yml").exists());
    });
}
