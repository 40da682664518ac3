//! graph_summary.json: names, kinds and edges of the graph, by number.

use super::session::Opened;
use crate::artifacts::write_json;
use crate::error::Result;
use crate::graph::Graph;
use crate::manifest::UniqueId;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;

impl Opened {
    /// Writes graph_summary.json. `gates` is the graph of `build`, where tests stand before the readers of
    /// their models.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write_graph_summary(&self, gates: Option<&Graph>) -> Result<()> {
        if !self.session.flags.write_json {
            return Ok(());
        }
        let ids: Vec<&UniqueId> = self.manifest.ids().collect();
        let mut children: HashMap<UniqueId, Vec<&UniqueId>> = HashMap::with_capacity(ids.len());
        for id in &ids {
            self.manifest
                .parents(id)
                .into_iter()
                .for_each(|parent| children.entry(parent).or_default().push(id));
        }
        let mut summary = json!({
            "_invocation_id": self.session.invocation.id,
            "linked": numbered(&ids, |id| children.get(id).cloned().unwrap_or_default()),
        });
        if let Some(graph) = gates {
            summary["with_test_edges"] = numbered(&ids, |id| graph.children(id));
        }
        write_json(&self.session.target_path.join("graph_summary.json"), &summary)
    }
}

fn numbered<'a>(ids: &[&'a UniqueId], children: impl Fn(&UniqueId) -> Vec<&'a UniqueId>) -> Json {
    let numbers: HashMap<&UniqueId, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let entry = |id: &UniqueId| {
        let mut entry = json!({"name": id, "type": id.resource_type().map(|kind| kind.as_str())});
        let after: Vec<usize> = children(id).into_iter().filter_map(|id| numbers.get(id).copied()).collect();
        if !after.is_empty() {
            entry["succ"] = json!(after);
        }
        entry
    };
    let all = ids.iter().enumerate().map(|(n, id)| (n.to_string(), entry(id)));
    Json::Object(all.collect::<Map<_, _>>())
}
