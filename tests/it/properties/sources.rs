//! Sources: their keys, freshness, and what a project says over the source of a package.

use crate::harness::*;
use serde_json::json;

#[test]
fn a_source_has_dbts_keys() {
    on_duckdb(|p| {
        p.file(
            "models/s.yml",
            "sources:
  - name: raw
    description: all raw
    schema: raw_{{ target.schema }}
    loader: me
    quoting: {identifier: true}
    freshness: {warn_after: {count: 1, period: hour}, filter: 1=1}
    tags: [one]
    meta: {o: 1}
    config: {event_time: at, meta: {p: 1}}
    tables:
      - name: t
        identifier: tt
        loaded_at_field: at
        tags: [two]
        meta: {q: 1}
        external: {location: x.parquet}
        columns: [{name: id, tags: [c], data_tests: [not_null]}]
        tests: [{unique: {column_name: id}}]
      - {name: u, freshness: null}
      - {name: w, config: {loaded_at_query: select 1, freshness: {error_after: {count: 3, period: minute}}}}
",
        );
        let manifest = p.karat(["parse"]).success().manifest();
        let t = &manifest["sources"]["source.shop.raw.t"];
        assert_eq!(t["schema"], "raw_analytics");
        assert_eq!((&t["identifier"], &t["loader"]), (&json!("tt"), &json!("me")));
        assert_eq!(t["tags"], json!(["one", "two"]));
        assert_eq!(t["meta"], json!({"o": 1, "p": 1, "q": 1}));
        assert_eq!(t["config"]["event_time"], "at");
        assert_eq!(t["external"]["location"], "x.parquet");
        assert_eq!(t["freshness"]["warn_after"], json!({"count": 1, "period": "hour"}));
        assert_eq!(t["freshness"]["filter"], "1=1");
        assert!(manifest["sources"]["source.shop.raw.u"]["freshness"].is_null());
        assert_eq!(manifest["sources"]["source.shop.raw.w"]["loaded_at_query"], "select 1");
        let tests = manifest["nodes"].as_object().unwrap();
        assert!(tests.values().any(|n| n["name"] == "source_not_null_raw_t_id"));
        assert!(tests.values().any(|n| n["name"] == "source_unique_raw_t_id"));
    });
}

#[test]
fn a_project_may_override_the_source_of_a_package() {
    on_adapters(|p| {
        p.file("packages.yml", "packages: [{local: pack}]");
        p.file("pack/dbt_project.yml", "name: pack\nversion: '1.0'\n");
        p.file(
            "pack/models/s.yml",
            "sources: [{name: raw, schema: theirs, loader: they, tables: [{name: t}, {name: u, description: kept}]}]",
        );
        p.file(
            "models/s.yml",
            "sources: [{name: raw, overrides: pack, schema: mine, tables: [{name: t, identifier: other}]}]",
        );
        p.file(
            "models/a.sql",
            "select * from {{ source('pack', 'raw', 't') if false else source('raw', 't') }}",
        );
        p.karat(["deps"]).success();
        p.execute("create schema mine; create table mine.other as select 3 as id");
        let built = p.karat(["run"]);
        let manifest = built.success().manifest();
        let t = &manifest["sources"]["source.pack.raw.t"];
        assert_eq!(
            (&t["schema"], &t["identifier"], &t["loader"]),
            (&json!("mine"), &json!("other"), &json!("they"))
        );
        assert_eq!(manifest["sources"]["source.pack.raw.u"]["description"], "kept");
        assert_eq!(manifest["sources"].as_object().unwrap().len(), 2);
        assert_eq!(p.value("select id from analytics.a"), "3");
    });
}

/// A table that was loaded just now, and one from a day ago.
fn two_tables(p: &Project, freshness: &str) {
    p.execute(
        "create schema raw; create table raw.fresh as select current_timestamp as seen, 1 as ok; \
         create table raw.old as select current_timestamp - interval '2 days' as seen, 1 as ok union all \
         select current_timestamp, 0",
    );
    p.file(
        "models/s.yml",
        &format!("sources: [{{name: raw, {freshness}, tables: [{{name: fresh}}, {{name: old}}]}}]"),
    );
}

fn freshness_of(p: &Project) -> Vec<(String, String)> {
    let text = p.text("target/sources.json");
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    let of = |r: &serde_json::Value| {
        (r["unique_id"].as_str().unwrap().to_string(), r["status"].as_str().unwrap().to_string())
    };
    let mut found: Vec<_> = all["results"].as_array().unwrap().iter().map(of).collect();
    found.sort();
    found
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, status)| (format!("source.shop.raw.{name}"), status.to_string())).collect()
}

#[test]
fn freshness_looks_at_a_field_with_a_filter() {
    on_adapters(|p| {
        two_tables(
            p,
            "loaded_at_field: seen, freshness: {warn_after: {count: 1, period: hour}, error_after: {count: 1, period: day}, filter: ok = 1}",
        );
        p.karat(["source", "freshness"]).exit(1);
        assert_eq!(freshness_of(p), pairs(&[("fresh", "pass"), ("old", "error")]));
        p.file("models/s.yml", &p.text("models/s.yml").replace(", filter: ok = 1", ""));
        p.karat(["source", "freshness"]).success();
        assert_eq!(freshness_of(p), pairs(&[("fresh", "pass"), ("old", "pass")]));
    });
}

#[test]
fn freshness_asks_a_query() {
    on_adapters(|p| {
        two_tables(
            p,
            "loaded_at_query: \"select min(seen) from {{ this }}\", freshness: {warn_after: {count: 1, period: hour}}",
        );
        p.karat(["source", "freshness"]).success();
        assert_eq!(freshness_of(p), pairs(&[("fresh", "pass"), ("old", "warn")]));
    });
}
