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

#[test]
fn nothing_but_comments() {
    on_adapters(|p| {
        p.file("models/a.sql", "-- to be written");
        p.file(
            "models/b.sql",
            "{{ config(materialized='table') }}\n{% if false %} select 1 as id {% endif %}\n",
        );
        p.file("models/c.sql", "{{ config(materialized='incremental') }} /* later */\n");
        p.file("models/e.sql", "{{ config(materialized='ephemeral') }} -- nothing");
        p.file("models/f.sql", "select * from {{ ref('e') }}");
        p.file("models/g.sql", "{{ config(pre_hook='this is no sql') }} -- nothing");
        p.file("snapshots/s.sql", "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all') }}{% endsnapshot %}");
        p.file("tests/t.sql", "-- nothing");
        p.file("analyses/n.sql", "-- nothing");
        let said = said(p.karat(["build", "--threads", "1"]).exit(1));
        insta::assert_snapshot!(format!("sql_nothing_{}", p.adapter.name()), said);
        p.karat(["compile"]).success();
    });
}
