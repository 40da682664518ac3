//! What `build`, `run`, `seed`, `snapshot` and `test` have in common: select, run, write the artifacts,
//! tell the end.

use crate::artifacts::{Durations, JournalPlan, dead_journals};
use crate::cli::selection::{Choice, chosen};
use crate::cli::session::{Opened, Opening};
use crate::error::{Error, Result};
use crate::event::{Event, NodeInfo};
use crate::manifest::{ResourceType, UniqueId};
use crate::run::{self, Job, Journal, Mode, Report};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What sets a command apart.
pub struct Task {
    /// The kinds of nodes that it runs.
    pub kinds: &'static [ResourceType],
    /// Does a failed test keep the readers of its model from running?
    pub tests_gate: bool,
    /// Do the project's hooks run?
    pub hooks: bool,
    /// Run or compile.
    pub mode: Mode,
}

/// Opens the project and runs the task; the exit code.
///
/// # Errors
/// The project cannot be opened; nothing was run.
pub fn execute(opening: &Opening, task: &Task) -> Result<u8> {
    let opened = opening.open()?;
    Ok(run_task(&opened, task)?.1)
}

/// Runs the task in an opened project: the report and the exit code.
///
/// # Errors
/// The selection is wrong, the graph has a cycle, the engine cannot be reached.
pub fn run_task(opened: &Opened, task: &Task) -> Result<(Report, u8)> {
    let graph = opened.graph(task.tests_gate)?;
    opened.write_graph_summary(task.tests_gate.then_some(&graph))?;
    let choice = Choice { graph: &graph, kinds: task.kinds, without_empty: task.mode != Mode::Compile };
    let ids = chosen(opened, &choice)?;
    let (ids, committed) = without_committed(opened, ids)?;
    if ids.is_empty() {
        opened.session.reporter.report(Event::NothingToDo);
        opened.checked()?;
        let report = Report::default();
        write(opened, &report)?;
        if opened.only.is_some() {
            // The run that was to be continued had come to its end.
            dead_journals(&opened.session.target_path).iter().for_each(|it| drop(std::fs::remove_file(it)));
        }
        // dbt's `seed` alone sums up nothing as well.
        if task.kinds == super::seed::TASK.kinds {
            tell_end(opened, task, &report);
        }
        return Ok((report, 0));
    }
    let unknown = ids.iter().filter_map(|id| opened.manifest.unknown.get(id).cloned());
    if let Some(fault) = Error::all(unknown.collect()) {
        return Err(fault);
    }
    let journal = match task.mode {
        Mode::Execute => {
            let plan = JournalPlan {
                invocation_id: opened.session.invocation.id.clone(),
                started_at: crate::artifacts::instant(opened.session.invocation.started_at),
                args: opened.args(),
                nodes: ids.iter().map(ToString::to_string).collect(),
                commit_marks: marks_of(opened, &committed.iter().collect()),
            };
            Some(Arc::new(Journal::begin(&opened.session.target_path, &plan)?))
        }
        Mode::Compile | Mode::Clone => None,
    };
    let mut durations = Durations::read(&opened.session.target_path);
    let mut job = Job {
        seconds: durations.of(ids.iter()),
        graph: if task.mode == Mode::Clone { graph.unordered(&ids) } else { graph.subset(&ids) },
        run: opened.run_over(ids)?,
        mode: task.mode,
        tests_gate: task.tests_gate,
        hooks: task.hooks,
        continued: opened.earlier.clone(),
        journal,
        committed,
    };
    let mut report = run::run(&job);
    // A disk that refuses an artifact hides nothing of what became of the nodes.
    let written = write(opened, &report);
    if task.mode == Mode::Execute && opened.session.flags.write_json {
        durations.learn(&report.results(), |id| opened.manifest.runnable(id).is_some());
        durations.write(&opened.session.target_path);
    }
    if let Some(journal) = job.journal.take().filter(|_| written.is_ok()) {
        journal.end();
    }
    if let Some(fault) = report.fault.take() {
        if report.outcomes.iter().any(|outcome| outcome.result.status.is_failure()) {
            tell_end(opened, task, &report);
        }
        return Err(Error::all([fault].into_iter().chain(written.err()).collect())
            .unwrap_or_else(|| Error::internal("a fault was lost")));
    }
    if opened.session.flags.own.get("show").and_then(serde_json::Value::as_bool) == Some(true) {
        super::seed::show(opened, &report)?;
    }
    let flags = &opened.session.flags;
    if (flags.timing || flags.debug)
        && let Some(timing) = run::timing(&job, &report)
    {
        opened.session.reporter.report(Event::Timing(Box::new(timing)));
    }
    if task.mode == Mode::Compile
        && let Some(fault) = Error::all(report.outcomes.iter().filter_map(|it| it.error.clone()).collect())
    {
        // As in dbt, what cannot be compiled ends the command rather than being a result of its own.
        return Err(fault);
    }
    tell_end(opened, task, &report);
    written?;
    let code = u8::from(!report.is_success());
    Ok((report, code))
}

/// The nodes that are left of those that were chosen, and those among them of which only the end is left: a run
/// that is continued may have committed some without writing it down.
fn without_committed(opened: &Opened, ids: Vec<UniqueId>) -> Result<(Vec<UniqueId>, HashSet<UniqueId>)> {
    let marks = marks_of(opened, &ids.iter().collect());
    if marks.is_empty() {
        return Ok((ids, HashSet::new()));
    }
    let asking = opened.run_over(Vec::new())?;
    let found = run::committed(&asking, &marks);
    asking.sessions.close();
    let (unfinished, finished): (HashSet<_>, HashSet<_>) = found?
        .into_iter()
        .partition(|id| opened.manifest.node(id).is_some_and(|node| run::goes_on_after_commit(node)));
    for id in &finished {
        let message = format!("{id} was committed before the earlier run was killed: it is not run again");
        opened.session.reporter.report(Event::Note { name: "Note", message });
    }
    Ok((ids.into_iter().filter(|id| !finished.contains(id)).collect(), unfinished))
}

/// The marks that the run which is continued left of these nodes.
fn marks_of(opened: &Opened, ids: &HashSet<&UniqueId>) -> BTreeMap<String, String> {
    let marks = opened.earlier.iter().flat_map(|run| run.commit_marks.clone());
    marks.filter(|(id, _)| ids.contains(&UniqueId::from(id.as_str()))).collect()
}

/// A node as the end of a run tells of it: with its group.
fn grouped(opened: &Opened, info: &Arc<NodeInfo>) -> Arc<NodeInfo> {
    let node = opened.manifest.node(&info.unique_id);
    match node.and_then(|node| opened.manifest.group_of(node)) {
        Some(group) => Arc::new(NodeInfo { group: Some(group.told()), ..NodeInfo::clone(info) }),
        None => info.clone(),
    }
}

fn tell_end(opened: &Opened, task: &Task, report: &Report) {
    let told = task.mode != Mode::Compile || !report.is_success();
    if told {
        let results =
            report.outcomes.iter().map(|o| (grouped(opened, &o.info), o.result.clone(), o.error.clone()));
        let results = results.collect();
        let interrupted = report.interrupted;
        opened.session.reporter.report(Event::Summary { results, interrupted });
    }
}

/// Writes manifest.json and run_results.json; the journal has then done its work.
fn write(opened: &Opened, report: &Report) -> Result<()> {
    let manifest = opened.write_manifest(&report.compiled, &report.build_paths);
    // Ephemeral models are compiled, but have no result of their own, unless `compile` selects them (dbt's rule).
    let flags = &opened.session.flags;
    let asked = flags.which == "compile" && !flags.select.is_empty();
    let shown = |id: &UniqueId| asked || !opened.manifest.node(id).is_some_and(|node| node.is_ephemeral());
    let mut results = report.results();
    results.retain(|result| shown(&result.unique_id));
    let results = opened.write_results(&results, report.elapsed);
    Error::all([manifest, results].into_iter().filter_map(Result::err).collect()).map_or(Ok(()), Err)
}
