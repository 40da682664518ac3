//! `karat ls`: what is in the project.

use super::{Command, CommandSpec, PLAIN};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::List,
    name: "list",
    aliases: &["ls"],
    about: "List the nodes of the project",
    examples: "  karat ls --select tag:daily+
  karat ls --resource-type model --output path
  karat ls --quiet --output json --output-keys name config.materialized",
    flags: &[
        "select_only",
        "models",
        "exclude",
        "selector",
        "resource-types",
        "exclude-resource-types",
        "output_ls",
        "output-keys",
    ],
    ..PLAIN
};
