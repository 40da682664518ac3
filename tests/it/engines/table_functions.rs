//! DuckDB's `table_function`: a view with parameters.

use crate::harness::*;

#[test]
fn functions_are_called_with_their_parameters() {
    on_duckdb(|p| {
        p.file("models/base.sql", "{{ config(materialized='table') }} select i as id from range(5) t(i)");
        p.file(
            "models/whole.sql",
            "{{ config(materialized='table_function') }} select * from {{ ref('base') }}",
        );
        p.file("models/part.sql", "{{ config(materialized='table_function', parameters=['a', 'b']) }} select * from {{ ref('base') }} where id between a and b");
        p.file("models/preset.sql", "{{ config(materialized='table_function', parameters='a, b := 3') }} select * from {{ ref('base') }} where id between a and b");
        p.file("models/u.sql", "select id from {{ ref('part') }}(1, 2) union all select id * 10 from {{ ref('preset') }}(2) union all select count(*) * 100 from {{ ref('whole') }}()");
        for _ in 0..2 {
            p.karat(["run"]).success();
        }
        assert_eq!(p.column("select id from analytics.u order by id"), ["1", "2", "20", "30", "500"]);
        p.file("models/part.sql", "{{ config(materialized='table_function', parameters='a, b') }} select * from {{ ref('base') }} where id = a + b");
        p.karat(["run", "--select", "part"]).success();
        assert_eq!(p.column("select id from analytics.u order by id"), ["3", "20", "30", "500"]);
    });
}

#[test]
fn a_description_becomes_the_functions_comment() {
    on_duckdb(|p| {
        p.file("models/f.sql", "{{ config(materialized='table_function', parameters='a') }} select a as id");
        p.file("models/m.yml", "models: [{name: f, description: it's a function, config: {persist_docs: {relation: true, columns: true}}, columns: [{name: id, description: x}]}]");
        p.karat(["run"]).success();
        assert_eq!(
            p.column("select comment from duckdb_functions() where function_name = 'f'"),
            ["it's a function"]
        );
    });
}
