//! `karat run`: the models.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Run,
    name: "run",
    about: "Run models, without seeds and tests",
    examples: "  karat run
  karat run --select path:models/silver tag:daily
  karat run --full-refresh --select orders",
    flags: &[
        "select",
        "exclude",
        "selector",
        "full-refresh",
        "empty",
        "sample",
        "event-time-start",
        "event-time-end",
    ],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task =
    Task { kinds: &[ResourceType::Model], tests_gate: false, hooks: true, mode: Mode::Execute };
