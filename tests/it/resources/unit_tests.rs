//! Unit tests: a model's SQL over rows that the test gives.

use crate::harness::*;

/// `totals` sums `orders` by customer; `more` goes under the unit test `t`.
fn stage(p: &Project, more: &str) {
    p.file("models/orders.sql", "select 1 as customer, 5 as amount, 'x' as note");
    p.file(
        "models/totals.sql",
        "select customer, sum(amount) as total from {{ ref('orders') }} group by customer",
    );
    unit_test(p, "totals", more);
}

fn unit_test(p: &Project, model: &str, more: &str) {
    p.file("models/t.yml", &format!("unit_tests:\n  - name: t\n    model: {model}\n{more}"));
}

const GIVEN: &str = "    given:\n      - input: ref('orders')\n        rows:\n          - {customer: 1, amount: 2}\n          \
                     - {customer: 1, amount: 3}\n          - {customer: 2, amount: 4}\n";

fn expect(rows: &str) -> String {
    format!("{GIVEN}    expect:\n      rows:\n{rows}")
}

#[test]
fn rows_as_expected_pass_in_any_order() {
    on_adapters(|p| {
        stage(p, &expect("        - {customer: 2, total: 4}\n        - {customer: 1, total: 5}\n"));
        let outcome = p.karat(["build"]);
        outcome.success().statuses(["orders success", "totals success", "unit_test.shop.totals.t pass"]);
        // the model itself holds its own rows
        assert_eq!(p.rows("select customer, total from analytics.totals"), [["1", "5"]]);
    });
}

#[test]
fn the_test_runs_before_its_model_and_stops_it() {
    on_adapters(|p| {
        stage(p, &expect("        - {customer: 1, total: 6}\n        - {customer: 2, total: 4}\n"));
        let outcome = p.karat(["build"]);
        outcome.exit(1).statuses(["orders success", "totals skipped", "unit_test.shop.totals.t fail"]);
        assert_eq!(p.relations(), ["analytics.orders view"]);
    });
}

#[test]
fn the_difference_is_drawn() {
    on_adapters(|p| {
        stage(p, &expect("        - {customer: 1, total: 6}\n        - {customer: 2, total: 4}\n"));
        p.karat(["run"]).success();
        let outcome = p.karat(["test"]);
        outcome.exit(1).stdout_has("actual differs from expected").stdout_has("6→5");
    });
}

#[test]
fn columns_not_expected_are_not_compared() {
    on_adapters(|p| {
        stage(p, &expect("        - {total: 5}\n        - {total: 4}\n"));
        p.karat(["build"]).success();
    });
}

#[test]
fn columns_not_given_are_null() {
    on_adapters(|p| {
        p.file("models/orders.sql", "select 1 as customer, 5 as amount, 'x' as note");
        p.file("models/totals.sql", "select customer, note from {{ ref('orders') }}");
        unit_test(
            p,
            "totals",
            "    given: [{input: ref('orders'), rows: [{customer: 1}]}]\n    \
             expect: {rows: [{customer: 1, note: null}]}\n",
        );
        p.karat(["build"]).success();
    });
}

#[test]
fn vars_macros_and_env_vars_may_be_replaced() {
    on_adapters(|p| {
        p.env("SHOP_MARK", "outside");
        p.file(
            "macros/m.sql",
            "{% macro factor() %}10{% endmacro %}{% macro cold() %}{{ return(false) }}{% endmacro %}",
        );
        p.file("models/orders.sql", "select 1 as amount");
        p.file(
            "models/totals.sql",
            "select amount * {{ factor() }} + {{ var('plus', 0) }} as n, '{{ env_var('SHOP_MARK') }}' as mark, \
             {{ 'true' if cold() else 'false' }} as cold from {{ ref('orders') }}",
        );
        unit_test(
            p,
            "totals",
            "    overrides:\n      macros: {factor: 3, cold: true}\n      vars: {plus: 100}\n      \
             env_vars: {SHOP_MARK: inside}\n    given: [{input: ref('orders'), rows: [{amount: 2}]}]\n    \
             expect: {rows: [{n: 106, mark: inside, cold: true}]}\n",
        );
        p.karat(["build"]).success();
        assert_eq!(p.rows("select n, mark from analytics.totals"), [["10", "outside"]]);
    });
}

#[test]
fn an_incremental_model_is_tested_over_its_own_rows() {
    on_adapters(|p| {
        p.file("models/orders.sql", "select 1 as id union all select 2");
        p.file(
            "models/inc.sql",
            "{{ config(materialized='incremental') }}\nselect id from {{ ref('orders') }}\n\
             {% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}",
        );
        unit_test(
            p,
            "inc",
            "    overrides: {macros: {is_incremental: true}}\n    given:\n      \
             - {input: ref('orders'), rows: [{id: 1}, {id: 2}, {id: 3}]}\n      - {input: this, rows: [{id: 2}]}\n    \
             expect: {rows: [{id: 3}]}\n",
        );
        p.karat(["run"]).success();
        p.karat(["build"]).success();
        assert_eq!(p.count("analytics.inc"), 2);
    });
}

#[test]
fn a_test_may_be_chosen_and_left_out() {
    on_adapters(|p| {
        stage(p, &expect("        - {customer: 1, total: 6}\n"));
        p.karat(["run"]).success();
        p.karat(["test", "--select", "test_type:unit"]).exit(1).statuses(["unit_test.shop.totals.t fail"]);
        p.karat(["build", "--exclude-resource-type", "unit_test"]).success();
        unit_test(
            p,
            "totals",
            &format!("    config: {{enabled: false}}\n{}", expect("        - {customer: 1, total: 6}\n")),
        );
        p.karat(["build"]).success();
    });
}

#[test]
fn a_test_of_an_unknown_model_or_input_is_told() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id");
        unit_test(p, "nowhere", "    given: []\n    expect: {rows: [{id: 1}]}\n");
        let outcome = p.karat(["build"]);
        assert_ne!(outcome.code(), Some(0));
        outcome.stdout_has("nowhere");
        unit_test(p, "a", "    given: [{input: ref('b'), rows: [{id: 1}]}]\n    expect: {rows: [{id: 1}]}\n");
        let outcome = p.karat(["build"]);
        assert_ne!(outcome.code(), Some(0));
        outcome.stdout_has("b");
    });
}

#[test]
fn an_unknown_column_is_told_with_the_ones_there_are() {
    on_adapters(|p| {
        stage(
            p,
            "    given: [{input: ref('orders'), rows: [{custmer: 1, amount: 2}]}]\n    expect: {rows: [{total: 2}]}\n",
        );
        p.karat(["build"]).exit(1).stdout_has("custmer").stdout_has("customer");
    });
}
