//! Selections of builds: only what was selected is made.

use crate::harness::*;

#[test]
fn only_the_selected_models_are_made() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "id\n1\n");
        p.file("models/a.sql", "select * from {{ ref('s') }}");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.file("models/c.sql", "select 1 as id");
        p.karat(["build", "--select", "+a"]).success().statuses(["a success", "seed s success"]);
        assert_eq!(p.relations(), ["analytics.a view", "analytics.s table"]);
        p.karat(["build", "-s", "a+", "--exclude", "a"]).success().statuses(["b success"]);
        p.karat(["run", "--select", "s+"]).success().statuses(["a success", "b success"]);
        p.karat(["build", "--resource-type", "seed"]).success().statuses(["seed s success"]);
        p.karat(["build", "--exclude-resource-type", "seed"]).success();
    });
}

#[test]
fn a_parent_that_was_not_selected_is_used_as_it_is() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file("models/b.sql", "{{ config(materialized='table') }} select * from {{ ref('a') }}");
        p.karat(["run"]).success();
        p.file("models/a.sql", "{{ config(materialized='table') }} select 2 as id");
        p.karat(["run", "--select", "b"]).success();
        assert_eq!(p.value("select id from analytics.b"), "1");
        p.karat(["run", "--select", "+b"]).success();
        assert_eq!(p.value("select id from analytics.b"), "2");
    });
}
