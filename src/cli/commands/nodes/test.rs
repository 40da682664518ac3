//! `karat test`: the tests.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Test,
    name: "test",
    about: "Run tests on what is built",
    examples: "  karat test
  karat test --select orders            the tests of one model
  karat test --store-failures           keep the rows that tests find",
    flags: &["select", "exclude", "selector", "resource-types", "exclude-resource-types", "store-failures"],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task = Task {
    kinds: &[ResourceType::Test, ResourceType::UnitTest],
    tests_gate: false,
    hooks: true,
    mode: Mode::Execute,
};
