//! `karat compile` and `karat parse`: what would be run, without running it.

use super::execute::{Task, run_task};
use super::show;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::cli::session::{Opened, Opening};
use crate::error::Result;
use crate::event::Event;
use crate::manifest::{NodeStatus, ResourceType};
use crate::run::{Clock, Mode, blank, finish};
use std::collections::HashMap;

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

/// What it compiles.
pub const TASK: Task = Task {
    kinds: &[
        ResourceType::Model,
        ResourceType::Seed,
        ResourceType::Snapshot,
        ResourceType::Test,
        ResourceType::Analysis,
        ResourceType::Function,
    ],
    tests_gate: false,
    hooks: false,
    mode: Mode::Compile,
};

/// `compile`: the exit code.
///
/// # Errors
/// The project cannot be opened; an inline query does not compile.
pub fn run(opening: &Opening) -> Result<u8> {
    let opened = opening.open()?;
    let given = &opening.start.invocation.given;
    if let Some(sql) = given.text("inline") {
        let mut clock = Clock::start();
        let (node, compiled) = show::inline(&opened, sql)?;
        clock.stage("compile");
        let result = finish(blank(&node, NodeStatus::Success), &node, clock, Some(&compiled));
        opened.write_manifest(&HashMap::new(), &HashMap::new())?;
        opened.write_results(std::slice::from_ref(&result), result.execution_time)?;
        tell(&opened, given.text("output"), None, &compiled.sql);
        return Ok(0);
    }
    let (report, code) = run_task(&opened, &TASK)?;
    for outcome in &report.outcomes {
        let asked = opened.session.flags.select.iter().any(|word| word.contains(&outcome.info.name));
        if let (true, Some(sql)) = (asked, &outcome.result.compiled_code) {
            tell(&opened, given.text("output"), Some(&outcome.info.name), sql);
        }
    }
    Ok(code)
}

fn tell(opened: &Opened, output: Option<&str>, name: Option<&str>, sql: &str) {
    let (name, sql) = (name.map(str::to_string), sql.to_string());
    opened.session.reporter.report(Event::Compiled { name, sql, json: output == Some("json") });
}

/// `parse`: reads everything and writes the manifest; the exit code.
///
/// # Errors
/// The project has a fault.
pub fn parse(opening: &Opening) -> Result<u8> {
    let opened = opening.open()?;
    opened.graph(false)?;
    opened.write_manifest(&HashMap::new(), &HashMap::new())?;
    Ok(0)
}
