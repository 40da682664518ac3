//! vars.yml (dbt 1.12): vars in a file of their own.

use crate::harness::*;

#[test]
fn its_vars_are_known_everywhere() {
    on_adapters(|p| {
        p.file("vars.yml", "vars:\n  kind: table\n  n: 5\n  shop: {own: 6}\n");
        p.configure("models: {shop: {+materialized: \"{{ var('kind') }}\"}}");
        p.file("models/a.sql", "select {{ var('n') }} as n, {{ var('own') }} as own");
        p.karat(["run"]).success();
        assert_eq!(p.rows("select n, own from analytics.a"), [["5", "6"]]);
        assert_eq!(p.relations(), ["analytics.a table"]);
        p.karat(["run", "--vars", "{n: 8, kind: view}"]).success();
        assert_eq!(p.value("select n from analytics.a"), "8");
        assert_eq!(p.relations(), ["analytics.a view"]);
    });
}

#[test]
fn vars_stand_in_one_place() {
    on_duckdb(|p| {
        p.file("vars.yml", "vars: {n: 5}").configure("vars: {n: 6}");
        p.karat(["parse"])
            .exit(2)
            .stdout_has("both dbt_project.yml and vars.yml")
            .stdout_has("dbt_project.yml:");
        p.file("vars.yml", "n: 5");
        p.file("dbt_project.yml", "name: shop\nprofile: shop\n");
        p.karat(["parse"]).exit(2).stdout_has("vars.yml has no `vars`");
    });
}
