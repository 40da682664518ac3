//! The results of a run as `on-run-end` sees them.

use crate::artifacts::aware;
use crate::context::objects::config::ConfigView;
use crate::context::objects::lazy::LazyDict;
use crate::context::objects::none;
use crate::jinja::Value;
use crate::jinja::value::{datetime, dict_of, from_json, list};
use crate::manifest::{ResourceType, RunResult, Timing};
use crate::run::{Job, NodeOutcome, Report, Seen};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use std::sync::{Arc, LazyLock};

/// A result: `.node`, `.status`, `.message`, `.timing`, `.failures`, ..., and `to_dict()`.
pub fn result_value(job: &Job, outcome: &NodeOutcome, report: &Report) -> Value {
    let result = outcome.result.clone();
    let node = node_json(job, outcome);
    let (shown, plain) = (node.clone(), result.clone());
    let (more, plain_more) = match outcome.info.resource_type {
        ResourceType::Source => {
            let seen = report.freshness.get(&result.unique_id);
            (seen.map(|it| freshness(it, instant)), seen.map(|it| freshness(it, instant_text)))
        }
        _ => (Some(batches(&result)), Some(batches(&result))),
    };
    LazyDict::record(
        move || result_dict(&result, shown.as_ref().map_or_else(none, node_value), timing_value, &more),
        move || {
            let node = node.as_ref().map_or_else(none, |node| from_json(node));
            result_dict(&plain, node, timing_dict, &plain_more)
        },
    )
}

/// What only some results have: the names of their fields, and the values.
type More = Vec<(&'static str, Value)>;

fn batches(result: &RunResult) -> More {
    vec![("batch_results", result.batch_results.as_ref().map_or_else(none, from_json))]
}

fn freshness(seen: &Seen, instant: fn(DateTime<Utc>) -> Value) -> More {
    vec![
        ("max_loaded_at", instant(seen.max_loaded_at)),
        ("snapshotted_at", instant(seen.snapshotted_at)),
        ("age", Value::from(seen.age())),
    ]
}

fn instant(at: DateTime<Utc>) -> Value {
    datetime::utc(at.naive_utc())
}

fn instant_text(at: DateTime<Utc>) -> Value {
    Value::from(aware(at))
}

fn result_dict(result: &RunResult, node: Value, timing: fn(&Timing) -> Value, more: &Option<More>) -> Value {
    let text = |text: &Option<String>| text.as_deref().map_or_else(none, Value::from);
    let fields = [
        ("status", Value::from(result.status.as_str())),
        ("timing", list(result.timing.iter().map(timing).collect())),
        ("thread_id", Value::from(result.thread_id.as_str())),
        ("execution_time", Value::from(result.execution_time)),
        ("adapter_response", from_json(&Json::Object(result.adapter_response.clone()))),
        ("message", text(&result.message)),
        ("failures", result.failures.map_or_else(none, Value::from)),
        ("node", node),
    ];
    dict_of(fields.into_iter().chain(more.iter().flatten().cloned()))
}

/// A stage of a node's work, with points in time.
fn timing_value(stage: &Timing) -> Value {
    let moment = |at: Option<DateTime<Utc>>| at.map_or_else(none, |at| datetime::naive(at.naive_utc()));
    let (name, plain) = (stage.name.clone(), stage.clone());
    let (started, completed) = (moment(stage.started_at), moment(stage.completed_at));
    let shown = move || {
        dict_of([
            ("name", Value::from(name.as_str())),
            ("started_at", started.clone()),
            ("completed_at", completed.clone()),
        ])
    };
    LazyDict::record(shown, move || timing_dict(&plain))
}

/// The same with texts.
fn timing_dict(stage: &Timing) -> Value {
    let moment = |at: Option<DateTime<Utc>>| {
        at.map_or_else(none, |at| Value::from(at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()))
    };
    dict_of([
        ("name", Value::from(stage.name.as_str())),
        ("started_at", moment(stage.started_at)),
        ("completed_at", moment(stage.completed_at)),
    ])
}

/// The node of a result, whole, with what was compiled of it; made when a hook looks at it.
type NodeJson = Arc<LazyLock<Json, Box<dyn FnOnce() -> Json + Send>>>;

fn node_json(job: &Job, outcome: &NodeOutcome) -> Option<NodeJson> {
    let id = &outcome.info.unique_id;
    if let Some(source) = job.run.manifest.sources.get(id).cloned() {
        let json = move || serde_json::to_value(source.as_ref()).unwrap_or_default();
        return Some(Arc::new(LazyLock::new(Box::new(json))));
    }
    let node = job.run.manifest.runnable(id)?;
    let (sql, path) = (outcome.result.compiled_code.clone(), outcome.result.compiled_path.clone());
    Some(Arc::new(LazyLock::new(Box::new(move || {
        let mut json = node.to_json();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("compiled".into(), json!(sql.is_some()));
            fields.insert("compiled_code".into(), json!(sql));
            fields.insert("compiled_path".into(), json!(path));
        }
        json
    }))))
}

fn node_value(json: &NodeJson) -> Value {
    let (shown, plain) = (json.clone(), json.clone());
    let made = move || {
        let config = Value::from_object(ConfigView(from_json(&shown["config"])));
        let fields = shown.as_object().into_iter().flatten();
        let fields = fields.map(|(name, value)| (name.as_str(), from_json(value)));
        dict_of(fields.chain([("config", config)]))
    };
    LazyDict::record(made, move || from_json(&plain))
}
