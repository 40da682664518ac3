//! The primary key of a model, by its constraints or else by its tests.

use crate::manifest::{Manifest, Node, NodeKind, TestMetadata, UniqueId};
use crate::parse::json::texts;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A test of a model: what it is, and is it switched on?
struct Tested {
    metadata: TestMetadata,
    enabled: bool,
}

/// Gives every model its primary key.
pub(super) fn infer(manifest: &mut Manifest) {
    let tests = tests(manifest);
    let of_model = |node: &&mut Arc<Node>| matches!(node.kind, NodeKind::Model { .. });
    for node in manifest.nodes.values_mut().filter(of_model) {
        let key = key(node, tests.get(&node.unique_id).map_or(&[][..], Vec::as_slice));
        if !key.is_empty()
            && let NodeKind::Model { primary_key, .. } = &mut Arc::make_mut(node).kind
        {
            *primary_key = key;
        }
    }
}

fn tests(manifest: &Manifest) -> HashMap<UniqueId, Vec<Tested>> {
    let mut tests: HashMap<UniqueId, Vec<Tested>> = HashMap::new();
    for node in manifest.nodes.values() {
        if let NodeKind::GenericTest { attached_node: Some(id), test_metadata, .. } = &node.kind {
            let tested = Tested { metadata: test_metadata.clone(), enabled: node.config.enabled() };
            tests.entry(id.clone()).or_default().push(tested);
        }
    }
    for json in manifest.disabled.values().flatten() {
        let metadata = json.get("test_metadata").and_then(|m| serde_json::from_value(m.clone()).ok());
        let id = json.get("attached_node").and_then(Json::as_str);
        if let (Some(metadata), Some(id)) = (metadata, id) {
            tests.entry(UniqueId::from(id)).or_default().push(Tested { metadata, enabled: false });
        }
    }
    tests
}

fn key(node: &Node, tests: &[Tested]) -> Vec<String> {
    let is_key = |kind: &str| kind == "primary_key";
    if let NodeKind::Model { constraints, .. } = &node.kind
        && let Some(constraint) = constraints.iter().find(|constraint| is_key(&constraint.kind))
    {
        let mut columns = constraint.columns.clone().unwrap_or_default();
        columns.sort();
        return columns;
    }
    let declared = node.columns.values().find(|column| column.constraints.iter().any(|c| is_key(&c.kind)));
    declared.map_or_else(|| by_tests(tests), |column| vec![column.name.clone()])
}

fn by_tests(tests: &[Tested]) -> Vec<String> {
    let (mut on, mut off, mut filled) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for test in tests {
        let kwargs = &test.metadata.kwargs;
        let columns = match kwargs.get("column_name") {
            Some(Json::String(column)) => vec![column.clone()],
            _ => kwargs
                .get("combination_of_columns")
                .filter(|c| c.is_array())
                .map_or(Vec::new(), |c| texts(Some(c))),
        };
        match test.metadata.name.as_str() {
            "unique" | "unique_combination_of_columns" if test.enabled => on.extend(columns),
            "unique" | "unique_combination_of_columns" => off.extend(columns),
            "not_null" => filled.extend(columns),
            _ => {}
        }
    }
    let both: BTreeSet<String> =
        filled.into_iter().filter(|column| on.contains(column) || off.contains(column)).collect();
    [both, on, off].into_iter().find(|set| !set.is_empty()).unwrap_or_default().into_iter().collect()
}
