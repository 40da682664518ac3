//! One face for everything that can be selected, whatever its kind.

use crate::manifest::{Exposure, Manifest, Node, ResourceType, Source, UniqueId, UnitTest};
use serde_json::Value as Json;
use std::borrow::Cow;

/// A resource of the graph.
#[derive(Clone, Copy)]
pub(super) enum Member<'a> {
    Node(&'a Node),
    Function(&'a Node),
    Source(&'a Source),
    Exposure(&'a Exposure),
    UnitTest(&'a UnitTest),
    Json(ResourceType, &'a Json),
}

impl<'a> Member<'a> {
    pub(super) fn find(manifest: &'a Manifest, id: &UniqueId) -> Option<Member<'a>> {
        let json = |kind: ResourceType, of: Option<&'a Json>| of.map(|json| Member::Json(kind, json));
        let node = manifest.nodes.get(id).map(|node| Member::Node(node));
        node.or_else(|| manifest.sources.get(id).map(|source| Member::Source(source)))
            .or_else(|| manifest.exposures.get(id).map(|exposure| Member::Exposure(exposure)))
            .or_else(|| manifest.unit_tests.get(id).map(|test| Member::UnitTest(test)))
            .or_else(|| manifest.functions.get(id).map(|node| Member::Function(node)))
            .or_else(|| json(ResourceType::Metric, manifest.metrics.get(id)))
            .or_else(|| json(ResourceType::SemanticModel, manifest.semantic_models.get(id)))
            .or_else(|| json(ResourceType::SavedQuery, manifest.saved_queries.get(id)))
    }

    pub(super) fn kind(self) -> ResourceType {
        match self {
            Member::Node(node) => node.resource_type,
            Member::Function(_) => ResourceType::Function,
            Member::Source(_) => ResourceType::Source,
            Member::Exposure(_) => ResourceType::Exposure,
            Member::UnitTest(_) => ResourceType::UnitTest,
            Member::Json(kind, _) => kind,
        }
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Member::Node(node) | Member::Function(node) => &node.name,
            Member::Source(source) => &source.name,
            Member::Exposure(exposure) => &exposure.name,
            Member::UnitTest(test) => &test.name,
            Member::Json(_, json) => text(json, "name"),
        }
    }

    pub(super) fn package(self) -> &'a str {
        match self {
            Member::Node(node) | Member::Function(node) => &node.package_name,
            Member::Source(source) => &source.package_name,
            Member::Exposure(exposure) => &exposure.package_name,
            Member::UnitTest(test) => &test.package_name,
            Member::Json(_, json) => text(json, "package_name"),
        }
    }

    pub(super) fn file(self) -> &'a str {
        match self {
            Member::Node(node) | Member::Function(node) => &node.original_file_path,
            Member::Source(source) => &source.original_file_path,
            Member::Exposure(exposure) => &exposure.original_file_path,
            Member::UnitTest(test) => &test.original_file_path,
            Member::Json(_, json) => text(json, "original_file_path"),
        }
    }

    /// The property file: (package, path).
    pub(super) fn patch(self) -> Option<(&'a str, &'a str)> {
        match self {
            Member::Node(node) | Member::Function(node) => node.patch_path.as_deref()?.split_once("://"),
            _ => None,
        }
    }

    pub(super) fn fqn(self) -> Cow<'a, [String]> {
        match self {
            Member::Node(node) | Member::Function(node) => Cow::Borrowed(&node.fqn),
            Member::Source(source) => Cow::Borrowed(&source.fqn),
            Member::Exposure(exposure) => Cow::Borrowed(&exposure.fqn),
            Member::UnitTest(test) => Cow::Borrowed(&test.fqn),
            Member::Json(_, json) => Cow::Owned(texts(json, "fqn")),
        }
    }

    pub(super) fn tags(self) -> Cow<'a, [String]> {
        match self {
            Member::Node(node) | Member::Function(node) => Cow::Borrowed(&node.tags),
            Member::Source(source) => Cow::Borrowed(&source.tags),
            Member::Exposure(exposure) => Cow::Borrowed(&exposure.tags),
            Member::UnitTest(test) => Cow::Owned(test.config.tags()),
            Member::Json(_, json) => Cow::Owned(texts(json, "tags")),
        }
    }

    /// The group, for what can stand in one: nodes and metrics.
    pub(super) fn group(self) -> Option<&'a str> {
        match self {
            Member::Node(node) => node.config.str("group").or(node.group.as_deref()),
            Member::Json(ResourceType::Metric, json) => json.pointer("/config/group")?.as_str(),
            _ => None,
        }
    }

    /// What `depends_on` names, for what can come along as a test.
    pub(super) fn test_parents(self) -> Option<&'a [UniqueId]> {
        match self {
            Member::Node(node) if node.is_test() => Some(&node.depends_on.nodes),
            Member::UnitTest(test) => Some(&test.depends_on.nodes),
            _ => None,
        }
    }
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn texts(json: &Json, key: &str) -> Vec<String> {
    let list = json.get(key).and_then(Json::as_array).into_iter().flatten();
    list.filter_map(Json::as_str).map(str::to_string).collect()
}
