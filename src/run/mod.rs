//! Running selected nodes: [`prepare`] makes schemas and fills the cache, [`pool`] hands ready nodes to
//! threads, a file for each kind of node does its work, [`fuse`] lets tests share scans, [`hooks`] stand at both ends, [`journal`] keeps
//! what a kill must not lose.

mod data_test;
mod describe;
mod freshness;
mod fuse;
mod guard;
mod hooks;
mod journal;
mod materialize;
mod microbatch;
mod operation;
mod outcome;
mod pool;
mod prepare;
mod timing;
mod unit_test;

pub use describe::node_info;
pub use freshness::{Seen, freshness};
pub use guard::{committed, goes_on_after_commit};
pub use journal::Journal;
pub use operation::{call_in, call_macro, run_operation};
pub use outcome::{Clock, NodeOutcome, blank, finish, unbuilt};
pub use timing::timing;

use crate::artifacts::EarlierRun;
use crate::compile::Compiler;
use crate::context::{Compiled, Run};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::{Graph, Seconds};
use crate::manifest::{NodeStatus, RunResult, UniqueId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// What is to be done with each node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Built, loaded, tested.
    Execute,
    /// Compiled only.
    Compile,
    /// Cloned from another environment, without any order.
    Clone,
}

/// One run over a graph of selected nodes.
pub struct Job {
    /// What the nodes share.
    pub run: Arc<Run>,
    /// The selected nodes in their order.
    pub graph: Graph,
    /// What is to be done.
    pub mode: Mode,
    /// Does a failed test keep its model's readers from running (`build`)?
    pub tests_gate: bool,
    /// Do the project's hooks run?
    pub hooks: bool,
    /// How long nodes took in earlier runs.
    pub seconds: Seconds,
    /// The run that this one continues.
    pub continued: Option<Arc<EarlierRun>>,
    /// What survives a kill; absent for commands that change nothing.
    pub journal: Option<Arc<Journal>>,
    /// Nodes that the run which this one continues had committed: what follows their commit is left.
    pub committed: HashSet<UniqueId>,
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Every outcome, in the order in which the nodes ended; hooks at both ends.
    pub outcomes: Vec<NodeOutcome>,
    /// What was compiled.
    pub compiled: HashMap<UniqueId, Compiled>,
    /// What was seen of the sources that answered.
    pub freshness: HashMap<UniqueId, Seen>,
    /// Where the SQL that ran was written.
    pub build_paths: HashMap<UniqueId, String>,
    /// Seconds.
    pub elapsed: f64,
    /// Was it stopped by the user or the system?
    pub interrupted: bool,
    /// What stopped the whole run before a node could be blamed.
    pub fault: Option<Error>,
}

impl Report {
    /// Did every node end well?
    pub fn is_success(&self) -> bool {
        let bad = |outcome: &NodeOutcome| {
            outcome.result.status.is_failure() || outcome.result.status == NodeStatus::Skipped
        };
        !self.interrupted && self.fault.is_none() && !self.outcomes.iter().any(bad)
    }

    /// The results alone.
    pub fn results(&self) -> Vec<RunResult> {
        self.outcomes.iter().map(|outcome| outcome.result.clone()).collect()
    }
}

/// Runs a job to its end. Whatever happens, the report holds what was done.
pub fn run(job: &Job) -> Report {
    let began = Instant::now();
    let compiler = Compiler::new(&job.run);
    let mut report = Report::default();
    if let Err(fault) = stages(job, &compiler, &mut report) {
        report.fault = Some(fault);
        // What was to be done is still to be done: `retry` finds it here.
        pool::skip_rest(job, &mut report, None);
    }
    if report.fault.is_none() {
        report.fault = job.run.session.adapter.still_there().err();
    }
    report.interrupted |= job.run.sessions.is_stopped();
    job.run.sessions.close();
    report.elapsed = began.elapsed().as_secs_f64();
    if job.mode == Mode::Execute && report.fault.is_none() && !report.outcomes.is_empty() {
        let counts = describe::counts(&report.outcomes, &job.run.manifest);
        job.run.session.reporter.report(Event::RunFinished { counts, elapsed: report.elapsed });
    }
    report
}

fn stages(job: &Job, compiler: &Compiler, report: &mut Report) -> Result<()> {
    announce(job);
    match job.mode {
        Mode::Execute | Mode::Clone => prepare::prepare(job)?,
        Mode::Compile if !job.run.deferred.is_empty() => prepare::look(job)?,
        Mode::Compile => {}
    }
    let started = if job.hooks { hooks::run_start(job, report)? } else { NodeStatus::Success };
    let skip_all = started != NodeStatus::Success && hooks::failure_skips_nodes(job);
    match skip_all {
        _ if job.run.sessions.is_stopped() => pool::skip_rest(job, report, Some(pool::INTERRUPTED)),
        true => pool::skip_rest(job, report, None),
        false => pool::drain(job, compiler, report)?,
    }
    for (id, compiled) in compiler.met()? {
        report.compiled.entry(id).or_insert(compiled);
    }
    if job.hooks && !job.run.sessions.is_stopped() {
        hooks::run_end(job, report)?;
    }
    Ok(())
}

/// `Concurrency: 4 threads (target='dev')`.
fn announce(job: &Job) {
    let session = &job.run.session;
    let target = session.target.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_string();
    let total = describe::shown(job).count();
    session.reporter.report(Event::Concurrency { threads: session.threads, target, total });
}
