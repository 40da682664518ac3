//! `clone`: the relations of another state, made here without being built.

use crate::harness::*;

#[test]
fn tables_and_views_of_a_state_are_pointed_to() {
    on_adapters(|p| {
        p.file("profiles.yml", &format!("{}    other:\n{}", p.profiles("shop"), p.output("elsewhere")));
        p.file("seeds/s.csv", "id\n1\n");
        p.file("models/a.sql", "{{ config(materialized='table') }} select * from {{ ref('s') }}");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.karat(["build"]).success();
        std::fs::rename(p.path("target"), p.path("state")).unwrap();
        let cloned = p.karat(["clone", "--state", "state", "--target", "other"]);
        cloned.success().statuses(["a success", "b success", "seed s success"]);
        for name in ["s", "a", "b"] {
            assert_eq!(p.column(&format!("select id from elsewhere.{name}")), ["1"], "{name}");
        }
        p.karat(["clone", "--state", "state", "--target", "other", "--full-refresh", "--select", "a"])
            .success()
            .statuses(["a success"]);
    });
}
