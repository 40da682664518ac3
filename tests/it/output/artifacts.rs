//! manifest.json and run_results.json: the keys that tools read.

use crate::harness::*;
use serde_json::Value;

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn stage(p: &Project) {
    p.file("seeds/s.csv", "id\n1\n");
    p.file("models/a.sql", "{{ config(materialized='table') }} select * from {{ ref('s') }}");
    p.file("models/p.yml", "models:\n  - name: a\n    columns: [{name: id, data_tests: [unique]}]\n");
}

#[test]
fn run_results_tell_of_every_node() {
    on_adapters(|p| {
        stage(p);
        let results = p.karat(["build"]).success().run_results();
        assert_eq!(keys(&results), ["args", "elapsed_time", "metadata", "results"]);
        assert_eq!(
            results["metadata"]["dbt_schema_version"],
            "https://schemas.getdbt.com/dbt/run-results/v6.json"
        );
        assert_eq!(results["args"]["which"], "build");
        for result in results["results"].as_array().unwrap() {
            let expect = [
                "adapter_response",
                "batch_results",
                "compiled",
                "compiled_code",
                "execution_time",
                "failures",
                "message",
                "relation_name",
                "status",
                "thread_id",
                "timing",
                "unique_id",
            ];
            assert_eq!(keys(result), expect);
            let steps: Vec<&str> =
                result["timing"].as_array().unwrap().iter().filter_map(|t| t["name"].as_str()).collect();
            assert_eq!(steps, ["compile", "execute"]);
        }
    });
}

#[test]
fn results_have_relation_message_and_code() {
    on_adapters(|p| {
        stage(p);
        let outcome = p.karat(["build"]);
        let (seed, model, test) =
            (outcome.result("seed s"), outcome.result("a"), outcome.result("test unique_a_id"));
        let relation = format!("\"{}\".\"analytics\".\"a\"", p.database);
        assert_eq!(model["relation_name"], relation.as_str());
        assert_eq!(model["compiled"], true);
        assert_eq!(model["message"], p.adapter.pick("OK", "SELECT 1"));
        assert_eq!(model["failures"], Value::Null);
        assert!(model["compiled_code"].as_str().unwrap().contains("\"analytics\".\"s\""));
        assert_eq!(seed["compiled"], Value::Null);
        assert_eq!(seed["message"], "INSERT 1");
        assert_eq!(test["failures"], 0);
        assert_eq!(test["relation_name"], Value::Null);
        assert_eq!(model["adapter_response"]["_message"], p.adapter.pick("OK", "SELECT 1"));
    });
}

#[test]
fn the_manifest_has_dbts_keys() {
    on_adapters(|p| {
        stage(p);
        let manifest = p.karat(["parse"]).success().manifest();
        let expect = [
            "child_map",
            "disabled",
            "docs",
            "exposures",
            "functions",
            "group_map",
            "groups",
            "macros",
            "metadata",
            "metrics",
            "nodes",
            "parent_map",
            "saved_queries",
            "selectors",
            "semantic_models",
            "sources",
            "unit_tests",
        ];
        assert_eq!(keys(&manifest), expect);
        assert_eq!(
            manifest["metadata"]["dbt_schema_version"],
            "https://schemas.getdbt.com/dbt/manifest/v12.json"
        );
        assert_eq!(manifest["metadata"]["project_name"], "shop");
        assert_eq!(manifest["metadata"]["adapter_type"], p.adapter.name());
        assert_eq!(manifest["child_map"]["seed.shop.s"], serde_json::json!(["model.shop.a"]));
        assert_eq!(manifest["parent_map"]["model.shop.a"], serde_json::json!(["seed.shop.s"]));
    });
}

#[test]
fn a_model_in_the_manifest_has_dbts_keys() {
    on_adapters(|p| {
        stage(p);
        let manifest = p.karat(["compile"]).success().manifest();
        let expect = [
            "access",
            "alias",
            "build_path",
            "checksum",
            "columns",
            "compiled",
            "compiled_code",
            "compiled_path",
            "config",
            "constraints",
            "contract",
            "created_at",
            "database",
            "depends_on",
            "deprecation_date",
            "description",
            "doc_blocks",
            "docs",
            "extra_ctes",
            "extra_ctes_injected",
            "fqn",
            "functions",
            "group",
            "language",
            "latest_version",
            "meta",
            "metrics",
            "name",
            "original_file_path",
            "package_name",
            "patch_path",
            "path",
            "primary_key",
            "raw_code",
            "refs",
            "relation_name",
            "resource_type",
            "schema",
            "sources",
            "tags",
            "time_spine",
            "unique_id",
            "unrendered_config",
            "version",
        ];
        let node = &manifest["nodes"]["model.shop.a"];
        assert_eq!(keys(node), expect);
        assert_eq!(node["fqn"], serde_json::json!(["shop", "a"]));
        assert_eq!(node["original_file_path"], "models/a.sql");
        assert_eq!(node["patch_path"], "shop://models/p.yml");
        assert_eq!(node["checksum"]["name"], "sha256");
        assert_eq!(node["refs"], serde_json::json!([{"name": "s", "package": null, "version": null}]));
        let id =
            manifest["nodes"].as_object().unwrap().keys().find(|id| id.starts_with("test.")).unwrap().clone();
        assert_eq!(id, "test.shop.unique_a_id.f6a5f640da");
    });
}
