//! `show`: the first rows of a model or of a query.

use crate::harness::*;

fn numbers(p: &Project) {
    p.file("models/a.sql", "select * from (values (1, 'x'), (2, null), (3, 'z'), (4, 'q'), (5, 'r'), (6, 's')) t(id, name) order by id");
}

#[test]
fn a_model_is_shown_as_a_table() {
    on_adapters(|p| {
        numbers(p);
        let outcome = p.karat(["show", "--select", "a"]);
        outcome.success().prints("Previewing node 'a':");
        outcome
            .prints("| id | name |")
            .prints("| -- | ---- |")
            .prints("|  1 | x    |")
            .prints("|  2 |      |")
            .prints("|  5 | r    |");
        outcome.stdout_lacks("|  6 |");
        assert!(p.relations().is_empty(), "showing makes nothing");
    });
}

#[test]
fn the_limit_may_be_set_or_lifted() {
    on_adapters(|p| {
        numbers(p);
        p.karat(["show", "-s", "a", "--limit", "1"]).success().stdout_has("|  1 | x").stdout_lacks("|  2 |");
        p.karat(["show", "-s", "a", "--limit", "-1"]).success().stdout_has("|  6 | s");
    });
}

#[test]
fn a_query_is_shown_inline() {
    on_adapters(|p| {
        numbers(p);
        p.karat(["run"]).success();
        let outcome =
            p.karat(["show", "--inline", "select id * {{ 10 }} as tens from {{ ref('a') }} where id = 4"]);
        outcome.success().prints("Previewing inline node:").prints("|   40 |");
    });
}

#[test]
fn rows_come_as_json() {
    on_adapters(|p| {
        numbers(p);
        let outcome = p.karat(["-q", "show", "-s", "a", "--limit", "2", "--output", "json"]);
        let value: serde_json::Value = serde_json::from_str(outcome.success().stdout().trim()).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"node": "a", "show": [{"id": 1, "name": "x"}, {"id": 2, "name": null}]})
        );
        let outcome = p.karat(["-q", "show", "--inline", "select 1 as n", "--output", "json"]);
        let value: serde_json::Value = serde_json::from_str(outcome.success().stdout().trim()).unwrap();
        assert_eq!(value, serde_json::json!({"show": [{"n": 1}]}));
    });
}

#[test]
fn a_python_model_has_no_query_to_show() {
    on_duckdb(|p| {
        p.file("models/py.py", "def model(dbt, session):\n    return session.sql('select 1 as id')\n");
        p.karat(["show", "--select", "py"])
            .exit(2)
            .stdout_has("`py` is a Python model")
            .stdout_has("--inline \"select * from {{ ref('py') }}\"");
    });
}

#[test]
fn files_and_functions_are_shown() {
    on_duckdb(|p| {
        p.file("models/e.sql", "{{ config(materialized='external', location='e.csv') }} select 5 as id");
        p.file("models/f.sql", "{{ config(materialized='table_function', parameters='a') }} select a as id");
        p.karat(["run"]).success();
        p.karat(["show", "--select", "e"]).success().stdout_has("|  5 |");
        p.karat([
            "show",
            "--inline",
            "select id + (select id from {{ ref('e') }}) as id from {{ ref('f') }}(7)",
        ])
        .success()
        .stdout_has("| 12 |");
    });
}
