//! Repeats a node that the engine undid in favour of another transaction, or whose session was lost.

use crate::adapter::is_lost;
use crate::context::Run;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::manifest::{Node, ResourceType};
use std::time::Duration;

/// How often a node is begun again when the engine let another transaction win (DuckDB's optimistic locks,
/// PostgreSQL's deadlocks).
const ATTEMPTS: u32 = 8;

/// Runs a node's work; again where it was undone whole and is safe to repeat: all its hooks are within its
/// transaction. A lost session is worth one more try.
///
/// # Errors
/// The work's own, once it is not to be repeated.
pub fn again<T>(run: &Run, node: &Node, mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let within = ["pre-hook", "post-hook"].iter().all(|key| all_within(node, key));
    let mut lost = false;
    for attempt in 1.. {
        match work() {
            Err(fault) if run.sessions.is_stopped() => return Err(fault),
            Err(fault) if within && attempt < ATTEMPTS && is_conflict(&fault) => {
                std::thread::sleep(Duration::from_millis(20 << attempt.min(6)));
            }
            Err(fault) if within && attempt < run.session.adapter.attempts(&fault) => {
                tell(run, node, &fault);
                std::thread::sleep(Duration::from_secs(1 << attempt.min(6).saturating_sub(1)));
            }
            Err(fault) if within && !lost && is_lost(&fault) && may_repeat(node, &fault) => {
                lost = true;
                tell(run, node, &fault);
            }
            outcome => return outcome,
        }
    }
    Err(Error::internal("a node was never run"))
}

/// Do all hooks of this kind run within the transaction?
pub fn all_within(node: &Node, key: &str) -> bool {
    let hooks = node.config.get(key).and_then(serde_json::Value::as_array);
    hooks
        .into_iter()
        .flatten()
        .all(|hook| hook.get("transaction").and_then(serde_json::Value::as_bool) != Some(false))
}

/// Did the engine undo this transaction in favour of another? 40001 and 40P01 are PostgreSQL's codes; two
/// sessions that touch one row of its catalog at a time get the other two.
pub fn is_conflict(fault: &Error) -> bool {
    match fault.code() {
        Some("conflict" | "40001" | "40P01") => true,
        Some("XX000") => fault.message().starts_with("tuple concurrently "),
        Some("23505") => fault.message().contains("unique constraint \"pg_"),
        _ => false,
    }
}

/// Where the commit itself was lost (08007), only what gives the same rows when it is done twice.
fn may_repeat(node: &Node, fault: &Error) -> bool {
    let same_twice = match node.resource_type {
        ResourceType::Model => matches!(node.config.materialized(), "table" | "view"),
        kind => matches!(kind, ResourceType::Seed | ResourceType::Test | ResourceType::UnitTest),
    };
    fault.code() != Some("08007") || same_twice
}

fn tell(run: &Run, node: &Node, fault: &Error) {
    let why = fault.message().lines().next().unwrap_or_default();
    let message = format!("{} is begun again: {why}", node.described());
    run.session.reporter.report(Event::Note { name: "Note", message });
}
