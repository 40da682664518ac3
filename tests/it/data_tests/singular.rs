//! Singular tests: a query that must give no rows.

use crate::harness::*;

#[test]
fn a_query_without_rows_passes() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("tests/no_negatives.sql", "select * from {{ ref('a') }} where id < 0");
        p.file("tests/no_ones.sql", "select * from {{ ref('a') }} where id = 1");
        let outcome = p.karat(["build"]);
        outcome.exit(1).statuses(["a success", "test no_negatives pass", "test no_ones fail"]);
        outcome.stdout_has("Failure in test no_ones (tests/no_ones.sql)");
        outcome.stdout_has("Got 1 result, configured to fail if != 0");
        outcome.stdout_has("compiled code at target/compiled/shop/tests/no_ones.sql");
    });
}

#[test]
fn a_singular_test_has_configs() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("tests/warns.sql", "{{ config(severity='warn', tags=['odd']) }} select * from {{ ref('a') }}");
        p.file("tests/off.sql", "{{ config(enabled=false) }} select * from {{ ref('a') }}");
        p.karat(["build"]).success().statuses(["a success", "test warns warn"]);
        p.karat(["test", "--select", "tag:odd"]).success().statuses(["test warns warn"]);
    });
}

#[test]
fn a_singular_test_of_two_models_waits_for_both() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 2 as id");
        p.file("tests/both.sql", "select * from {{ ref('a') }} where id in (select id from {{ ref('b') }})");
        p.karat(["build"]).success().statuses(["a success", "b success", "test both pass"]);
    });
}
