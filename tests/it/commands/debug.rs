//! `debug`: is everything there that a run needs?

use crate::harness::*;

#[test]
fn a_good_project_passes_all_checks() {
    on_adapters(|p| {
        let outcome = p.karat(["debug"]);
        outcome.success().stdout_has("profiles.yml file [OK found and valid]");
        outcome.stdout_has("dbt_project.yml file [OK found and valid]");
        outcome.stdout_has("Connection test: [OK connection ok]").stdout_has("All checks passed!");
    });
}

#[test]
fn a_bad_connection_is_told() {
    on_postgres(|p| {
        p.file(
            "profiles.yml",
            &p.text("profiles.yml").replace(&format!("dbname: {}", p.database), "dbname: nowhere"),
        );
        let outcome = p.karat(["debug"]);
        outcome.exit(1).stdout_has("database \"nowhere\" does not exist").stdout_has("1 check failed");
    });
}

#[test]
fn a_missing_profile_is_told() {
    on_duckdb(|p| {
        p.remove("profiles.yml").karat(["debug"]).exit(1).stdout_has("profiles.yml file [ERROR not found]");
    });
}
