//! The console lines of dbt Core, word for word.

use crate::harness::*;

fn stage(p: &Project) {
    p.file("seeds/s.csv", "id\n1\n2\n");
    p.file("models/a.sql", "{{ config(materialized='table') }} select * from {{ ref('s') }}");
    p.file("models/b.sql", "select * from {{ ref('a') }}");
    p.file("models/c.sql", "{{ config(materialized='incremental') }} select * from {{ ref('b') }}");
    p.file(
        "models/p.yml",
        "models:\n  - name: c\n    columns: [{name: id, data_tests: [not_null, unique]}]\n",
    );
}

#[test]
fn a_green_build() {
    on_adapters(|p| {
        stage(p);
        let outcome = p.karat(["build", "--threads", "1"]);
        let lines = outcome.success().lines();
        let ok = |duckdb: &str, postgres: &str| p.adapter.pick(duckdb, postgres).to_string();
        let expect = vec![
            "Concurrency: 1 threads (target='dev')".to_string(),
            "1 of 6 START seed file analytics.s ... [RUN]".into(),
            "1 of 6 OK loaded seed file analytics.s ... [INSERT 2 in 0.00s]".into(),
            "2 of 6 START sql table model analytics.a ... [RUN]".into(),
            format!("2 of 6 OK created sql table model analytics.a ... [{} in 0.00s]", ok("OK", "SELECT 2")),
            "3 of 6 START sql view model analytics.b ... [RUN]".into(),
            format!("3 of 6 OK created sql view model analytics.b ... [{} in 0.00s]", ok("OK", "CREATE VIEW")),
            "4 of 6 START sql incremental model analytics.c ... [RUN]".into(),
            format!("4 of 6 OK created sql incremental model analytics.c ... [{} in 0.00s]", ok("OK", "SELECT 2")),
            "5 of 6 START test not_null_c_id ... [RUN]".into(),
            "5 of 6 PASS not_null_c_id ... [PASS in 0.00s]".into(),
            "6 of 6 START test unique_c_id ... [RUN]".into(),
            "6 of 6 PASS unique_c_id ... [PASS in 0.00s]".into(),
            "Finished running 1 incremental model, 1 seed, 1 table model, 2 data tests, 1 view model in 0 hours 0 minutes and 0.00 seconds (0.00s).".into(),
            "Completed successfully".into(),
            "Done. PASS=6 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=6".into(),
        ];
        assert!(lines[0].starts_with("Running with dbt="), "{lines:#?}");
        assert!(lines[1].starts_with(&format!("Registered adapter: {}=", p.adapter.name())), "{lines:#?}");
        let begin = lines.iter().position(|line| line.starts_with("Concurrency")).expect("a line");
        assert!(lines[begin - 1].starts_with("Found 3 models, 1 seed, 2 data tests"), "{lines:#?}");
        assert_eq!(lines[begin..], expect);
        assert_eq!(outcome.stderr(), "");
    });
}

#[test]
fn failures_are_told_once_more_at_the_end() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id union all select 1 union all select null union all select null union all select null union all select null");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.file("models/c.sql", "select nowhere as id");
        p.file("models/d.sql", "select * from {{ ref('a') }}");
        p.file("models/p.yml", "models:\n  - name: a\n    columns: [{name: id, data_tests: [unique, {not_null: {config: {severity: warn}}}]}]\n");
        let outcome = p.karat(["build", "--threads", "1"]);
        let lines = outcome.exit(1).lines();
        let has = |line: &str| assert!(lines.iter().any(|l| l == line), "`{line}` is missing in {lines:#?}");
        has("Completed with 2 errors, 0 partial successes, and 1 warning:");
        has("Failure in test unique_a_id (models/p.yml)");
        has("  Got 1 result, configured to fail if != 0");
        has("  compiled code at target/compiled/shop/models/p.yml/unique_a_id.sql");
        has("Warning in test not_null_a_id (models/p.yml)");
        has("Got 4 results, configured to warn if != 0");
        has("Failure in model c (models/c.sql)");
        has("  compiled code at target/compiled/shop/models/c.sql");
        has("Done. PASS=1 WARN=1 ERROR=2 SKIP=2 NO-OP=0 TOTAL=6");
        let count = |part: &str| lines.iter().filter(|l| l.contains(part)).count();
        assert_eq!(count("FAIL 1 unique_a_id ... [FAIL 1 in 0.00s]"), 1, "{lines:#?}");
        assert_eq!(count("WARN 4 not_null_a_id ... [WARN 4 in 0.00s]"), 1, "{lines:#?}");
        assert_eq!(count("ERROR creating sql view model analytics.c ... [ERROR in 0.00s]"), 1, "{lines:#?}");
        assert_eq!(count("SKIP relation analytics.b ... [SKIP]"), 1, "{lines:#?}");
    });
}

#[test]
fn console_lines_have_a_clock_and_dots_up_to_80_columns() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        let text = p.karat(["run"]).success().stdout();
        let line = text.lines().find(|line| line.contains("START sql view")).expect("a line");
        let (clock, rest) = line.split_at(10);
        assert!(
            clock.ends_with("  ") && clock.trim().split(':').all(|part| part.parse::<u8>().is_ok()),
            "{line}"
        );
        assert_eq!(
            rest,
            "1 of 1 START sql view model analytics.a ........................................ [RUN]"
        );
    });
}

#[test]
fn incremental_runs_tell_what_the_engine_did() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }} select 1 as id");
        p.karat(["run"])
            .success()
            .prints("1 of 1 OK created sql incremental model analytics.a ... [SELECT 1 in 0.00s]");
        p.karat(["run"])
            .success()
            .prints("1 of 1 OK created sql incremental model analytics.a ... [MERGE 1 in 0.00s]");
    });
}

#[test]
fn colours_follow_the_flag() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let colourless = p.karat(["--no-use-colors", "run"]);
        assert!(!colourless.success().raw_stdout().contains('\x1b'));
        let coloured = p.karat(["--use-colors", "run"]);
        assert!(coloured.success().raw_stdout().contains("\x1b["));
    });
}
