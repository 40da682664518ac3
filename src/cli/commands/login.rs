//! `karat login`: a command of dbt's own service, which karat has nothing to do with.

use super::{Command, CommandSpec, PLAIN};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Login,
    name: "login",
    about: "Taken for dbt's sake; there is no service to log in to",
    examples: "  karat login",
    ..PLAIN
};

/// What the command says.
pub const ANSWER: &str = "`login` is not applicable: karat works without a service to log in to\n";
