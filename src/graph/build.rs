//! From a manifest to a graph: nodes, edges, and a numbering that keeps the order.

use super::cycles::refuse_cycles;
use super::net::{Edge, Graph};
use crate::error::Result;
use crate::manifest::{Manifest, UniqueId};
use petgraph::graph::{DiGraph, NodeIndex};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

impl Graph {
    /// The graph of what reads what. Edges to ids that the manifest does not hold are left out.
    ///
    /// # Errors
    /// Every cycle, with the files that it leads through.
    pub fn build(manifest: &Manifest) -> Result<Graph> {
        let mut edges = Vec::new();
        for id in manifest.ids() {
            let parents = manifest.parents(id);
            edges.extend(parents.into_iter().map(|parent| (parent, id.clone(), Edge::Reads)));
        }
        let graph = Graph::assemble(manifest.ids().cloned().collect(), edges);
        refuse_cycles(&graph, manifest)?;
        Ok(graph.renumbered())
    }

    /// The graph of `build`, in which the tests of a node go before what reads the node, and the
    /// unit tests of a model before the model.
    ///
    /// # Errors
    /// As [`Graph::build`].
    pub fn for_build(manifest: &Manifest) -> Result<Graph> {
        let mut graph = Graph::build(manifest)?;
        graph.gate_children(manifest);
        graph.unit_tests_first(manifest);
        Ok(graph.renumbered())
    }

    /// A graph of ids and edges; edges from or to strangers, and repeated ones, are dropped.
    pub(super) fn assemble(ids: Vec<UniqueId>, edges: Vec<(UniqueId, UniqueId, Edge)>) -> Graph {
        let mut net = DiGraph::with_capacity(ids.len(), edges.len());
        let index: HashMap<_, _> = ids.into_iter().map(|id| (id.clone(), net.add_node(id))).collect();
        let mut seen = HashSet::with_capacity(edges.len());
        for (parent, child, kind) in edges {
            if let (Some(&from), Some(&to)) = (index.get(&parent), index.get(&child))
                && seen.insert((from, to))
            {
                net.add_edge(from, to, kind);
            }
        }
        Graph { net, index }
    }

    /// The same graph, numbered parents first and by id among equals.
    pub(super) fn renumbered(self) -> Graph {
        let order = self.topological();
        let ids = order.iter().map(|n| self.net[*n].clone()).collect();
        let edge = |e: petgraph::graph::EdgeReference<'_, Edge>| {
            use petgraph::visit::EdgeRef;
            (self.net[e.source()].clone(), self.net[e.target()].clone(), *e.weight())
        };
        Graph::assemble(ids, self.net.edge_references().map(edge).collect())
    }

    fn topological(&self) -> Vec<NodeIndex> {
        use petgraph::Direction::{Incoming, Outgoing};
        let mut open: Vec<usize> = self.net.node_indices().map(|n| self.order(n, Incoming).count()).collect();
        let entry = |n: NodeIndex| Reverse((self.net[n].clone(), n));
        let free = self.net.node_indices().filter(|n| open[n.index()] == 0);
        let mut ready: BinaryHeap<_> = free.map(entry).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse((_, at))) = ready.pop() {
            order.push(at);
            for child in self.order(at, Outgoing) {
                open[child.index()] -= 1;
                if open[child.index()] == 0 {
                    ready.push(entry(child));
                }
            }
        }
        order
    }
}
