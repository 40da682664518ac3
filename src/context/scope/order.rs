//! What of the warehouse this run builds anew, and when: asked before a relation is replaced under others.

use super::{Run, Scope};
use crate::manifest::{ResourceType, UniqueId};
use std::collections::{HashMap, HashSet};

/// The selected nodes by schema and name of their relations.
pub(super) type Rebuilt = HashMap<(String, String), Vec<UniqueId>>;

impl Run {
    fn rebuilt(&self) -> &Rebuilt {
        self.rebuilt.get_or_init(|| {
            let mut rebuilt = Rebuilt::new();
            for node in self.selected.iter().filter_map(|id| self.manifest.nodes.get(id)) {
                if matches!(node.resource_type, ResourceType::Model | ResourceType::Snapshot) {
                    let place = (node.schema.clone(), node.alias.clone());
                    rebuilt.entry(place).or_default().push(node.unique_id.clone());
                }
            }
            rebuilt
        })
    }

    /// Does any path of the graph lead from the earlier node to the later one?
    fn comes_after(&self, later: &UniqueId, earlier: &UniqueId) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![later.clone()];
        while let Some(id) = open.pop() {
            for parent in self.manifest.parents(&id) {
                if parent == *earlier {
                    return true;
                }
                if seen.insert(parent.clone()) {
                    open.push(parent);
                }
            }
        }
        false
    }
}

impl Scope {
    /// Is the relation of this schema and name built by this run after the current node?
    pub fn is_built_later(&self, schema: &str, identifier: &str) -> bool {
        let Some(node) = self.node() else { return false };
        let found = self.run.rebuilt().get(&(schema.to_string(), identifier.to_string()));
        found.into_iter().flatten().any(|id| self.run.comes_after(id, &node.unique_id))
    }
}
