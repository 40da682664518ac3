//! Where the time of a run went: the nodes that its end waited for, how busy the threads were.

use super::{Job, Report};
use crate::event::{RunTiming, Span};
use crate::graph::Graph;
use crate::manifest::UniqueId;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many of the slowest nodes are told.
const SLOWEST: usize = 10;

/// The account of a run; `None` if no node ran.
pub fn timing(job: &Job, report: &Report) -> Option<RunTiming> {
    let mut ran = Vec::new();
    for outcome in &report.outcomes {
        let stages = &outcome.result.timing;
        let began = stages.iter().filter_map(|stage| stage.started_at).min();
        let ended = stages.iter().filter_map(|stage| stage.completed_at).max();
        if let (Some(began), Some(ended)) = (began, ended) {
            let name = format!("{} {}", outcome.info.resource_type, outcome.info.name);
            let seconds = outcome.result.execution_time;
            ran.push((
                &outcome.info.unique_id,
                Ran { name, began, ended, seconds },
                &outcome.result.thread_id,
            ));
        }
    }
    let zero = ran.iter().map(|(_, ran, _)| ran.began).min()?;
    let end = ran.iter().map(|(_, ran, _)| ran.ended).max()?;
    let mut threads: BTreeMap<&String, f64> = BTreeMap::new();
    for (_, ran, thread) in &ran {
        *threads.entry(thread).or_default() += ran.seconds;
    }
    let threads = threads.into_iter().map(|(name, seconds)| (name.clone(), seconds)).collect();
    let nodes = ran.len();
    let by_id: HashMap<&UniqueId, Ran> = ran.into_iter().map(|(id, ran, _)| (id, ran)).collect();
    let mut slowest: Vec<Span> = by_id.values().map(|ran| ran.span(zero)).collect();
    slowest.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then_with(|| a.name.cmp(&b.name)));
    slowest.truncate(SLOWEST);
    let critical = critical(&job.graph, &by_id).into_iter().map(|ran| ran.span(zero)).collect();
    Some(RunTiming { elapsed: seconds(end - zero), nodes, critical, threads, slowest })
}

/// A node that ran.
struct Ran {
    name: String,
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
    seconds: f64,
}

impl Ran {
    fn span(&self, zero: DateTime<Utc>) -> Span {
        Span { name: self.name.clone(), began: seconds(self.began - zero), seconds: self.seconds }
    }
}

fn seconds(span: chrono::Duration) -> f64 {
    span.num_microseconds().map_or(0.0, |all| all as f64 / 1e6)
}

/// From the node that ended last, back over the parent that each waited for longest; in the order of time.
fn critical<'a>(graph: &Graph, ran: &'a HashMap<&UniqueId, Ran>) -> Vec<&'a Ran> {
    let mut path = Vec::new();
    let mut last = ran.iter().max_by_key(|(id, ran)| (ran.ended, **id));
    while let Some((id, node)) = last {
        path.push(node);
        last = parents(graph, id, ran).into_iter().max_by_key(|(id, ran)| (ran.ended, **id));
    }
    path.reverse();
    path
}

/// The nearest nodes above one that ran; what has no time of its own is looked through.
fn parents<'a>(
    graph: &Graph,
    id: &UniqueId,
    ran: &'a HashMap<&UniqueId, Ran>,
) -> Vec<(&'a &'a UniqueId, &'a Ran)> {
    let (mut found, mut seen, mut todo) = (Vec::new(), HashSet::new(), graph.parents(id));
    while let Some(parent) = todo.pop() {
        match ran.get_key_value(parent) {
            _ if !seen.insert(parent) => {}
            Some(entry) => found.push(entry),
            None => todo.extend(graph.parents(parent)),
        }
    }
    found
}
