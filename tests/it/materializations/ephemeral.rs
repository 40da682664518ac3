//! Ephemeral models: they live as CTEs in those that use them.

use crate::harness::*;

const EPHEMERAL: &str = "{{ config(materialized='ephemeral') }}\n";

#[test]
fn an_ephemeral_model_is_a_cte_of_its_users() {
    on_adapters(|p| {
        p.file("models/e.sql", &format!("{EPHEMERAL}select 7 as id"));
        p.file("models/a.sql", "select id from {{ ref('e') }}");
        p.karat(["run"]).success().statuses(["a success"]);
        assert_eq!(p.relations(), ["analytics.a view"]);
        assert_eq!(p.rows("select id from analytics.a"), [["7"]]);
        assert!(p.text("target/compiled/shop/models/a.sql").contains("with __dbt__cte__e as ("));
    });
}

#[test]
fn ephemeral_models_stand_on_each_other() {
    on_adapters(|p| {
        p.file("models/e1.sql", &format!("{EPHEMERAL}select 1 as id"));
        p.file(
            "models/e2.sql",
            &format!("{EPHEMERAL}with x as (select * from {{{{ ref('e1') }}}}) select id + 1 as id from x"),
        );
        p.file(
            "models/e3.sql",
            &format!(
                "{EPHEMERAL}select * from {{{{ ref('e2') }}}} union all select * from {{{{ ref('e1') }}}}"
            ),
        );
        p.file(
            "models/a.sql",
            "{{ config(materialized='table') }}
             with own as (select id from {{ ref('e3') }}), other as (select 9 as id)
             select id from own union all select id from {{ ref('e2') }} union all select id from other",
        );
        p.karat(["run"]).success();
        assert_eq!(p.column("select id from analytics.a order by id"), ["1", "2", "2", "9"]);
    });
}

#[test]
fn a_user_may_begin_with_a_comment_or_with_recursive() {
    on_adapters(|p| {
        p.file("models/e.sql", &format!("{EPHEMERAL}select 3 as top"));
        p.file(
            "models/a.sql",
            "-- with a comment, and (parentheses\n/* with */\nWITH RECURSIVE counted(n) as (
               select 1 union all select n + 1 from counted where n < (select top from {{ ref('e') }})
             ) select n from counted",
        );
        p.karat(["run"]).success();
        assert_eq!(p.column("select n from analytics.a order by n"), ["1", "2", "3"]);
    });
}

#[test]
fn an_ephemeral_model_can_be_tested() {
    on_adapters(|p| {
        p.file("models/e.sql", &format!("{EPHEMERAL}select 1 as id union all select null"));
        p.file(
            "models/e.yml",
            "models:\n  - name: e\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n",
        );
        p.karat(["build"]).exit(1).statuses(["test not_null_e_id fail", "test unique_e_id pass"]);
    });
}

#[test]
fn what_uses_an_ephemeral_model_waits_for_its_parents() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table') }} select nowhere as id");
        p.file("models/e.sql", &format!("{EPHEMERAL}select * from {{{{ ref('a') }}}}"));
        p.file("models/b.sql", "select * from {{ ref('e') }}");
        p.karat(["run"]).exit(1).statuses(["a error", "b skipped"]);
    });
}

#[test]
fn who_reads_one_that_cannot_be_compiled_is_skipped() {
    on_adapters(|p| {
        p.file("models/e.sql", &format!("{EPHEMERAL}select {{{{ adapter.no_such_method() }}}} as id"));
        p.file("models/f.sql", &format!("{EPHEMERAL}select * from {{{{ ref('e') }}}}"));
        p.file("models/a.sql", "select * from {{ ref('f') }}");
        p.file("models/b.sql", "select * from {{ ref('a') }}");
        p.file("models/c.sql", "select 1 as id");
        let run = p.karat(["run"]);
        run.exit(1).statuses(["a skipped", "b skipped", "c success"]);
        run.stdout_has("SKIP relation analytics.a due to ephemeral model status 'error'")
            .stdout_has("has no attribute 'no_such_method'")
            .stdout_has("models/e.sql:2:");
        let message = run.result("a")["message"].as_str().unwrap_or_default().to_string();
        let says = "caused by compilation error in referenced ephemeral model model.shop.e";
        assert!(
            message.starts_with("Compilation Error in model.shop.") && message.ends_with(says),
            "{message}"
        );
    });
}

#[test]
fn what_a_value_has_not_fails_its_node_alone() {
    on_adapters(|p| {
        p.file("models/a.sql", "select {{ target.no_such_method() }} as id");
        p.file("models/b.sql", "select 1 as id");
        p.karat(["parse"]).success();
        p.karat(["run"]).exit(1).statuses(["a error", "b success"]);
    });
}
