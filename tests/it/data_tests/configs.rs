//! Configs of tests: severity, thresholds, `where`, `limit`, `fail_calc`, `enabled`.

use crate::harness::*;

/// Five rows, three of them without an id; the test `not_null` with a config.
fn three_failures(p: &Project, config: &str) -> Outcome {
    p.file(
        "models/a.sql",
        "select 1 as id, 'x' as part union all select 2, 'y' union all select null, 'x' union all select null, 'y' union all select null, 'y'",
    );
    p.file(
        "models/a.yml",
        &format!("models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - not_null:\n              config: {config}\n"),
    );
    p.karat(["build"])
}

fn check(p: &Project, config: &str, status: &str, failures: u64) {
    let outcome = three_failures(p, config);
    outcome.exit(i32::from(status == "fail"));
    let result = outcome.result("test not_null_a_id");
    assert_eq!(result["status"], status, "{config}");
    assert_eq!(result["failures"], failures, "{config}");
}

#[test]
fn thresholds_decide() {
    on_adapters(|p| {
        check(p, "{error_if: '>5'}", "warn", 3);
        // a test that passes tells of no failures
        check(p, "{error_if: '>5', warn_if: '>3'}", "pass", 0);
        check(p, "{error_if: '>= 3', warn_if: '>1'}", "fail", 3);
        check(p, "{error_if: '= 3'}", "fail", 3);
        check(p, "{severity: warn, error_if: '>1'}", "warn", 3);
        check(p, "{severity: warn, warn_if: '>10'}", "pass", 0);
    });
}

#[test]
fn where_narrows_the_rows() {
    on_adapters(|p| {
        check(p, "{where: \"part = 'x'\"}", "fail", 1);
        check(p, "{where: \"part = 'nothing'\"}", "pass", 0);
        check(p, "{where: 'id is not null'}", "pass", 0);
    });
}

#[test]
fn limit_and_fail_calc_change_what_is_counted() {
    on_adapters(|p| {
        check(p, "{limit: 2}", "fail", 2);
        check(p, "{fail_calc: 'count(*) * 10'}", "fail", 30);
        check(p, "{fail_calc: 'count(*) - 3'}", "pass", 0);
    });
}

#[test]
fn a_disabled_test_does_not_run() {
    on_adapters(|p| {
        three_failures(p, "{enabled: false}").success().statuses(["a success"]);
    });
}

#[test]
fn the_project_sets_severity_for_all() {
    on_adapters(|p| {
        p.configure("data_tests:\n  +severity: warn");
        check(p, "{}", "warn", 3);
        check(p, "{severity: error}", "fail", 3);
    });
}

#[test]
fn warnings_may_be_errors() {
    on_adapters(|p| {
        three_failures(p, "{severity: warn}").success();
        let outcome = p.karat(["--warn-error", "build"]);
        outcome.exit(1);
        assert_eq!(outcome.result("test not_null_a_id")["status"], "fail");
    });
}

#[test]
fn sources_say_whether_columns_are_quoted() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as \"Order\", 2 as \"Id\"");
        p.karat(["run"]).success();
        let table = |quoting: &str| {
            format!(
                "sources:\n  - name: s\n    schema: analytics\n    quoting: {{column: true}}\n    tables:\n      - name: a\n        \
                 quoting: {{{quoting}}}\n        columns: [{{name: Order, data_tests: [unique]}}, {{name: Id, data_tests: [not_null]}}]\n"
            )
        };
        p.file("models/s.yml", &table("")).karat(["test"]).success();
        p.file("models/s.yml", &table("column: false")).karat(["test"]).exit(1);
    });
}

#[test]
fn verdicts_that_are_no_booleans_are_refused() {
    on_adapters(|p| {
        p.file(
            "macros/m.sql",
            "{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
             select {{ fail_calc }} as failures, 'x' as should_warn, 'yes' as should_error from ({{ main_sql }}) t
             {% endmacro %}",
        );
        p.file("tests/t.sql", "select 1 as id where 1 = 0");
        p.karat(["test"]).exit(1).stdout_has("'get_test_sql' returns 'x'");
    });
}
