//! Source freshness: how old the newest row of a source is.

use crate::harness::*;
use serde_json::Value;

/// A source `raw.t` with a row of one hour and one of ten days ago.
fn stage(p: &Project, config: &str) {
    p.execute(
        "create schema raw; create table raw.t as select 'new' as kind, \
         current_timestamp - interval '1 hour' as loaded union all \
         select 'old', current_timestamp - interval '10 days'",
    );
    sources(p, config);
}

fn sources(p: &Project, config: &str) {
    p.file(
        "models/s.yml",
        &format!("sources:\n  - name: raw\n    tables:\n      - name: t\n        config:\n{config}"),
    );
}

fn status(p: &Project, outcome: &Outcome) -> String {
    drop(outcome.stdout());
    let sources: Value = serde_json::from_str(&p.text("target/sources.json")).unwrap();
    assert_eq!(sources["results"][0]["unique_id"], "source.shop.raw.t");
    sources["results"][0]["status"].as_str().unwrap().to_string()
}

const FIELD: &str = "          loaded_at_field: loaded\n";

#[test]
fn rows_young_enough_pass() {
    on_adapters(|p| {
        stage(
            p,
            &format!(
                "{FIELD}          freshness: {{warn_after: {{count: 1, period: day}}, error_after: {{count: 2, period: day}}}}\n"
            ),
        );
        let outcome = p.karat(["source", "freshness"]);
        outcome.success().stdout_has("PASS freshness of raw.t");
        assert_eq!(status(p, &outcome), "pass");
    });
}

#[test]
fn a_filter_narrows_the_rows() {
    on_adapters(|p| {
        stage(
            p,
            &format!(
                "{FIELD}          freshness: {{warn_after: {{count: 1, period: day}}, error_after: {{count: 2, period: day}}, filter: \"kind = 'old'\"}}\n"
            ),
        );
        let outcome = p.karat(["source", "freshness"]);
        outcome.exit(1).stdout_has("ERROR STALE freshness of raw.t");
        assert_eq!(status(p, &outcome), "error");
    });
}

#[test]
fn old_rows_may_only_warn() {
    on_adapters(|p| {
        stage(p, &format!("{FIELD}          freshness: {{warn_after: {{count: 10, period: minute}}}}\n"));
        let outcome = p.karat(["source", "freshness"]);
        outcome.success().stdout_has("WARN freshness of raw.t");
        assert_eq!(status(p, &outcome), "warn");
    });
}

#[test]
fn a_query_may_tell_when_rows_came() {
    on_adapters(|p| {
        stage(
            p,
            "          loaded_at_query: \"select max(loaded) from {{ this }} where kind = 'old'\"\n          freshness: {error_after: {count: 2, period: day}}\n",
        );
        let outcome = p.karat(["source", "freshness"]);
        outcome.exit(1);
        assert_eq!(status(p, &outcome), "error");
    });
}

#[test]
fn null_takes_freshness_away() {
    on_adapters(|p| {
        p.execute("create schema raw; create table raw.t as select current_timestamp as loaded");
        p.file(
            "models/s.yml",
            "sources:\n  - name: raw\n    config:\n      loaded_at_field: loaded\n      \
             freshness: {error_after: {count: 1, period: hour}}\n    tables:\n      \
             - {name: t, config: {freshness: null}}\n",
        );
        p.karat(["source", "freshness"]).success().stdout_lacks("freshness of raw.t");
    });
}

#[test]
fn the_result_goes_where_it_is_asked_to() {
    on_adapters(|p| {
        stage(p, &format!("{FIELD}          freshness: {{error_after: {{count: 2, period: day}}}}\n"));
        p.karat(["source", "snapshot-freshness", "-o", "out/fresh.json"]).success();
        let sources: Value = serde_json::from_str(&p.text("out/fresh.json")).unwrap();
        assert_eq!(sources["results"][0]["status"], "pass");
        assert_eq!(sources["results"][0]["criteria"]["error_after"]["period"], "day");
    });
}

#[test]
fn a_missing_table_is_a_runtime_error() {
    on_adapters(|p| {
        stage(p, &format!("{FIELD}          freshness: {{error_after: {{count: 2, period: day}}}}\n"));
        p.execute("drop table raw.t");
        p.karat(["source", "freshness"]).exit(1);
        let sources: Value = serde_json::from_str(&p.text("target/sources.json")).unwrap();
        assert_eq!(sources["results"][0]["status"], "runtime error");
    });
}

#[test]
fn a_fault_names_the_file_of_its_source() {
    on_adapters(|p| {
        p.file(
            "models/s.yml",
            "sources:
  - name: raw
    freshness: {warn_after: {count: 1, period: day}}
    tables: [{name: q, loaded_at_query: select nope}, {name: f, loaded_at_field: nope}, {name: m}]
",
        );
        let outcome = p.karat(["source", "freshness"]);
        outcome.exit(1).stdout_has("--> models/s.yml").stdout_lacks("--> :");
        outcome.stdout_has("no 'loaded_at_field' provided").stdout_has("metadata-based freshness checks");
    });
}

#[test]
fn hooks_at_the_end_see_what_was_found_of_each_source() {
    on_adapters(|p| {
        stage(p, &format!("{FIELD}          freshness: {{warn_after: {{count: 1, period: day}}}}\n"));
        p.configure("flags: {source_freshness_run_project_hooks: true}\non-run-end: \"{{ tell(results) }}\"");
        p.file(
            "macros/tell.sql",
            "{% macro tell(results) %}{% for it in results %}{% set plain = it.to_dict() %}
             {{ print(it.node.unique_id ~ ' ' ~ it.status ~ ' ' ~ (3590 < it.age and it.age < 3700)) }}
             {{ print((it.snapshotted_at - it.max_loaded_at).seconds // 60) }}
             {{ print(plain.node.freshness.warn_after ~ ' ' ~ plain.max_loaded_at[10] ~ plain.snapshotted_at[-6:]) }}
             {{ print('batch_results' in plain) }}
             {% endfor %}{% endmacro %}",
        );
        let outcome = p.karat(["source", "freshness"]);
        outcome.success();
        let lines = outcome.lines();
        let said = ["source.shop.raw.t pass True", "60", "{'count': 1, 'period': 'day'} T+00:00", "False"];
        for line in said {
            assert!(lines.iter().any(|it| it.trim() == line), "{line}: {lines:#?}");
        }
    });
}
