//! Bad input: one clear message with file, line, the line drawn and a way to mend it; exit code 2, and
//! nothing is touched in the database. The messages are snapshots, so that every wording is reviewed.

mod connection;
mod encodings;
mod graph;
mod jinja;
mod project_files;
mod property_files;
mod seed;
mod selectors;
mod slips;
mod sql;

use crate::harness::*;

/// Runs the words, which are refused before the database is touched; gives what was said.
fn refused<'a>(p: &Project, words: impl AsRef<[&'a str]>) -> String {
    let said = told(&p.karat(words), 2);
    assert!(
        p.adapter == Adapter::Postgres || !p.path("warehouse.duckdb").exists() || p.relations().is_empty()
    );
    said
}

/// What was said; it helps.
fn told(outcome: &Outcome, code: i32) -> String {
    said(outcome.exit(code).stdout_has("help:"))
}

/// What was said beside the lines of every run.
fn said(outcome: &Outcome) -> String {
    outcome.stdout_lacks("panicked").stdout_lacks("Internal Error");
    assert_eq!(outcome.stderr(), "");
    let lines: Vec<String> = outcome.lines().into_iter().filter(|line| is_said(line)).collect();
    normalise(&lines.join("\n"))
}

/// The lines of every run, which no message is part of.
fn is_said(line: &str) -> bool {
    const USUAL: [&str; 7] = [
        "Running with",
        "Registered adapter",
        "Found ",
        "Concurrency",
        "Finished running",
        "Done. PASS",
        "Unable to do partial",
    ];
    !USUAL.iter().any(|usual| line.starts_with(usual))
}

/// Runs the words, which fail nodes and nothing else; gives what was said.
fn failed<'a>(p: &Project, words: impl AsRef<[&'a str]>) -> String {
    said(p.karat(words).exit(1))
}

/// Checks a message of a run whose node fails, as dbt Core finds the fault only then; on DuckDB.
macro_rules! failure {
    ($name:ident, $words:expr, $prepare:expr) => {
        #[test]
        fn $name() {
            crate::harness::on_duckdb(|p| {
                let prepare: fn(&crate::harness::Project) = $prepare;
                prepare(p);
                insta::assert_snapshot!(stringify!($name), super::failed(p, $words));
            });
        }
    };
}
use failure;

/// Checks a message of a run that is refused, on DuckDB.
macro_rules! refusal {
    ($name:ident, $words:expr, $prepare:expr) => {
        #[test]
        fn $name() {
            crate::harness::on_duckdb(|p| {
                let prepare: fn(&crate::harness::Project) = $prepare;
                prepare(p);
                insta::assert_snapshot!(stringify!($name), super::refused(p, $words));
            });
        }
    };
}
use refusal;
