//! The spellings that dbt takes for one thing: all of them mean the same, and give the same test.

use crate::harness::*;

fn tests_of(p: &Project, tests: &str) -> Vec<String> {
    p.file("macros/t.sql", "{% test bigger(model, column_name, than) %}select * from {{ model }} where {{ column_name }} <= {{ than }}{% endtest %}");
    p.file("models/a.sql", "select 1 as id");
    p.file(
        "models/a.yml",
        &format!("models:\n  - name: a\n    columns:\n      - name: id\n        {tests}\n"),
    );
    let built = p.karat(["build"]);
    let mut ids: Vec<String> =
        built.success().results().iter().map(|r| r["unique_id"].as_str().unwrap().to_string()).collect();
    ids.retain(|id| id.starts_with("test."));
    ids.sort();
    ids
}

#[test]
fn tests_and_their_arguments() {
    on_adapters(|p| {
        let wanted = ["test.shop.bigger_a_id__0.2b9a08ce62", "test.shop.not_null_a_id.8f1bf5c3b3"];
        let forms = [
            "tests: [not_null, {bigger: {than: 0}}]",
            "data_tests: [not_null, {bigger: {than: 0}}]",
            "data_tests: [not_null, {bigger: {arguments: {than: 0}}}]",
            "data_tests: [{not_null: {}}, {test_name: bigger, arguments: {than: 0}}]",
            "data_tests: [{test_name: not_null}, {test_name: bigger, than: 0}]",
            "data_tests: [not_null, {shop.bigger: {than: 0}}]",
        ];
        let first = tests_of(p, forms[0]);
        let names = |ids: &[String]| -> Vec<String> {
            ids.iter().map(|id| id.rsplit_once('.').unwrap().0.to_string()).collect()
        };
        assert_eq!(names(&first), wanted.map(|id| id.rsplit_once('.').unwrap().0));
        for form in &forms[1..5] {
            assert_eq!(tests_of(p, form), first, "{form}");
        }
        assert!(names(&tests_of(p, forms[5])).contains(&"test.shop.shop_bigger_a_id__0".to_string()));
    });
}

#[test]
fn configs_of_tests() {
    on_adapters(|p| {
        for form in [
            "data_tests: [{not_null: {severity: warn, where: id is null or id = 1}}]",
            "data_tests: [{not_null: {config: {severity: warn, where: id is null or id = 1}}}]",
        ] {
            p.file("models/a.sql", "select 1 as id union all select null");
            p.file(
                "models/a.yml",
                &format!("models:\n  - name: a\n    columns:\n      - name: id\n        {form}\n"),
            );
            p.karat(["build"]).success().statuses(["a success", "test not_null_a_id warn"]);
        }
    });
}

#[test]
fn long_names_are_cut_with_a_hash() {
    on_adapters(|p| {
        let tests = "data_tests: [{accepted_values: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], quote: false}}, {not_null: {name: own}}]";
        let ids = tests_of(p, tests);
        assert!(ids.iter().any(|id| id.starts_with("test.shop.own.")));
        let long = ids.iter().find(|id| id.contains("accepted_values")).unwrap();
        let manifest = p.karat(["parse"]).manifest();
        let alias = manifest["nodes"][long]["alias"].as_str().unwrap();
        // the test and its model, and a hash of all arguments
        assert!(alias.starts_with("accepted_values_a_") && alias.len() == 50, "{alias}");
    });
}

#[test]
fn of_a_key_that_is_written_twice_the_last_value_counts_and_a_warning_names_it() {
    on_adapters(|p| {
        p.configure(
            "models: {+materialized: table, +tags: [lost]}\nseeds: {}\nmodels:\n  +materialized: view",
        );
        p.file("models/a.sql", "select 1 as id");
        p.file(
            "models/p.yml",
            "models:\n  - name: a\n    description: x\n    meta: {k: 1}\n    description: >\n      y\n\n",
        );
        let parsed = p.karat(["parse"]);
        parsed.success();
        let said = parsed.stdout();
        assert!(said.contains("DuplicateYAMLKeysDeprecation"), "{said}");
        let node = parsed.manifest()["nodes"]["model.shop.a"].clone();
        assert_eq!(node["config"]["materialized"], "view");
        assert_eq!(node["tags"], serde_json::json!([]));
        // The file's last line ends the block of text.
        assert_eq!(node["description"], "y");
        p.karat(["--warn-error", "parse"]).exit(2).stdout_has("Duplicate key 'models'");
    });
}

#[test]
fn templates_in_a_config_are_rendered_whatever_their_keys_are_called() {
    on_adapters(|p| {
        p.file("seeds/s.csv", "description,tests\n1,2\n");
        let types = "column_types: {description: \"{{ 'big' ~ 'int' }}\", tests: \"{{ 'varchar' }}\"}";
        p.file("seeds/p.yml", &format!("seeds:\n  - name: s\n    config:\n      {types}\n"));
        p.karat(["seed"]).success();
        let asked = "select data_type from information_schema.columns where table_name = 's' order by ordinal_position";
        let text = p.adapter.pick("VARCHAR", "character varying");
        assert_eq!(p.rows(asked), [[p.adapter.pick("BIGINT", "bigint")], [text]]);
    });
}
