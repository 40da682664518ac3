//! What became of a node in a run.

use super::{Map, UniqueId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// dbt's words for an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NodeStatus {
    /// A node was built.
    #[serde(rename = "success")]
    Success,
    /// A node failed.
    #[serde(rename = "error")]
    Error,
    /// A test found what it looks for.
    #[serde(rename = "fail")]
    Fail,
    /// A test found something, and only warns.
    #[serde(rename = "warn")]
    Warn,
    /// A node was not run, since something before it failed.
    #[serde(rename = "skipped")]
    Skipped,
    /// A test found nothing.
    #[serde(rename = "pass")]
    Pass,
    /// Some batches were built, some failed.
    #[serde(rename = "partial success")]
    PartialSuccess,
    /// Nothing was to be done.
    #[serde(rename = "no-op")]
    NoOp,
    /// A freshness check could not run.
    #[serde(rename = "runtime error")]
    RuntimeErr,
}

impl NodeStatus {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            NodeStatus::Success => "success",
            NodeStatus::Error => "error",
            NodeStatus::Fail => "fail",
            NodeStatus::Warn => "warn",
            NodeStatus::Skipped => "skipped",
            NodeStatus::Pass => "pass",
            NodeStatus::PartialSuccess => "partial success",
            NodeStatus::NoOp => "no-op",
            NodeStatus::RuntimeErr => "runtime error",
        }
    }

    /// Does it make the run's exit code 1?
    pub fn is_failure(self) -> bool {
        use NodeStatus::*;
        matches!(self, Error | Fail | PartialSuccess | RuntimeErr)
    }
}

/// How long a stage of a node took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// `compile` or `execute`.
    pub name: String,
    /// Begin.
    pub started_at: Option<DateTime<Utc>>,
    /// End.
    pub completed_at: Option<DateTime<Utc>>,
}

/// The outcome of one node: what run_results.json says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunResult {
    /// The node.
    pub unique_id: UniqueId,
    /// The outcome.
    pub status: NodeStatus,
    /// Its stages.
    pub timing: Vec<Timing>,
    /// `Thread-1 (worker)`.
    pub thread_id: String,
    /// Seconds.
    pub execution_time: f64,
    /// What the engine said.
    pub adapter_response: Map,
    /// What to tell the user: `SELECT 100`, or the error.
    pub message: Option<String>,
    /// Rows that a test found.
    pub failures: Option<i64>,
    /// Was it compiled? Null for seeds.
    pub compiled: Option<bool>,
    /// Its compiled SQL.
    pub compiled_code: Option<String>,
    /// Where its compiled SQL was written, relative to the project.
    pub compiled_path: Option<String>,
    /// Its relation.
    pub relation_name: Option<String>,
    /// The batches of a microbatch model, as dbt's JSON.
    pub batch_results: Option<Json>,
}
