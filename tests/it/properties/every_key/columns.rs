//! Columns and the forms of their tests.

use crate::harness::*;
use serde_json::{Value, json};

const COLUMNS: [&str; 14] = [
    "{description: d}",
    "{data_type: int, quote: true}",
    "{tags: [x, y]}",
    "{meta: {a: 1}}",
    "{config: {meta: {b: 2}, tags: [z]}}",
    "{meta: {a: 1, b: 3}, config: {meta: {b: 2}}, tags: [q]}",
    "{config: {tags: one}}",
    "{policy_tags: [p], own: {x: 1}}",
    "{granularity: day}",
    "{constraints: [{type: not_null}]}",
    "{constraints: [{type: check, expression: id > 0, name: ck}, {type: unique, warn_unenforced: false}]}",
    "{constraints: [{type: foreign_key, to: \"ref('o')\", to_columns: [id]}]}",
    "{constraints: [{type: custom, expression: x}]}",
    "{description: \"x {{ 1 + 1 }}\", quote: null, data_type: null}",
];

const TESTS: [&str; 26] = [
    "not_null",
    "{not_null: {}}",
    "{not_null: {config: {where: a > 1}}}",
    "{not_null: {where: a > 1, severity: warn}}",
    "{test_name: not_null, name: nn}",
    "{test_name: accepted_values, values: [1, 2]}",
    "{accepted_values: {values: [1, 2], quote: false}}",
    "{accepted_values: {arguments: {values: [a, b]}, config: {severity: warn}}}",
    "{accepted_values: {values: [\"it's\", 'a\"b', 'c{d}']}}",
    "{relationships: {to: ref('o'), field: id}}",
    "{relationships: {arguments: {to: ref('o'), field: id}}}",
    "{custom: {x: 5}}",
    "{shop.custom: {x: 5}}",
    "{custom: {arguments: {x: {a: [1]}}}}",
    "{custom: {x: \"{{ var('nope', 'dd') }}\"}}",
    "{custom: {x: \"a > 5 and 'b'\"}}",
    "{custom: {x: 1.5, y: true}}",
    "{not_null: {name: my_name, description: dd, tags: [t], meta: {m: 1}}}",
    "{not_null: {alias: al, schema: sc, database: w}}",
    "{custom: {x: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}}",
    "{not_null: {config: {tags: a, meta: {z: 1}}}}",
    "{not_null: {severity: ERROR, limit: 3}}",
    "{unique: {fail_calc: max(n), store_failures: true, store_failures_as: view, error_if: '>5', warn_if: '>2'}}",
    "{not_null: {config: {sql_header: x, own: 1, group: g}}}",
    "{accepted_values: {values: [null, true, 1.0, {a: 1}]}}",
    "{test_name: custom, arguments: {x: 3}, severity: warn, description: q}",
];

fn project(p: &Project) {
    p.file("models/o.sql", "select 1 as id").file("models/g.yml", "groups: [{name: g, owner: {name: o}}]");
    p.file(
        "macros/t.sql",
        "{% test custom(model, column_name, x=1, y=none) %}select 1 where false{% endtest %}",
    );
}

#[test]
fn a_column_has_dbts_keys() {
    on_duckdb(|p| {
        project(p);
        let mut entries = String::from("models:\n");
        for (at, column) in COLUMNS.into_iter().enumerate() {
            p.file(&format!("models/m{at:02}.sql"), "select 1 as id");
            entries +=
                &format!("- {{name: m{at:02}, columns: [{}]}}\n", column.replacen('{', "{name: id, ", 1));
        }
        p.file("models/all.yml", &entries);
        let manifest = p.karat(["parse"]).success().manifest();
        let line = |(at, written): (usize, &str)| {
            let column = &manifest["nodes"][format!("model.shop.m{at:02}")]["columns"]["id"];
            format!("{written}\n  {column}\n")
        };
        insta::assert_snapshot!("columns", COLUMNS.into_iter().enumerate().map(line).collect::<String>());
    });
}

#[test]
fn a_test_may_be_asked_for_in_every_form() {
    on_duckdb(|p| {
        project(p);
        let mut told = String::new();
        for key in ["tests", "data_tests"] {
            let mut entries = String::from("models:\n");
            for (at, test) in TESTS.into_iter().enumerate() {
                p.file(&format!("models/m{at:02}.sql"), "select 1 as id");
                entries += &format!("- {{name: m{at:02}, columns: [{{name: id, {key}: [{test}]}}]}}\n");
            }
            p.file("models/all.yml", &entries);
            let manifest = p.karat(["parse"]).success().manifest();
            let nodes = manifest["nodes"].as_object().unwrap();
            let line = |(at, written): (usize, &str)| {
                let model = json!(format!("model.shop.m{at:02}"));
                let (id, test) = nodes.iter().find(|(_, node)| node["attached_node"] == model).unwrap();
                let keys =
                    ["name", "alias", "test_metadata", "raw_code", "tags", "meta", "description", "refs"];
                let of = keys.into_iter().map(|key| test[key].clone()).collect::<Value>();
                format!("{written}\n  {id} {of}\n")
            };
            let all: String = TESTS.into_iter().enumerate().map(line).collect();
            assert!(told.is_empty() || told == all, "`tests` and `data_tests` are one");
            told = all;
        }
        insta::assert_snapshot!("forms_of_tests", told);
    });
}
