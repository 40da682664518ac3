//! `store_failures`: the rows that a test found, kept as a table or view.

use crate::harness::*;

fn failing(p: &Project, config: &str) {
    p.file("models/a.sql", "select 1 as id union all select null union all select null");
    p.file(
        "models/a.yml",
        &format!("models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - not_null:\n              config: {config}\n"),
    );
}

#[test]
fn failures_are_kept_in_a_schema_of_their_own() {
    on_adapters(|p| {
        failing(p, "{store_failures: true}");
        let outcome = p.karat(["build"]);
        outcome.exit(1).stdout_has("dbt_test__audit");
        assert_eq!(p.count("analytics_dbt_test__audit.not_null_a_id"), 2);
        p.file("models/a.sql", "select 1 as id").karat(["build"]).success();
        assert_eq!(p.count("analytics_dbt_test__audit.not_null_a_id"), 0);
        let expect = ["analytics.a view", "analytics_dbt_test__audit.not_null_a_id table"];
        assert_eq!(p.relations(), expect);
    });
}

#[test]
fn the_flag_keeps_those_of_all_tests() {
    on_adapters(|p| {
        failing(p, "{}");
        p.karat(["build", "--store-failures"]).exit(1);
        assert_eq!(p.count("analytics_dbt_test__audit.not_null_a_id"), 2);
    });
}

#[test]
fn failures_have_alias_schema_and_kind() {
    on_adapters(|p| {
        failing(p, "{store_failures_as: view, alias: no_ids, schema: audit, severity: warn}");
        p.karat(["build"]).success();
        assert_eq!(p.relations(), ["analytics.a view", "analytics_audit.no_ids view"]);
        assert_eq!(p.count("analytics_audit.no_ids"), 2);
    });
}

#[test]
fn a_limit_holds_for_what_is_kept() {
    on_adapters(|p| {
        failing(p, "{store_failures: true, limit: 1}");
        let outcome = p.karat(["build"]);
        assert_eq!(outcome.result("test not_null_a_id")["failures"], 1);
        assert_eq!(p.count("analytics_dbt_test__audit.not_null_a_id"), 1);
    });
}
