//! `karat run-operation`: a macro, called for itself.

use super::{Command, CommandSpec, PLAIN};
use crate::cli::session::Opening;
use crate::error::{Error, ErrorKind, Result};
use crate::jinja::value::from_json;
use crate::project::vars::parse_vars;
use crate::run::run_operation;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::RunOperation,
    name: "run-operation",
    about: "Call a macro of the project",
    examples: "  karat run-operation grant_select --args '{role: reporter}'",
    positional: Some(("macro", "Name of the macro: `name` or `package.name`")),
    required: true,
    flags: &["args"],
    ..PLAIN
};

/// Calls the macro; the exit code: 1 where it failed.
///
/// # Errors
/// The project cannot be opened; the arguments cannot be read.
pub fn run(opening: &Opening) -> Result<u8> {
    let invocation = &opening.start.invocation;
    let name = invocation.positional.clone();
    let name = name.ok_or_else(|| Error::new(ErrorKind::Usage, "Missing argument 'MACRO'."))?;
    let args = parse_vars("--args", invocation.given.text("args").unwrap_or("{}"))?;
    let opened = opening.open()?;
    let run = opened.run_over(Vec::new())?;
    let kwargs = args.iter().map(|(name, value)| (name.clone(), from_json(value))).collect();
    let outcome = run_operation(&run, &name, &kwargs);
    run.sessions.close();
    opened.write_results(&[], 0.0)?;
    match outcome {
        Ok(_) => Ok(0),
        Err(error) => {
            opening.reporter.report(crate::event::Event::Failed { error });
            Ok(1)
        }
    }
}
