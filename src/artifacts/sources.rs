//! sources.json, version 3: how fresh the sources were.

use super::metadata::Invocation;
use super::{read_json, write_json};
use crate::error::Result;
use crate::manifest::{FreshnessThreshold, Map, RunResult, UniqueId};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::path::Path;

/// What is known of one source.
pub struct SourceFreshness<'a> {
    /// The outcome.
    pub result: &'a RunResult,
    /// When its newest row was loaded, and when that was looked at; absent where the check failed.
    pub seen: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Seconds between the two.
    pub age: f64,
    /// What it was held against.
    pub criteria: FreshnessThreshold,
}

/// Writes sources.json.
///
/// # Errors
/// The disk refuses.
pub fn write_sources(
    path: &Path,
    sources: &[SourceFreshness],
    elapsed: f64,
    invocation: &Invocation,
) -> Result<()> {
    let results: Vec<Json> = sources.iter().map(one).collect();
    let metadata = invocation.metadata("sources/v3");
    write_json(path, &json!({"metadata": metadata, "results": results, "elapsed_time": elapsed}))
}

fn one(source: &SourceFreshness) -> Json {
    let result = source.result;
    let Some((max_loaded_at, snapshotted_at)) = source.seen else {
        return json!({"unique_id": result.unique_id, "error": result.message, "status": "runtime error"});
    };
    let fields = super::result_json(result);
    json!({
        "unique_id": result.unique_id,
        "max_loaded_at": aware(max_loaded_at),
        "snapshotted_at": aware(snapshotted_at),
        "max_loaded_at_time_ago_in_s": source.age,
        "status": result.status.as_str(),
        "criteria": source.criteria,
        "adapter_response": result.adapter_response,
        "timing": fields["timing"],
        "thread_id": result.thread_id,
        "execution_time": result.execution_time,
    })
}

/// An instant of the database as dbt writes it: `2026-11-21T00:57:01.918844+00:00`.
pub fn aware(at: DateTime<Utc>) -> String {
    let format = if at.timestamp_subsec_micros() == 0 {
        "%Y-%m-%dT%H:%M:%S+00:00"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6f+00:00"
    };
    at.format(format).to_string()
}

/// sources.json of an earlier invocation, by karat or dbt.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct EarlierSources {
    /// As written.
    pub metadata: Map,
    /// The sources.
    pub results: Vec<EarlierFreshness>,
}

/// What was known of a source.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct EarlierFreshness {
    /// The source.
    pub unique_id: String,
    /// Its status's word.
    pub status: String,
    /// When its newest row was loaded, as written.
    pub max_loaded_at: Option<String>,
}

impl EarlierSources {
    /// Reads sources.json; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read or is no JSON of that shape.
    pub fn read(path: &Path) -> Result<Option<EarlierSources>> {
        read_json(path)
    }
}

impl EarlierFreshness {
    /// The source.
    pub fn id(&self) -> UniqueId {
        UniqueId::from(self.unique_id.as_str())
    }

    /// When its newest row was loaded.
    pub fn loaded_at(&self) -> Option<DateTime<Utc>> {
        let text = self.max_loaded_at.as_deref()?;
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
    }
}
