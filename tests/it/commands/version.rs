//! `--version` and help.

use crate::harness::*;

#[test]
fn the_version_is_told() {
    on_duckdb(|p| {
        for word in ["--version", "-v", "-V"] {
            let outcome = p.karat([word]);
            outcome
                .success()
                .stdout_has(env!("CARGO_PKG_VERSION"))
                .stdout_has("duckdb")
                .stdout_has("postgres");
        }
    });
}

#[test]
fn help_names_the_commands_and_flags() {
    on_duckdb(|p| {
        let outcome = p.karat(["--help"]);
        outcome.success();
        for command in
            ["build", "run", "test", "seed", "compile", "parse", "ls", "show", "debug", "clean", "init"]
        {
            outcome.stdout_has(command);
        }
        let outcome = p.karat(["build", "--help"]);
        outcome.success();
        for flag in
            ["--select", "--exclude", "--target", "--full-refresh", "--vars", "--threads", "--fail-fast"]
        {
            outcome.stdout_has(flag);
        }
    });
}

#[test]
fn there_are_completions_for_shells() {
    on_duckdb(|p| {
        for shell in ["bash", "zsh", "fish"] {
            p.karat(["completions", shell]).success().stdout_has("full-refresh");
        }
    });
}
