//! Where a unit test's rows come from: YAML, CSV, SQL, files; models, sources, seeds, ephemeral models.

use crate::harness::*;

fn with_input(p: &Project, input: &str) {
    p.file("models/a.sql", "select 1 as id, 'x' as v, cast('2024-01-01' as date) as d");
    p.file("models/b.sql", "select id, upper(v) as v, d from {{ ref('a') }}");
    p.file(
        "models/t.yml",
        &format!(
            "unit_tests:\n  - name: t\n    model: b\n    given:\n      - input: ref('a')\n{input}    \
             expect:\n      format: csv\n      rows: |\n        id,v,d\n        1,ONE,2024-02-03\n        2,,2024-02-04\n"
        ),
    );
}

fn passes(p: &Project) {
    p.karat(["build"]).success().statuses(["a success", "b success", "unit_test.shop.b.t pass"]);
}

#[test]
fn rows_of_a_dict() {
    on_adapters(|p| {
        with_input(p, "        rows: [{id: 1, v: one, d: 2024-02-03}, {id: 2, v: null, d: '2024-02-04'}]\n");
        passes(p);
    });
}

#[test]
fn rows_of_csv() {
    on_adapters(|p| {
        with_input(
            p,
            "        format: csv\n        rows: |\n          id,v,d\n          1,one,2024-02-03\n          2,,2024-02-04\n",
        );
        passes(p);
    });
}

#[test]
fn rows_of_sql() {
    on_adapters(|p| {
        with_input(
            p,
            "        format: sql\n        rows: |\n          select 1 as id, 'one' as v, cast('2024-02-03' as date) as d\n          \
             union all select 2, null, cast('2024-02-04' as date)\n",
        );
        passes(p);
    });
}

#[test]
fn rows_of_a_file() {
    on_adapters(|p| {
        p.file("tests/fixtures/rows_a.csv", "id,v,d\n1,one,2024-02-03\n2,,2024-02-04\n");
        with_input(p, "        format: csv\n        fixture: rows_a\n");
        passes(p);
        p.file(
            "tests/fixtures/rows_s.sql",
            "select 1 as id, 'one' as v, cast('2024-02-03' as date) as d union all select 2, null, cast('2024-02-04' as date)",
        );
        with_input(p, "        format: sql\n        fixture: rows_s\n");
        passes(p);
    });
}

#[test]
fn a_missing_fixture_is_told() {
    on_adapters(|p| {
        with_input(p, "        format: csv\n        fixture: nowhere\n");
        let outcome = p.karat(["build"]);
        assert_ne!(outcome.code(), Some(0));
        outcome.stdout_has("nowhere");
    });
}

#[test]
fn a_source_a_seed_and_an_ephemeral_model() {
    on_adapters(|p| {
        p.execute("create schema raw; create table raw.t (id integer)");
        p.file("models/src.yml", "sources:\n  - name: raw\n    tables: [{name: t}]\n");
        p.file("seeds/s.csv", "id,v\n1,seeded\n");
        p.file("models/e.sql", "{{ config(materialized='ephemeral') }} select 1 as id, 'e' as w");
        p.file(
            "models/b.sql",
            "select t.id, s.v, e.w from {{ source('raw', 't') }} t join {{ ref('s') }} s on s.id = t.id \
             join {{ ref('e') }} e on e.id = t.id",
        );
        p.file(
            "models/t.yml",
            "unit_tests:\n  - name: t\n    model: b\n    given:\n      - {input: \"source('raw', 't')\", rows: [{id: 7}]}\n      \
             - {input: ref('s'), rows: [{id: 7, v: given}]}\n      \
             - {input: ref('e'), format: sql, rows: \"select 7 as id, 'ge' as w\"}\n    \
             expect: {rows: [{id: 7, v: given, w: ge}]}\n",
        );
        p.karat(["build"]).success();
    });
}

#[test]
fn a_seed_without_rows_of_its_own_gives_its_file() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id,v\n1,seeded\n");
        p.file("models/b.sql", "select v from {{ ref('s') }}");
        p.file(
            "models/t.yml",
            "unit_tests:\n  - name: t\n    model: b\n    given: [{input: ref('s')}]\n    expect: {rows: [{v: seeded}]}\n",
        );
        p.karat(["build"]).success();
    });
}

#[test]
fn versions_may_be_included_and_excluded() {
    on_adapters(|p| {
        p.file("models/m_v1.sql", "select 1 as id").file("models/m_v2.sql", "select 2 as id");
        p.file(
            "models/m.yml",
            "models:\n  - name: m\n    latest_version: 2\n    versions: [{v: 1}, {v: 2}]\nunit_tests:\n  - name: t\n    \
             model: m\n    versions: {include: [2]}\n    given: []\n    expect: {rows: [{id: 2}]}\n",
        );
        let outcome = p.karat(["build"]);
        outcome.success().statuses(["m.v1 success", "m.v2 success", "unit_test.shop.m.t_v2 pass"]);
    });
}

#[test]
fn this_of_a_model_that_was_never_built_is_told() {
    on_adapters(|p| {
        p.file("models/b.sql", "select 1 as a");
        p.file(
            "models/inc.sql",
            "{{ config(materialized='incremental') }} select a from {{ ref('b') }}
             {% if is_incremental() %} where a > (select max(a) from {{ this }}) {% endif %}",
        );
        p.file(
            "models/s.yml",
            "unit_tests:
  - name: t
    model: inc
    overrides: {macros: {is_incremental: true}}
    given: [{input: ref('b'), rows: [{a: 1}, {a: 5}]}, {input: this, rows: [{a: 3}]}]
    expect: {rows: [{a: 5}]}
",
        );
        p.karat(["run", "-s", "b"]).success();
        let outcome = p.karat(["test", "-s", "t"]);
        outcome.exit(1).stdout_has("Not able to get columns for unit test 'inc' from relation");
        outcome.stdout_has("run --select inc --empty");
        p.karat(["run", "-s", "inc", "--empty"]).success();
        p.karat(["test", "-s", "t"]).success().stdout_has("PASS=1");
    });
}
