//! One quoting function (promise 12): a name or a value that would end its quotes, wherever SQL is built of it.

use super::*;

/// The name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name as YAML and JSON write it.
fn json(name: &str) -> String {
    serde_json::json!(name).to_string()
}

fn victim(p: &Project) {
    p.execute("create schema if not exists analytics; create table analytics.victim as select 1 as id");
}

#[track_caller]
fn unharmed(p: &Project) {
    assert_eq!(p.count("analytics.victim"), 1);
}

/// Each materialization under a hostile alias, built twice, with a hostile column; then the catalog and a clone.
#[test]
fn relations_of_hostile_names() {
    on_adapters(|p| {
        victim(p);
        let (column, alias) = (quoted(EVIL), |n: u32| json(&format!("{n}{EVIL}")));
        let rows = format!("select 1 as id, 'it''s' as {column}");
        for (n, config) in [
            "materialized='table'",
            "materialized='view'",
            "materialized='incremental', unique_key='id', incremental_strategy='delete+insert'",
            "materialized='incremental', unique_key=\"\\\"x\\\"\\\"'); drop table analytics.victim; --\\\"\", incremental_strategy='merge'",
            "materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns'",
        ]
        .iter()
        .enumerate()
        {
            let alias = alias(n as u32);
            p.file(&format!("models/m{n}.sql"), &format!("{{{{ config({config}, alias={alias}) }}}} {rows}"));
        }
        p.file("models/e.sql", "{{ config(materialized='ephemeral') }} select * from {{ ref('m0') }}");
        p.file("models/f.sql", "select * from {{ ref('e') }}");
        let note = json(&format!("{EVIL} $$; drop table analytics.victim; --"));
        p.file("models/p.yml", &format!(
            "models:\n  - name: m0\n    description: {note}\n    config: {{persist_docs: {{relation: true, columns: true}}, contract: {{enforced: true}}}}\n    columns:\n      - {{name: id, data_type: integer, description: {note}, data_tests: [unique: {{config: {{store_failures: true, alias: {0}}}}}]}}\n      - {{name: {1}, quote: true, data_type: text, description: {note}, data_tests: [not_null, unique, accepted_values: {{arguments: {{values: [\"it''s\"]}}}}, relationships: {{arguments: {{to: ref('m1'), field: {2}}}}}]}}\n",
            alias(9), json(EVIL), json(&column)
        ));
        p.file("snapshots/s.sql", &format!("{{% snapshot s %}}{{{{ config(unique_key='id', alias={}, strategy='check', check_cols=[{}], hard_deletes='new_record') }}}} {rows}{{% endsnapshot %}}", alias(7), json(&column)));
        p.file("snapshots/t.sql", &format!("{{% snapshot t %}}{{{{ config(unique_key=['id', {}], alias={}, strategy='timestamp', updated_at='seen') }}}} select 1 as id, 'b' as {column}, cast('2024-01-01' as timestamp) as seen{{% endsnapshot %}}", json(&column), alias(6)));
        p.file("seeds/s1.csv", &format!("id,{}\n1,{0}\n", column));
        p.file("seeds/p.yml", &format!("seeds: [{{name: s1, config: {{alias: {}, quote_columns: true, column_types: {{{}: text}}}}}}]\n", alias(8), json(EVIL)));
        for _ in 0..2 {
            p.karat(["build"]).success();
        }
        p.karat(["docs", "generate"]).success();
        unharmed(p);
        assert_eq!(p.value(&format!("select {column} from analytics.{}", quoted(&format!("8{EVIL}")))), EVIL);
        assert_eq!(
            p.value(&format!("select {column} from analytics.{}", quoted(&format!("3{EVIL}")))),
            "it's"
        );
    });
}

#[test]
fn fixtures_and_arguments_of_tests_are_values() {
    on_adapters(|p| {
        victim(p);
        p.file("models/up.sql", &format!("select 1 as id, 'x' as {}", quoted(EVIL)));
        p.file("models/down.sql", "select * from {{ ref('up') }}");
        p.karat(["run"]).success();
        let row = format!("{{id: 1, {}: {}}}", json(EVIL), json(EVIL));
        p.file("models/u.yml", &format!("unit_tests:\n  - name: u\n    model: down\n    given: [{{input: ref('up'), rows: [{row}]}}]\n    expect: {{rows: [{row}]}}\n  - name: c\n    model: down\n    given:\n      - input: ref('up')\n        format: csv\n        rows: |\n          id,{0}\n          1,{0}\n    expect: {{rows: [{row}]}}\n", quoted(EVIL)));
        p.karat(["test"]).success();
        unharmed(p);
    });
}

/// A role of the engine's own with a hostile name holds a grant that the config does not ask for.
#[test]
fn a_grant_is_taken_from_a_role_of_any_name() {
    on_postgres(|p| {
        victim(p);
        let role = quoted(&format!("{}{EVIL}", p.database));
        p.execute(&format!("create role {role}; create role {}_r", p.database));
        p.file("models/a.sql", &format!("{{{{ config(materialized='incremental', grants={{'select': ['{}_r']}}, indexes=[{{'columns': ['id'], 'type': 'btree'}}]) }}}} select 1 as id", p.database));
        p.karat(["run"]).success();
        p.execute(&format!("grant select on analytics.a to {role}"));
        p.karat(["run"]).success();
        unharmed(p);
        let held = "select count(*) from information_schema.role_table_grants where table_name = 'a' and privilege_type = 'SELECT'";
        assert_eq!(p.value(held), "2", "the owner's and the configured one");
        p.execute(&format!(
            "drop owned by {role}; drop owned by {0}_r; drop role {role}; drop role {0}_r",
            p.database
        ));
    });
}

#[test]
fn a_comment_of_queries_cannot_end_itself() {
    on_adapters(|p| {
        victim(p);
        p.configure("query-comment: 'x */ drop table analytics.victim; /*'");
        p.file("models/a.sql", "select 1 as id");
        assert_ne!(p.karat(["run"]).code(), Some(0));
        unharmed(p);
    });
}

#[test]
fn files_and_their_options_are_values() {
    on_duckdb(|p| {
        victim(p);
        p.file("models/a.sql", "{{ config(materialized='external', location=\"it's); drop table analytics.victim; --.csv\", format='csv', csv_read_options={'nullstr': \"x'); drop table analytics.victim; --\"}, options={'quote': \"'\"}) }} select 1 as id, 'b' as v");
        p.karat(["run"]).success();
        profile(
            p,
            "schema: analytics",
            &format!("schema: analytics\n      attach: [{{path: \"it's.duckdb\", alias: {}}}]", json(EVIL)),
        );
        p.karat(["run"]).success();
        unharmed(p);
        assert!(p.path("it's.duckdb").exists());
    });
}

/// A foreign key's table in a schema whose name ends quotes.
#[test]
fn keys_between_tables_are_looked_up_by_name() {
    on_duckdb(|p| {
        victim(p);
        profile(p, "schema: analytics", &format!("schema: {}", json(EVIL)));
        p.file("models/a.sql", &table("select 1 as id"));
        p.file("models/p.yml", "models: [{name: a, config: {contract: {enforced: true}}, columns: [{name: id, data_type: integer, constraints: [{type: primary_key}]}]}]\n");
        for _ in 0..2 {
            p.karat(["run"]).success();
        }
        unharmed(p);
    });
}
