//! What others built on a relation of ours: it is still there after a rebuild, with the new rows.

use crate::harness::*;

/// A view and a view on that view, in a schema that is none of ours.
fn foreign_views(p: &Project) {
    p.execute(
        "create schema theirs; create view theirs.report as select v, id from analytics.a; \
         create view theirs.summary as select v, count(*) as n from theirs.report group by v; \
         comment on view theirs.report is 'precious'",
    );
}

fn model(p: &Project, kind: &str, v: u32) {
    p.file("models/a.sql", &format!("{{{{ config(materialized='{kind}') }}}} select {v} as v, x as id from generate_series(1, 100) t(x)"));
}

#[test]
fn views_on_a_table_survive_its_rebuild() {
    on_postgres(|p| {
        model(p, "table", 1);
        p.karat(["run"]).success();
        foreign_views(p);
        for v in 2..5 {
            model(p, "table", v);
            p.karat(["run"]).success();
            assert_eq!(p.rows("select v, n from theirs.summary"), [[v.to_string(), "100".into()]]);
        }
        assert_eq!(p.value("select obj_description('theirs.report'::regclass)"), "precious");
        assert_eq!(p.relations(), ["analytics.a table", "theirs.report view", "theirs.summary view"]);
    });
}

#[test]
fn a_view_on_tables_that_are_rebuilt_at_once_survives() {
    on_postgres(|p| {
        let tables = ["a", "b", "c", "d"];
        for name in tables {
            p.file(
                &format!("models/{name}.sql"),
                "{{ config(materialized='table') }} select {{ var('v', 0) }} as v",
            );
        }
        p.file("models/ours.sql", "select a.v from {{ ref('a') }} a join {{ ref('b') }} b on a.v = b.v join {{ ref('c') }} c on a.v = c.v");
        p.karat(["run"]).success();
        p.execute("create schema theirs; create view theirs.report as select a.v from analytics.a a, analytics.b b, analytics.c c, analytics.d d");
        for v in 1..=15 {
            p.karat(["run", "--vars", &format!("v: {v}")]).success();
            assert_eq!(p.column("select v from theirs.report"), [v.to_string()]);
            assert_eq!(p.column("select v from analytics.ours"), [v.to_string()]);
        }
    });
}

#[test]
fn views_on_a_view_survive_its_rebuild() {
    on_postgres(|p| {
        model(p, "view", 1);
        p.karat(["run"]).success();
        foreign_views(p);
        model(p, "view", 2);
        p.karat(["run"]).success();
        assert_eq!(p.rows("select v, n from theirs.summary"), [["2", "100"]]);
    });
}

#[test]
fn views_survive_full_refresh_and_a_change_of_kind() {
    on_postgres(|p| {
        model(p, "incremental", 1);
        p.karat(["run"]).success();
        foreign_views(p);
        for (n, kind) in ["incremental", "table", "view", "table"].into_iter().enumerate() {
            let v = u32::try_from(n).unwrap() + 2;
            model(p, kind, v);
            p.karat(["run", "--full-refresh"]).success();
            assert_eq!(p.rows("select v, n from theirs.summary"), [[v.to_string(), "100".into()]], "{kind}");
        }
    });
}

#[test]
fn views_on_a_seed_survive_its_loading() {
    on_postgres(|p| {
        p.file("seeds/a.csv", "id,v\n1,1\n").karat(["seed"]).success();
        foreign_views(p);
        for (v, words) in [("2", &["seed"][..]), ("3", &["seed", "--full-refresh"])] {
            p.file("seeds/a.csv", &format!("id,v\n1,{v}\n"));
            p.karat(words).success();
            assert_eq!(p.rows("select v, n from theirs.summary"), [[v, "1"]]);
        }
    });
}

#[test]
fn what_cannot_survive_is_told_and_kept() {
    on_postgres(|p| {
        model(p, "table", 1);
        p.karat(["run"]).success();
        foreign_views(p);
        p.file("models/a.sql", "{{ config(materialized='table') }} select 2 as other_column");
        let outcome = p.karat(["run"]);
        // either way nobody loses a view without a word
        if outcome.code() == Some(0) {
            outcome.stdout_has("theirs.report");
        } else {
            outcome.exit(1).stdout_has("theirs.report");
            assert_eq!(p.rows("select v, n from theirs.summary"), [["1", "100"]]);
        }
    });
}
