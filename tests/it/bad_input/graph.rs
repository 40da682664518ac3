//! References that lead nowhere or in a circle, names that are taken: all told at once.

use super::{failure, refusal};

refusal!(unknown_ref, ["build"], |p| {
    p.file("models/orders.sql", "select 1 as id");
    p.file("models/a.sql", "select *\nfrom {{ ref('ordres') }}\n");
});

refusal!(unknown_source, ["build"], |p| {
    p.file("models/s.yml", "sources:\n  - name: raw\n    tables: [{name: orders}]\n");
    p.file("models/a.sql", "select *\nfrom {{ source('raw', 'ordres') }}\n");
});

refusal!(many_unknown_refs_at_once, ["build"], |p| {
    p.file("models/a.sql", "select * from {{ ref('x') }}\n");
    p.file("models/b.sql", "select * from {{ ref('y') }}\njoin {{ ref('z') }} using (id)\n");
    p.file("tests/t.sql", "select * from {{ ref('w') }}\n");
});

refusal!(ref_to_a_disabled_model, ["build"], |p| {
    p.file("models/a.sql", "{{ config(enabled=false) }} select 1 as id");
    p.file("models/b.sql", "select * from {{ ref('a') }}\n");
});

refusal!(models_in_a_circle, ["build"], |p| {
    p.file("models/a.sql", "select * from {{ ref('c') }}\n");
    p.file("models/b.sql", "select * from {{ ref('a') }}\n");
    p.file("models/c.sql", "select * from {{ ref('b') }}\n");
});

refusal!(model_that_refers_to_itself, ["build"], |p| {
    p.file("models/a.sql", "select * from {{ ref('a') }}\n");
});

refusal!(two_models_of_one_name, ["build"], |p| {
    p.file("models/x/a.sql", "select 1 as id").file("models/y/a.sql", "select 2 as id");
});

refusal!(model_and_seed_of_one_name, ["build"], |p| {
    p.file("models/a.sql", "select 1 as id").file("seeds/a.csv", "id\n1\n");
});

refusal!(two_macros_of_one_name, ["build"], |p| {
    p.file("macros/x.sql", "{% macro m() %}1{% endmacro %}")
        .file("macros/y.sql", "\n{% macro m() %}2{% endmacro %}");
    p.file("models/a.sql", "select 1 as id");
});

#[test]
fn a_test_of_an_unknown_model_is_a_warning() {
    crate::harness::on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("models/p.yml", "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {arguments: {to: ref('b'), field: id}}\n");
        let outcome = p.karat(["build"]);
        outcome
            .success()
            .stdout_has("depends on a node named 'b' which was not found")
            .stdout_has("models/p.yml");
    });
}

failure!(unknown_materialization, ["build"], |p| {
    p.file("models/a.sql", "{{ config(materialized='tabel') }}\nselect 1 as id\n");
});
