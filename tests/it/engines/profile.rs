//! What an output of type `duckdb` says: attached databases, settings, secrets, extensions, retries.

use crate::harness::*;

fn profile(p: &Project, more: &str) {
    p.file("profiles.yml", &p.profiles("shop").replace("threads: 4\n", &format!("threads: 4\n{more}")));
}

#[test]
fn models_are_built_into_attached_databases() {
    on_duckdb(|p| {
        profile(
            p,
            "      attach:\n      - {path: other.duckdb, alias: other}\n      - {path: third.duckdb}\n",
        );
        p.file("models/a.sql", "{{ config(database='other', materialized='table') }} select 1 as id");
        p.file("models/b.sql", "{{ config(database='third', materialized='incremental', unique_key='id') }} select * from {{ ref('a') }}");
        p.file("models/c.sql", "select a.id from {{ ref('a') }} a join {{ ref('b') }} b using (id)");
        p.file("seeds/s.csv", "id\n7\n").configure("seeds: {+database: other}");
        p.file("models/m.yml", "models: [{name: a, columns: [{name: id, data_tests: [unique, {relationships: {to: ref('s'), field: id, config: {severity: warn}}}]}]}]");
        for _ in 0..2 {
            p.karat(["build"]).success();
        }
        p.karat(["docs", "generate"]).success();
        let catalog = p.text("target/catalog.json");
        assert!(
            catalog.contains("\"database\":\"other\"") || catalog.contains("\"database\": \"other\""),
            "{catalog}"
        );
    });
}

#[test]
fn what_is_attached_to_read_is_not_written() {
    on_duckdb(|p| {
        p.execute(&format!(
            "attach '{}' as lake; create table lake.t as select 5 as v; detach lake",
            p.path("lake.duckdb").display()
        ));
        profile(p, "      attach: [{path: lake.duckdb, alias: lake, read_only: true}]\n");
        p.file("models/s.yml", "sources: [{name: lake, database: lake, schema: main, tables: [{name: t}]}]");
        p.file("models/a.sql", "{{ config(materialized='table') }} select * from {{ source('lake', 't') }}");
        p.karat(["run"]).success();
        assert_eq!(p.value("select v from analytics.a"), "5");
        p.file("models/b.sql", "{{ config(database='lake', materialized='table') }} select 1 as id");
        p.karat(["run"]).exit(2).stdout_has("read-only");
    });
}

#[test]
fn settings_and_config_options_reach_every_session() {
    on_duckdb(|p| {
        profile(
            p,
            "      settings: {default_null_order: nulls_first, ieee_floating_point_ops: false}\n      config_options: {autoinstall_known_extensions: 'false'}\n",
        );
        for name in ["a", "b", "c", "d"] {
            p.file(&format!("models/{name}.sql"), "{{ config(materialized='table') }} select current_setting('default_null_order') as n, current_setting('ieee_floating_point_ops')::text as r, current_setting('autoinstall_known_extensions')::text as e");
        }
        p.karat(["run"]).success();
        for name in ["a", "b", "c", "d"] {
            assert_eq!(
                p.rows(&format!("select n, r, e from analytics.{name}")),
                [["NULLS_FIRST", "false", "false"]]
            );
        }
        profile(p, "      settings: {no_such_setting: 1}\n");
        p.karat(["run"]).exit(2).stdout_has("the setting `no_such_setting` of the profile cannot be set");
    });
}

#[test]
fn secrets_are_made_and_never_shown() {
    on_duckdb(|p| {
        profile(
            p,
            "      secrets:\n      - {type: s3, name: mine, key_id: hidden_key, secret: hidden_word, scope: ['s3://a', 's3://b']}\n      - {type: http, bearer_token: hidden_token}\n",
        );
        p.file(
            "models/a.sql",
            "{{ config(materialized='table') }} select name, scope::text as scope from duckdb_secrets()",
        );
        let ran = p.karat(["run", "--debug"]);
        match ran.code() {
            Some(0) => {
                assert_eq!(p.column("select name from analytics.a order by name"), ["_dbt_secret_2", "mine"])
            }
            // Without the network there is no extension that knows such secrets.
            _ => drop(ran.stdout_has("the secret `mine` cannot be made")),
        }
        ran.stdout_lacks("hidden_");
        assert!(!p.text("logs/dbt.log").contains("hidden_"));
    });
}

#[test]
fn an_extension_that_cannot_be_fetched_is_named() {
    on_duckdb(|p| {
        profile(p, "      extensions: [json, parquet, {name: no_such_extension, repo: community}]\n");
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).exit(2).stdout_has("`extensions` in the profile asks for \"no_such_extension\"");
        profile(p, "      extensions: [json, parquet]\n");
        p.karat(["run"]).success();
    });
}

#[test]
fn a_locked_file_is_waited_for_where_the_profile_says_so() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        p.karat(["run"]).success();
        let held = p.duckdb();
        p.karat(["run"]).exit(2).stdout_has("lock");
        profile(p, "      retries: {connect_attempts: 8}\n");
        let waiting = p.start(["run"]);
        // Its first try is over long before a second has passed; a later one would only find the file free.
        std::thread::sleep(std::time::Duration::from_secs(1));
        drop(held);
        waiting.wait().success();
    });
}

#[test]
fn a_database_in_memory_lives_as_long_as_its_run() {
    on_duckdb(|p| {
        p.file("profiles.yml", &p.profiles("shop").replace("path: warehouse.duckdb", "path: ':memory:'"));
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.file("models/m.yml", "models: [{name: b, columns: [{name: id, data_tests: [unique, not_null]}]}]");
        p.karat(["build", "--threads", "4"]).success();
        assert!(!p.path("warehouse.duckdb").exists());
        assert_eq!(p.karat(["parse"]).manifest()["nodes"]["model.shop.a"]["database"], "memory");
    });
}

#[test]
fn what_only_python_serves_is_said() {
    on_duckdb(|p| {
        profile(
            p,
            "      filesystems: [{fs: s3}]\n      plugins: [{module: excel}]\n      keep_open: false\n      disable_transactions: true\n",
        );
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        let ran = p.karat(["run"]);
        ran.success()
            .stdout_has("`filesystems` in the profile has no effect")
            .stdout_has("`plugins` in the profile has no effect");
        profile(p, "      remote: {host: h, port: 1, user: u}\n");
        p.karat(["run"]).exit(2).stdout_has("`remote`");
    });
}
