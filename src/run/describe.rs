//! How nodes are told of: `sql table model main.x`, `seed file main.y`, `test not_null_x`.

use super::microbatch::is_batched;
use super::{Job, NodeOutcome};
use crate::event::{NodeInfo, NodeRelation};
use crate::manifest::{Exposure, Group, Manifest, Node, ResourceType, UniqueId};
use crate::relation::Policy;
use chrono::Utc;
use std::sync::Arc;

/// The node as events show it.
pub fn node_info(node: &Node, started: bool) -> NodeInfo {
    NodeInfo { started_at: started.then(Utc::now), ..NodeInfo::of(node) }
}

/// The node as the events of its own run show it: with its group.
pub fn running_info(manifest: &Manifest, node: &Node) -> NodeInfo {
    NodeInfo { group: manifest.group_of(node).map(Group::told), ..node_info(node, true) }
}

/// An exposure as events show it.
pub fn exposure_info(exposure: &Exposure) -> NodeInfo {
    NodeInfo {
        unique_id: exposure.unique_id.clone(),
        name: exposure.name.clone(),
        resource_type: ResourceType::Exposure,
        materialized: String::new(),
        path: exposure.original_file_path.clone(),
        node_path: exposure.path.clone(),
        checksum: String::new(),
        store_failures: false,
        relation: NodeRelation::default(),
        meta: exposure.meta.clone(),
        group: None,
        attached_node: None,
        started_at: None,
    }
}

/// The words of dbt's lines for a node.
pub fn description(job: &Job, node: &Arc<Node>) -> String {
    let relation = || relation_name(job, node);
    match node.resource_type {
        ResourceType::Seed => format!("seed file {}", relation()),
        ResourceType::Snapshot => format!("snapshot {}", relation()),
        ResourceType::Test => format!("test {}", node.name),
        ResourceType::UnitTest => {
            let test = job.run.manifest.unit_tests.get(&node.unique_id);
            format!("unit_test {}::{}", test.map_or("", |test| &test.model), node.name)
        }
        ResourceType::Model => {
            let language = node.language.as_deref().unwrap_or("sql");
            let kind = if is_batched(&job.run, node) { "microbatch" } else { node.config.materialized() };
            format!("{language} {kind} model {}", relation())
        }
        ResourceType::Function => format!("function {}", relation()),
        kind => format!("{kind} {}", node.name),
    }
}

/// The relation of a node as lines show it: bare, without the database where that is the target's own.
pub fn relation_name(job: &Job, node: &Node) -> String {
    let mut relation = job.run.relation_of(node);
    relation.kind = None;
    relation.quoting = Policy { database: false, schema: false, identifier: false };
    let own = job.run.session.database();
    relation.include.database = relation.database.as_deref() != Some(own);
    relation.name()
}

/// The selected nodes that have lines of their own: all but ephemeral models.
pub fn shown(job: &Job) -> impl Iterator<Item = &UniqueId> {
    let manifest = &job.run.manifest;
    let is_shown = |id: &&UniqueId| {
        manifest.unit_tests.contains_key(*id)
            || manifest.exposures.contains_key(*id)
            || manifest.node(id).is_some_and(|node| !node.is_ephemeral())
    };
    job.graph.ids().filter(is_shown)
}

/// What `Finished running ...` counts, in the order of first appearance.
pub fn counts(outcomes: &[NodeOutcome], manifest: &Manifest) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for outcome in outcomes {
        let word = word(&outcome.info, manifest.node(&outcome.info.unique_id));
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, n)) => *n += 1,
            None => counts.push((word, 1)),
        }
    }
    counts
}

fn word(info: &NodeInfo, node: Option<&Arc<Node>>) -> String {
    match info.resource_type {
        ResourceType::Model => {
            let materialized = node.map_or(info.materialized.as_str(), |node| node.config.materialized());
            format!("{} model", materialized.replace('_', " "))
        }
        ResourceType::Test => "data test".to_string(),
        ResourceType::Operation => "project hook".to_string(),
        kind => kind.as_str().replace('_', " "),
    }
}
