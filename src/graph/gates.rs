//! What `build` adds to the order: bad data must not be passed on, so children wait for tests.
//!
//! dbt's rule (`Linker.add_test_edges` in compilation.py): a node that is not a test waits for every
//! test all of whose parents are among its ancestors. Only the first nodes downstream get an edge;
//! those behind them wait through them.

use super::net::{Edge, Graph};
use crate::manifest::{Manifest, ResourceType, UniqueId};
use fixedbitset::FixedBitSet;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;
use std::collections::{HashMap, HashSet};

impl Graph {
    /// Lets what reads a tested node wait for the tests.
    pub(super) fn gate_children(&mut self, manifest: &Manifest) {
        let gated = |n: &NodeIndex| manifest.nodes.get(&self.net[*n]).is_some_and(|node| !node.is_test());
        let gated: HashSet<NodeIndex> = self.net.node_indices().filter(gated).collect();
        let mut below: HashMap<NodeIndex, FixedBitSet> = HashMap::new();
        let mut edges = Vec::new();
        for (test, parents) in self.tests(manifest) {
            if let [parent] = parents[..] {
                edges.extend(self.first_below(parent, &gated).into_iter().map(|n| (test, n)));
                continue;
            }
            for parent in &parents {
                below.entry(*parent).or_insert_with(|| self.all_below(*parent));
            }
            edges.extend(self.first_common(&parents, &below, &gated).into_iter().map(|n| (test, n)));
        }
        for (test, node) in edges {
            self.net.update_edge(test, node, Edge::Waits);
        }
    }

    /// Puts unit tests before their model and behind all that the model waits for.
    pub(super) fn unit_tests_first(&mut self, manifest: &Manifest) {
        for (id, unit_test) in &manifest.unit_tests {
            let model = unit_test.depends_on.nodes.first().and_then(|model| self.index.get(model));
            let (Some(&test), Some(&model)) = (self.index.get(id), model) else { continue };
            let before: Vec<_> = self.order(model, Incoming).filter(|n| !self.is_unit_test(*n)).collect();
            for parent in before {
                self.net.update_edge(parent, test, Edge::Waits);
            }
            self.net.update_edge(model, test, Edge::Covers);
            self.net.update_edge(test, model, Edge::Waits);
        }
    }

    fn is_unit_test(&self, at: NodeIndex) -> bool {
        self.net[at].resource_type() == Some(ResourceType::UnitTest)
    }

    /// Data tests with what they read, each parent once.
    fn tests(&self, manifest: &Manifest) -> Vec<(NodeIndex, Vec<NodeIndex>)> {
        let index = |id: &UniqueId| self.index.get(id).copied();
        let tests = manifest.nodes.iter().filter(|(_, node)| node.is_test());
        let with_parents = tests.filter_map(|(id, node)| {
            let mut parents: Vec<_> = node.depends_on.nodes.iter().filter_map(index).collect();
            parents.sort_unstable();
            parents.dedup();
            Some((index(id)?, parents)).filter(|(_, parents)| !parents.is_empty())
        });
        with_parents.collect()
    }

    /// The nearest nodes below one, on every way down.
    fn first_below(&self, from: NodeIndex, wanted: &HashSet<NodeIndex>) -> Vec<NodeIndex> {
        let (mut seen, mut found, mut todo) = (self.no_ids(), Vec::new(), vec![from]);
        while let Some(at) = todo.pop() {
            for to in self.walked(at, Outgoing) {
                if seen.put(to.index()) {
                    continue;
                }
                if wanted.contains(&to) { found.push(to) } else { todo.push(to) }
            }
        }
        found
    }

    fn all_below(&self, from: NodeIndex) -> FixedBitSet {
        let mut start = self.no_ids();
        start.insert(from.index());
        self.relatives(&start, Outgoing, None)
    }

    /// Wanted nodes below all of `parents` that have no such node right above them.
    fn first_common(
        &self,
        parents: &[NodeIndex],
        below: &HashMap<NodeIndex, FixedBitSet>,
        wanted: &HashSet<NodeIndex>,
    ) -> Vec<NodeIndex> {
        let mut sets = parents.iter().filter_map(|parent| below.get(parent));
        let Some(mut common) = sets.next().cloned() else { return Vec::new() };
        sets.for_each(|set| common.intersect_with(set));
        let nodes = common.ones().map(NodeIndex::new).filter(|n| wanted.contains(n));
        let covered = |n: NodeIndex| common.contains(n.index()) && wanted.contains(&n);
        nodes.filter(|n| !self.walked(*n, Incoming).any(covered)).collect()
    }
}
