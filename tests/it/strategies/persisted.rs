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
