//! Keys that dbt does not know and that are nearly ones it knows: each is told with its place and what was meant, and
//! is an error where warnings are.

use crate::harness::*;

const PROJECT: &str =
    "flags: {fail_fst: true}\nmodels:\n  shop:\n    +materialised: view\n    sub: {enabld: true}\n";

const PROPERTIES: &str = "\
modles: []
models:
  - name: a
    descripton: x
    config: {uniqe_key: id, contract: {enforcd: false}}
    columns:
      - name: id
        data_test: [unique]
        data_tests: [not_null: {config: {severty: warn}}]
    constraints: [{type: unique, column: [id]}]
    versions: [{v: 1, defined_in: a}]
seeds: [{name: s, config: {column_type: {id: integer}}}]
sources:
  - name: raw
    database: x
    freshness: {warn_afer: {count: 1, period: day}}
    tables: [{name: t, identifer: x, columns: [{name: id, descripton: y}]}]
exposures: [{name: e, type: dashboard, owner: {name: x, emial: y}}]
groups: [{name: g, owner: {name: x}}]
macros: [{name: m, argument: []}]
unit_tests:
  - name: u
    model: a
    given: [{input: ref('b'), rows: [], formt: dict}]
    expect: {rows: [{id: 1}]}
";

/// Where each slip is, and what was meant.
const SLIPS: [&str; 18] = [
    "dbt_project.yml:5:9; help: did you mean `fail_fast`?",
    "dbt_project.yml:8:5; help: did you mean `materialized`?",
    "dbt_project.yml:9:11; help: did you mean `enabled`?",
    "models/a.sql:1:11; help: did you mean `pre-hook`?",
    "models/p.yml:1:1; help: did you mean `models`?",
    "models/p.yml:4:5; help: did you mean `description`?",
    "models/p.yml:5:14; help: did you mean `unique_key`?",
    "models/p.yml:5:40; help: did you mean `enforced`?",
    "models/p.yml:8:9; help: did you mean `data_tests`?",
    "models/p.yml:9:42; help: did you mean `severity`?",
    "models/p.yml:10:34; help: did you mean `columns`?",
    "models/p.yml:12:28; help: did you mean `column_types`?",
    "models/p.yml:16:17; help: did you mean `warn_after`?",
    "models/p.yml:17:24; help: did you mean `identifier`?",
    "models/p.yml:17:59; help: did you mean `description`?",
    "models/p.yml:18:57; help: did you mean `email`?",
    "models/p.yml:20:20; help: did you mean `arguments`?",
    "models/p.yml:24:41; help: did you mean `format`?",
];

#[test]
fn every_slip_of_the_pen_is_told_where_it_is() {
    on_adapters(|p| {
        p.configure(PROJECT).file("models/a.sql", "{{ config(pre_hok='') }} select 1 as id");
        p.file("models/b.sql", "{{ config(our_own_config=1) }} select 1 as id")
            .file("seeds/s.csv", "id\n1\n");
        p.file("models/p.yml", PROPERTIES).file("macros/m.sql", "{% macro m(x) %}{{ x }}{% endmacro %}");
        let outcome = p.karat(["parse"]);
        outcome.success();
        let said = outcome.stdout();
        for slip in SLIPS {
            assert!(said.contains(&format!("--> {slip}")), "{slip} in {said}");
        }
        assert!(!said.contains("our_own"), "{said}");
        p.karat(["--warn-error", "parse"]).exit(2).stdout_has("help: did you mean `fail_fast`?");
    });
}

/// Where dbt takes no other keys, neither does karat.
#[test]
fn a_slip_where_dbt_takes_no_other_key_is_an_error() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file("models/p.yml", "exposures: [{name: e, type: dashboard, owner: {name: x}, depend_on: []}]\ngroups: [{name: g, owner: {name: x}, confg: {}}]\n");
        p.karat(["parse"])
            .exit(2)
            .stdout_has("--> models/p.yml:1:58")
            .stdout_has("did you mean `depends_on`?")
            .stdout_has("--> models/p.yml:2:38")
            .stdout_has("did you mean `config`?");
    });
}

#[test]
fn a_key_twice_is_told_with_both_places() {
    on_duckdb(|p| {
        p.configure("models: {}\nmodels: {}");
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/p.yml",
            "models:\n  - name: a\n    description: x\n    config: {enabled: true, enabled: true}\n    description: y\n",
        );
        let both =
            |at: &str, first: &str| format!("--> {at}; help: keep one of them; the first, at {first}, has");
        p.karat(["parse"])
            .success()
            .stdout_has(&both("dbt_project.yml:6:1", "dbt_project.yml:5:1"))
            .stdout_has(&both("models/p.yml:4:29", "models/p.yml:4:14"))
            .stdout_has(&both("models/p.yml:5:5", "models/p.yml:3:5"));
        p.karat(["--warn-error", "parse"]).exit(2).stdout_has("--> models/p.yml:5:5").stdout_has("3:5");
    });
}
