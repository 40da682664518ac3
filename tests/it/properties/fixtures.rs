//! Fixtures of unit tests are found by their names.

use crate::harness::*;

#[test]
fn two_fixtures_of_one_name_are_told() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/a.yml",
            "unit_tests: [{name: t, model: a, given: [], expect: {format: csv, fixture: f}}]",
        );
        p.file("tests/fixtures/f.csv", "id\n1\n").file("tests/fixtures/deep/f.csv", "id\n2\n");
        p.karat(["parse"]).exit(2).stdout_has("fixture").stdout_has("f.csv");
    });
}
