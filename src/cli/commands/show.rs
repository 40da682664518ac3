//! `karat show`: rows of a model or of a query.

use super::{Command, CommandSpec, PLAIN};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Show,
    name: "show",
    about: "Show rows of a node or of a query, without building anything",
    examples: "  karat show --select orders --limit 20
  karat show --inline \"select count(*) from {{ ref('orders') }}\"
  karat show --quiet --output json --select orders",
    flags: &[
        "select",
        "exclude",
        "selector",
        "inline",
        "inline-direct",
        "limit",
        "output",
        "introspect",
        "full-refresh",
    ],
    ..PLAIN
};
