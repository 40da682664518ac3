//! One node's outcome: its result, the fault behind it, and how it is told.

use crate::context::Compiled;
use crate::error::Error;
use crate::event::NodeInfo;
use crate::manifest::{Map, Node, NodeStatus, ResourceType, RunResult, Timing, UniqueId};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What became of a node.
#[derive(Debug, Clone)]
pub struct NodeOutcome {
    /// The node as events show it.
    pub info: Arc<NodeInfo>,
    /// What run_results.json says.
    pub result: RunResult,
    /// The fault, if any.
    pub error: Option<Error>,
}

/// The clock of a node: when it began, and its stages.
pub struct Clock {
    began: Instant,
    stage_began: DateTime<Utc>,
    stages: Vec<Timing>,
}

impl Clock {
    /// Starts now.
    pub fn start() -> Self {
        Clock { began: Instant::now(), stage_began: Utc::now(), stages: Vec::new() }
    }

    /// Goes on after work that was done before the node's turn: its compilation, and its part of a statement
    /// that it shared with others, in seconds.
    pub fn resumed(compiling: Option<Timing>, (compiled, shared): (f64, f64)) -> Self {
        let span = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let began = Instant::now().checked_sub(span(compiled + shared)).unwrap_or_else(Instant::now);
        Clock { began, stage_began: Utc::now() - span(shared), stages: compiling.into_iter().collect() }
    }

    /// A stage ends now: `compile` or `execute`.
    pub fn stage(&mut self, name: &str) {
        let now = Utc::now();
        let (started_at, completed_at) = (Some(self.stage_began), Some(now));
        self.stages.push(Timing { name: name.to_string(), started_at, completed_at });
        self.stage_began = now;
    }

    /// The stages that have ended.
    pub fn stages(self) -> Vec<Timing> {
        self.stages
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

/// A result with nothing in it yet but the node's own facts.
pub fn blank(node: &Node, status: NodeStatus) -> RunResult {
    RunResult { relation_name: node.relation_name.clone(), ..unbuilt(&node.unique_id, status, None) }
}

/// A result of what has no relation.
pub fn unbuilt(id: &UniqueId, status: NodeStatus, message: Option<String>) -> RunResult {
    RunResult {
        unique_id: id.clone(),
        status,
        timing: Vec::new(),
        thread_id: std::thread::current().name().unwrap_or("MainThread").to_string(),
        execution_time: 0.0,
        adapter_response: Map::new(),
        message,
        failures: None,
        compiled: None,
        compiled_code: None,
        compiled_path: None,
        relation_name: None,
        batch_results: None,
    }
}

/// Adds times and the compiled SQL to a result.
pub fn finish(mut result: RunResult, node: &Node, clock: Clock, compiled: Option<&Compiled>) -> RunResult {
    result.execution_time = clock.seconds();
    result.timing = clock.stages;
    if node.resource_type == ResourceType::Seed {
        result.relation_name = None;
        return result;
    }
    result.compiled = Some(compiled.is_some());
    result.compiled_code = compiled.map(|compiled| compiled.sql.clone());
    result.compiled_path = compiled.and_then(|compiled| compiled.path.clone());
    result
}

/// A node that failed.
pub fn failed(node: &Node, error: &Error) -> RunResult {
    RunResult { message: Some(error.full_text()), ..blank(node, NodeStatus::Error) }
}

/// A node that did not run.
pub fn skipped(node: &Node, message: Option<&str>) -> RunResult {
    RunResult { message: message.map(str::to_string), ..blank(node, NodeStatus::Skipped) }
}
