//! The part of a graph that was selected, with the order that unselected nodes carry between them.

use super::net::{Edge, Graph};
use crate::manifest::UniqueId;
use fixedbitset::FixedBitSet;
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;
use std::rc::Rc;

impl Graph {
    /// The graph of the selected ids only. Where a way from one to another leads through nodes that
    /// are not selected, an edge stands for it. Ids that are not in the graph are ignored.
    pub fn subset<'a>(&self, selected: impl IntoIterator<Item = &'a UniqueId>) -> Graph {
        let chosen = self.numbers(selected);
        let mut edges = Vec::new();
        // For each node, the nearest selected nodes above it; ids are numbered parents first.
        let mut above: Vec<Rc<Vec<u32>>> = Vec::with_capacity(self.len());
        let mut marks = self.no_ids();
        for at in 0..self.len() {
            let nearest = self.nearest(at, &above, &mut marks);
            if !chosen.contains(at) {
                above.push(nearest);
                continue;
            }
            let child = &self.net[NodeIndex::new(at)];
            let parent = |n: &u32| self.net[NodeIndex::new(*n as usize)].clone();
            edges.extend(nearest.iter().map(|n| (parent(n), child.clone(), Edge::Waits)));
            above.push(Rc::new(vec![at as u32]));
        }
        Graph::assemble(self.named(&chosen).into_iter().collect(), edges)
    }

    /// The selected ids without any order between them, as `clone` works them off.
    pub fn unordered<'a>(&self, selected: impl IntoIterator<Item = &'a UniqueId>) -> Graph {
        Graph::assemble(self.named(&self.numbers(selected)).into_iter().collect(), Vec::new())
    }

    pub(super) fn numbers<'a>(&self, ids: impl IntoIterator<Item = &'a UniqueId>) -> FixedBitSet {
        let mut set = self.no_ids();
        ids.into_iter().filter_map(|id| self.index.get(id)).for_each(|n| set.insert(n.index()));
        set
    }

    fn nearest(&self, at: usize, above: &[Rc<Vec<u32>>], marks: &mut FixedBitSet) -> Rc<Vec<u32>> {
        let mut parents = self.order(NodeIndex::new(at), Incoming).map(NodeIndex::index);
        let Some(first) = parents.next() else { return Rc::default() };
        let Some(second) = parents.next() else { return above[first].clone() };
        let mut found = Vec::new();
        for parent in [first, second].into_iter().chain(parents) {
            found.extend(above[parent].iter().filter(|n| !marks.put(**n as usize)));
        }
        found.iter().for_each(|n| marks.set(*n as usize, false));
        Rc::new(found)
    }
}
