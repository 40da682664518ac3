//! DuckDB's `merge`: everything that its configs can say.

use crate::harness::*;

/// The target's rows, then those that the second run brings.
const ROWS: &str = "select * from (values {% if is_incremental() %} (1, 'new1', 10, true), (2, 'new2', 20, false), (4, 'new4', 40, true) \
                    {% else %} (1, 'old1', 1, true), (2, 'old2', 2, true), (3, 'old3', 3, false) {% endif %}) t(id, v, n, f)";

fn model(p: &Project, name: &str, config: &str) {
    let config =
        format!("{{{{ config(materialized='incremental', incremental_strategy='merge', {config}) }}}}");
    p.file(&format!("models/{name}.sql"), &format!("{config} {ROWS}"));
}

/// What two runs of models with these configs leave of `id v n`, as `1 old1 1, ...`.
fn check(cases: &[(&str, &str)]) {
    on_duckdb(|p| {
        for (at, (config, _)) in cases.iter().enumerate() {
            model(p, &format!("m{at}"), config);
        }
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        for (at, (config, expect)) in cases.iter().enumerate() {
            let sql = format!(
                "select id || ' ' || coalesce(v, '-') || ' ' || coalesce(n::text, '-') from analytics.m{at} order by id, v"
            );
            assert_eq!(p.column(&sql).join(", "), *expect, "{config}");
        }
    });
}

#[test]
fn conditions_columns_and_expressions() {
    check(&[
        ("unique_key='id'", "1 new1 10, 2 new2 20, 3 old3 3, 4 new4 40"),
        (
            "unique_key='id', merge_update_condition='DBT_INTERNAL_SOURCE.f'",
            "1 new1 10, 2 old2 2, 3 old3 3, 4 new4 40",
        ),
        (
            "unique_key='id', merge_insert_condition='DBT_INTERNAL_SOURCE.n > 100'",
            "1 new1 10, 2 new2 20, 3 old3 3",
        ),
        ("unique_key='id', merge_update_columns=['v']", "1 new1 1, 2 new2 2, 3 old3 3, 4 new4 40"),
        ("unique_key='id', merge_exclude_columns=['v']", "1 old1 10, 2 old2 20, 3 old3 3, 4 new4 40"),
        (
            "unique_key='id', merge_update_columns=['v', 'n'], merge_update_set_expressions={'n': 'DBT_INTERNAL_DEST.n + 1'}",
            "1 new1 2, 2 new2 3, 3 old3 3, 4 new4 40",
        ),
        ("unique_key='id', merge_returning_columns=['id']", "1 new1 10, 2 new2 20, 3 old3 3, 4 new4 40"),
        (
            "unique_key='id', incremental_predicates=['DBT_INTERNAL_DEST.n > 1']",
            "1 new1 10, 1 old1 1, 2 new2 20, 3 old3 3, 4 new4 40",
        ),
    ]);
}

#[test]
fn columns_that_both_sides_have_may_join_them() {
    check(&[
        ("merge_on_using_columns=['id']", "1 new1 10, 2 new2 20, 3 old3 3, 4 new4 40"),
        ("merge_on_using_columns=['id', 'f']", "1 new1 10, 2 new2 20, 2 old2 2, 3 old3 3, 4 new4 40"),
        (
            "merge_on_using_columns=['id'], incremental_predicates='DBT_INTERNAL_DEST.n > 1'",
            "1 new1 10, 1 old1 1, 2 new2 20, 3 old3 3, 4 new4 40",
        ),
    ]);
}

#[test]
fn clauses_may_be_spelled_out() {
    let clauses = |matched: &str, not: &str| {
        let matched = (!matched.is_empty()).then(|| format!("'when_matched': [{matched}]"));
        let not = (!not.is_empty()).then(|| format!("'when_not_matched': [{not}]"));
        let both: Vec<_> = matched.into_iter().chain(not).collect();
        format!("unique_key='id', merge_clauses={{{}}}", both.join(", "))
    };
    let cases = [
        (
            "{'action': 'delete', 'condition': 'DBT_INTERNAL_SOURCE.f'}, {'action': 'update', 'mode': 'by_name'}",
            "",
            "2 new2 20, 3 old3 3, 4 new4 40",
        ),
        (
            "{'action': 'do_nothing'}",
            "{'by': 'source', 'action': 'delete'}, {'action': 'insert', 'mode': 'star'}",
            "1 old1 1, 2 old2 2, 4 new4 40",
        ),
        (
            "{'action': 'update', 'mode': 'star'}",
            "{'by': 'target', 'action': 'insert', 'mode': 'by_position'}, {'by': 'source', 'action': 'update', 'set_expressions': {'v': \"'gone'\"}}",
            "1 new1 10, 2 new2 20, 3 gone 3, 4 new4 40",
        ),
        (
            "{'action': 'update', 'mode': 'explicit', 'update': {'include': ['v'], 'set_expressions': {'n': 'DBT_INTERNAL_DEST.n * 100'}}}",
            "{'action': 'do_nothing'}",
            "1 new1 100, 2 new2 200, 3 old3 3",
        ),
        (
            "{'action': 'update', 'mode': 'by_position', 'condition': ['DBT_INTERNAL_SOURCE.f', 'DBT_INTERNAL_DEST.n < 100']}",
            "{'action': 'insert', 'mode': 'explicit', 'insert': {'columns': ['id', 'v'], 'values': ['DBT_INTERNAL_SOURCE.id', \"'fresh'\"]}}",
            "1 new1 10, 2 old2 2, 3 old3 3, 4 fresh -",
        ),
    ];
    let cases = cases.map(|(matched, not, expect)| (clauses(matched, not), expect));
    check(&cases.each_ref().map(|(config, expect)| (config.as_str(), *expect)));
}

#[test]
fn a_clause_may_be_an_error_of_its_own() {
    on_duckdb(|p| {
        model(
            p,
            "m",
            "unique_key='id', merge_clauses={'when_matched': [{'action': 'error', 'error_message': \"it's twice\"}]}",
        );
        p.karat(["run"]).success();
        p.karat(["run"]).exit(1).stdout_has("it's twice");
        assert_eq!(p.column("select v from analytics.m order by id"), ["old1", "old2", "old3"]);
    });
}

#[test]
fn what_makes_no_merge_is_told_at_once() {
    let cases = [
        ("merge_update_columns='v'", "merge_update_columns must be a list"),
        ("merge_update_condition=['x']", "merge_update_condition must be a string, found: ['x']"),
        ("merge_update_set_expressions=['y']", "merge_update_set_expressions must be a dictionary"),
        (
            "merge_update_columns=['v'], merge_exclude_columns=['n']",
            "cannot specify merge_update_columns and merge_exclude_columns",
        ),
        ("merge_clauses='x'", "merge_clauses must be a dictionary, found: x"),
        (
            "merge_clauses={'when_mached': []}",
            "must contain at least one of 'when_matched' or 'when_not_matched'",
        ),
        (
            "merge_clauses={'when_matched': []}",
            "merge_clauses.when_matched must contain at least one element",
        ),
        ("merge_clauses={'when_matched': ['x']}", "elements must be dictionaries, found: x"),
        (
            "merge_clauses={'when_matched': [{'action': 'delete'}]}, merge_update_columns=['v']",
            "should be removed: merge_update_columns",
        ),
        (
            "merge_clauses={'when_matched': [{'action': 'delete'}, {'action': 'dlete'}]}",
            "merge_clauses.when_matched[1].action must be one of",
        ),
        (
            "merge_clauses={'when_matched': [{'action': 'insert', 'mode': 'star'}]}",
            "merge_clauses.when_matched[0].action must be one of",
        ),
        (
            "merge_clauses={'when_matched': [{'action': 'update'}]}",
            "merge_clauses.when_matched[0].mode must be one of",
        ),
        (
            "merge_clauses={'when_not_matched': [{'action': 'delete', 'by': 'nobody'}]}",
            "merge_clauses.when_not_matched[0].by must be 'source' or 'target', found: nobody",
        ),
    ];
    on_duckdb(|p| {
        for (at, (config, _)) in cases.iter().enumerate() {
            model(p, &format!("m{at}"), &format!("unique_key='id', {config}"));
        }
        p.karat(["run"]).success();
        let told = p.karat(["run"]);
        told.exit(1);
        for (_, expect) in cases {
            told.stdout_has(expect);
        }
    });
}
