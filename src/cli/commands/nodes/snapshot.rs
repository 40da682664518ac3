//! `karat snapshot`: the history of changing rows.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Snapshot,
    name: "snapshot",
    about: "Run snapshots: keep the history of changing rows",
    examples: "  karat snapshot
  karat snapshot --select orders_snapshot",
    flags: &["select", "exclude", "selector", "empty"],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task =
    Task { kinds: &[ResourceType::Snapshot], tests_gate: false, hooks: true, mode: Mode::Execute };
