//! What karat knows of a project once it is parsed: plain data, with dbt's field names, frozen.
//!
//! [`Manifest`] holds everything; [`Node`] is one struct for models, seeds, tests, snapshots, analyses
//! and operations, told apart by [`NodeKind`]. Nothing here knows a file, a database or a template.

mod batch;
mod column;
mod config;
mod documents;
mod ids;
mod lookup;
mod node;
pub mod packed;
mod result;
#[cfg(test)]
pub(crate) mod sample;
mod source;
mod unit_test;

pub use batch::Batch;
pub use column::{ColumnInfo, Constraint};
pub use config::Config;
pub use documents::{Doc, Exposure, Group, MacroArgument, MacroNode, Owner};
pub use ids::{ResourceType, UniqueId};
pub use lookup::{Asking, Found, RefIndex, version_text};
pub use node::{Checksum, Contract, DependsOn, Node, NodeKind, RefArgs, TestMetadata};
pub use result::{NodeStatus, RunResult, Timing};
pub use source::{FreshnessThreshold, Source};
pub use unit_test::{UnitTest, UnitTestFixture};

use crate::error::Error;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// A JSON object; keeps its order.
pub type Map = serde_json::Map<String, Json>;

/// A parsed project with its packages. Built once by `parse`, never changed afterwards.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Enabled models, seeds, tests, snapshots, analyses, operations.
    pub nodes: IndexMap<UniqueId, Arc<Node>>,
    /// Enabled sources: one for each table.
    pub sources: IndexMap<UniqueId, Arc<Source>>,
    /// Macros, built-in ones too.
    pub macros: IndexMap<UniqueId, Arc<MacroNode>>,
    /// Docs blocks.
    pub docs: IndexMap<UniqueId, Arc<Doc>>,
    /// Enabled exposures.
    pub exposures: IndexMap<UniqueId, Arc<Exposure>>,
    /// Groups.
    pub groups: IndexMap<UniqueId, Arc<Group>>,
    /// Enabled unit tests.
    pub unit_tests: IndexMap<UniqueId, Arc<UnitTest>>,
    /// Metrics, as dbt's JSON.
    pub metrics: IndexMap<UniqueId, Json>,
    /// Semantic models, as dbt's JSON.
    pub semantic_models: IndexMap<UniqueId, Json>,
    /// Saved queries, as dbt's JSON.
    pub saved_queries: IndexMap<UniqueId, Json>,
    /// Functions (UDFs).
    pub functions: IndexMap<UniqueId, Arc<Node>>,
    /// The selectors of selectors.yml, as written.
    pub selectors: Map,
    /// What is switched off: nodes of any kind, by id.
    pub disabled: IndexMap<UniqueId, Vec<Json>>,
    /// Disabled nodes and sources as `ref` and `source` need to know them: (package, name).
    pub disabled_names: HashMap<(String, String), UniqueId>,
    /// Nodes that call a macro which is not there, with the fault: told before such a node runs.
    pub unknown: HashMap<UniqueId, Error>,
    /// Name of the root project.
    pub project_name: String,
    /// Type of the adapter: `postgres`, `duckdb`.
    pub adapter_type: String,
    /// Default quoting of the project, for the metadata.
    pub quoting: Map,
}

impl Manifest {
    /// A node or function by id.
    pub fn node(&self, id: &UniqueId) -> Option<&Arc<Node>> {
        self.nodes.get(id).or_else(|| self.functions.get(id))
    }

    /// What a run can take up: a node, a function, or a unit test made a node.
    pub fn runnable(&self, id: &UniqueId) -> Option<Arc<Node>> {
        if let Some(node) = self.node(id) {
            return Some(node.clone());
        }
        let test = self.unit_tests.get(id)?;
        let tested = self.nodes.get(test.depends_on.nodes.first()?)?;
        Some(Arc::new(test.node(tested)))
    }

    /// The group of a node; a test belongs to that of the node it tests (dbt's rule).
    pub fn group_of(&self, node: &Node) -> Option<&Group> {
        let tested = node.attached_node().and_then(|id| self.node(id));
        let name = tested.map_or(node, |tested| tested).group.as_deref()?;
        self.groups.values().find(|group| group.name == name).map(Arc::as_ref)
    }

    /// What an id depends on, whatever kind it is of; empty for ids that depend on nothing.
    pub fn parents(&self, id: &UniqueId) -> Vec<UniqueId> {
        if let Some(node) = self.node(id) {
            return node.depends_on.nodes.clone();
        }
        if let Some(exposure) = self.exposures.get(id) {
            return exposure.depends_on.nodes.clone();
        }
        if let Some(test) = self.unit_tests.get(id) {
            return test.depends_on.nodes.clone();
        }
        let json = [&self.metrics, &self.semantic_models, &self.saved_queries];
        json.into_iter().find_map(|of| of.get(id)).map(parents_in_json).unwrap_or_default()
    }

    /// Every id that stands in the graph.
    pub fn ids(&self) -> impl Iterator<Item = &UniqueId> {
        let typed = self.nodes.keys().chain(self.functions.keys()).chain(self.sources.keys());
        let typed = typed.chain(self.exposures.keys()).chain(self.unit_tests.keys());
        typed.chain(self.metrics.keys()).chain(self.semantic_models.keys()).chain(self.saved_queries.keys())
    }
}

fn parents_in_json(node: &Json) -> Vec<UniqueId> {
    let nodes = node.pointer("/depends_on/nodes").and_then(Json::as_array);
    nodes.into_iter().flatten().filter_map(Json::as_str).map(UniqueId::from).collect()
}
