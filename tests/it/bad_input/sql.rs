//! SQL that the engine refuses: the model, its file, and the line where it can be known.

use super::said;
use crate::harness::*;

fn refused_by_the_engine(name: &str, sql: &str) {
    on_adapters(|p| {
        p.file(
            "macros/m.sql",
            "{% macro spread() %}{% for n in range(3) %}\n    {{ n }} as n{{ n }},{% endfor %}{% endmacro %}",
        );
        p.file("models/a.sql", sql);
        let said = said(p.karat(["run"]).exit(1));
        assert!(said.contains("model a (models/a.sql)"), "{said}");
        insta::assert_snapshot!(format!("{name}_{}", p.adapter.name()), said);
    });
}

#[test]
fn sql_unknown_column() {
    refused_by_the_engine("sql_unknown_column", "select\n    1 as id,\n    nowhere as v\n");
}

#[test]
fn sql_syntax() {
    refused_by_the_engine(
        "sql_syntax",
        "{{ config(materialized='table') }}\n\nselect 1 as id,\n    2 as b\nform x\n",
    );
}

#[test]
fn sql_unknown_table_after_a_macro_of_many_lines() {
    refused_by_the_engine(
        "sql_unknown_table",
        "-- a comment\nselect{{ spread() }}\n    1 as id\nfrom no_such_table\n",
    );
}

#[test]
fn sql_fault_in_the_rows() {
    refused_by_the_engine(
        "sql_fault_in_the_rows",
        "{{ config(materialized='table') }}\nselect cast('x' || n as integer) as id\nfrom (select 1 as n) t\n",
    );
}
