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
