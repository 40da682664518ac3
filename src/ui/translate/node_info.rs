//! The `node_info` object of JSON logs, with dbt's keys.

use crate::event::NodeInfo;
use crate::manifest::{RunResult, Timing};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

/// The object for a node that runs (`result` absent) or has ended.
pub fn of(node: &NodeInfo, result: Option<&RunResult>) -> Json {
    let ended = result.map(|r| r.timing.iter().filter_map(|t| t.completed_at).max().unwrap_or_else(Utc::now));
    with_status(node, result.map_or("started", |r| r.status.as_str()), ended)
}

/// The object with a status of its own, as hooks have it and as the summary shows (`None`).
pub fn with_status(node: &NodeInfo, status: &str, ended: Option<DateTime<Utc>>) -> Json {
    json!({
        "materialized": node.materialized,
        "meta": node.meta,
        "node_checksum": node.checksum,
        "node_finished_at": stamp(ended),
        "node_name": node.name,
        "node_path": node.node_path,
        "node_relation": {
            "alias": node.relation.alias,
            "database": node.relation.database,
            "relation_name": node.relation.rendered,
            "schema": node.relation.schema,
        },
        "node_started_at": stamp(node.started_at),
        "node_status": status,
        "resource_type": node.resource_type.as_str(),
        "unique_id": node.unique_id.as_str(),
    })
}

fn stamp(time: Option<DateTime<Utc>>) -> String {
    time.map(|t| t.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()).unwrap_or_default()
}

/// The `run_result` object of NodeFinished.
pub fn run_result(result: &RunResult) -> Json {
    let timing = result.timing.iter().map(stage);
    json!({
        "status": result.status.as_str(),
        "message": result.message,
        "execution_time": result.execution_time,
        "num_failures": result.failures.unwrap_or(0),
        "thread": result.thread_id,
        "timing_info": timing.collect::<Vec<_>>(),
        "adapter_response": result.adapter_response,
    })
}

/// A stage of a node, as `timing_info` has it.
pub fn stage(stage: &Timing) -> Json {
    json!({
        "name": stage.name,
        "started_at": stage.started_at.map(iso),
        "completed_at": stage.completed_at.map(iso),
    })
}

fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}
