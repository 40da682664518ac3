//! Edits that are rendered by themselves, and edits that are not.

use super::{log_of_last, manifest};
use crate::harness::*;
use serde_json::Value;

/// When each node was parsed.
fn parsed_at(p: &Project, id: &str) -> f64 {
    let manifest: Value = serde_json::from_str(&p.text("target/manifest.json")).unwrap();
    manifest["nodes"][id]["created_at"].as_f64().unwrap()
}

fn check(p: &Project, path: &str, text: &str, alone: bool) {
    let before = parsed_at(p, "model.shop.other");
    p.file(path, text).karat(["parse"]).success();
    assert_eq!(parsed_at(p, "model.shop.other") == before, alone, "{path}: {text}");
    let warm = manifest(p, "target");
    p.karat(["parse", "--no-partial-parse", "--target-path", "cold"]).success();
    assert_eq!(warm, manifest(p, "cold"), "{path}: {text}");
}

#[test]
fn a_new_text_is_rendered_by_itself() {
    on_adapters(|p| {
        p.file("models/other.sql", "select 1 as id").file("models/a.sql", "select 1 as id");
        p.file("models/b.sql", "select * from {{ ref('a') }}").file("tests/t.sql", "select 1 where false");
        p.file("models/d.md", "{% docs d %}told{% enddocs %}");
        p.file("models/s.yml", "models: [{name: b, description: \"{{ doc('d') }}\", columns: [{name: id, data_tests: [unique]}]}]");
        p.karat(["parse"]).success();
        check(p, "models/b.sql", "\n\nselect id from {{ ref('a') }}", true);
        check(p, "models/b.sql", "select id from {{ ref('other') }} join {{ ref('a') }} using (id)", true);
        check(p, "models/b.sql", "select 3 as id", true);
        check(p, "tests/t.sql", "select * from {{ ref('b') }} where false", true);
        check(p, "models/a.sql", "{{ config(materialized='table') }} select 1 as id", false);
        check(p, "models/a.sql", "{{ config(materialized='table') }} select 2 as id", true);
        check(p, "models/a.sql", "{{ config(materialized='table', alias='c') }} select 2 as id", false);
        check(p, "models/new.sql", "select 1 as id", false);
        check(p, "models/s.yml", "models: [{name: b, columns: [{name: id, data_tests: [not_null]}]}]", false);
        check(p, "models/b.sql", "select 4 as id", true);
        p.karat(["build"]).success();
    });
}

#[test]
fn faults_of_an_edit_are_told_as_ever() {
    on_duckdb(|p| {
        p.file("models/a.sql", "select 1 as id").file("models/b.sql", "select * from {{ ref('a') }}");
        p.karat(["parse"]).success();
        for text in
            ["select {{ ref('gone') }}", "select {{ 1 +", "{{ exceptions.raise_compiler_error('no') }}"]
        {
            p.file("models/b.sql", text);
            let said = |words: &[&str]| {
                let outcome = p.karat(words);
                let lines: Vec<String> = outcome.exit(2).lines();
                lines.into_iter().skip_while(|line| !line.contains("Encountered")).collect::<Vec<_>>()
            };
            let warm = said(&["parse"]);
            assert!(!warm.is_empty());
            assert_eq!(warm, said(&["parse", "--no-partial-parse", "--target-path", "cold"]), "{text}");
        }
        p.file("models/b.sql", "select * from {{ ref('b') }}").karat(["run"]).exit(2).stdout_has("cycle");
    });
}

#[test]
fn what_is_another_each_time_is_rendered_each_time() {
    on_duckdb(|p| {
        p.file("models/other.sql", "select 1 as id").file(
            "models/a.sql",
            "{{ config(meta={'id': invocation_id}) }} select '{{ run_started_at }}' as at",
        );
        p.configure("on-run-start: \"select '{{ invocation_id }}'\"");
        let id = || {
            p.karat(["parse"]).success();
            let manifest: Value = serde_json::from_str(&p.text("target/manifest.json")).unwrap();
            manifest["nodes"]["model.shop.a"]["config"]["meta"]["id"].as_str().unwrap().to_string()
        };
        assert_ne!(id(), id());
        p.file("models/a.sql", "select '{{ run_started_at }}' as at").karat(["parse"]).success();
        let before = parsed_at(p, "model.shop.other");
        p.karat(["parse"]).success();
        assert_eq!(parsed_at(p, "model.shop.other"), before, "only what reads the moment is rendered anew");
        p.file("macros/n.sql", "{% macro generate_alias_name(c, n) %}{{ n.name }}{% if modules.datetime.datetime.now().year < 0 %}x{% endif %}{% endmacro %}");
        p.karat(["parse"]).success();
        p.karat(["parse"]).success();
        assert!(
            !log_of_last(p).contains("skipping parsing"),
            "names that depend on the time hold for no other"
        );
    });
}
