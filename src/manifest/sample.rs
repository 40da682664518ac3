//! Manifests for tests: from JSON nodes, or from a drawing of edges.
#![allow(clippy::unwrap_used)]

use super::*;
use serde_json::json;

/// A manifest of ids with their parents: `model.p.b: model.p.a source.p.s.t`, one a line.
pub(crate) fn drawn(lines: &str) -> Manifest {
    let mut manifest = Manifest { project_name: "p".into(), ..Manifest::default() };
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (id, parents) = line.split_once(':').unwrap();
        let parents: Vec<&str> = parents.split_whitespace().collect();
        let kind = id.split('.').next().unwrap();
        let name = id.rsplit('.').next().unwrap();
        let json = json!({
            "unique_id": id, "name": name, "resource_type": kind, "package_name": "p",
            "original_file_path": format!("models/{name}.sql"), "fqn": ["p", name],
            "depends_on": { "nodes": parents },
        });
        let id = UniqueId::from(id);
        match kind {
            "source" => drop(manifest.sources.insert(id, source(&json))),
            "unit_test" => drop(manifest.unit_tests.insert(id, unit_test(&json))),
            _ => drop(manifest.nodes.insert(id, node(&json))),
        }
    }
    manifest
}

pub(crate) fn texts(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|t| t.as_str().unwrap().to_string()).collect()
}

fn text(node: &Json, key: &str) -> String {
    node[key].as_str().unwrap_or_default().to_string()
}

pub(crate) fn id(node: &Json) -> UniqueId {
    UniqueId::from(text(node, "unique_id"))
}

fn depends_on(node: &Json) -> DependsOn {
    let nodes = texts(&node["depends_on"]["nodes"]).into_iter().map(UniqueId::from).collect();
    DependsOn { nodes, ..DependsOn::default() }
}

pub(crate) fn map(json: &Json) -> Map {
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

pub(crate) fn node(json: &Json) -> Arc<Node> {
    let resource_type = ResourceType::parse(&text(json, "resource_type")).unwrap();
    let package = text(json, "package_name");
    Arc::new(Node {
        original_file_path: text(json, "original_file_path"),
        fqn: texts(&json["fqn"]),
        alias: String::new(),
        config: map(&json["config"]).into(),
        tags: texts(&json["tags"]),
        patch_path: json["patch_path"].as_str().map(str::to_string),
        raw_code: json["raw_code"].as_str().unwrap_or("x").to_string(),
        depends_on: depends_on(json),
        ..Node::blank(&package, text(json, "name"), id(json), (resource_type, kind(json)))
    })
}

pub(crate) fn source(json: &Json) -> Arc<Source> {
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
        config: map(&json["config"]).into(),
        patch_path: None,
        unrendered_config: Map::new(),
        relation_name: None,
        created_at: 0.0,
        unrendered_database: None,
        unrendered_schema: None,
        doc_blocks: Vec::new(),
    })
}

pub(crate) fn exposure(json: &Json) -> Arc<Exposure> {
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
        config: map(&json["config"]).into(),
        unrendered_config: Map::new(),
        url: None,
        depends_on: depends_on(json),
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        created_at: 0.0,
    })
}

pub(crate) fn unit_test(json: &Json) -> Arc<UnitTest> {
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
        config: map(&json["config"]).into(),
        checksum: None,
        schema: None,
        created_at: 0.0,
        versions: None,
        version: None,
        tested_node_unique_id: None,
        this_input_node_unique_id: None,
    })
}
