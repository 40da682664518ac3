//! The lines of a run: a node or a hook begins, and what became of it.

use super::super::message::{Level, Message};
use super::super::style::Tone;
use super::{dotted, node_info};
use crate::event::{Event, NodeInfo};
use crate::manifest::{NodeStatus, ResourceType, RunResult, Timing};
use chrono::{DateTime, Utc};
use serde_json::json;

/// The messages of `NodeStarted` and `NodeFinished`.
pub fn lines(event: &Event, width: usize) -> Vec<Message> {
    match event {
        Event::NodeStarted { node, index, total, description } => {
            let line = dotted(format!("START {description}"), "RUN".into(), Some((*index, *total)));
            let start = Message::new("LogStartLine", Level::Info, line.draw(width))
                .with("description", description.as_str())
                .with("index", *index)
                .with("total", *total)
                .with("node_info", node_info::of(node, None));
            let id = &node.unique_id;
            let step = |name: &'static str, words: &str| {
                Message::new(name, Level::Debug, format!("Began {words} node {id}"))
                    .with("node_info", node_info::of(node, None))
            };
            vec![step("NodeStart", "running"), start, step("NodeCompiling", "compiling")]
        }
        Event::NodeFinished { node, index, total, description, result, error, .. } => {
            let timings = result.timing.iter().map(|stage| timing(node, stage));
            let place = (*index, *total);
            let ended = Ended { node, place, description, result, faulty: error.is_some() };
            let id = &node.unique_id;
            let finish = Message::new("NodeFinished", Level::Debug, format!("Finished running node {id}"))
                .with("node_info", node_info::of(node, Some(result)))
                .with("run_result", node_info::run_result(result));
            let fault = error.as_ref().filter(|_| result.status.is_failure()).map(|error| {
                let text = error.full_text();
                Message::new("CatchableExceptionOnRun", Level::Debug, text.clone())
                    .with("exc", text)
                    .with("node_info", node_info::of(node, Some(result)))
            });
            timings.chain(fault).chain([ended.line(width), finish]).collect()
        }
        _ => Vec::new(),
    }
}

/// How long a stage of a node took.
fn timing(node: &NodeInfo, stage: &Timing) -> Message {
    let clock =
        |at: Option<DateTime<Utc>>| at.map(|at| at.format("%H:%M:%S%.6f").to_string()).unwrap_or_default();
    let (from, to) = (clock(stage.started_at), clock(stage.completed_at));
    let text = format!("Timing info for {} ({}): {from} => {to}", node.unique_id, stage.name);
    Message::new("TimingInfoCollected", Level::Debug, text)
        .with("node_info", node_info::of(node, None))
        .with("timing_info", node_info::stage(stage))
}

/// A node that has ended.
struct Ended<'a> {
    node: &'a NodeInfo,
    place: (usize, usize),
    description: &'a str,
    result: &'a RunResult,
    /// Is there a fault behind it?
    faulty: bool,
}

impl Ended<'_> {
    fn line(&self, width: usize) -> Message {
        let line = match (self.result.status, self.node.resource_type) {
            (NodeStatus::Skipped, _) if self.faulty => self.skipped_for_ephemeral(width),
            (NodeStatus::Skipped, _) => self.skipped(width),
            (NodeStatus::NoOp, _) => self.no_op(width),
            (_, ResourceType::Test | ResourceType::UnitTest) => self.test(width),
            (_, ResourceType::Source) => self.freshness(width),
            (_, ResourceType::Seed) => self.built("LogSeedResult", ["ERROR loading", "OK loaded"], width),
            (_, ResourceType::Snapshot) => {
                self.built("LogSnapshotResult", ["ERROR snapshotting", "OK snapshotted"], width)
            }
            (_, ResourceType::Function) => {
                self.built("LogFunctionResult", ["ERROR creating", "OK created"], width)
            }
            _ => self.built("LogModelResult", ["ERROR creating", "OK created"], width),
        };
        let line = line.with("index", self.place.0);
        let line = line.with("node_info", node_info::of(self.node, Some(self.result)));
        self.node.group.iter().fold(line, |line, group| line.with("group", group.clone()))
    }

    /// A model, seed or snapshot: the engine's words in the brackets, or ERROR.
    fn built(&self, name: &'static str, [bad, good]: [&str; 2], width: usize) -> Message {
        let said = self.result.message.clone().unwrap_or_else(|| "OK".into());
        let (info, status, level) = match self.result.status {
            NodeStatus::PartialSuccess => {
                ("PARTIALLY created", Tone::Yellow.paint(said.to_uppercase()), Level::Error)
            }
            status if status.is_failure() => (bad, Tone::Red.paint("ERROR"), Level::Error),
            _ => (good, Tone::Green.paint(&said), Level::Info),
        };
        let what = match name {
            "LogSnapshotResult" => self.description.trim_start_matches("snapshot "),
            _ => self.description,
        };
        let failed = self.result.status.is_failure();
        let line = Message::new(name, level, self.dots(format!("{info} {what}"), status, width))
            .with("execution_time", self.result.execution_time)
            .with("total", self.place.1);
        let outcome = self.result.status.as_str();
        match name {
            "LogSeedResult" => line
                .with("schema", self.node.relation.schema.as_str())
                .with("relation", self.node.relation.alias.as_str())
                .with("result_message", said)
                .with("status", outcome),
            "LogSnapshotResult" => line
                .with("description", what)
                .with("cfg", json!({}))
                .with("result_message", said)
                .with("status", outcome),
            _ => {
                line.with("description", what).with("status", if failed { outcome.to_string() } else { said })
            }
        }
    }

    fn test(&self, width: usize) -> Message {
        let found = self.result.failures.unwrap_or(0);
        let (info, tone, level) = match self.result.status {
            NodeStatus::Pass | NodeStatus::Success => ("PASS".to_string(), Tone::Green, Level::Info),
            NodeStatus::Warn => (format!("WARN {found}"), Tone::Yellow, Level::Warn),
            NodeStatus::Fail => (format!("FAIL {found}"), Tone::Red, Level::Error),
            _ => ("ERROR".to_string(), Tone::Red, Level::Error),
        };
        let name = self.description.split_once(' ').map_or(self.description, |(_, name)| name);
        let text = self.dots(format!("{info} {name}"), tone.paint(&info), width);
        let line = Message::new("LogTestResult", level, text)
            .with("name", name)
            .with("status", self.result.status.as_str())
            .with("num_models", self.place.1)
            .with("num_failures", found)
            .with("execution_time", self.result.execution_time);
        let attached = self.node.attached_node.iter();
        attached.fold(line, |line, id| line.with("attached_node", id.as_str()))
    }

    /// `PASS freshness of shop.orders`.
    fn freshness(&self, width: usize) -> Message {
        let (info, tone, level) = match self.result.status {
            NodeStatus::RuntimeErr => ("ERROR", Tone::Red, Level::Error),
            NodeStatus::Error => ("ERROR STALE", Tone::Red, Level::Error),
            NodeStatus::Warn => ("WARN", Tone::Yellow, Level::Warn),
            _ => ("PASS", Tone::Green, Level::Info),
        };
        let source = self.node.unique_id.as_str().rsplit('.').nth(1).unwrap_or_default();
        let text = self.dots(format!("{info} {}", self.description), tone.paint(info), width);
        Message::new("LogFreshnessResult", level, text)
            .with("status", self.result.status.as_str())
            .with("source_name", source)
            .with("table_name", self.node.name.as_str())
            .with("total", self.place.1)
            .with("execution_time", self.result.execution_time)
    }

    fn skipped(&self, width: usize) -> Message {
        let kind = self.node.resource_type;
        let relation = matches!(kind, ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot);
        let name = &self.node.name;
        let schema = if relation { self.node.relation.schema.as_str() } else { "" };
        let what =
            if relation { format!("SKIP relation {schema}.{name}") } else { format!("SKIP {kind} {name}") };
        let line = dotted(what, Tone::Yellow.paint("SKIP"), Some(self.place));
        Message::new("SkippingDetails", Level::Info, line.draw(width))
            .with("resource_type", kind.as_str())
            .with("schema", schema)
            .with("node_name", name.as_str())
            .with("total", self.place.1)
    }

    /// An ephemeral model that it reads cannot be compiled.
    fn skipped_for_ephemeral(&self, width: usize) -> Message {
        let (schema, name) = (self.node.relation.schema.as_str(), self.node.name.as_str());
        let what = format!("SKIP relation {schema}.{name} due to ephemeral model status 'error'");
        let line = dotted(what, Tone::Red.paint("ERROR SKIP"), Some(self.place));
        Message::new("LogSkipBecauseError", Level::Error, line.draw(width))
            .with("schema", schema)
            .with("relation", name)
            .with("status", "error")
            .with("total", self.place.1)
    }

    fn no_op(&self, width: usize) -> Message {
        let text = self.dots(format!("NO-OP {}", self.description), Tone::Yellow.paint("NO-OP"), width);
        Message::new("LogNodeNoOpResult", Level::Info, text)
            .with("description", self.description)
            .with("status", "no-op")
            .with("execution_time", self.result.execution_time)
            .with("total", self.place.1)
    }

    fn dots(&self, message: String, status: String, width: usize) -> String {
        let mut line = dotted(message, status, Some(self.place));
        line.seconds = Some(self.result.execution_time);
        line.draw(width)
    }
}

/// The messages of `HookStarted` and `HookFinished`, with the empty lines that set hooks apart.
pub fn hook_lines(event: &Event, width: usize) -> Vec<Message> {
    match event {
        Event::HookStarted { node, index, total } => {
            let statement = hook_name(&node.name);
            let mut line = dotted(format!("START hook: {statement}"), "RUN".into(), Some((*index, *total)));
            line.cut = true;
            let start = Message::new("LogHookStartLine", Level::Info, line.draw(width))
                .with("statement", statement.as_str())
                .with("index", *index)
                .with("total", *total)
                .with("node_info", node_info::of(node, None));
            let opens = *index == 1 && statement.contains(".on-run-end.");
            if opens { vec![Message::blank(), start] } else { vec![start] }
        }
        Event::HookFinished { node, index, total, outcome, execution_time, .. } => {
            let end = hook_end(node, (*index, *total), *outcome, *execution_time, width);
            let closes = index == total && hook_name(&node.name).contains(".on-run-start.");
            if closes { vec![end, Message::blank()] } else { vec![end] }
        }
        _ => Vec::new(),
    }
}

fn hook_end(
    node: &NodeInfo,
    place: (usize, usize),
    outcome: NodeStatus,
    seconds: f64,
    width: usize,
) -> Message {
    let (info, tone) = match outcome {
        NodeStatus::Success | NodeStatus::Pass => ("OK", Tone::Green),
        NodeStatus::Skipped => ("SKIP", Tone::Yellow),
        _ => ("ERROR", Tone::Red),
    };
    let statement = hook_name(&node.name);
    let mut line = dotted(format!("{info} hook: {statement}"), tone.paint(info), Some(place));
    line.cut = true;
    line.seconds = Some(seconds);
    let info = node_info::with_status(node, outcome.as_str(), Some(chrono::Utc::now()));
    Message::new("LogHookEndLine", Level::Info, line.draw(width))
        .with("statement", statement)
        .with("status", outcome.as_str())
        .with("index", place.0)
        .with("total", place.1)
        .with("execution_time", seconds)
        .with("node_info", info)
}

/// `shop-on-run-start-0` as dbt shows it: `shop.on-run-start.0`.
fn hook_name(name: &str) -> String {
    for kind in ["on-run-start", "on-run-end"] {
        if let Some((package, index)) = name.rsplit_once(&format!("-{kind}-")) {
            return format!("{package}.{kind}.{index}");
        }
    }
    name.to_string()
}

/// The message of `Cancelled`.
pub fn cancelled(connection: &str, width: usize) -> Message {
    let line = dotted(format!("CANCEL query {connection}"), Tone::Red.paint("CANCEL"), None);
    Message::new("LogCancelLine", Level::Error, line.draw(width)).with("conn_name", connection)
}
