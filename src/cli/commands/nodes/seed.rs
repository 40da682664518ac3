//! `karat seed`: CSV files as tables.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Seed,
    name: "seed",
    about: "Load CSV files as tables",
    examples: "  karat seed
  karat seed --select countries --show
  karat seed --full-refresh             drop and create the tables anew",
    flags: &["select", "exclude", "selector", "full-refresh", "empty", "show"],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task =
    Task { kinds: &[ResourceType::Seed], tests_gate: false, hooks: true, mode: Mode::Execute };
