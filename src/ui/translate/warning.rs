//! Warnings and the fault that ends a command, in dbt's words.

use super::super::errors;
use super::super::message::{Level, Message};
use super::super::style::{Tone, plain};
use crate::error::Error;

/// Warnings that dbt writes as they are, without a tag in front.
const UNTAGGED: &[&str] = &[
    "InvalidMacroAnnotation",
    "JinjaLogWarning",
    "NoNodesForSelectionCriteria",
    "NoNodesSelected",
    "NothingToDo",
    "SnapshotTimestampWarning",
];

/// A warning under its event class. Deprecations are wrapped at the width and name their class.
pub fn warning(name: &'static str, error: &Error, width: usize) -> Message {
    let said = error.message();
    let tag = format!("[{}]", Tone::Yellow.paint("WARNING"));
    let text = if UNTAGGED.contains(&name) {
        said.to_string()
    } else if name.starts_with("Deprecat") || name.ends_with("Deprecation") {
        wrap(&format!("{tag}[{name}]: Deprecated functionality\n\n{said}"), width)
    } else {
        format!("{tag}: {said}")
    };
    // On the last line of the warning: what follows a stamped line would read as a row of `ls`.
    let place = error.location().map(|place| format!(" --> {place}")).unwrap_or_default();
    let helps: String = error.helps().iter().map(|help| format!("; help: {help}")).collect();
    let told = Message::new(name, Level::Warn, text + &place + &helps).with("msg", said);
    error.fields().iter().fold(told, |told, (field, value)| told.with(field, value.as_str()))
}

/// The command could not start, or stopped.
pub fn failed(error: &Error) -> Message {
    let told = error.full_text();
    Message::new("MainEncounteredError", Level::Error, format!("Encountered an error:\n{told}"))
        .drawn(format!("Encountered an error:\n{}", errors::draw(error)))
        .with("exc", told)
}

/// A macro that was called for itself failed.
pub fn operation_failed(error: &Error) -> Message {
    let begin = "Encountered an error while running operation: ";
    let told = error.full_text();
    Message::new("RunningOperationCaughtError", Level::Error, format!("{begin}{told}"))
        .drawn(format!("{begin}{}", errors::draw(error)))
        .with("exc", told)
}

/// Fills paragraphs, which empty lines part, to a width; joins them by single line ends, as dbt does.
fn wrap(text: &str, width: usize) -> String {
    text.split("\n\n").map(|part| fill(part, width)).collect::<Vec<_>>().join("\n")
}

fn fill(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = plain(word).chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}
