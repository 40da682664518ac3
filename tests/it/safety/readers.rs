//! Readers during rebuilds: they find the old rows or the new ones, never none and never some.

use crate::harness::*;

const ROWS: &str =
    "select cast({{ var('v', 0) }} as integer) as v, x as id from generate_series(1, 20000) t(x)";
const ASKED: &str = "select count(*), count(distinct v) from analytics.a";
const WHOLE: &str = "20000,1";

/// Builds once, then often while a reader asks.
fn rebuilt_under_a_reader(p: &Project, words: &[&str]) {
    p.karat(words).success();
    let reader = Reader::ask(p, ASKED);
    for v in 1..=8 {
        let vars = format!("v: {v}");
        let words = [words, &["--vars", &vars]].concat();
        p.karat(&words[..]).success();
    }
    reader.heard_only(&[WHOLE]);
}

#[test]
fn of_a_table() {
    on_postgres(|p| {
        p.file("models/a.sql", &format!("{{{{ config(materialized='table') }}}} {ROWS}"));
        rebuilt_under_a_reader(p, &["run"]);
    });
}

#[test]
fn of_a_view() {
    on_postgres(|p| {
        p.file("models/a.sql", ROWS);
        rebuilt_under_a_reader(p, &["run"]);
    });
}

#[test]
fn of_a_table_and_the_views_on_it() {
    on_postgres(|p| {
        p.file("models/base.sql", &format!("{{{{ config(materialized='table') }}}} {ROWS}"));
        p.file("models/middle.sql", "select * from {{ ref('base') }}");
        p.file("models/a.sql", "select * from {{ ref('middle') }}");
        rebuilt_under_a_reader(p, &["run"]);
    });
}

#[test]
fn of_an_incremental_model_made_anew() {
    on_postgres(|p| {
        p.file("models/a.sql", &format!("{{{{ config(materialized='incremental') }}}} {ROWS}"));
        rebuilt_under_a_reader(p, &["run", "--full-refresh"]);
    });
}

#[test]
fn of_an_incremental_model_whose_rows_are_all_replaced() {
    on_postgres(|p| {
        for strategy in ["delete+insert", "merge"] {
            let config =
                format!("materialized='incremental', incremental_strategy='{strategy}', unique_key='id'");
            p.file("models/a.sql", &format!("{{{{ config({config}) }}}} {ROWS}"));
            rebuilt_under_a_reader(p, &["run"]);
        }
    });
}

#[test]
fn of_a_seed() {
    on_postgres(|p| {
        let rows: String = (0..20_000).map(|n| format!("{n},1\n")).collect();
        p.file("seeds/a.csv", &format!("id,v\n{rows}"));
        rebuilt_under_a_reader(p, &["seed"]);
        rebuilt_under_a_reader(p, &["seed", "--full-refresh"]);
    });
}

#[test]
fn of_a_model_that_changes_its_kind() {
    on_postgres(|p| {
        p.file(
            "models/a.sql",
            &format!("{{{{ config(materialized=var('kind', 'table'), unique_key='id') }}}} {ROWS}"),
        );
        p.karat(["run"]).success();
        let reader = Reader::ask(p, ASKED);
        for kind in ["view", "table", "incremental", "view", "incremental", "table"] {
            p.karat(["run", "--vars", &format!("kind: {kind}")]).success();
        }
        reader.heard_only(&[WHOLE]);
    });
}

#[test]
fn of_failing_rebuilds() {
    on_postgres(|p| {
        p.file(
            "models/a.sql",
            &format!("{{{{ config(materialized=var('kind', 'table'), post_hook=var('hook', '')) }}}} {ROWS}"),
        );
        p.karat(["run"]).success();
        let reader = Reader::ask(p, ASKED);
        for kind in ["view", "table", "incremental"] {
            p.karat(["run", "--full-refresh", "--vars", &format!("{{kind: {kind}, hook: select nowhere}}")])
                .exit(1);
        }
        reader.heard_only(&[WHOLE]);
        assert_eq!(p.relations(), ["analytics.a table"], "nothing is left over");
    });
}
