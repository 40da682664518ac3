//! The end of a run: what ran, every failure and warning, the count of outcomes.

use super::super::diff;
use super::super::errors;
use super::super::message::{Level, Message};
use super::super::style::{Tone, plural};
use super::node_info;
use crate::error::Error;
use crate::event::NodeInfo;
use crate::manifest::{NodeStatus, ResourceType, RunResult};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A node's outcome, as `Event::Summary` brings it.
pub type Outcome = (Arc<NodeInfo>, RunResult, Option<Error>);

/// `Finished running 3 seeds, 1 table model in 0 hours 0 minutes and 0.74 seconds (0.74s).`
pub fn finished(counts: &[(String, usize)], elapsed: f64) -> Vec<Message> {
    let mut counts = counts.to_vec();
    // In the order of dbt's own words, which are other words for tests.
    counts.sort_by_key(|(word, _)| match word.as_str() {
        "data test" => "test".to_string(),
        word => word.to_string(),
    });
    let line = counts.iter().map(|(word, n)| plural(*n, word)).collect::<Vec<_>>().join(", ");
    let (minutes, seconds) = ((elapsed / 60.0).floor(), elapsed % 60.0);
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    let span = format!(" in {hours:.0} hours {minutes:.0} minutes and {seconds:.2} seconds");
    let text = format!("Finished running {line}{span} ({elapsed:.2}s).");
    let message = Message::new("FinishedRunningStats", Level::Info, text)
        .with("stat_line", line)
        .with("execution", span)
        .with("execution_time", elapsed);
    vec![Message::blank(), message]
}

/// How many of each outcome, by dbt's words.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Built or passed.
    pub pass: usize,
    /// Warned.
    pub warn: usize,
    /// Failed.
    pub error: usize,
    /// Not run.
    pub skip: usize,
    /// Had nothing to do.
    pub noop: usize,
}

impl Counts {
    /// Counts one outcome.
    pub fn add(&mut self, status: NodeStatus) {
        use NodeStatus::*;
        *match status {
            Success | Pass => &mut self.pass,
            Warn => &mut self.warn,
            Error | Fail | PartialSuccess | RuntimeErr => &mut self.error,
            Skipped => &mut self.skip,
            NoOp => &mut self.noop,
        } += 1;
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.pass + self.warn + self.error + self.skip + self.noop
    }

    /// `Done. PASS=28 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=28`.
    pub fn line(&self) -> String {
        let Counts { pass, warn, error, skip, noop } = self;
        let total = self.total();
        format!("Done. PASS={pass} WARN={warn} ERROR={error} SKIP={skip} NO-OP={noop} TOTAL={total}")
    }

    fn stats(&self) -> Json {
        let Counts { pass, warn, error, skip, noop } = self;
        json!({"error": error, "noop": noop, "pass": pass, "skip": skip, "total": self.total(), "warn": warn})
    }
}

/// Everything that dbt writes after the last node, below an empty line.
pub fn summary(results: &[Outcome], interrupted: bool) -> Vec<Message> {
    let failed: Vec<&Outcome> = results.iter().filter(|o| counts_as_error(o)).collect();
    let warned: Vec<&Outcome> = results.iter().filter(|o| o.1.status == NodeStatus::Warn).collect();
    let partial = results.iter().filter(|o| o.1.status == NodeStatus::PartialSuccess).count();
    let mut out = vec![Message::blank(), end_line([failed.len(), partial, warned.len()], interrupted)];
    for outcome in failed.into_iter().chain(warned) {
        out.extend(detail(outcome));
    }
    let mut counts = Counts::default();
    results.iter().for_each(|outcome| counts.add(outcome.1.status));
    out.push(Message::blank());
    out.push(Message::new("StatsLine", Level::Info, counts.line()).with("stats", counts.stats()));
    out
}

/// Everything that dbt writes after the last source: those that are too old or did not answer.
pub fn freshness(results: &[Outcome]) -> Vec<Message> {
    let failed = results.iter().filter(|outcome| outcome.1.status.is_failure());
    let mut out: Vec<Message> = failed.flat_map(detail).collect();
    out.push(Message::new("FreshnessCheckComplete", Level::Info, "Done."));
    out
}

/// Failures, and what was skipped for a reason that it tells.
fn counts_as_error((node, result, _): &Outcome) -> bool {
    match result.status {
        NodeStatus::Error | NodeStatus::Fail | NodeStatus::RuntimeErr => true,
        NodeStatus::Skipped => {
            result.message.as_ref().is_some_and(|m| !m.is_empty())
                && node.resource_type != ResourceType::Exposure
        }
        _ => false,
    }
}

fn end_line([errors, partial, warnings]: [usize; 3], interrupted: bool) -> Message {
    let warned = plural(warnings, "warning");
    let partly = format!("{partial} partial success{}", if partial == 1 { "" } else { "es" });
    let text = if interrupted {
        Tone::Yellow.paint("Exited because of keyboard interrupt")
    } else if errors > 0 {
        let failed = plural(errors, "error");
        Tone::Red.paint(format!("Completed with {failed}, {partly}, and {warned}:"))
    } else if partial > 0 {
        Tone::Yellow.paint(format!("Completed with {partly} and {warned}"))
    } else if warnings > 0 {
        Tone::Yellow.paint(format!("Completed with {warned}:"))
    } else {
        Tone::Green.paint("Completed successfully")
    };
    Message::new("EndOfRunSummary", Level::Info, text)
        .with("num_errors", errors)
        .with("num_partial_success", partial)
        .with("num_warnings", warnings)
        .with("keyboard_interrupt", interrupted)
}

/// What is told of one failure or warning.
fn detail(outcome: &Outcome) -> Vec<Message> {
    let (node, result, error) = outcome;
    let info = node_info::with_status(node, "None", None);
    if result.status == NodeStatus::Skipped && error.is_none() {
        let reason = result.message.as_deref().unwrap_or_default();
        let text = format!("  {reason}");
        let line = Message::new("RunResultError", Level::Debug, text).with("msg", reason);
        return vec![Message { level: Level::Debug, ..Message::blank() }, line];
    }
    let mut out = vec![Message::blank(), heading(node, result), reason(outcome)];
    if let Some(path) = &result.compiled_path {
        out.push(Message::blank());
        let text = format!("  compiled code at {path}");
        out.push(Message::new("SQLCompiledPath", Level::Info, text).with("path", path.as_str()));
    }
    if let Some(relation) = result.relation_name.as_ref().filter(|_| node.store_failures) {
        out.push(Message::blank());
        let query = format!("select * from {relation}");
        let rule = "-".repeat(query.chars().count());
        let text = format!("  See test failures:\n  {rule}\n  {query}\n  {rule}");
        let line = Message::new("CheckNodeTestFailure", Level::Info, text);
        out.push(line.with("relation_name", relation.as_str()));
    }
    let about_node = |line: Message| match (line.name, &node.group) {
        ("Formatting", _) => line,
        (_, Some(group)) => line.with("node_info", info.clone()).with("group", group.clone()),
        _ => line.with("node_info", info.clone()),
    };
    out.into_iter().map(about_node).collect()
}

fn heading(node: &NodeInfo, result: &RunResult) -> Message {
    let what = format!("{} {} ({})", node.resource_type, node.name, node.path);
    let line = match result.status {
        NodeStatus::Warn => {
            let text = Tone::Yellow.paint(format!("Warning in {what}"));
            Message::new("RunResultWarning", Level::Warn, text)
        }
        _ => Message::new("RunResultFailure", Level::Error, Tone::Red.paint(format!("Failure in {what}"))),
    };
    line.with("resource_type", node.resource_type.as_str())
        .with("node_name", node.name.as_str())
        .with("path", node.path.as_str())
}

/// The message of the result; where a fault stands behind it, text sinks draw that.
fn reason((node, result, error): &Outcome) -> Message {
    let status = result.status.as_str();
    match result.message.as_deref().filter(|m| !m.is_empty()) {
        None => {
            let text = format!("  Status: {status}");
            Message::new("RunResultErrorNoMessage", Level::Error, text).with("status", status)
        }
        Some(said) if result.status == NodeStatus::Warn => {
            Message::note("RunResultWarningMessage", Level::Warn, said)
        }
        Some(said) => {
            let line = Message::new("RunResultError", Level::Error, format!("  {said}")).with("msg", said);
            match error {
                None if node.resource_type == ResourceType::UnitTest => {
                    Message { text: format!("  {}", diff::paint(said)), ..line }
                }
                Some(error) => line.drawn(format!("  {}", errors::draw(error))),
                None => line,
            }
        }
    }
}
