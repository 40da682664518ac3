//! The log file: everything at level debug, with the SQL that was run.

use crate::harness::*;

#[test]
fn the_log_has_sql_and_the_console_lines() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id_in_the_log").karat(["run"]).success();
        let log = p.text("logs/dbt.log");
        assert!(log.contains("id_in_the_log") && log.contains("START sql view model analytics.a"), "{log}");
        assert!(log.contains("Done. PASS=1"));
        p.karat(["run", "--log-path", "elsewhere"]).success();
        assert!(p.path("elsewhere/dbt.log").exists());
    });
}

#[test]
fn secrets_are_hidden_everywhere() {
    on_postgres(|p| {
        p.env("DBT_ENV_SECRET_PASSWORD", PASSWORD);
        let profiles = p.text("profiles.yml").replace("user: warehouse", &format!("user: {PASSWORD_ROLE}"));
        let profiles =
            profiles.replace("password: ''", "password: \"{{ env_var('DBT_ENV_SECRET_PASSWORD') }}\"");
        p.file("profiles.yml", &profiles);
        p.file("models/a.sql", &format!("select '{PASSWORD}' as told"));
        let outcome = p.karat(["--debug", "run"]);
        outcome.success().stdout_lacks(PASSWORD).stdout_has("*****");
        assert!(!p.text("logs/dbt.log").contains(PASSWORD));
    });
}
