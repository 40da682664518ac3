//! run_results.json, version 6: what became of each node.

use super::metadata::{Invocation, instant};
use super::{read_json, write_json};
use crate::error::Result;
use crate::manifest::{Map, RunResult};
use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The outcome of an invocation, to be written.
#[derive(Debug, Clone)]
pub struct RunResults<'a> {
    /// The invocation.
    pub invocation: &'a Invocation,
    /// The outcome of each node, in order of completion.
    pub results: &'a [RunResult],
    /// Seconds from the first node to the last.
    pub elapsed_time: f64,
    /// The flags of the invocation, as dbt names them.
    pub args: &'a Map,
}

impl RunResults<'_> {
    /// Writes run_results.json.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }
}

impl Serialize for RunResults<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut file = to.serialize_map(Some(4))?;
        file.serialize_entry("metadata", &self.invocation.metadata("run-results/v6"))?;
        file.serialize_entry("results", &self.results.iter().map(result_json).collect::<Vec<_>>())?;
        file.serialize_entry("elapsed_time", &self.elapsed_time)?;
        file.serialize_entry("args", self.args)?;
        file.end()
    }
}

/// One outcome as run_results.json shows it.
pub fn result_json(result: &RunResult) -> Json {
    let timing = result.timing.iter().map(|stage| {
        json!({
            "name": stage.name,
            "started_at": stage.started_at.map(instant),
            "completed_at": stage.completed_at.map(instant),
        })
    });
    json!({
        "status": result.status.as_str(),
        "timing": timing.collect::<Vec<_>>(),
        "thread_id": result.thread_id,
        "execution_time": result.execution_time,
        "adapter_response": result.adapter_response,
        "message": result.message,
        "failures": result.failures,
        "unique_id": result.unique_id,
        "compiled": result.compiled,
        "compiled_code": result.compiled_code,
        "relation_name": result.relation_name,
        "batch_results": result.batch_results,
    })
}

/// The outcome of an earlier invocation, by karat or any dbt that wrote version 4 or later. Keys that
/// are missing have their defaults, keys that are unknown are passed over.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct EarlierRun {
    /// As written.
    pub metadata: Map,
    /// The outcome of each node.
    pub results: Vec<EarlierResult>,
    /// The flags that it ran under.
    pub args: Map,
    /// Of a run that was killed: by id, the marks of commits whose nodes have no outcome.
    #[serde(skip)]
    pub commit_marks: BTreeMap<String, String>,
}

/// The outcome of a node in an earlier invocation.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct EarlierResult {
    /// The node.
    pub unique_id: String,
    /// Its status's word, which may be one that only newer releases know.
    pub status: String,
    /// Seconds.
    pub execution_time: f64,
    /// What the user was told.
    pub message: Option<String>,
    /// Rows that a test found.
    pub failures: Option<i64>,
    /// The batches of a microbatch model: `{successful, failed}`.
    pub batch_results: Option<Json>,
}

impl EarlierRun {
    /// Reads run_results.json; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read or is no JSON of that shape.
    pub fn read(path: &Path) -> Result<Option<EarlierRun>> {
        read_json(path)
    }

    /// When it began.
    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        let at = |key: &str| self.metadata.get(key).and_then(Json::as_str);
        let at = at("invocation_started_at").or_else(|| at("generated_at"))?;
        DateTime::parse_from_rfc3339(at).ok().map(|at| at.to_utc())
    }
}
