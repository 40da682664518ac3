//! `karat run-operation`: a macro, called for itself.

use super::{Command, CommandSpec, PLAIN};
use crate::adapter::Fetch;
use crate::cli::session::{Opened, Opening};
use crate::compile::Compiler;
use crate::context::{Run, Scope, Subject};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::jinja::value::from_json;
use crate::manifest::{Node, NodeStatus, RunResult, UniqueId};
use crate::project::vars::parse_vars;
use crate::run::{Clock, run_operation, unbuilt};
use std::collections::HashMap;
use std::sync::Arc;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::RunOperation,
    name: "run-operation",
    about: "Call a macro of the project",
    examples: "  karat run-operation grant_select --args '{role: reporter}'
  karat run-operation --sql \"drop table {{ target.schema }}.old\"",
    positional: Some(("macro", "Name of the macro: `name` or `package.name`")),
    flags: &["args", "sql"],
    ..PLAIN
};

/// Calls the macro; the exit code: 1 where it failed.
///
/// # Errors
/// The project cannot be opened; the arguments cannot be read; there is no such macro.
pub fn run(opening: &Opening) -> Result<u8> {
    let invocation = &opening.start.invocation;
    let (name, sql) = (invocation.positional.as_deref(), invocation.given.text("sql"));
    if name.is_some() == sql.is_some() {
        let fault = Error::new(ErrorKind::Usage, "Either the name of a macro or --sql is needed, not both");
        return Err(fault.help("karat run-operation my_macro"));
    }
    let args = parse_vars("--args", invocation.given.text("args").unwrap_or("{}"))?;
    let opened = opening.open()?;
    let run = opened.run_over(Vec::new())?;
    let id = match name {
        Some(name) => called(&opened, name)?,
        None => Node::inline(&opened.session.project_name, "").unique_id,
    };
    let kwargs = args.iter().map(|(name, value)| (name.clone(), from_json(value))).collect();
    let mut clock = Clock::start();
    clock.stage("compile");
    let outcome = match (name, sql) {
        (Some(name), _) => run_operation(&run, name, &kwargs).map(|_| ()),
        (_, sql) => run_sql(&run, sql.unwrap_or_default()),
    };
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
    opened.write_manifest(&HashMap::new(), &HashMap::new())?;
    opened.write_results(&[result], elapsed)?;
    match outcome {
        Ok(_) => Ok(0),
        Err(error) => {
            opening.reporter.report(Event::OperationFailed { error });
            Ok(1)
        }
    }
}

/// Renders SQL and runs it; what it did is kept.
fn run_sql(run: &Arc<Run>, sql: &str) -> Result<()> {
    let node = Arc::new(Node::inline(&run.session.project_name, sql));
    let compiled = Compiler::new(run).in_memory(&node, None)?;
    let scope = Arc::new(Scope::new(run, Subject::Node(node), None));
    let done = scope.execute(&compiled.sql, true, Fetch::Nothing).and_then(|_| scope.commit());
    scope.release();
    done
}

/// The id of the macro that is called by a name: `macro.shop.grant_select`.
fn called(opened: &Opened, name: &str) -> Result<UniqueId> {
    let session = &opened.session;
    let (package, short) =
        name.split_once('.').map_or((None, name), |(package, short)| (Some(package), short));
    let found = session.engine.macro_called_outside(short, package);
    found.map(|found| UniqueId::from(found.unique_id())).ok_or_else(|| {
        Error::compilation(format!("dbt could not find a macro with the name '{name}' in any package"))
            .help("look at its spelling, and at `macro-paths` in dbt_project.yml")
    })
}
