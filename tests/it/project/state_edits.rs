//! `state:` after many edits of a small project, held to what dbt selects
//! (`scripts/record-state-edits.py`).

use crate::harness::*;
use serde_json::Value as Json;

fn text(json: &Json) -> &str {
    json.as_str().expect("a text")
}

fn list(json: &Json) -> Vec<&str> {
    json.as_array().into_iter().flatten().map(text).collect()
}

/// Does to the project what an edit says.
fn apply(p: &Project, edit: &Json) {
    if let [path, old, new] = list(&edit["replace"])[..] {
        let before = p.text(path);
        assert!(before.contains(old), "{edit}");
        p.file(path, &before.replacen(old, new, 1));
    }
    if let Some(path) = edit["crlf"].as_str() {
        p.file(path, &p.text(path).replace('\n', "\r\n"));
    }
    if let [path, contents] = list(&edit["put"])[..] {
        p.file(path, contents);
    }
    if let Some(path) = edit["remove"].as_str() {
        p.remove(path);
    }
    if let [old, new] = list(&edit["move"])[..] {
        p.file(new, &p.text(old)).remove(old);
    }
}

/// Nodes that a selector gives, in the order of the record.
fn selected(p: &Project, edit: &Json, selector: &str) -> Vec<String> {
    let options = list(&edit["args"]);
    p.listed([&["--state", "state", "--select", selector], &options[..]].concat())
}

#[test]
fn edits_select_what_dbt_selects() {
    let record: Json = serde_json::from_str(include_str!("state_edits.json")).expect("the record");
    let files = record["files"].as_object().expect("files");
    on_duckdb(|p| {
        let write = || {
            for (path, contents) in files {
                p.file(path, text(contents));
            }
        };
        write();
        p.karat(["-q", "parse", "--target-path", "state"]).success();
        for edit in record["edits"].as_array().expect("edits") {
            apply(p, edit);
            for (name, value) in edit["env"].as_object().into_iter().flatten() {
                p.env(name, text(value));
            }
            check(p, edit);
            for (name, _) in edit["env"].as_object().into_iter().flatten() {
                p.env(name, "one");
            }
            for path in [list(&edit["put"]), list(&edit["move"])].concat() {
                if p.path(path).is_file() {
                    p.remove(path);
                }
            }
            write();
        }
    });
}

/// Every selector that was recorded with nodes; `new` and `modified` where they select none, too.
fn check(p: &Project, edit: &Json) {
    let always = ["state:new", "state:modified"];
    let others = edit["selected"].as_object().expect("a record").keys().map(String::as_str);
    for selector in always.into_iter().chain(others.filter(|one| !always.contains(one))) {
        let expect = list(&edit["selected"][selector]);
        assert_eq!(selected(p, edit, selector), expect, "{selector} after {}", edit["name"]);
    }
}

#[test]
fn a_manifest_in_dbts_spelling_is_no_change() {
    on_adapters(|p| {
        p.file("models/a.sql", "{{ config(materialized='table', schema=target.name) }} select 1 as id");
        p.file(
            "models/p.yml",
            "models: [{name: a, config: {grants: {select: [root]}, pre_hook: [select 1]}}]",
        );
        p.karat(["-q", "parse", "--target-path", "state"]).success();
        let mut state: Json = serde_json::from_str(&p.text("state/manifest.json")).expect("a manifest");
        let written = &mut state["nodes"]["model.shop.a"]["unrendered_config"];
        written["materialized"] = "Keyword(key='materialized', value=Const(value='table'))".into();
        written["grants"] = serde_json::json!({"select": ["root", "root"]});
        p.file("state/manifest.json", &state.to_string());
        let modified = || p.listed(["--state", "state", "--select", "state:modified"]);
        assert_eq!(modified(), [""; 0]);
        p.file(
            "models/p.yml",
            "models: [{name: a, config: {grants: {select: [guest]}, pre_hook: [select 1]}}]",
        );
        assert_eq!(modified(), ["shop.a"]);
    });
}
