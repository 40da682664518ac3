//! `karat debug`: shows the configuration and tests the connection.

use super::{Command, CommandSpec, PLAIN};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Debug,
    name: "debug",
    about: "Show the configuration and test the connection (see --debug for debug lines)",
    examples: "  karat debug
  karat debug --connection --target pro
  karat debug --config-dir              where profiles.yml is looked for",
    flags: &["connection", "config-dir"],
    ..PLAIN
};
