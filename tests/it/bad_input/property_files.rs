//! Property files: YAML that cannot be read, keys and types that make no sense, text that is no UTF-8.

use super::refusal;

const MODEL: &str = "select 1 as id";

refusal!(yaml_that_is_not_closed, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models:\n  - name: a\n    columns: [{name: id\n");
});

refusal!(yaml_with_a_wrong_indent, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models:\n  - name: a\n   description: x\n");
});

refusal!(tab_in_properties, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models:\n  - name: a\n\tdescription: x\n");
});

refusal!(models_of_a_wrong_type, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models: a\n");
});

refusal!(columns_of_a_wrong_type, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models:\n  - name: a\n    columns: id\n");
});

refusal!(model_without_a_name, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "models:\n  - description: x\n");
});

refusal!(test_of_a_wrong_type, ["build"], |p| {
    p.file("models/a.sql", MODEL).file(
        "models/p.yml",
        "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [5]\n",
    );
});

refusal!(unknown_test, ["build"], |p| {
    p.file("models/a.sql", MODEL).file(
        "models/p.yml",
        "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [not_nul]\n",
    );
});

refusal!(config_of_a_wrong_type, ["build"], |p| {
    p.file("models/a.sql", MODEL)
        .file("models/p.yml", "models:\n  - name: a\n    config: {enabled: perhaps}\n");
});

refusal!(model_described_twice, ["build"], |p| {
    p.file("models/a.sql", MODEL)
        .file("models/p.yml", "models:\n  - name: a\n")
        .file("models/q.yml", "models:\n  - name: a\n");
});

refusal!(properties_that_are_not_utf8, ["build"], |p| {
    p.file("models/a.sql", MODEL).bytes("models/p.yml", b"models:\n  - name: a\n    description: caf\xe9\n");
});

refusal!(model_that_is_not_utf8, ["build"], |p| {
    p.bytes("models/a.sql", b"select 1 as id,\n  'caf\xe9' as v\n");
});

#[test]
fn a_byte_order_mark_is_no_fault() {
    crate::harness::on_adapters(|p| {
        p.file("models/a.sql", "\u{feff}select 1 as id");
        p.file(
            "models/p.yml",
            "\u{feff}models:\n  - name: a\n    columns: [{name: id, data_tests: [unique]}]\n",
        );
        let project = p.text("dbt_project.yml");
        p.file("dbt_project.yml", &format!("\u{feff}{project}"));
        p.karat(["build"]).success().statuses(["a success", "test unique_a_id pass"]);
    });
}

refusal!(property_file_is_a_list, ["build"], |p| {
    p.file("models/a.sql", MODEL).file("models/p.yml", "- name: a\n- name: b\n");
});

refusal!(enabled_names_none_of_several_disabled_nodes, ["build"], |p| {
    for folder in ["one", "two", "three"] {
        p.file(&format!("models/{folder}/a.sql"), "{{ config(enabled=false) }} select 1 as id");
    }
    p.file("models/p.yml", "models:\n  - name: a\n    config: {enabled: true}\n");
});

refusal!(color_that_no_browser_knows, ["build"], |p| {
    p.file("models/a.sql", MODEL)
        .file("models/b.sql", "{{ config(docs={'node_color': '#xxx111'}) }} select 1");
    p.file("models/p.yml", "models:\n  - name: a\n    docs: {node_color: notacolor}\n");
});
