//! What no key may hold: refused as dbt refuses it, with its place.

use crate::harness::*;

const REFUSED: [(&str, &str); 25] = [
    ("sources: [{name: a, tests: [x], tables: [{name: t}]}]", "the source `a` has no key `tests`"),
    (
        "sources: [{name: a, freshness: {warn_after: {count: x, period: day}}, tables: [{name: t}]}]",
        "`count` must be",
    ),
    (
        "sources: [{name: a, tables: [{name: t, freshness: {error_after: {count: 1, period: days}}}]}]",
        "`days` is no period",
    ),
    (
        "sources: [{name: a, tables: [{name: t, config: {freshness: {warn_after: {count: 1, period: week}}}}]}]",
        "`week` is no period",
    ),
    ("sources: [{name: a, tables: [{name: t}, {name: t}]}]", "a.t"),
    ("sources: [{tables: [{name: t}]}]", "did not contain a name"),
    ("sources: [{name: a, tables: [t]}]", "a table has no name"),
    (
        "sources: [{name: a, loaded_at_field: x, loaded_at_query: y, tables: [{name: t}]}]",
        "Cannot specify both",
    ),
    (
        "snapshots: [{name: q, relation: a, config: {unique_key: id, strategy: check, check_cols: all}}]",
        "must call `ref` or `source`",
    ),
    ("snapshots: [{name: q, relation: ref('a'), config: {strategy: check, check_cols: all}}]", "unique_key"),
    (
        "models: [{name: a, versions: [{v: 1, defined_in: a, own: 2}]}]",
        "a version of the model `a` has no key `own`",
    ),
    ("models: [{name: a, versions: [{v: 1, defined_in: a}, {v: 1, defined_in: b}]}]", "1"),
    ("models: [{name: a, columns: [{description: x}]}]", "a column has no name"),
    ("models: [{name: a, columns: {id: 1}}]", "must be a list"),
    ("models: [{name: a, columns: [{name: id, constraints: [{type: zz}]}]}]", "Invalid constraint type"),
    ("models: [{name: a, columns: [{name: id, tests: [not_null], data_tests: [unique]}]}]", "tests"),
    ("models: [{name: a, columns: [{name: id, data_tests: [{not_null: {}, unique: {}}]}]}]", "models/p.yml"),
    ("models: [{name: a, meta: {a: 1}, config: {meta: {b: 1}}}]", "found meta dictionary"),
    ("models: [{name: a, access: nope}]", "nope"),
    ("models: [{name: a, group: nope}]", "nope"),
    ("models: [{name: a, deprecation_date: nope}]", "must be a date"),
    ("models: [{name: a, config: {contract: {enforced: true}}}]", "models/"),
    ("models: [{name: a, time_spine: {standard_granularity_column: at}}]", "must be defined on the model"),
    ("groups: [{name: q, owner: {}}]", "owner"),
    ("exposures: [{name: e, type: nope, owner: {name: x}}]", "nope"),
];

#[test]
fn every_wrong_entry_is_told_with_its_place() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select 1 as id");
        for (entry, told) in REFUSED {
            p.file("models/p.yml", entry);
            p.karat(["parse"]).exit(2).stdout_has(told);
        }
    });
}
