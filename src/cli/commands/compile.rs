//! `karat compile` and `karat parse`: what would be run, without running it.

use super::{Command, CommandSpec, PLAIN};

/// What the parser needs to know of `compile`.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Compile,
    name: "compile",
    about: "Write the SQL of nodes into the target folder, without running it",
    examples: "  karat compile --select orders
  karat compile --inline \"select * from {{ ref('orders') }}\"",
    flags: &[
        "select",
        "exclude",
        "selector",
        "inline",
        "output",
        "introspect",
        "full-refresh",
        "empty",
        "inject-ephemeral-ctes",
    ],
    ..PLAIN
};

/// What the parser needs to know of `parse`.
pub const PARSE: CommandSpec = CommandSpec {
    command: Command::Parse,
    name: "parse",
    about: "Read the project and write manifest.json, without touching the database",
    examples: "  karat parse --no-partial-parse",
    ..PLAIN
};
