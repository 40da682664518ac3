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
    /// For each node, the group whose ready nodes may be taken together.
    groups: Vec<Option<usize>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Parents still open, by number.
    open: Vec<usize>,
    stages: Vec<Stage>,
    /// Those that are ready; those that were claimed meanwhile stand in it still, and are passed over.
    ready: BinaryHeap<Ready>,
    /// Those that became ready, by their groups.
    mates: HashMap<usize, Vec<NodeIndex>>,
    /// Nodes never handed out so far.
    left: usize,
    stopped: bool,
}

/// How far a node has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A parent is open.
    Waiting,
    /// It may be handed out.
    Ready,
    /// Held by a thread that may hand it to itself, or put it back.
    Claimed,
    /// Handed out.
    Taken,
    /// Handed out and given back.
    Done,
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
        let free: Vec<_> = graph.net.node_indices().filter(|n| open[n.index()] == 0).collect();
        let state = State {
            open,
            stages: vec![Stage::Waiting; graph.len()],
            ready: BinaryHeap::new(),
            mates: HashMap::new(),
            left: graph.len(),
            stopped: false,
        };
        let groups = vec![None; graph.len()];
        let queue = GraphQueue { graph, paths, groups, state: Mutex::new(state), changed: Condvar::new() };
        let mut state = queue.lock();
        free.into_iter().for_each(|at| queue.admit(&mut state, at));
        drop(state);
        queue
    }

    /// The same queue, with groups of nodes that may be taken together; see [`claim`](GraphQueue::claim).
    pub fn grouped(mut self, group: impl Fn(&UniqueId) -> Option<usize>) -> Self {
        self.groups = self.graph.net.node_indices().map(|at| group(&self.graph.net[at])).collect();
        let mut state = self.lock();
        for entry in state.ready.iter().map(|entry| entry.at).collect::<Vec<_>>() {
            if let Some(group) = self.groups[entry.index()] {
                state.mates.entry(group).or_default().push(entry);
            }
        }
        drop(state);
        self
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
                if state.stages[first.at.index()] == Stage::Ready {
                    self.hand_out(&mut state, first.at);
                    return Some(first.id.0);
                }
                continue;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says that a node is through, well or not: its children may become ready. Saying it twice, or
    /// of a stranger, changes nothing.
    pub fn done(&self, id: &UniqueId) {
        let Some(&at) = self.graph.index.get(id) else { return };
        let mut state = self.lock();
        if std::mem::replace(&mut state.stages[at.index()], Stage::Done) == Stage::Done {
            return;
        }
        for child in self.graph.order(at, Outgoing) {
            state.open[child.index()] -= 1;
            if state.open[child.index()] == 0 {
                self.admit(&mut state, child);
            }
        }
        self.changed.notify_all();
    }

    /// Holds the ready nodes of a node's group, which nobody else is then given. Each is to be
    /// [taken](GraphQueue::take) or [put back](GraphQueue::put_back); what was put back is not claimed again.
    pub fn claim(&self, id: &UniqueId) -> Vec<UniqueId> {
        let group = self.graph.index.get(id).and_then(|at| self.groups[at.index()]);
        let Some(group) = group else { return Vec::new() };
        let mut state = self.lock();
        let mut found = state.mates.remove(&group).unwrap_or_default();
        found.retain(|at| state.stages[at.index()] == Stage::Ready);
        found.iter().for_each(|at| state.stages[at.index()] = Stage::Claimed);
        found.into_iter().map(|at| self.graph.net[at].clone()).collect()
    }

    /// Hands out a node that was claimed; `false` if nothing is handed out any more.
    pub fn take(&self, id: &UniqueId) -> bool {
        let Some(&at) = self.graph.index.get(id) else { return false };
        let mut state = self.lock();
        let may = !state.stopped && state.stages[at.index()] == Stage::Claimed;
        if may {
            self.hand_out(&mut state, at);
        }
        may
    }

    /// Puts a node back that was claimed: anybody may be given it.
    pub fn put_back(&self, id: &UniqueId) {
        let Some(&at) = self.graph.index.get(id) else { return };
        let mut state = self.lock();
        if state.stages[at.index()] == Stage::Claimed {
            state.stages[at.index()] = Stage::Ready;
            state.ready.push(ready(&self.graph, &self.paths, at));
            self.changed.notify_one();
        }
    }

    fn admit(&self, state: &mut State, at: NodeIndex) {
        state.stages[at.index()] = Stage::Ready;
        state.ready.push(ready(&self.graph, &self.paths, at));
        if let Some(group) = self.groups[at.index()] {
            state.mates.entry(group).or_default().push(at);
        }
    }

    fn hand_out(&self, state: &mut State, at: NodeIndex) {
        state.stages[at.index()] = Stage::Taken;
        state.left -= 1;
        if state.left == 0 {
            self.changed.notify_all();
        }
    }

    /// Hands out nothing more: a node failed under `--fail-fast`, or the user interrupts.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// The ids that were never handed out, in order: what is skipped after a stop.
    pub fn rest(&self) -> Vec<UniqueId> {
        let state = self.lock();
        let untouched =
            |n: &NodeIndex| matches!(state.stages[n.index()], Stage::Waiting | Stage::Ready | Stage::Claimed);
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
