//! `on_error: continue` (dbt 1.12): what reads a failed model runs on the rows that are there.

use crate::harness::*;

#[test]
fn the_readers_of_a_failed_model_may_go_on() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', on_error='continue') }} select {{ var('n', '1') }} as n",
        );
        p.file("models/b.sql", "{{ config(materialized='table') }} select n + 1 as n from {{ ref('a') }}");
        p.karat(["build"]).success();
        p.karat(["build", "--vars", "n: no_such_column"]).exit(1).statuses(["a error", "b success"]);
        assert_eq!(p.value("select n from analytics.b"), "2");
    });
}

#[test]
fn they_are_skipped_otherwise() {
    on_adapters(|p| {
        for config in ["", ", on_error='skip_children'"] {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table'{config}) }}}} select no_such_column"),
            );
            p.file("models/b.sql", "select * from {{ ref('a') }}");
            p.karat(["build"]).exit(1).statuses(["a error", "b skipped"]);
        }
    });
}
