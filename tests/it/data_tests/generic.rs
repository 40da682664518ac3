//! The four built-in tests and tests of the project's own: passing, failing, warning.

use crate::harness::*;

/// A table `a` with the rows, and a test of its column `id`.
fn tested(p: &Project, rows: &str, test: &str) -> Outcome {
    p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}} {rows}"));
    p.file("models/b.sql", "select 1 as key union all select 2");
    let yml = format!(
        "version: 2\nmodels:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - {test}\n"
    );
    p.file("models/a.yml", &yml);
    p.karat(["run"]).success();
    p.karat(["test"])
}

/// The test passes on the first rows and finds so many failures in the second ones.
fn passes_and_fails(p: &Project, test: &str, [good, bad]: [&str; 2], failures: u64) {
    let outcome = tested(p, good, test);
    outcome.success();
    assert_eq!(outcome.results().len(), 1);
    assert_eq!(outcome.results()[0]["status"], "pass");
    assert_eq!(outcome.results()[0]["failures"], 0);
    let outcome = tested(p, bad, test);
    outcome.exit(1);
    assert_eq!(outcome.results()[0]["status"], "fail");
    assert_eq!(outcome.results()[0]["failures"], failures);
    let s = if failures == 1 { "" } else { "s" };
    let message = format!("Got {failures} result{s}, configured to fail if != 0");
    assert_eq!(outcome.results()[0]["message"], message.as_str());
    outcome.stdout_has(&message);
}

#[test]
fn not_null() {
    on_adapters(|p| {
        passes_and_fails(
            p,
            "not_null",
            ["select 1 as id", "select 1 as id union all select null union all select null"],
            2,
        );
    });
}

#[test]
fn unique() {
    on_adapters(|p| {
        let good = "select 1 as id union all select 2 union all select null union all select null";
        let bad =
            "select 1 as id union all select 1 union all select 1 union all select 2 union all select 2";
        passes_and_fails(p, "unique", [good, bad], 2);
    });
}

#[test]
fn accepted_values() {
    on_adapters(|p| {
        let good = "select 'x' as id union all select 'y' union all select null";
        let bad = "select 'x' as id union all select 'z' union all select 'z' union all select 'q'";
        passes_and_fails(p, "accepted_values: {arguments: {values: ['x', 'y']}}", [good, bad], 2);
    });
}

#[test]
fn accepted_values_of_numbers() {
    on_adapters(|p| {
        let test = "accepted_values: {values: [1, 2], quote: false}";
        passes_and_fails(p, test, ["select 1 as id union all select 2", "select 3 as id"], 1);
    });
}

#[test]
fn relationships() {
    on_adapters(|p| {
        let good = "select 1 as id union all select 1 union all select null";
        let bad = "select 1 as id union all select 8 union all select 9 union all select 9";
        passes_and_fails(p, "relationships: {arguments: {to: ref('b'), field: key}}", [good, bad], 3);
    });
}

#[test]
fn a_failing_test_may_only_warn() {
    on_adapters(|p| {
        let outcome = tested(p, "select null as id", "not_null: {config: {severity: warn}}");
        outcome.success().statuses(["test not_null_a_id warn"]);
        outcome.prints("1 of 1 WARN 1 not_null_a_id ... [WARN 1 in 0.00s]");
        outcome.prints("Done. PASS=0 WARN=1 ERROR=0 SKIP=0 NO-OP=0 TOTAL=1");
        outcome.stdout_has("Got 1 result, configured to warn if != 0");
    });
}

#[test]
fn a_test_that_cannot_run_is_an_error() {
    on_adapters(|p| {
        let outcome = tested(p, "select 1 as other", "not_null");
        outcome.exit(1).statuses(["test not_null_a_id error"]);
        outcome.prints("Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 TOTAL=1");
    });
}

#[test]
fn a_project_has_tests_of_its_own() {
    on_adapters(|p| {
        let body = "select {{ column_name }} from {{ model }} where {{ column_name }} < {{ least }}";
        p.file(
            "tests/generic/at_least.sql",
            &format!("{{% test at_least(model, column_name, least=0) %}} {body} {{% endtest %}}"),
        );
        passes_and_fails(
            p,
            "at_least: {arguments: {least: 5}}",
            ["select 5 as id", "select 4 as id union all select 3"],
            2,
        );
    });
}

#[test]
fn a_test_of_a_whole_model_and_one_with_a_name_of_its_own() {
    on_adapters(|p| {
        p.file("macros/t.sql", "{% test has_rows(model) %} select 1 as x where (select count(*) from {{ model }}) = 0 {% endtest %}");
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/a.yml",
            "models:\n  - name: a\n    data_tests: [has_rows]\n    columns:\n      - name: id\n        tests:\n          - name: ids_are_there\n            test_name: not_null\n          - unique: {name: ids_are_unique}\n",
        );
        let statuses =
            ["a success", "test has_rows_a_ pass", "test ids_are_there pass", "test ids_are_unique pass"];
        p.karat(["build"]).success().statuses(statuses);
    });
}

#[test]
fn sources_and_their_columns_are_tested() {
    on_adapters(|p| {
        p.execute("create schema raw; create table raw.orders as select 1 as id union all select 1");
        p.file(
            "models/sources.yml",
            "sources:\n  - name: raw\n    tables:\n      - name: orders\n        columns:\n          - name: id\n            data_tests: [not_null, unique]\n",
        );
        p.file("models/a.sql", "select count(*) as n from {{ source('raw', 'orders') }}");
        let outcome = p.karat(["build"]);
        outcome.exit(1).statuses([
            "a skipped",
            "test source_not_null_raw_orders_id pass",
            "test source_unique_raw_orders_id fail",
        ]);
    });
}
