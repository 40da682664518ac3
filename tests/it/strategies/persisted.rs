//! What is kept beside the rows: comments, headers, unlogged tables.

use crate::harness::*;

fn comments(p: &Project) -> Vec<String> {
    match p.adapter {
        Adapter::DuckDb => p.column(
            "select coalesce(comment, '') as c from duckdb_columns() where table_name = 'a' union all \
             select coalesce(comment, '') from duckdb_tables() where table_name = 'a'",
        ),
        Adapter::Postgres => p.column(
            "select coalesce(col_description('analytics.a'::regclass, 1), '') union all \
             select coalesce(obj_description('analytics.a'::regclass), '')",
        ),
    }
}

#[test]
fn descriptions_become_comments() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        for (kept, expect) in [
            // in this order: a table that is replaced on PostgreSQL keeps the comments it has
            ("{relation: false, columns: false}", ["", ""]),
            ("{relation: true}", ["", "the \"table\""]),
            ("{relation: true, columns: true}", ["it's a key", "the \"table\""]),
        ] {
            p.file("models/a.yml", &format!("models: [{{name: a, description: 'the \"table\"', config: {{persist_docs: {kept}}}, columns: [{{name: id, description: it's a key}}]}}]"));
            p.karat(["run"]).success();
            assert_eq!(comments(p), expect, "{kept}");
        }
    });
}

#[test]
fn comments_go_once_they_are_no_longer_asked_for() {
    on_adapters(|p| {
        let said = |p: &Project| {
            match p.adapter {
            Adapter::DuckDb => p.column(
                "select comment from duckdb_columns() where comment is not null union all select comment from duckdb_tables() \
                 where comment is not null union all select comment from duckdb_views() where comment is not null order by 1",
            ),
            Adapter::Postgres => p.column(
                "select description from pg_description where objoid in ('analytics.t'::regclass, 'analytics.v'::regclass) order by 1",
            ),
        }
        };
        for (name, kind) in [("t", "table"), ("v", "view")] {
            p.file(
                &format!("models/{name}.sql"),
                &format!("{{{{ config(materialized='{kind}') }}}} select 1 as id, 2 as n"),
            );
        }
        let described = |kept: bool| {
            let one = |name: &str| {
                format!(
                    "{{name: {name}, description: it's {name}, config: {{persist_docs: {{relation: {kept}, columns: {kept}}}}}, columns: [{{name: id, description: id of {name}}}]}}"
                )
            };
            p.file("models/m.yml", &format!("models: [{}, {}]", one("t"), one("v"))).karat(["run"]).success();
        };
        described(true);
        assert_eq!(said(p), ["id of t", "id of v", "it's t", "it's v"]);
        if p.adapter == Adapter::Postgres {
            p.execute("comment on column analytics.t.n is 'another''s'; comment on column analytics.v.n is 'one more'");
        }
        described(false);
        let left = p.adapter.pick(vec![], vec!["another's", "one more"]);
        assert_eq!(said(p), left, "what others said stays");
    });
}

#[test]
fn a_header_stands_before_the_statement() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='table', sql_header=\"set local search_path to somewhere;\") }} select current_setting('search_path') as path");
        p.karat(["run"]).success();
        assert_eq!(p.value("select path from analytics.a"), "somewhere");
        p.file("models/b.sql", "{% call set_sql_header(config) %}set local search_path to there;{% endcall %}{{ config(materialized='table') }} select current_setting('search_path') as path");
        p.karat(["run", "-s", "b"]).success();
        assert_eq!(p.value("select path from analytics.b"), "there");
    });
}

#[test]
fn a_table_may_be_unlogged() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='table', unlogged=true) }} select 1 as id");
        p.karat(["run"]).success();
        assert_eq!(p.value("select relpersistence from pg_class where relname = 'a'"), "u");
    });
}

#[test]
fn a_table_takes_its_log_back() {
    on_postgres(|p| {
        let kinds = "select string_agg(relpersistence::text, '' order by relname) from pg_class where relname in ('a', 'b')";
        for (unlogged, words, expect) in [
            ("true", &["run"][..], "uu"),
            ("false", &["run"][..], "pu"),
            ("false", &["run", "--full-refresh"][..], "pp"),
        ] {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table', unlogged={unlogged}) }}}} select 1 as id"),
            );
            p.file(
                "models/b.sql",
                &format!("{{{{ config(materialized='incremental', unlogged={unlogged}) }}}} select 1 as id"),
            );
            p.karat(words).success();
            // an incremental table is what its first run made it, until it is made anew
            assert_eq!(p.value(kinds), expect);
        }
    });
}

#[test]
fn indexes_take_all_their_keys() {
    on_postgres(|p| {
        p.file("models/a.sql", "{{ config(materialized='table', indexes=[{'columns': ['id']}, {'columns': ['id', 'n'], 'unique': true}, {'columns': ['n'], 'type': 'hash'}]) }} select 1 as id, 2 as n");
        let indexes = "select regexp_replace(indexdef, 'INDEX .* USING', 'INDEX') as d from pg_indexes where tablename = 'a' order by 1";
        for _ in 0..2 {
            p.karat(["run"]).success();
            assert_eq!(
                p.column(indexes),
                ["CREATE INDEX btree (id)", "CREATE INDEX hash (n)", "CREATE UNIQUE INDEX btree (id, n)"]
            );
        }
        for (config, told) in [
            ("[{'columns': ['id'], 'type': 'nosuch'}]", "access method \"nosuch\" does not exist"),
            ("[{'colums': ['id']}]", "Could not parse index config: `colums` is no key of an index"),
            ("[{'columns': 'id'}]", "Could not parse index config: columns: 'id' is not of type 'array'"),
            (
                "[{'columns': ['id'], 'unique': 'yes'}]",
                "Could not parse index config: unique: 'yes' is not of type 'boolean'",
            ),
            ("['id']", "Could not parse index config: an index must be a mapping"),
        ] {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table', indexes={config}) }}}} select 1 as id, 2 as n"),
            );
            p.karat(["run"]).exit(1).stdout_has(told);
            assert_eq!(p.column(indexes).len(), 3, "the old table stands");
        }
    });
}
