//! Hands out nodes whose parents are done, the one with the longest way still behind it first.

use super::Graph;
use crate::manifest::UniqueId;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How long nodes took in earlier runs.
pub type Seconds = HashMap<UniqueId, f64>;

/// A queue over a graph for many threads: [`next`](GraphQueue::next) takes, [`done`](GraphQueue::done)
/// gives back. It does not know whether a node went well; that is the run's business.
#[derive(Debug)]
pub struct GraphQueue {
    graph: Graph,
    /// Seconds from the start of each node to the end of the longest path behind it.
    paths: Vec<f64>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Parents still open, by number.
    open: Vec<usize>,
    /// Has it been handed out and given back?
    done: Vec<bool>,
    ready: BinaryHeap<Ready>,
    /// Nodes never handed out so far.
    left: usize,
    stopped: bool,
}

/// A node that may run. Greatest first: the longest remaining path, then the smallest id.
#[derive(Debug)]
struct Ready {
    path: f64,
    id: Reverse<UniqueId>,
    at: NodeIndex,
}

impl GraphQueue {
    /// A queue of all nodes of a graph; a node without known duration counts as one second.
    pub fn new(graph: Graph, seconds: &Seconds) -> Self {
        let paths = remaining(&graph, seconds);
        let open: Vec<_> = graph.net.node_indices().map(|n| graph.order(n, Incoming).count()).collect();
        let free = graph.net.node_indices().filter(|n| open[n.index()] == 0);
        let ready = free.map(|at| ready(&graph, &paths, at)).collect();
        let state = State { open, done: vec![false; graph.len()], ready, left: graph.len(), stopped: false };
        GraphQueue { graph, paths, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next node to run. Waits until one is ready; `None` once all were handed out, or after
    /// [`stop`](GraphQueue::stop).
    pub fn next(&self) -> Option<UniqueId> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.left == 0 {
                return None;
            }
            if let Some(first) = state.ready.pop() {
                state.left -= 1;
                if state.left == 0 {
                    self.changed.notify_all();
                }
                return Some(first.id.0);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says that a node is through, well or not: its children may become ready. Saying it twice, or
    /// of a stranger, changes nothing.
    pub fn done(&self, id: &UniqueId) {
        let Some(&at) = self.graph.index.get(id) else { return };
        let mut state = self.lock();
        if std::mem::replace(&mut state.done[at.index()], true) {
            return;
        }
        for child in self.graph.order(at, Outgoing) {
            state.open[child.index()] -= 1;
            if state.open[child.index()] == 0 {
                state.ready.push(ready(&self.graph, &self.paths, child));
            }
        }
        self.changed.notify_all();
    }

    /// Hands out nothing more: a node failed under `--fail-fast`, or the user interrupts.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// The ids that were never handed out, in order: what is skipped after a stop.
    pub fn rest(&self) -> Vec<UniqueId> {
        let state = self.lock();
        let waiting: std::collections::HashSet<_> = state.ready.iter().map(|entry| entry.at).collect();
        let untouched = |n: &NodeIndex| waiting.contains(n) || state.open[n.index()] > 0;
        self.graph.net.node_indices().filter(untouched).map(|n| self.graph.net[n].clone()).collect()
    }

    /// The graph that is worked off.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ready(graph: &Graph, paths: &[f64], at: NodeIndex) -> Ready {
    Ready { path: paths[at.index()], id: Reverse(graph.net[at].clone()), at }
}

/// For each node, its own seconds and those of the longest path behind it. Ids are numbered parents
/// first, so one pass from the back is enough.
fn remaining(graph: &Graph, seconds: &Seconds) -> Vec<f64> {
    let mut paths = vec![0.0_f64; graph.len()];
    for at in graph.net.node_indices().rev() {
        let behind = graph.order(at, Outgoing).map(|child| paths[child.index()]);
        let own = seconds.get(&graph.net[at]).copied().filter(|s| s.is_finite()).unwrap_or(1.0);
        paths[at.index()] = own + behind.fold(0.0, f64::max);
    }
    paths
}

impl Ord for Ready {
    fn cmp(&self, other: &Self) -> Ordering {
        self.path.total_cmp(&other.path).then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Ready {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ready {}
