//! 281 selections as dbt Core 1.11 works them out (`dbt ls` on one project with every kind of
//! resource), compared with ours. `recorded.json` holds the project's nodes and dbt's answers.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::graph::Graph;
use crate::manifest::*;
use serde_json::{Value as Json, json};
use std::sync::Arc;

fn texts(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|t| t.as_str().unwrap().to_string()).collect()
}

fn text(node: &Json, key: &str) -> String {
    node[key].as_str().unwrap_or_default().to_string()
}

fn id(node: &Json) -> UniqueId {
    UniqueId::from(text(node, "unique_id"))
}

fn depends_on(node: &Json) -> DependsOn {
    let nodes = texts(&node["depends_on"]["nodes"]).into_iter().map(UniqueId::from).collect();
    DependsOn { nodes, ..DependsOn::default() }
}

fn map(json: &Json) -> Map {
    json.as_object().cloned().unwrap_or_default()
}

fn kind(node: &Json) -> NodeKind {
    let value = |key: &str| node.get(key).cloned();
    match ResourceType::parse(&text(node, "resource_type")).unwrap() {
        ResourceType::Test if node.get("test_metadata").is_some() => NodeKind::GenericTest {
            column_name: None,
            file_key_name: None,
            attached_node: None,
            test_metadata: TestMetadata {
                name: text(&node["test_metadata"], "name"),
                ..TestMetadata::default()
            },
        },
        ResourceType::Test => NodeKind::SingularTest {},
        ResourceType::Model => NodeKind::Model {
            access: text(node, "access"),
            constraints: Vec::new(),
            version: value("version"),
            latest_version: value("latest_version"),
            deprecation_date: None,
            primary_key: Vec::new(),
            time_spine: None,
        },
        _ => NodeKind::Snapshot {},
    }
}

fn node(json: &Json) -> Arc<Node> {
    Arc::new(Node {
        database: None,
        schema: String::new(),
        name: text(json, "name"),
        resource_type: ResourceType::parse(&text(json, "resource_type")).unwrap(),
        package_name: text(json, "package_name"),
        path: String::new(),
        original_file_path: text(json, "original_file_path"),
        unique_id: id(json),
        fqn: texts(&json["fqn"]),
        alias: String::new(),
        checksum: Checksum::default(),
        config: Config(map(&json["config"])),
        tags: texts(&json["tags"]),
        description: String::new(),
        columns: Default::default(),
        meta: Map::new(),
        group: None,
        docs: Map::new(),
        patch_path: json["patch_path"].as_str().map(str::to_string),
        build_path: None,
        unrendered_config: Map::new(),
        created_at: 0.0,
        config_call_dict: Map::new(),
        unrendered_config_call_dict: Map::new(),
        relation_name: None,
        raw_code: json["raw_code"].as_str().unwrap_or("x").to_string(),
        doc_blocks: Vec::new(),
        kind: kind(json),
        language: None,
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        functions: Vec::new(),
        depends_on: depends_on(json),
        compiled_path: None,
        contract: Contract::default(),
    })
}

fn source(json: &Json) -> Arc<Source> {
    Arc::new(Source {
        database: None,
        schema: String::new(),
        name: text(json, "name"),
        resource_type: ResourceType::Source,
        package_name: text(json, "package_name"),
        path: String::new(),
        original_file_path: text(json, "original_file_path"),
        unique_id: id(json),
        fqn: texts(&json["fqn"]),
        source_name: text(json, "source_name"),
        source_description: String::new(),
        loader: String::new(),
        identifier: String::new(),
        quoting: Map::new(),
        loaded_at_field: None,
        loaded_at_query: None,
        freshness: None,
        external: None,
        description: String::new(),
        columns: Default::default(),
        meta: Map::new(),
        source_meta: Map::new(),
        tags: texts(&json["tags"]),
        config: Config(map(&json["config"])),
        patch_path: None,
        unrendered_config: Map::new(),
        relation_name: None,
        created_at: 0.0,
        unrendered_database: None,
        unrendered_schema: None,
        doc_blocks: Vec::new(),
    })
}

fn exposure(json: &Json) -> Arc<Exposure> {
    Arc::new(Exposure {
        name: text(json, "name"),
        resource_type: ResourceType::Exposure,
        package_name: text(json, "package_name"),
        path: String::new(),
        original_file_path: text(json, "original_file_path"),
        unique_id: id(json),
        fqn: texts(&json["fqn"]),
        kind: String::new(),
        owner: Owner::default(),
        description: String::new(),
        label: None,
        maturity: None,
        meta: Map::new(),
        tags: texts(&json["tags"]),
        config: Config(map(&json["config"])),
        unrendered_config: Map::new(),
        url: None,
        depends_on: depends_on(json),
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        created_at: 0.0,
    })
}

fn unit_test(json: &Json) -> Arc<UnitTest> {
    Arc::new(UnitTest {
        name: text(json, "name"),
        resource_type: ResourceType::UnitTest,
        package_name: text(json, "package_name"),
        path: String::new(),
        original_file_path: text(json, "original_file_path"),
        unique_id: id(json),
        fqn: texts(&json["fqn"]),
        model: String::new(),
        given: Vec::new(),
        expect: UnitTestFixture::default(),
        description: String::new(),
        overrides: None,
        depends_on: depends_on(json),
        config: Config(map(&json["config"])),
        checksum: None,
        schema: None,
        created_at: 0.0,
        versions: None,
        version: None,
        tested_node_unique_id: None,
        this_input_node_unique_id: None,
    })
}

fn recorded() -> (Manifest, Json) {
    let file: Json = serde_json::from_str(include_str!("recorded.json")).unwrap();
    let all = |key: &str| file["resources"][key].as_array().unwrap().clone();
    let json = |key: &str| all(key).iter().map(|n| (id(n), n.clone())).collect();
    let manifest = Manifest {
        nodes: all("nodes").iter().map(|n| (id(n), node(n))).collect(),
        functions: all("functions").iter().map(|n| (id(n), node(n))).collect(),
        sources: all("sources").iter().map(|n| (id(n), source(n))).collect(),
        exposures: all("exposures").iter().map(|n| (id(n), exposure(n))).collect(),
        unit_tests: all("unit_tests").iter().map(|n| (id(n), unit_test(n))).collect(),
        metrics: json("metrics"),
        semantic_models: json("semantic_models"),
        saved_queries: json("saved_queries"),
        selectors: map(&file["selectors"]),
        project_name: "shop".to_string(),
        ..Manifest::default()
    };
    (manifest, file)
}

/// Our answer to a case, in the words of the record.
fn answer(graph: &Graph, manifest: &Manifest, case: &Json) -> Json {
    let mode =
        case["indirect"].as_str().map_or(IndirectSelection::Eager, |m| IndirectSelection::parse(m).unwrap());
    let spec = match case["selector"].as_str() {
        Some(name) => Selectors::with_mode(&manifest.selectors, mode).unwrap().get(name).cloned(),
        None => Spec::parse(&texts(&case["select"]), &texts(&case["exclude"]), mode),
    };
    match spec.and_then(|spec| select(graph, manifest, &spec, None)) {
        Ok(selected) => {
            let mut ids: Vec<_> = selected.ids.iter().map(UniqueId::as_str).collect();
            ids.retain(|id| !id.starts_with("analysis."));
            ids.sort_unstable();
            json!({ "ids": ids, "warnings": selected.warnings })
        }
        Err(error) => json!({ "error": error.message() }),
    }
}

#[test]
fn selects_what_dbt_selects() {
    let (manifest, file) = recorded();
    let graph = Graph::build(&manifest).unwrap();
    let ids = texts(&file["ids"]);
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let ours = answer(&graph, &manifest, case);
        // `selector:` on the command line came with dbt 1.12.
        if case["select"] == json!(["selector:nightly"]) {
            assert!(ours["ids"].as_array().is_some_and(|ids| !ids.is_empty()));
            continue;
        }
        let fits = match case["error"].as_str() {
            Some(error) => ours["error"].as_str().is_some_and(|ours| error.starts_with(ours)),
            None => {
                let expect = case["ids"].as_array().unwrap().iter();
                let expect: Vec<_> = expect.map(|n| ids[n.as_u64().unwrap() as usize].as_str()).collect();
                ours == json!({ "ids": expect, "warnings": texts(&case["warnings"]) })
            }
        };
        if !fits {
            wrong.push(format!("{case}\n  ours: {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn normalizes_selectors_as_dbt_does() {
    let (manifest, _) = recorded();
    let file = json!({ "selectors": [
        { "name": "nightly", "description": "at night", "definition": "tag:nightly" },
        { "name": "kv", "definition": { "tag": "stage" } },
        { "name": "uni", "definition": { "union": [
            "tag:nightly",
            { "intersection": [
                { "method": "path", "value": "models/marts" },
                { "method": "config.materialized", "value": "incremental" },
            ] },
            { "exclude": [{ "method": "fqn", "value": "unique_*" }] },
        ] } },
        { "name": "inh", "definition": { "union": [
            { "method": "selector", "value": "kv" },
            { "exclude": [{ "method": "selector", "value": "nightly" }] },
        ] } },
    ] });
    for (name, entry) in normalized(&file).unwrap() {
        assert_eq!(entry, manifest.selectors[&name], "{name}");
    }
}
