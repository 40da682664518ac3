//! Failures and what depends on them; exit codes.

use crate::harness::*;

/// `a` -> `b` -> `c`, and `other` by itself.
fn chain(p: &Project, a: &str) {
    p.file("models/a.sql", a);
    p.file("models/b.sql", "select * from {{ ref('a') }}");
    p.file("models/c.sql", "select * from {{ ref('b') }}");
    p.file("models/other.sql", "select 1 as id");
}

fn not_null_a(p: &Project, severity: &str) {
    p.file(
        "models/a.yml",
        &format!("models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - not_null: {{config: {{severity: {severity}}}}}\n"),
    );
}

#[test]
fn everything_green_exits_with_0() {
    on_adapters(|p| {
        chain(p, "select 1 as id");
        not_null_a(p, "error");
        let all = ["a success", "b success", "c success", "other success", "test not_null_a_id pass"];
        let outcome = p.karat(["build"]);
        outcome.success().statuses(all).prints("Completed successfully");
        outcome.prints("Done. PASS=5 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=5");
    });
}

#[test]
fn a_failed_model_skips_what_stands_on_it() {
    on_adapters(|p| {
        chain(p, "select nowhere as id");
        for command in ["run", "build"] {
            let outcome = p.karat([command]);
            outcome.exit(1).statuses(["a error", "b skipped", "c skipped", "other success"]);
            outcome.prints("Done. PASS=1 WARN=0 ERROR=1 SKIP=2 NO-OP=0 TOTAL=4");
            outcome.prints("Completed with 1 error, 0 partial successes, and 0 warnings:");
            outcome.stdout_has("SKIP relation analytics.b").stdout_has("SKIP relation analytics.c");
            outcome.stdout_has(" in model a (models/a.sql)").stdout_has("nowhere");
        }
        assert_eq!(p.relations(), ["analytics.other view"]);
    });
}

#[test]
fn a_failed_test_skips_what_stands_on_the_model() {
    on_adapters(|p| {
        chain(p, "select cast(null as integer) as id");
        not_null_a(p, "error");
        let expect = ["a success", "b skipped", "c skipped", "other success", "test not_null_a_id fail"];
        p.karat(["build"]).exit(1).statuses(expect);
        assert_eq!(p.relations(), ["analytics.a view", "analytics.other view"]);
    });
}

#[test]
fn a_warning_skips_nothing() {
    on_adapters(|p| {
        chain(p, "select cast(null as integer) as id");
        not_null_a(p, "warn");
        let outcome = p.karat(["build"]);
        outcome.success().statuses([
            "a success",
            "b success",
            "c success",
            "other success",
            "test not_null_a_id warn",
        ]);
        outcome.prints("Completed with 1 warning:");
    });
}

#[test]
fn run_makes_no_tests_and_test_makes_no_models() {
    on_adapters(|p| {
        chain(p, "select cast(null as integer) as id");
        not_null_a(p, "error");
        p.karat(["run"]).success().statuses(["a success", "b success", "c success", "other success"]);
        p.karat(["test"]).exit(1).statuses(["test not_null_a_id fail"]);
    });
}

#[test]
fn tests_of_skipped_models_are_skipped() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id\n1\n");
        chain(p, "select nowhere as id from {{ ref('s') }}");
        not_null_a(p, "error");
        let expect = [
            "a error",
            "b skipped",
            "c skipped",
            "other success",
            "seed s success",
            "test not_null_a_id skipped",
        ];
        p.karat(["build"]).exit(1).statuses(expect);
    });
}

#[test]
fn a_test_between_two_models_holds_back_only_what_comes_after_both() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 2 as id from {{ ref('a') }}");
        p.file("models/c.sql", "select * from {{ ref('b') }}");
        p.file(
            "models/b.yml",
            "models:\n  - name: b\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {arguments: {to: ref('a'), field: id}}\n",
        );
        let expect = ["a success", "b success", "c skipped", "test relationships_b_id__id__ref_a_ fail"];
        p.karat(["build"]).exit(1).statuses(expect);
    });
}

#[test]
fn nothing_to_do_is_no_failure() {
    on_adapters(|p| {
        chain(p, "select 1 as id");
        let outcome = p.karat(["run", "--select", "nobody"]);
        outcome.success().stdout_has("The selection criterion 'nobody' does not match any enabled nodes");
        outcome.stdout_has("Nothing to do. Try checking your model configs and model specification args");
    });
}

#[test]
fn an_unknown_flag_exits_with_2() {
    on_duckdb(|p| {
        p.karat(["build", "--no-such-flag"])
            .exit(2)
            .stderr_has("No such option")
            .stderr_has("--no-such-flag");
        p.karat(["bild"]).exit(2).stderr_has("No such command").stderr_has("bild");
    });
}
