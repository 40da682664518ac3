//! `karat build`: seeds, models, snapshots and tests, each as soon as what it needs is there.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Build,
    name: "build",
    about: "Run seeds, models, snapshots and tests, in the order of their needs",
    examples: "  karat build
  karat build --select +orders          one model and all it stands on
  karat build --exclude tag:slow        everything but the slow ones
  karat build --full-refresh -s orders+ a model anew, and all that stand on it",
    flags: &[
        "select",
        "exclude",
        "selector",
        "resource-types",
        "exclude-resource-types",
        "full-refresh",
        "empty",
        "sample",
        "event-time-start",
        "event-time-end",
        "store-failures",
        "show",
        "export-saved-queries",
        "include-saved-query",
    ],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task = Task {
    kinds: &[
        ResourceType::Model,
        ResourceType::Seed,
        ResourceType::Snapshot,
        ResourceType::Test,
        ResourceType::UnitTest,
        ResourceType::Function,
        ResourceType::Exposure,
    ],
    tests_gate: true,
    hooks: true,
    mode: Mode::Execute,
};
