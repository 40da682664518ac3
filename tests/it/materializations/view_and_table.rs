//! Views and tables: made, made again, and turned into each other.

use crate::harness::*;

fn with_model(p: &Project, kind: &str, sql: &str) {
    p.file("models/a.sql", &format!("{{{{ config(materialized='{kind}') }}}}\n{sql}"));
}

#[test]
fn a_model_is_a_view_unless_it_says_otherwise() {
    on_adapters(|p| {
        p.file("models/a.sql", "select 1 as id").karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a view"]);
        assert_eq!(p.rows("select * from analytics.a"), [["1"]]);
    });
}

#[test]
fn a_table_holds_its_rows_until_the_next_run() {
    on_adapters(|p| {
        p.execute("create table numbers as select 1 as n");
        let source = p.adapter.pick("main.numbers", "public.numbers");
        with_model(p, "table", &format!("select count(*) as n from {source}"));
        p.karat(["run"]).success();
        p.execute("insert into numbers values (2)");
        assert_eq!(p.value("select n from analytics.a"), "1");
        p.karat(["run"]).success();
        assert_eq!(p.value("select n from analytics.a"), "2");
        assert!(p.relations().contains(&"analytics.a table".to_string()));
        assert_eq!(p.relations().len(), 2);
    });
}

#[test]
fn a_view_and_a_table_turn_into_each_other() {
    on_adapters(|p| {
        for (kind, n) in
            [("view", 1), ("table", 2), ("view", 3), ("incremental", 4), ("view", 5), ("table", 6)]
        {
            with_model(p, kind, &format!("select {n} as n"));
            p.karat(["run"]).success();
            let found = if kind == "view" { "analytics.a view" } else { "analytics.a table" };
            assert_eq!(p.relations(), [found], "after {kind}");
            assert_eq!(p.column("select n from analytics.a"), [n.to_string()], "after {kind}");
        }
    });
}

#[test]
fn a_view_may_change_its_columns() {
    on_adapters(|p| {
        for sql in ["select 1 as a, 2 as b", "select 'x' as b", "select 1.5 as c, 'y' as a"] {
            with_model(p, "view", sql);
            p.file("models/b.sql", "select * from {{ ref('a') }}");
            p.karat(["run"]).success();
            assert_eq!(p.count("analytics.b"), 1);
        }
    });
}

#[test]
fn an_empty_table_is_a_table() {
    on_adapters(|p| {
        with_model(p, "table", "select 1 as id where 1 = 0");
        p.karat(["run"]).success();
        assert_eq!(p.relations(), ["analytics.a table"]);
        assert_eq!(p.count("analytics.a"), 0);
    });
}

#[test]
fn a_failed_rebuild_leaves_the_old_rows() {
    on_adapters(|p| {
        for kind in ["table", "view"] {
            with_model(p, kind, "select 1 as id");
            p.karat(["run"]).success();
            with_model(p, kind, "select 1 / nowhere as id");
            p.karat(["run"]).exit(1);
            assert_eq!(p.column("select id from analytics.a"), ["1"], "after a failed {kind}");
            assert_eq!(p.relations().len(), 1, "nothing is left over: {:?}", p.relations());
        }
    });
}
