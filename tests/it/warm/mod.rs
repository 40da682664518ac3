//! The warm start: a command takes what an earlier one parsed, and only where that is the same.

mod edits;
mod file;
mod random;
mod said;

use crate::harness::*;
use serde_json::{Map, Value};

/// What each parse has anew, whatever the project says.
const FLEETING: [&str; 5] =
    ["created_at", "generated_at", "invocation_id", "invocation_started_at", "run_started_at"];

/// A manifest without what each parse has anew.
fn lasting(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(key, _)| !FLEETING.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key, lasting(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(lasting).collect(),
        other => other,
    }
}

/// The manifest of a target folder.
fn manifest(p: &Project, target: &str) -> Value {
    lasting(serde_json::from_str(&p.text(&format!("{target}/manifest.json"))).unwrap())
}

/// How the last command got its manifest: what it says of it in the log.
fn log_of_last(p: &Project) -> String {
    let log = p.text("logs/dbt.log");
    log.rsplit("==============").next().unwrap_or_default().to_string()
}
