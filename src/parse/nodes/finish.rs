//! What a node shows of its config and of its property file.

use super::build::word;
use super::draft::Draft;
use crate::manifest::{Config, Contract, Map, Node, NodeKind, ResourceType};
use crate::parse::json::{distinct, map, texts};
use crate::parse::stage::Stage;
use crate::relation::{Policy, Relation};
use serde_json::Value as Json;
use std::sync::Arc;

/// Puts config and patch into the node.
pub(super) fn finish(node: &mut Node, draft: &Draft, mut config: Arc<Map>) {
    let patch = draft.patch.as_deref();
    let patched = texts(patch.and_then(|patch| patch.config.get("tags")));
    let tags = texts(config.get("tags"));
    let called = texts(node.config_call_dict.get("tags")).len();
    node.tags = distinct([draft.tags.clone(), without(&tags, &patched, called), tags].concat());
    node.meta = map(&config, "meta");
    node.group = word(&config, "group").map(str::to_string);
    node.docs = map(&config, "docs");
    if node.docs.is_empty() {
        node.docs =
            serde_json::from_value(serde_json::json!({"show": true, "node_color": null})).unwrap_or_default();
    }
    let mut contract = map(&config, "contract");
    // Other keys are slips of the pen: dbt drops them.
    let written = contract.len();
    contract.retain(|key, _| matches!(key.as_str(), "enforced" | "alias_types" | "checksum"));
    if contract.len() < written {
        Arc::make_mut(&mut config).insert("contract".to_string(), Json::Object(contract.clone()));
    }
    let flag = |key: &str, usual: bool| contract.get(key).and_then(Json::as_bool).unwrap_or(usual);
    node.contract = Contract {
        enforced: flag("enforced", false),
        alias_types: flag("alias_types", true),
        checksum: None,
    };
    if let NodeKind::Model { access, constraints, .. } = &mut node.kind {
        *access = word(&config, "access").unwrap_or("protected").to_string();
        *constraints = patch.map(|patch| patch.constraints.clone()).unwrap_or_default();
    }
    node.config = Config(config);
    if let Some(patch) = patch {
        node.description = patch.description.clone();
        node.doc_blocks = patch.doc_blocks.clone();
        node.columns = patch.columns.clone();
        node.patch_path = Some(patch.file.id());
    }
}

/// The tags before a property file spoke: those without its own, which stand before those of `config` calls.
fn without(tags: &[String], patched: &[String], called: usize) -> Vec<String> {
    let last = tags.len().saturating_sub(called + patched.len());
    let start = (0..=last).rev().find(|start| tags[*start..].starts_with(patched)).unwrap_or(tags.len());
    let after = tags.get(start + patched.len()..).unwrap_or_default();
    [&tags[..start], after].concat()
}

/// The quoted name of a node's relation; none where it has no relation.
pub(in crate::parse) fn relation_name(stage: &Stage<'_>, node: &Node) -> Option<String> {
    let stores = || {
        let asked = node.config.bool("store_failures", false);
        asked || stage.session.flags.store_failures.unwrap_or(false)
    };
    let has_one = match node.resource_type {
        ResourceType::Test => stores(),
        _ => node.is_relational(),
    };
    has_one.then(|| full_name((node.database.as_deref(), &node.schema, &node.alias), stage.session.quoting))
}

/// `"database"."schema"."name"`.
pub(in crate::parse) fn full_name(
    (database, schema, name): (Option<&str>, &str, &str),
    quoting: Policy,
) -> String {
    let mut relation = Relation::new(database, Some(schema), Some(name));
    relation.quoting = quoting;
    relation.name()
}
