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

#[test]
fn databases_that_need_an_extension_say_so() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id");
        let offline = "      config_options: {autoinstall_known_extensions: 'false'}\n";
        let cases = [
            ("{path: other.db, type: sqlite}", "the database `other.db` of `attach` cannot be attached"),
            ("{path: 'host=h password=hidden_word', type: postgres}", "of `attach` cannot be attached"),
            (
                "{path: 'ducklake:meta.ducklake', alias: lake}",
                "the database `lake` of `attach` cannot be attached",
            ),
            ("{path: 'md:x'}", "the database `md:x` of `attach` cannot be attached"),
        ];
        for (item, told) in cases {
            profile(p, &format!("{offline}      attach: [{item}]\n"));
            let ran = p.karat(["run"]);
            ran.exit(2)
                .stdout_has(told)
                .stdout_has("by an extension, which is fetched once")
                .stdout_lacks("hidden_word");
        }
        for path in ["md:x", "ducklake:meta.ducklake"] {
            let opened = p.profiles("shop").replace("path: warehouse.duckdb", &format!("path: '{path}'"));
            p.file("profiles.yml", &format!("{opened}{offline}"));
            p.karat(["run"]).exit(2).stdout_has(path).stdout_has("by an extension, which is fetched once");
        }
    });
}

#[test]
fn macros_learn_what_the_profile_says_of_databases() {
    on_duckdb(|p| {
        profile(
            p,
            "      attach: [{path: lake.duckdb, alias: lake, is_ducklake: true}, {path: plain.duckdb}]\n      disable_transactions: true\n",
        );
        p.file("macros/m.sql", "{% macro asked() %}{% for name in ['lake', 'plain', 'warehouse'] %}{% do log(name ~ ' ' ~ adapter.is_ducklake(api.Relation.create(database=name, schema='s', identifier='t')), info=true) %}{% endfor %}{% do log('hosted ' ~ adapter.is_motherduck() ~ ', without transactions ' ~ adapter.disable_transactions(), info=true) %}{% endmacro %}");
        let asked = p.karat(["run-operation", "asked"]);
        asked.success().stdout_has("lake True").stdout_has("plain False").stdout_has("warehouse False");
        asked.stdout_has("hosted False, without transactions True");
    });
}

#[test]
fn the_layout_of_files_is_for_lakes() {
    on_duckdb(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', partitioned_by=['id'], sort_by='id') }} select 1 as id",
        );
        let ran = p.karat(["run"]);
        ran.success()
            .stdout_has("partitioned_by/partition_by is only supported for DuckLake relations; ignoring for");
        ran.stdout_has("sorted_by/sort_by is only supported for DuckLake relations");
        assert_eq!(p.column("select id from analytics.a"), ["1"]);
        // A file of DuckDB's own that is said to be a lake: it has no such statement.
        profile(p, "      attach: [{path: lake.duckdb, alias: lake, is_ducklake: true}]\n");
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', database='lake', partitioned_by=['id']) }} select 1 as id",
        );
        p.karat(["run"]).exit(1);
        assert!(p.text("target/run/shop/models/a.sql").contains("set partitioned by (id);"));
    });
}

/// The first try leaves a file, the second one what the model reads.
const LATER: &str = "{% macro later() %}{% set seen = run_query(\"select count(*) from glob('first.csv')\")[0][0] if execute else 0 %}copy (select 7 as id) to '{{ 'second.csv' if seen else 'first.csv' }}'{% endmacro %}";

#[test]
fn a_fault_that_passes_is_tried_again_as_often_as_the_profile_says() {
    on_duckdb(|p| {
        p.file("macros/m.sql", LATER);
        p.file("models/a.sql", "{{ config(materialized='table', pre_hook='{{ later() }}') }} select * from read_csv('second.csv')");
        p.karat(["run"]).exit(1).stdout_has("second.csv");
        p.remove("first.csv");
        profile(p, "      retries: {query_attempts: 2, retryable_exceptions: [CatalogException]}\n");
        p.karat(["run"]).exit(1);
        p.remove("first.csv");
        profile(p, "      retries: {query_attempts: 2}\n");
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.a"), ["7"]);
    });
}

#[test]
fn a_statement_outside_a_transaction_is_tried_again_by_itself() {
    on_duckdb(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select * from read_csv('none.csv')");
        profile(p, "      disable_transactions: true\n      retries: {query_attempts: 2}\n");
        let begin = std::time::Instant::now();
        p.karat(["run"]).exit(1).stdout_has("none.csv");
        assert!(
            begin.elapsed() >= std::time::Duration::from_secs(1),
            "a second passes before the second try"
        );
    });
}

#[test]
fn what_a_profile_nests_is_held_to_its_shape() {
    on_duckdb(|p| {
        profile(
            p,
            "      attach: [{path: b.duckdb, type: duckdb, options: {type: duckdb}}, {path: 1, foo: 1}, {alias: x}]
      plugins: [{alias: x}]
      retries: {connect_atempts: 3}
      flights: {enabled_by_default: often}
      filesystems: [s3]
      module_paths: [{a: b}]
      keep_open: perhaps
      external_root: [a]
      motherduck_token: abcdef
      settings: {motherduck_token: ghijkl}\n",
        );
        let said = p.karat(["parse"]);
        said.exit(2).stdout_lacks("abcdef").stdout_lacks("ghijkl");
        for fault in [
            "`type` of an item of `attach` in the profile's output is in its `options` too",
            "an item of `attach` in the profile's output has an unknown key `foo`",
            "an item of `attach` in the profile's output lacks its `path`",
            "an item of `plugins` in the profile's output lacks its `module`",
            "`retries` in the profile's output has an unknown key `connect_atempts`",
            "`enabled_by_default` of `flights` in the profile's output must be true or false",
            "an item of `filesystems` in the profile's output is of a wrong kind",
            "an item of `module_paths` in the profile's output is of a wrong kind",
            "`keep_open` in the profile's output must be true or false",
            "`external_root` in the profile's output must be a text",
            "`motherduck_token` in the profile's output and among its `settings` are not the same",
        ] {
            said.stdout_has(fault);
        }
    });
}

#[test]
fn templates_see_every_key_of_attached_databases() {
    on_duckdb(|p| {
        profile(p, "      attach: [{path: other.duckdb, alias: other}]\n");
        p.file("models/a.sql", "{{ config(meta={'attach': target.attach}) }} select 1 as id");
        let manifest = p.karat(["parse"]).success().manifest();
        let expect = serde_json::json!([{
            "path": "other.duckdb", "type": null, "alias": "other", "secret": null, "read_only": false,
            "options": null, "is_ducklake": null
        }]);
        assert_eq!(manifest["nodes"]["model.shop.a"]["config"]["meta"]["attach"], expect);
    });
}

#[test]
fn paths_may_begin_at_the_users_folder() {
    on_duckdb(|p| {
        p.env("HOME", &p.root().display().to_string());
        p.file(
            "profiles.yml",
            "shop: {target: dev, outputs: {dev: {type: duckdb, path: ~/mine.duckdb, schema: s, \
             attach: [{path: ~/other.duckdb, alias: other}]}}}",
        );
        p.file("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file("models/b.sql", "{{ config(materialized='table', database='other') }} select 1 as id");
        p.karat(["run"]).success();
        assert!(p.path("mine.duckdb").exists() && p.path("other.duckdb").exists());
    });
}

#[test]
fn settings_of_the_python_client_have_no_effect() {
    on_duckdb(|p| {
        profile(p, "      settings: {python_enable_replacements: false, threads: 2}\n");
        p.file("models/a.sql", "{{ config(materialized='table') }} select current_setting('threads') as n");
        p.karat(["run"]).success().stdout_has(
            "the setting `python_enable_replacements` of the profile has no effect: it is of DuckDB's Python client",
        );
        assert_eq!(p.value("select n from analytics.a"), "2");
    });
}
