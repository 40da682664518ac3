//! `karat seed`: CSV files as tables.

use super::execute::Task;
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::cli::session::Opened;
use crate::context::Compiled;
use crate::error::Result;
use crate::event::Event;
use crate::manifest::{NodeStatus, ResourceType};
use crate::run::{Mode, Report};
use crate::ui::table;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Seed,
    name: "seed",
    about: "Load CSV files as tables",
    examples: "  karat seed
  karat seed --select countries --show
  karat seed --full-refresh             drop and create the tables anew",
    flags: &["select", "exclude", "selector", "full-refresh", "empty", "show"],
    ..PLAIN
};

/// What it runs.
pub const TASK: Task =
    Task { kinds: &[ResourceType::Seed], tests_gate: false, hooks: true, mode: Mode::Execute };

/// How many rows of a seed are shown.
const SAMPLE: i64 = 10;

/// `--show`: some rows of every seed that was loaded.
///
/// # Errors
/// The engine refuses to read them.
pub fn show(opened: &Opened, report: &Report) -> Result<()> {
    let run = opened.run_over(Vec::new())?;
    let told = |name, message| opened.session.reporter.report(Event::Note { name, message });
    let loaded = report.outcomes.iter().filter(|outcome| outcome.result.status == NodeStatus::Success);
    let seeds = loaded.filter_map(|outcome| opened.manifest.nodes.get(&outcome.info.unique_id));
    for node in seeds.filter(|node| node.resource_type == ResourceType::Seed) {
        let sql = format!("select * from {}", run.relation_of(node));
        let (_, rows) = super::show::rows(&run, node, Compiled { sql, ..Compiled::default() }, SAMPLE)?;
        let header = format!("Random sample of table: {}.{}", node.schema, node.alias);
        told("Formatting", String::new());
        told("SeedHeader", header.clone());
        told("Formatting", "-".repeat(header.chars().count()));
        opened.session.reporter.report(Event::Print { message: table::text(&rows, &table::Limits::SEED) });
        told("Formatting", String::new());
    }
    run.sessions.close();
    Ok(())
}
