//! `karat clone`: the relations of another environment, cloned into this one.

use super::execute::{Task, execute};
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::cli::session::Opening;
use crate::error::Result;
use crate::manifest::ResourceType;
use crate::run::Mode;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Clone,
    name: "clone",
    about: "Clone the relations of another environment into this one",
    examples: "  karat clone --state path/to/artifacts
  karat clone --state path/to/artifacts --select orders+ --full-refresh",
    flags: &["select", "exclude", "selector", "resource-types", "exclude-resource-types", "full-refresh"],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task = Task {
    kinds: &[ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot],
    tests_gate: false,
    hooks: false,
    mode: Mode::Clone,
};

/// Clones; the exit code.
///
/// # Errors
/// The project cannot be opened; there is no state to clone from.
pub fn run(opening: &Opening) -> Result<u8> {
    execute(opening, &TASK)
}
