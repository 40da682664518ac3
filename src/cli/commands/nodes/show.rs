//! `karat show`: rows of a model or of a query.

use crate::adapter::{Fetch, Table};
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::cli::selection::{Choice, chosen};
use crate::cli::session::{Opened, Opening};
use crate::compile::Compiler;
use crate::context::{Compiled, Run, Scope, Subject};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::event::Event;
use crate::jinja::Value;
use crate::manifest::{Node, NodeStatus, ResourceType, RunResult};
use crate::run::{Clock, blank, call_in, finish};
use std::collections::HashMap;
use std::sync::Arc;

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

const KINDS: [ResourceType; 5] = {
    use ResourceType::*;
    [Model, Seed, Snapshot, Test, Analysis]
};
/// Rows shown where `--limit` says nothing.
const LIMIT: i64 = 5;

/// Shows rows; the exit code.
///
/// # Errors
/// The project cannot be opened; nothing is named; the query fails.
pub fn run(opening: &Opening) -> Result<u8> {
    let given = &opening.start.invocation.given;
    let (inline, direct) = (given.text("inline"), given.text("inline-direct"));
    if inline.is_none() && direct.is_none() && opening.start.flags.select.is_empty() {
        return Err(Error::runtime("Either --select or --inline must be passed to show")
            .help("karat show --select my_model"));
    }
    let opened = opening.open()?;
    let limit = given.int("limit").unwrap_or(LIMIT);
    let is_json = given.text("output") == Some("json");
    if let Some(sql) = direct {
        let (run, node) = alone(&opened, sql)?;
        let scope = Arc::new(Scope::new(&run, Subject::Node(node), None));
        let fetch = usize::try_from(limit).map_or(Fetch::All, Fetch::Limit);
        let rows = scope.execute(sql, false, fetch)?.1;
        tell(&opened, None, rows, is_json);
        return Ok(0);
    }
    if let Some(sql) = inline {
        let (run, compiled) = inline_run(&opened, sql)?;
        let node = Arc::new(Node::inline(&opened.session.project_name, sql));
        let result = show(&opened, (&run, &node, None), compiled, (limit, is_json))?;
        run.sessions.close();
        write(&opened, &[result], limit)?;
        return Ok(0);
    }
    show_selected(&opened, limit, is_json)
}

fn show_selected(opened: &Opened, limit: i64, is_json: bool) -> Result<u8> {
    let graph = opened.graph(false)?;
    let ids = chosen(opened, &Choice { graph: &graph, kinds: &KINDS, without_empty: true })?;
    if ids.is_empty() {
        opened.session.reporter.report(Event::NothingToDo);
    }
    let run = opened.run_over(ids.clone())?;
    let compiler = Compiler::new(&run);
    let asked = &opened.session.flags.select;
    let nodes = ids.iter().filter_map(|id| opened.manifest.nodes.get(id));
    let mut results = Vec::new();
    for node in nodes.filter(|node| asked.iter().any(|word| word.contains(&node.name))) {
        let compiled = match node.resource_type {
            ResourceType::Seed => {
                Compiled { sql: format!("select * from {}", run.relation_of(node)), ..Compiled::default() }
            }
            _ if node.language.as_deref() == Some("python") => return Err(without_query(node)),
            _ => compiler.compile(node, None)?,
        };
        let name = match node.version() {
            Some(version) => format!("{}.v{version}", node.name),
            None => node.name.clone(),
        };
        results.push(show(opened, (&run, node, Some(&name)), compiled, (limit, is_json))?);
    }
    run.sessions.close();
    write(opened, &results, limit)?;
    Ok(0)
}

fn without_query(node: &Node) -> Error {
    let query = format!("select * from {{{{ ref('{}') }}}}", node.name);
    Error::runtime(format!("`{}` is a Python model: it has no query whose rows can be shown", node.name))
        .located(Location::file(&node.original_file_path))
        .help(format!("run it, then show its table: karat show --inline \"{query}\""))
}

/// Runs the query of one node and shows its rows; the result for run_results.json, whose compiled SQL is
/// the query with its limit.
fn show(
    opened: &Opened,
    (run, node, name): (&Arc<Run>, &Arc<Node>, Option<&str>),
    compiled: Compiled,
    (limit, is_json): (i64, bool),
) -> Result<RunResult> {
    let mut clock = Clock::start();
    let (path, ctes) = (compiled.path.clone(), compiled.ctes.clone());
    let (sql, table) = rows(run, node, compiled, limit)?;
    clock.stage("execute");
    tell(opened, name, table, is_json);
    let shown = Compiled { sql, ctes, path, ..Compiled::default() };
    Ok(finish(blank(node, NodeStatus::Success), node, clock, Some(&shown)))
}

fn write(opened: &Opened, results: &[RunResult], limit: i64) -> Result<()> {
    opened.write_manifest(&HashMap::new(), &HashMap::new())?;
    let elapsed = results.iter().map(|result| result.execution_time).sum();
    opened.write_results_with(results, elapsed, [("limit", limit.into())])
}

/// The query that was sent, and its rows.
///
/// # Errors
/// The engine refuses the query.
pub(super) fn rows(
    run: &Arc<Run>,
    node: &Arc<Node>,
    compiled: Compiled,
    limit: i64,
) -> Result<(String, Table)> {
    let header = node.config.str("sql_header").map_or_else(|| Value::from(()), Value::from);
    let sql = Value::from(compiled.sql.as_str());
    let scope = Arc::new(Scope::new(run, Subject::Node(node.clone()), None).with_compiled(compiled));
    let limit = if limit < 0 { Value::from(()) } else { Value::from(limit) };
    let query = call_in(&scope, "get_show_sql", &[sql, header, limit])?.to_string();
    let table = scope.execute(&query, false, Fetch::All)?.1;
    Ok((query, table))
}

/// An inline query, compiled.
///
/// # Errors
/// Its template fails.
pub fn inline(opened: &Opened, sql: &str) -> Result<(Arc<Node>, Compiled)> {
    let (run, node) = alone(opened, sql)?;
    let compiled = Compiler::new(&run).in_memory(&node, None).map_err(of_inline)?;
    Ok((node, compiled))
}

fn inline_run(opened: &Opened, sql: &str) -> Result<(Arc<Run>, Compiled)> {
    let (run, node) = alone(opened, sql)?;
    let compiled = Compiler::new(&run).in_memory(&node, None).map_err(of_inline)?;
    Ok((run, compiled))
}

/// A fault of an inline query says so first, as in dbt.
fn of_inline(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Compilation => {
            let message = format!("Error parsing inline query\n{}", error.message());
            error.with_message(message)
        }
        _ => error,
    }
}

fn alone(opened: &Opened, sql: &str) -> Result<(Arc<Run>, Arc<Node>)> {
    Ok((opened.run_over(Vec::new())?, Arc::new(Node::inline(&opened.session.project_name, sql))))
}

fn tell(opened: &Opened, name: Option<&str>, rows: Table, json: bool) {
    let event = Event::Shown { name: name.map(str::to_string), table: Arc::new(rows), json };
    opened.session.reporter.report(event);
}
