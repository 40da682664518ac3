//! Contracts: columns and types are held, constraints are made.

use crate::harness::*;

fn stage(p: &Project, kind: &str, columns: &str, sql: &str) {
    p.file("models/a.sql", &format!("{{{{ config(materialized='{kind}') }}}} {sql}"));
    p.file(
        "models/a.yml",
        &format!(
            "models:\n  - name: a\n    config: {{contract: {{enforced: true}}}}\n    columns:\n{columns}"
        ),
    );
}

const COLUMNS: &str = "      - {name: id, data_type: integer}\n      - {name: v, data_type: text}\n";

#[test]
fn a_model_that_keeps_its_contract_is_built() {
    on_adapters(|p| {
        p.configure("models:\n  +on_schema_change: append_new_columns");
        for kind in ["view", "table", "incremental"] {
            stage(p, kind, COLUMNS, "select 'x' as v, 1 as id");
            p.karat(["run", "--full-refresh"]).success();
            assert_eq!(p.rows("select id, v from analytics.a"), [["1", "x"]], "{kind}");
        }
    });
}

#[test]
fn the_table_has_the_order_of_the_contract() {
    on_adapters(|p| {
        stage(p, "table", COLUMNS, "select 'x' as v, 1 as id");
        p.karat(["run"]).success();
        let columns = p.column(
            "select column_name from information_schema.columns where table_name = 'a' order by ordinal_position",
        );
        assert_eq!(columns, ["id", "v"]);
    });
}

#[test]
fn a_broken_contract_shows_both_sides() {
    on_adapters(|p| {
        stage(p, "table", COLUMNS, "select 'x' as v, 'one' as id, 3 as more");
        let outcome = p.karat(["run"]);
        outcome.exit(1).stdout_has("This model has an enforced contract that failed");
        outcome.stdout_has("data type mismatch").stdout_has("missing in contract");
        assert_eq!(p.relations(), [""; 0]);
    });
}

#[test]
fn a_contract_names_all_types() {
    on_adapters(|p| {
        stage(p, "table", "      - {name: id}\n", "select 1 as id");
        p.karat(["run"]).exit(1).stdout_has("data_type");
    });
}

#[test]
fn constraints_of_columns_are_made() {
    on_adapters(|p| {
        let columns = "      - {name: id, data_type: integer, constraints: [{type: not_null}, {type: check, expression: id > 0}]}\n";
        stage(p, "table", columns, "select 1 as id");
        p.karat(["run"]).success();
        stage(p, "table", columns, "select cast(null as integer) as id");
        p.karat(["run"]).exit(1);
        stage(p, "table", columns, "select -1 as id");
        p.karat(["run"]).exit(1);
        assert_eq!(p.rows("select id from analytics.a"), [["1"]], "the old rows stay");
    });
}

#[test]
fn constraints_of_a_model_are_made() {
    on_adapters(|p| {
        let constraints = format!(
            "{COLUMNS}    constraints:\n      - {{type: primary_key, columns: [id]}}\n      \
             - {{type: unique, columns: [id, v]}}\n"
        );
        stage(p, "table", &constraints, "select 1 as id, 'x' as v");
        p.karat(["run"]).success();
        stage(p, "table", &constraints, "select 1 as id, 'x' as v union all select 1, 'y'");
        p.karat(["run"]).exit(1);
        assert_eq!(p.count("analytics.a"), 1);
    });
}

#[test]
fn a_foreign_key_may_name_a_model() {
    on_adapters(|p| {
        p.file("models/b.sql", "{{ config(materialized='table') }} select 1 as id");
        p.file(
            "models/b.yml",
            "models:\n  - name: b\n    config: {contract: {enforced: true}}\n    columns:\n      \
             - {name: id, data_type: integer, constraints: [{type: primary_key}]}\n",
        );
        let columns = "      - {name: b_id, data_type: integer, constraints: [{type: foreign_key, to: ref('b'), to_columns: [id]}]}\n";
        stage(p, "table", columns, "select 1 as b_id");
        p.karat(["run"]).success();
        stage(p, "table", columns, "select 2 as b_id");
        p.karat(["run", "--select", "a"]).exit(1);
        assert_eq!(p.rows("select b_id from analytics.a"), [["1"]]);
    });
}

#[test]
fn an_incremental_model_with_a_contract_says_how_it_may_change() {
    on_adapters(|p| {
        stage(p, "incremental", COLUMNS, "select 1 as id, 'x' as v");
        p.karat(["run"]).exit(2).stdout_has("on_schema_change");
        p.configure("models:\n  +on_schema_change: append_new_columns");
        p.karat(["run"]).success();
        p.karat(["run"]).success();
        assert_eq!(p.count("analytics.a"), 2);
    });
}

#[test]
fn keys_that_have_names_are_made_again() {
    on_adapters(|p| {
        p.file("models/m.yml", "models: [{name: a, config: {contract: {enforced: true}}, constraints: [{type: primary_key, name: a_is_keyed, columns: [id]}, {type: unique, name: v_is_single, columns: [v]}, {type: check, name: v_is_more, expression: v > 0}], columns: [{name: id, data_type: int}, {name: v, data_type: int}]}]");
        for v in 1..4 {
            p.file(
                "models/a.sql",
                &format!("{{{{ config(materialized='table') }}}} select 1 as id, {v} as v"),
            );
            p.karat(["run"]).success();
            assert_eq!(p.value("select v from analytics.a"), v.to_string());
            if p.adapter == Adapter::Postgres {
                let names = "select conname from pg_constraint where conrelid = 'analytics.a'::regclass and contype <> 'n' order by 1";
                assert_eq!(p.column(names), ["a_is_keyed", "v_is_more", "v_is_single"]);
            }
        }
        p.file(
            "models/a.sql",
            "{{ config(materialized='incremental', on_schema_change='fail') }} select 2 as id, 9 as v",
        );
        p.karat(["run", "--full-refresh"]).success();
        p.karat(["run"]).exit(1);
        assert_eq!(p.rows("select id, v from analytics.a"), [["2", "9"]]);
    });
}

#[test]
fn constraints_may_say_that_nobody_is_to_be_warned() {
    on_adapters(|p| {
        p.file(
            "models/a.sql",
            "{{ config(materialized='table', contract={'enforced': true}) }} select 1 as id",
        );
        p.file("models/m.yml", "models: [{name: a, constraints: [{type: primary_key, columns: [id], warn_unenforced: false, warn_unsupported: false}], columns: [{name: id, data_type: int, constraints: [{type: not_null, warn_unenforced: false}]}]}]");
        p.karat(["run", "--warn-error"]).success();
    });
}
