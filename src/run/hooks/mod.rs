//! The project's hooks: `on-run-start` and `on-run-end`, outside of any transaction.

mod results;

use super::outcome::{Clock, blank, failed, finish};
use super::{Job, NodeOutcome, Report, describe};
use crate::adapter::Fetch;
use crate::compile::write_compiled;
use crate::context::{Compiled, Scope, Subject};
use crate::error::{Error, Location, Result};
use crate::event::Event;
use crate::jinja::Value;
use crate::jinja::value::{list, tuple};
use crate::manifest::{Node, NodeKind, NodeStatus, ResourceType, RunResult};
use results::result_value;
use std::sync::Arc;

/// Does a failed `on-run-start` keep the nodes from running? (behaviour flag of dbt)
pub fn failure_skips_nodes(job: &Job) -> bool {
    let flags = &job.run.session.flags;
    flags.behaviour.get("skip_nodes_if_on_run_start_fails").copied().unwrap_or(false)
}

/// Runs the hooks of the start.
///
/// # Errors
/// A hook cannot be compiled, which ends the run (dbt's rule); what a hook does is its own outcome.
pub fn run_start(job: &Job, report: &mut Report) -> Result<NodeStatus> {
    run_all(job, "on-run-start", report)
}

/// Runs the hooks of the end, which see `results`, `schemas` and `database_schemas`.
///
/// # Errors
/// As [`run_start`].
pub fn run_end(job: &Job, report: &mut Report) -> Result<NodeStatus> {
    run_all(job, "on-run-end", report)
}

/// Hooks of the root project come first, then those of packages by name (dbt's order).
fn ordered<'a>(job: &'a Job, tag: &str) -> Vec<&'a Arc<Node>> {
    let root = &job.run.session.project_name;
    let index = |node: &Node| match node.kind {
        NodeKind::Operation { index } => index.unwrap_or(0),
        _ => 0,
    };
    let is_hook = |node: &&Arc<Node>| {
        node.resource_type == ResourceType::Operation && node.tags.iter().any(|known| known == tag)
    };
    let mut hooks: Vec<&Arc<Node>> = job.run.manifest.nodes.values().filter(is_hook).collect();
    hooks.sort_by_key(|node| (node.package_name != *root, node.package_name.clone(), index(node)));
    hooks
}

fn run_all(job: &Job, tag: &str, report: &mut Report) -> Result<NodeStatus> {
    let hooks = ordered(job, tag);
    let mut status = NodeStatus::Success;
    for (at, hook) in hooks.iter().enumerate() {
        let name = format!("{}.{tag}.{at}", hook.package_name);
        let outcome = match status {
            NodeStatus::Success => run_one(job, (hook, at + 1, hooks.len()), &name, report)?,
            _ => not_run(hook, &name),
        };
        status = outcome.result.status;
        let compiled = Compiled {
            sql: outcome.result.compiled_code.clone().unwrap_or_default(),
            path: outcome.result.compiled_path.clone(),
            ..Compiled::default()
        };
        if compiled.path.is_some() {
            report.compiled.insert(hook.unique_id.clone(), compiled);
        }
        report_end(job, &outcome, at + 1, hooks.len());
        report.outcomes.push(outcome);
    }
    Ok(status)
}

fn not_run(hook: &Node, name: &str) -> NodeOutcome {
    let result = RunResult {
        message: Some(format!("{name} skipped")),
        failures: Some(1),
        thread_id: "main".to_string(),
        ..blank(hook, NodeStatus::Skipped)
    };
    NodeOutcome { info: Arc::new(describe::node_info(hook, false)), result, error: None }
}

fn run_one(
    job: &Job,
    (hook, index, total): (&Arc<Node>, usize, usize),
    name: &str,
    report: &Report,
) -> Result<NodeOutcome> {
    let info = Arc::new(describe::node_info(hook, true));
    let mut clock = Clock::start();
    let placed =
        |error: Error| error.about(hook.described()).or_located(Location::file(&hook.original_file_path));
    let (scope, sql) = compile(job, hook, report).map_err(placed)?;
    clock.stage("compile");
    job.run.session.reporter.report(Event::HookStarted { node: info.clone(), index, total });
    let ran = execute(job, (hook, scope), sql, &mut clock);
    let (result, compiled, error) = match ran {
        Ok(compiled) => {
            let message = Some(format!("{name} passed"));
            (
                RunResult { message, failures: Some(0), ..blank(hook, NodeStatus::Success) },
                Some(compiled),
                None,
            )
        }
        Err(error) => {
            let error = placed(error);
            let message = Some(format!("{name} failed, error:\n {}", error.full_text()));
            (RunResult { message, failures: Some(1), ..failed(hook, &error) }, None, Some(error))
        }
    };
    let mut result = finish(result, hook, clock, compiled.as_ref());
    result.thread_id = "main".to_string();
    Ok(NodeOutcome { info, result, error })
}

/// The SQL of a hook, and the scope that it runs in.
fn compile(job: &Job, hook: &Arc<Node>, report: &Report) -> Result<(Arc<Scope>, String)> {
    let scope = Scope::new(&job.run, Subject::Node(hook.clone()), None);
    let scope =
        end_values(job, report).into_iter().fold(scope, |scope, (name, value)| scope.with_value(name, value));
    let scope = Arc::new(scope);
    let sql =
        job.run.session.engine.render_str(&hook.original_file_path, &hook.raw_code, &scope.context())?;
    // A hook may be a dict that names its SQL, as `before_begin(...)` gives it.
    Ok((
        scope,
        match serde_json::from_str::<serde_json::Value>(&sql) {
            Ok(serde_json::Value::Object(hook)) => {
                hook.get("sql").and_then(|sql| sql.as_str()).unwrap_or_default().to_string()
            }
            _ => sql,
        },
    ))
}

fn execute(
    job: &Job,
    (hook, scope): (&Arc<Node>, Arc<Scope>),
    sql: String,
    clock: &mut Clock,
) -> Result<Compiled> {
    if !sql.trim().is_empty() {
        scope.execute(&sql, false, Fetch::Nothing)?;
        scope.commit()?;
    }
    clock.stage("execute");
    write_compiled(&job.run.session, hook, Compiled { sql, ..Compiled::default() })
}

/// `results`, `schemas` and `database_schemas` of `on-run-end`.
fn end_values(job: &Job, report: &Report) -> Vec<(&'static str, Value)> {
    let done: Vec<&NodeOutcome> =
        report.outcomes.iter().filter(|o| o.result.thread_id != "main" || o.error.is_some()).collect();
    let good = |outcome: &&&NodeOutcome| {
        use NodeStatus::{Error, Fail, Skipped};
        let kind = outcome.info.resource_type;
        matches!(kind, ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot)
            && !matches!(outcome.result.status, Error | Fail | Skipped)
    };
    let mut pairs: Vec<(String, String)> = done
        .iter()
        .filter(good)
        .map(|o| (o.info.relation.database.clone(), o.info.relation.schema.clone()))
        .collect();
    pairs.sort();
    pairs.dedup();
    let mut schemas: Vec<&String> = pairs.iter().map(|(_, schema)| schema).collect();
    schemas.dedup();
    let text = |text: &String| Value::from(text.as_str());
    let both = pairs.iter().map(|(database, schema)| tuple(vec![text(database), text(schema)])).collect();
    vec![
        ("results", list(done.iter().map(|outcome| result_value(job, outcome, report)).collect())),
        ("schemas", list(schemas.into_iter().map(text).collect())),
        ("database_schemas", list(both)),
    ]
}

fn report_end(job: &Job, outcome: &NodeOutcome, index: usize, total: usize) {
    let status = match outcome.result.status {
        NodeStatus::Success => "OK".to_string(),
        other => other.as_str().to_string(),
    };
    job.run.session.reporter.report(Event::HookFinished {
        node: outcome.info.clone(),
        index,
        total,
        status,
        execution_time: outcome.result.execution_time,
        outcome: outcome.result.status,
    });
}
