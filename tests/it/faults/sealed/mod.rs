//! What must stay in or out (promises 12 to 14): text that is data stays data, secrets stay secret, the disk
//! outside the project stays as it is.

mod injection;
mod reach;
mod secrets;

use super::*;

/// A name that ends every kind of quoting that is not one.
const EVIL: &str = "x\"'); drop table analytics.victim; --";

#[test]
fn names_and_values_are_never_sql() {
    on_adapters(|p| {
        let column = EVIL.replace('"', "\"\"");
        p.execute(&format!(
            "create schema analytics; create table analytics.victim as select 1 as id; \
             create table analytics.upstream as select 1 as id, 2 as \"{column}\""
        ));
        p.file("models/sources.yml", "sources: [{name: analytics, tables: [{name: upstream}]}]\n");
        p.file("models/grown.sql", "{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert', on_schema_change='sync_all_columns', persist_docs={'relation': true, 'columns': true}) }} select * from {{ source('analytics', 'upstream') }}");
        p.file("models/p.yml", &format!("models:\n  - name: grown\n    description: {0}\n    columns:\n      - name: id\n        description: {0}\n", serde_json::json!(EVIL)));
        p.file("snapshots/s.sql", "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='analytics') }} select * from analytics.upstream{% endsnapshot %}");
        let header = EVIL.replace('"', "\"\"");
        p.file("seeds/seed.csv", &format!("id,\"{header}\"\n1,\"{header}\"\n"));
        for _ in 0..2 {
            p.karat(["build"]).success();
        }
        p.execute(
            "alter table analytics.upstream add column \"y\"\"'); drop table analytics.victim; --\" integer",
        );
        p.karat(["build"]).success();
        p.karat(["docs", "generate"]).success();
        assert_eq!(p.count("analytics.victim"), 1);
        assert_eq!(p.value(&format!("select \"{column}\" from analytics.seed")), EVIL);
    });
}

#[test]
fn a_schema_from_a_branch_is_a_name() {
    on_adapters(|p| {
        p.execute("create schema analytics; create table analytics.victim as select 1 as id");
        p.file("models/a.sql", &table("select 1 as id"));
        p.file("models/v.sql", "select * from {{ ref('a') }}");
        p.file("seeds/s.csv", "id\n1\n");
        p.file(
            "profiles.yml",
            &p.profiles("shop").replace("schema: analytics", &format!("schema: {}", serde_json::json!(EVIL))),
        );
        for _ in 0..2 {
            p.karat(["build"]).success();
        }
        assert_eq!(p.count("analytics.victim"), 1);
        assert_eq!(p.count(&format!("\"{}\".v", EVIL.replace('"', "\"\""))), 1);
    });
}

#[test]
fn nothing_is_written_or_deleted_outside_the_project() {
    on_adapters(|p| {
        let beside = p.scratch("beside");
        std::fs::create_dir_all(&beside).unwrap();
        std::fs::write(beside.join("precious"), "x").unwrap();
        p.file("models/p.yml", "models:\n  - name: a\n    config: {alias: '../../beside/alias'}\n    columns: [{name: id, data_tests: [not_null: {name: '../../beside/test', config: {store_failures: true}}]}]\n");
        p.file("models/a.sql", "select 1 as id");
        let up = "../".repeat(7) + "beside/n";
        let out = beside.display();
        p.file("models/n.yml", &format!("unit_tests:\n  - {{name: '{up}', model: a, given: [], expect: {{rows: [{{id: 1}}]}}}}\n  - {{name: '{out}/u', model: a, given: [], expect: {{rows: [{{id: 1}}]}}}}\nsnapshots:\n  - {{name: '{up}', relation: ref('a'), config: {{unique_key: id, strategy: check, check_cols: all}}}}\n"));
        p.file("snapshots/s.sql", &format!("{{% snapshot {}x %}}{{{{ config(unique_key='id', strategy='check', check_cols='all') }}}} select 1 as id{{% endsnapshot %}}", up.replace('/', "_")));
        std::fs::create_dir_all(p.path("../models_of_others")).unwrap();
        std::fs::write(p.path("../models_of_others/o.sql"), "select 1 as id").unwrap();
        p.configure("model-paths: [models, ../models_of_others]");
        p.karat(["build"]);
        p.karat(["compile"]);
        assert_eq!(std::fs::read_to_string(p.path("../models_of_others/o.sql")).unwrap(), "select 1 as id");
        std::os::unix::fs::symlink(&beside, p.path("link")).unwrap();
        p.configure("clean-targets: ['../beside', 'link', '../project/../beside', 'target']");
        p.karat(["clean"]);
        p.file(
            "dbt_project.yml",
            &p.text("dbt_project.yml").replace("'../beside', ", "").replace("'../project/../beside', ", ""),
        );
        p.karat(["clean"]).success();
        let left: Vec<_> =
            std::fs::read_dir(&beside).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["precious"]);
    });
}

#[test]
fn terminal_escapes_are_shown_and_not_obeyed() {
    on_adapters(|p| {
        let escape = p.adapter.pick("chr(27) || '[31mred' || chr(7)", "chr(27) || '[31mred' || chr(7)");
        p.file("models/a.sql", &format!("select {escape} as v"));
        p.file(
            "models/b.sql",
            "{{ config(materialized='table') }} {{ log('evil \u{1b}[2J', info=true) }} select 1 as id",
        );
        for words in [&["run", "--no-use-colors"][..], &["compile", "--no-use-colors"]] {
            let outcome = p.karat(words);
            assert!(
                !outcome.raw_stdout().contains(['\u{1b}', '\u{7}']),
                "{words:?}: {:?}",
                outcome.raw_stdout()
            );
        }
        let json = p.karat(["show", "-s", "a", "--output", "json", "--quiet"]);
        assert!(json.raw_stdout().contains("\\u001b[31mred"), "{}", json.raw_stdout());
    });
}
