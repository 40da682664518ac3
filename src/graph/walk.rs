//! Walks over sets of numbered ids, as `+`, `N+` and `@` ask for them.

use super::Graph;
use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::graph::NodeIndex;

impl Graph {
    /// Everything up to `depth` steps away from a set, layer by layer. Members of the set are in it
    /// only where they are relatives of other members.
    pub(super) fn relatives(&self, from: &FixedBitSet, way: Direction, depth: Option<usize>) -> FixedBitSet {
        let mut found = self.no_ids();
        let mut layer: Vec<usize> = from.ones().collect();
        let mut steps = 0;
        while !layer.is_empty() && depth.is_none_or(|max| steps < max) {
            let mut next = Vec::new();
            for at in layer {
                let near = self.walked(NodeIndex::new(at), way).map(NodeIndex::index);
                next.extend(near.filter(|n| !found.put(*n)));
            }
            layer = next;
            steps += 1;
        }
        found
    }

    /// What `@` adds: the children of a set, and all parents of the set and of those children.
    pub(super) fn childrens_parents(&self, of: &FixedBitSet) -> FixedBitSet {
        let mut family = self.relatives(of, Direction::Outgoing, None);
        family.union_with(of);
        let parents = self.relatives(&family, Direction::Incoming, None);
        family.union_with(&parents);
        family
    }
}
