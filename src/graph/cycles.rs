//! Cycles: found all at once, told with the files that they lead through.

use super::Graph;
use crate::error::{Error, Location, Result};
use crate::manifest::{Manifest, UniqueId};
use petgraph::Direction::Outgoing;
use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;
use std::collections::{HashMap, HashSet, VecDeque};

/// Refuses a graph with cycles: one error for each knot of nodes, showing a shortest way round.
pub(super) fn refuse_cycles(graph: &Graph, manifest: &Manifest) -> Result<()> {
    let knots = tarjan_scc(&graph.net);
    let mut ways: Vec<_> = knots.iter().filter_map(|knot| way_round(graph, knot)).collect();
    ways.sort();
    match Error::all(ways.iter().map(|way| told(way, manifest)).collect()) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// A shortest cycle through the first id of a knot; `None` where the knot is one node without a loop.
fn way_round(graph: &Graph, knot: &[NodeIndex]) -> Option<Vec<UniqueId>> {
    let members: HashSet<_> = knot.iter().copied().collect();
    let start = *knot.iter().min_by_key(|n| &graph.net[**n])?;
    let mut came_from = HashMap::new();
    let mut todo = VecDeque::from([start]);
    while let Some(at) = todo.pop_front() {
        let mut next: Vec<_> = graph.order(at, Outgoing).filter(|n| members.contains(n)).collect();
        next.sort_by_key(|n| &graph.net[*n]);
        for to in next {
            if to == start {
                return Some(unwound(graph, start, at, &came_from));
            }
            came_from.entry(to).or_insert_with(|| {
                todo.push_back(to);
                at
            });
        }
    }
    None
}

fn unwound(
    graph: &Graph,
    start: NodeIndex,
    last: NodeIndex,
    came_from: &HashMap<NodeIndex, NodeIndex>,
) -> Vec<UniqueId> {
    let back = std::iter::successors(Some(last), |at| came_from.get(at).copied().filter(|_| *at != start));
    let mut way: Vec<_> = back.map(|n| graph.net[n].clone()).collect();
    way.reverse();
    way
}

fn told(way: &[UniqueId], manifest: &Manifest) -> Error {
    let mut round: Vec<_> = way.iter().map(UniqueId::as_str).collect();
    round.push(round[0]);
    let file = |id: &UniqueId| manifest.node(id).map(|node| node.original_file_path.clone());
    let files: Vec<_> = way.iter().filter_map(file).collect();
    let mut error = Error::runtime(format!("Found a cycle: {}", round.join(" --> ")));
    if let Some(first) = files.first() {
        error = error.located(Location::file(first));
    }
    if files.len() > 1 {
        error = error.help(format!("it leads through {}", files.join(", ")));
    }
    error.help(
        "each node reads the one before it: take one `ref` out, or move what both need into a third model",
    )
}
