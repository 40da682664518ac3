//! `--fail-fast`: the first failure ends the run.

use crate::harness::*;

#[test]
fn the_rest_is_not_started() {
    on_adapters(|p| {
        p.file("models/a.sql", "select nowhere as id");
        for n in 0..6 {
            let before = if n == 0 { "a_slow_one".to_string() } else { format!("m{}", n - 1) };
            p.file(&format!("models/m{n}.sql"), &format!("select 1 as id from {{{{ ref('{before}') }}}}"));
        }
        p.file(
            "models/a_slow_one.sql",
            "{{ config(materialized='table') }} select count(*) as n from generate_series(1, 3000000) t(x)",
        );
        let outcome = p.karat(["run", "--fail-fast", "--threads", "1"]);
        outcome.exit(1);
        assert_eq!(outcome.result("a")["status"], "error");
        assert!(!p.relations().contains(&"analytics.m5 view".to_string()));
    });
}

#[test]
fn a_failing_test_counts_too() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("tests/t.sql", "select * from {{ ref('a') }}");
        let outcome = p.karat(["build", "-x"]);
        outcome.exit(1).stdout_has("Failure in test t (tests/t.sql)");
    });
}
