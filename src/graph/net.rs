//! The graph itself: ids, edges, and the order they give.

use crate::manifest::UniqueId;
use fixedbitset::FixedBitSet;
use indexmap::IndexSet;
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::HashMap;

/// What an edge means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// The child reads the parent: gives order, and `+` walks along it.
    Reads,
    /// The child waits for the parent, but does not read it (tests of what it reads): order only.
    Waits,
    /// A unit test of a model, in the graph of a build, where it goes before the model: `+` only.
    Covers,
}

impl Edge {
    fn orders(self) -> bool {
        self != Edge::Covers
    }

    fn walked(self) -> bool {
        self != Edge::Waits
    }
}

/// A project's dependencies. Acyclic; its ids are numbered in a topological order, ties by id.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub(super) net: DiGraph<UniqueId, Edge>,
    pub(super) index: HashMap<UniqueId, NodeIndex>,
}

impl Graph {
    /// How many ids stand in it.
    pub fn len(&self) -> usize {
        self.net.node_count()
    }

    /// Is nothing in it?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does an id stand in it?
    pub fn contains(&self, id: &UniqueId) -> bool {
        self.index.contains_key(id)
    }

    /// Every id, parents before children.
    pub fn ids(&self) -> impl Iterator<Item = &UniqueId> {
        self.net.node_weights()
    }

    /// What an id waits for directly.
    pub fn parents(&self, id: &UniqueId) -> Vec<&UniqueId> {
        self.ordered(id, Direction::Incoming)
    }

    /// What waits for an id directly.
    pub fn children(&self, id: &UniqueId) -> Vec<&UniqueId> {
        self.ordered(id, Direction::Outgoing)
    }

    /// What an id reads, up to `depth` steps away (`None`: all the way); without the id itself.
    pub fn ancestors(&self, id: &UniqueId, depth: Option<usize>) -> IndexSet<UniqueId> {
        self.walk_ids(id, Direction::Incoming, depth)
    }

    /// What reads an id, up to `depth` steps away (`None`: all the way); without the id itself.
    pub fn descendants(&self, id: &UniqueId, depth: Option<usize>) -> IndexSet<UniqueId> {
        self.walk_ids(id, Direction::Outgoing, depth)
    }

    /// Everything that waits for an id, directly or not, in order: what is skipped when it fails.
    pub fn dependents(&self, id: &UniqueId) -> IndexSet<UniqueId> {
        let mut seen = self.no_ids();
        let mut todo: Vec<NodeIndex> = self.index.get(id).copied().into_iter().collect();
        while let Some(at) = todo.pop() {
            todo.extend(self.order(at, Direction::Outgoing).filter(|to| !seen.put(to.index())));
        }
        self.named(&seen)
    }

    pub(super) fn no_ids(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.len())
    }

    pub(super) fn named(&self, set: &FixedBitSet) -> IndexSet<UniqueId> {
        set.ones().map(|n| self.net[NodeIndex::new(n)].clone()).collect()
    }

    /// Neighbours by edges that give order.
    pub(super) fn order(&self, at: NodeIndex, way: Direction) -> impl Iterator<Item = NodeIndex> {
        self.neighbours(at, way, Edge::orders)
    }

    /// Neighbours by edges that `+` walks along.
    pub(super) fn walked(&self, at: NodeIndex, way: Direction) -> impl Iterator<Item = NodeIndex> {
        self.neighbours(at, way, Edge::walked)
    }

    fn neighbours(
        &self,
        at: NodeIndex,
        way: Direction,
        keep: fn(Edge) -> bool,
    ) -> impl Iterator<Item = NodeIndex> {
        let end = move |source, target| if way == Direction::Outgoing { target } else { source };
        let edges = self.net.edges_directed(at, way).filter(move |edge| keep(*edge.weight()));
        edges.map(move |edge| end(edge.source(), edge.target()))
    }

    fn ordered(&self, id: &UniqueId, way: Direction) -> Vec<&UniqueId> {
        let Some(&at) = self.index.get(id) else { return Vec::new() };
        let mut found: Vec<_> = self.order(at, way).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|n| &self.net[n]).collect()
    }

    fn walk_ids(&self, id: &UniqueId, way: Direction, depth: Option<usize>) -> IndexSet<UniqueId> {
        let mut from = self.no_ids();
        let Some(at) = self.index.get(id) else { return IndexSet::new() };
        from.insert(at.index());
        self.named(&self.relatives(&from, way, depth))
    }
}
