//! `karat run-operation`: a macro, called for itself.

use super::{Command, CommandSpec, PLAIN};
use crate::cli::session::{Opened, Opening};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::jinja::value::from_json;
use crate::manifest::{NodeStatus, RunResult, UniqueId};
use crate::project::vars::parse_vars;
use crate::run::{Clock, run_operation, unbuilt};

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
/// The project cannot be opened; the arguments cannot be read; there is no such macro.
pub fn run(opening: &Opening) -> Result<u8> {
    let invocation = &opening.start.invocation;
    let name = invocation.positional.clone();
    let name = name.ok_or_else(|| Error::new(ErrorKind::Usage, "Missing argument 'MACRO'."))?;
    let args = parse_vars("--args", invocation.given.text("args").unwrap_or("{}"))?;
    let opened = opening.open()?;
    let run = opened.run_over(Vec::new())?;
    let id = called(&opened, &name)?;
    let kwargs = args.iter().map(|(name, value)| (name.clone(), from_json(value))).collect();
    let mut clock = Clock::start();
    clock.stage("compile");
    let outcome = run_operation(&run, &name, &kwargs);
    run.sessions.close();
    clock.stage("execute");
    let status = if outcome.is_ok() { NodeStatus::Success } else { NodeStatus::Error };
    let result = RunResult {
        execution_time: clock.seconds(),
        timing: clock.stages(),
        failures: Some(i64::from(outcome.is_err())),
        compiled: Some(false),
        ..unbuilt(&id, status, None)
    };
    let elapsed = result.execution_time;
    opened.write_results(&[result], elapsed)?;
    match outcome {
        Ok(_) => Ok(0),
        Err(error) => {
            opening.reporter.report(Event::OperationFailed { error });
            Ok(1)
        }
    }
}

/// The id of the macro that is called by a name: `macro.shop.grant_select`.
fn called(opened: &Opened, name: &str) -> Result<UniqueId> {
    let session = &opened.session;
    let (package, short) =
        name.split_once('.').map_or((None, name), |(package, short)| (Some(package), short));
    let found = session.engine.find_macro(short, package, &session.project_name);
    found.map(|found| UniqueId::from(found.unique_id())).ok_or_else(|| {
        Error::runtime(format!("dbt could not find a macro with the name '{name}' in any package"))
            .help("look at its spelling, and at `macro-paths` in dbt_project.yml")
    })
}
