//! Puts events into dbt's words: an [`Event`] in, the messages that dbt writes for it out.
//!
//! `node` words the lines of a run, `summary` its end, `warning` warnings and faults; `node_info` is the
//! object that JSON logs carry with every line about a node, `codes` dbt's table of codes.

mod batch;
mod codes;
mod node;
mod node_info;
mod summary;
mod warning;

#[cfg(test)]
mod tests;

pub use codes::code_of;
pub use summary::Counts;

use super::message::{Level, Message};
use super::style::Dotted;
use super::{table, timing};
use crate::event::Event;
use crate::manifest::Map;
use serde_json::json;

pub use crate::project::project_file::DBT_VERSION;

/// How messages are worded.
#[derive(Debug, Clone)]
pub struct Wording {
    /// Where dots end.
    pub width: usize,
    /// Are `print()`s shown?
    pub print: bool,
    /// Are results shown without the line that introduces them?
    pub quiet: bool,
    /// Does every deprecation name its class (`require_event_names_in_deprecations`)?
    pub event_names: bool,
}

/// The least level at which an event has anything to say. Spares the wording of what nobody reads.
pub fn loudest(event: &Event) -> Level {
    match event {
        Event::Sql { .. } | Event::SqlStatus { .. } | Event::Debug { .. } => Level::Debug,
        Event::ArtifactWritten { .. } | Event::Completed { .. } => Level::Debug,
        Event::Log { info: false, .. } => Level::Debug,
        _ => Level::Error,
    }
}

/// The messages of an event, in their order.
pub fn messages(event: &Event, wording: &Wording) -> Vec<Message> {
    match event {
        Event::Started { command, args } => started(command, args),
        Event::AdapterRegistered { name, version } => vec![adapter(name, version)],
        Event::Found { counts } => {
            let line = counts.iter().map(|(kind, n)| kind.counted(*n)).collect::<Vec<_>>().join(", ");
            let text = format!("Found {line}");
            vec![Message::new("FoundStats", Level::Info, text).with("stat_line", line)]
        }
        Event::Concurrency { threads, target, total } => concurrency(*threads, target, *total),
        Event::NodeStarted { .. } | Event::NodeFinished { .. } => node::lines(event, wording.width),
        Event::BatchStarted { .. } | Event::BatchFinished { .. } => batch::lines(event, wording.width),
        Event::HookStarted { .. } | Event::HookFinished { .. } => node::hook_lines(event, wording.width),
        Event::Compiled { name, sql, json } => vec![compiled(name.as_deref(), sql, *json, wording.quiet)],
        Event::Shown { name, table, json } => {
            let preview = table::text(table, &table::Limits::SHOW);
            let rows = json.then(|| table::rows(table));
            vec![shown(name.as_deref(), preview, rows, wording.quiet)]
        }
        Event::SeedShown { relation, table } => seed_shown(relation, table),
        Event::Cancelled { connection } => vec![node::cancelled(connection, wording.width)],
        Event::Sql { .. } | Event::SqlStatus { .. } => vec![statement(event)],
        Event::Log { message, info, node } => {
            let (name, level) =
                if *info { ("JinjaLogInfo", Level::Info) } else { ("JinjaLogDebug", Level::Debug) };
            let line = Message::note(name, level, message);
            vec![match node {
                Some(node) => line.with("node_info", node_info::of(node, None)),
                None => line,
            }]
        }
        Event::Print { .. } if !wording.print => Vec::new(),
        Event::Print { message: text } | Event::Output { text } => {
            vec![Message::note("PrintEvent", Level::Info, text).bare()]
        }
        Event::Warning { name, error } => vec![warning::warning(name, error, wording)],
        Event::Deprecations { met, show_all_hint } => vec![warning::summary(met, *show_all_hint, wording)],
        Event::Note { name, message } => vec![Message::note(name, Level::Info, message)],
        Event::Debug { name, message } => vec![Message::note(name, Level::Debug, message)],
        Event::NothingToDo => vec![Message::new("NothingToDo", Level::Warn, NOTHING)],
        Event::ArtifactWritten { kind, path } => {
            let text = format!("Wrote artifact {kind} to {path}");
            let line = Message::new("ArtifactWritten", Level::Debug, text);
            vec![line.with("artifact_type", *kind).with("artifact_path", path.as_str())]
        }
        Event::RunFinished { counts, elapsed } => summary::finished(counts, *elapsed),
        Event::Timing(found) => vec![timing::report(found, wording.width)],
        Event::Summary { results, interrupted } => summary::summary(results, *interrupted),
        Event::FreshnessFinished { results } => summary::freshness(results),
        Event::Failed { error } => vec![warning::failed(error)],
        Event::OperationFailed { error } => vec![warning::operation_failed(error)],
        Event::Completed { command, success, elapsed } => vec![completed(command, *success, *elapsed)],
    }
}

const NOTHING: &str = "Nothing to do. Try checking your model configs and model specification args";

fn started(command: &str, args: &Map) -> Vec<Message> {
    let version = format!("={DBT_VERSION}");
    let first = Message::new("MainReportVersion", Level::Info, format!("Running with dbt{version}"))
        .with("version", version)
        .with("log_version", 3)
        .with("karat_version", env!("CARGO_PKG_VERSION"));
    let listed = args.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
    let text = format!("karat {} {command} {listed}", env!("CARGO_PKG_VERSION"));
    vec![first, Message::new("MainReportArgs", Level::Debug, text).with("args", args.clone())]
}

fn adapter(name: &str, version: &str) -> Message {
    Message::new("AdapterRegistered", Level::Info, format!("Registered adapter: {name}={version}"))
        .with("adapter_name", name)
        .with("adapter_version", format!("={version}"))
}

fn concurrency(threads: usize, target: &str, total: usize) -> Vec<Message> {
    let text = format!("Concurrency: {threads} threads (target='{target}')");
    let line = Message::new("ConcurrencyLine", Level::Info, text)
        .with("num_threads", threads)
        .with("target_name", target)
        .with("node_count", total);
    vec![Message::blank(), line, Message::blank()]
}

fn compiled(name: Option<&str>, sql: &str, as_json: bool, quiet: bool) -> Message {
    let text = match (as_json, name) {
        (true, Some(name)) => pretty(&json!({"node": name, "compiled": sql})),
        (true, None) => pretty(&json!({"compiled": sql})),
        (false, _) if quiet => sql.to_string(),
        (false, Some(name)) => format!("Compiled node '{name}' is:\n{sql}"),
        (false, None) => format!("Compiled inline node is:\n{sql}"),
    };
    Message::new("CompiledNode", Level::Info, text)
        .bare()
        .with("compiled", sql)
        .with("node_name", name.unwrap_or("inline_query"))
        .with("is_inline", name.is_none())
        .with("output_format", if as_json { "json" } else { "text" })
        .with("quiet", quiet)
}

fn shown(name: Option<&str>, preview: String, rows: Option<serde_json::Value>, quiet: bool) -> Message {
    let format = if rows.is_some() { "json" } else { "text" };
    let text = match (&rows, name) {
        (Some(rows), Some(name)) => pretty(&json!({"node": name, "show": rows})),
        (Some(rows), None) => pretty(&json!({"show": rows})),
        (None, _) if quiet => preview.clone(),
        (None, Some(name)) => format!("Previewing node '{name}':\n{preview}"),
        (None, None) => format!("Previewing inline node:\n{preview}"),
    };
    Message::new("ShowNode", Level::Info, text)
        .bare()
        .with("preview", rows.map_or(preview, |rows| rows.to_string()))
        .with("node_name", name.unwrap_or("inline_query"))
        .with("is_inline", name.is_none())
        .with("output_format", format)
        .with("quiet", quiet)
}

fn seed_shown(relation: &str, table: &crate::adapter::Table) -> Vec<Message> {
    let header = format!("Random sample of table: {relation}");
    let rule = "-".repeat(header.chars().count());
    vec![
        Message::blank(),
        Message::new("SeedHeader", Level::Info, header.as_str()).with("header", header),
        Message::note("Formatting", Level::Info, &rule),
        Message::note("PrintEvent", Level::Info, &table::text(table, &table::Limits::SEED)).bare(),
        Message::blank(),
    ]
}

fn statement(event: &Event) -> Message {
    match event {
        Event::Sql { connection, node, sql } => {
            let line = Message::new("SQLQuery", Level::Debug, format!("On {connection}: {sql}"))
                .with("conn_name", connection.as_str())
                .with("sql", sql.as_str());
            match node {
                Some(node) => line.with("node_info", node_info::of(node, None)),
                None => line,
            }
        }
        Event::SqlStatus { connection, status, elapsed } => {
            let text = format!("SQL status: {status} in {elapsed:.3} seconds");
            Message::new("SQLQueryStatus", Level::Debug, text)
                .with("conn_name", connection.as_str())
                .with("status", status.as_str())
                .with("elapsed", *elapsed)
        }
        _ => Message::blank(),
    }
}

fn completed(command: &str, success: bool, elapsed: f64) -> Message {
    let now = chrono::Utc::now();
    let outcome = if success { "succeeded" } else { "failed" };
    let stamp = now.format("%H:%M:%S%.6f");
    let text = format!("Command `dbt {command}` {outcome} at {stamp} after {elapsed:.2} seconds");
    Message::new("CommandCompleted", Level::Debug, text)
        .with("command", format!("dbt {command}"))
        .with("completed_at", now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
        .with("success", success)
        .with("elapsed", elapsed)
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn dotted(message: String, status: String, place: Option<(usize, usize)>) -> Dotted {
    Dotted { message, status, place, seconds: None, cut: false }
}
