//! The pool: plain threads that take ready nodes from the queue, each with a session of its own.
//!
//! The calling thread waits and watches: when the run is to stop, it cancels what runs in the engine.
//! Nothing here knows a signal: the session's stop flag is all that it sees.

use super::fuse::{Eligible, Fusion};
use super::microbatch::{Microbatch, Permits, is_batched};
use super::outcome::{Clock, NodeOutcome, failed, finish, skipped, unbuilt};
use super::{Job, Mode, Report, describe};
use crate::compile::Compiler;
use crate::context::{Answer, Compiled, Scope, Subject};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, NodeInfo};
use crate::graph::GraphQueue;
use crate::manifest::{Exposure, Node, NodeStatus, ResourceType, RunResult, UniqueId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

/// How often the watching thread looks at the stop flag.
const WATCH: Duration = Duration::from_millis(20);
/// Stack of a worker: templates may recurse deeply.
const STACK: usize = 16 << 20;

/// Why a node that nobody took was skipped.
pub const INTERRUPTED: &str = "Skipping since the run was interrupted";

/// What the workers share.
struct Floor<'a> {
    job: &'a Job,
    compiler: &'a Compiler,
    queue: GraphQueue,
    fusion: Option<Fusion<'a>>,
    permits: Permits,
    total: usize,
    started: AtomicUsize,
    working: AtomicUsize,
    /// Workers that have a node.
    busy: AtomicUsize,
    /// Threads that wait for the workers' end.
    watchers: OnceLock<Vec<Thread>>,
    failing_fast: AtomicBool,
    /// Nodes that will not run, with the failed node that is to blame.
    doomed: Mutex<HashMap<UniqueId, UniqueId>>,
    done: Mutex<Done>,
}

#[derive(Default)]
struct Done {
    outcomes: Vec<NodeOutcome>,
    compiled: HashMap<UniqueId, Compiled>,
    build_paths: HashMap<UniqueId, String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs every node of the job's graph.
///
/// # Errors
/// The system gives no threads.
pub fn drain(job: &Job, compiler: &Compiler, report: &mut Report) -> Result<()> {
    let queue = GraphQueue::new(job.graph.clone(), &job.seconds);
    let eligible = match job.mode {
        Mode::Execute => Eligible::of(&job.run, job.graph.ids()),
        Mode::Compile | Mode::Clone => None,
    };
    let queue = match &eligible {
        Some(eligible) => queue.grouped(|id| eligible.group(id)),
        None => queue,
    };
    let floor = Floor {
        job,
        compiler,
        queue,
        fusion: eligible.map(|eligible| Fusion::new(&job.run, compiler, eligible)),
        permits: Permits::new(job.run.session.threads),
        total: describe::shown(job).count(),
        started: AtomicUsize::new(0),
        working: AtomicUsize::new(0),
        busy: AtomicUsize::new(0),
        watchers: OnceLock::new(),
        failing_fast: AtomicBool::new(false),
        doomed: Mutex::default(),
        done: Mutex::default(),
    };
    let threads = job.run.session.threads.clamp(1, floor.total.max(1));
    floor.working.store(threads, Ordering::SeqCst);
    thread::scope(|scope| -> std::io::Result<()> {
        for n in 1..=threads {
            let builder = thread::Builder::new().name(format!("Thread-{n} (worker)")).stack_size(STACK);
            match builder.spawn_scoped(scope, || floor.work()) {
                Ok(_) => {}
                // A system that is short of room gives some: these do the work.
                Err(fault) if n > 1 => {
                    floor.working.fetch_sub(threads + 1 - n, Ordering::SeqCst);
                    let message = format!("Working with {} of {threads} threads: {fault}", n - 1);
                    floor.report(Event::Note { name: "Note", message });
                    break;
                }
                Err(fault) => return Err(fault),
            }
        }
        let sharer = thread::Builder::new().spawn_scoped(scope, || floor.share_cores()).ok();
        let watchers = [Some(thread::current()), sharer.map(|it| it.thread().clone())];
        drop(floor.watchers.set(watchers.into_iter().flatten().collect()));
        floor.watch();
        Ok(())
    })
    .map_err(|fault| Error::runtime(format!("cannot start a thread: {fault}")).help("lower `threads`"))?;
    let why = match floor.failing_fast.load(Ordering::SeqCst) {
        true => "Skipping due to fail_fast",
        false => INTERRUPTED,
    };
    let done = floor.done.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.outcomes.extend(done.outcomes);
    report.compiled.extend(done.compiled);
    report.build_paths.extend(done.build_paths);
    skip_rest(job, report, Some(why));
    Ok(())
}

/// Counts every node that has no outcome as skipped: something before them failed, or the run was stopped.
pub fn skip_rest(job: &Job, report: &mut Report, why: Option<&str>) {
    let known: HashSet<UniqueId> = report.outcomes.iter().map(|it| it.info.unique_id.clone()).collect();
    let rest = describe::shown(job).filter(|id| !known.contains(*id));
    for node in rest.filter_map(|id| job.run.manifest.runnable(id)) {
        let info = Arc::new(describe::node_info(&node, false));
        let result = finish(skipped(&node, why), &node, Clock::start(), None);
        report.outcomes.push(NodeOutcome { info, result, error: None });
    }
}

impl Floor<'_> {
    /// A worker's life.
    fn work(&self) {
        let leaving = Leaving(self);
        while let Some(id) = self.queue.next() {
            let permit = self.permits.wait(|| true);
            self.busy.fetch_add(1, Ordering::SeqCst);
            self.take(&id);
            self.busy.fetch_sub(1, Ordering::SeqCst);
            drop(permit);
            self.queue.done(&id);
        }
        drop(leaving);
    }

    /// Waits for the workers; passes a stop on to the engine, as often as it takes.
    fn watch(&self) {
        let mut cancelled = 0u32;
        while self.working.load(Ordering::SeqCst) > 0 {
            let stop = self.job.run.session.stop.load(Ordering::SeqCst);
            if stop && cancelled.is_multiple_of(50) {
                self.queue.stop();
                self.job.run.sessions.stop();
            }
            cancelled += u32::from(stop);
            thread::park_timeout(WATCH);
        }
    }

    /// Tells the engine how many nodes are at work, as long as it wants to know.
    fn share_cores(&self) {
        while self.working.load(Ordering::SeqCst) > 0 {
            let busy = self.busy.load(Ordering::SeqCst);
            if !self.job.run.session.adapter.share_cores(busy) {
                return;
            }
            thread::park_timeout(WATCH);
        }
    }

    fn take(&self, id: &UniqueId) {
        if let Some(exposure) = self.job.run.manifest.exposures.get(id) {
            return self.pass(exposure);
        }
        let Some(node) = self.job.run.manifest.runnable(id) else { return };
        if node.is_ephemeral() && self.job.mode != Mode::Compile {
            return;
        }
        let index = self.started.fetch_add(1, Ordering::SeqCst) + 1;
        let cause = lock(&self.doomed).get(id).cloned();
        match cause {
            Some(cause) => self.skip(&node, index, cause),
            None => self.run_one(&node, index),
        }
    }

    fn run_one(&self, node: &Arc<Node>, index: usize) {
        let info = Arc::new(describe::node_info(node, true));
        let description = describe::description(self.job, node);
        if self.job.mode == Mode::Execute {
            let (node, description) = (info.clone(), description.clone());
            self.report(Event::NodeStarted { node, index, total: self.total, description });
        }
        let passed = self.fusion.as_ref().map_or_else(Vec::new, |fusion| fusion.share(node, &self.queue));
        let (result, error) = self.execute(node, &info);
        let outcome = NodeOutcome { info, result, error };
        self.settle(outcome, (index, description), None);
        for id in passed.into_iter().filter(|id| self.queue.take(id)) {
            self.take(&id);
            self.queue.done(&id);
        }
    }

    /// An exposure: there is nothing to build of it, which is told in its place; skipped where what it shows
    /// failed.
    fn pass(&self, exposure: &Exposure) {
        let index = self.started.fetch_add(1, Ordering::SeqCst) + 1;
        let cause = lock(&self.doomed).get(&exposure.unique_id).cloned();
        let info = Arc::new(describe::exposure_info(exposure));
        let id = &exposure.unique_id;
        let result = match cause {
            Some(_) => unbuilt(id, NodeStatus::Skipped, None),
            None => {
                let mut clock = Clock::start();
                clock.stage("compile");
                clock.stage("execute");
                let result = unbuilt(id, NodeStatus::NoOp, Some("NO-OP".to_string()));
                RunResult { timing: clock.stages(), failures: Some(0), ..result }
            }
        };
        let description = format!("exposure {}", exposure.name);
        self.settle(NodeOutcome { info, result, error: None }, (index, description), cause);
    }

    /// A microbatch model: its batches are compiled and run one by one.
    fn execute_batches(&self, node: &Arc<Node>, info: &Arc<NodeInfo>) -> (RunResult, Option<Error>) {
        let mut clock = Clock::start();
        let (job, compiler, permits) = (self.job, self.compiler, &self.permits);
        clock.stage("compile");
        let ran = Microbatch { job, compiler, permits, node, info }.run();
        clock.stage("execute");
        let (result, error) = match ran {
            Ok(result) => (result, None),
            Err(error) => (failed(node, &error), Some(error)),
        };
        (finish(result, node, clock, None), error)
    }

    /// Compiles and runs; a fault becomes a result.
    fn execute(&self, node: &Arc<Node>, info: &Arc<NodeInfo>) -> (RunResult, Option<Error>) {
        if self.job.mode == Mode::Execute && is_batched(&self.job.run, node) {
            return self.execute_batches(node, info);
        }
        let prepared = self.fusion.as_ref().and_then(|fusion| fusion.prepared(&node.unique_id));
        let (mut clock, made, answer) = match prepared {
            Some(prepared) => (prepared.clock(), prepared.compiled, prepared.answer),
            None => {
                let mut clock = Clock::start();
                let made = self.compile(node, info);
                if made.is_ok() {
                    clock.stage("compile");
                }
                (clock, made, None)
            }
        };
        let mut compiled = None;
        let outcome = made.and_then(|made| {
            let ran = self.perform(node, (info, answer), &made);
            compiled = Some(made);
            ran
        });
        clock.stage("execute");
        if let Some(compiled) = &compiled {
            lock(&self.done).compiled.insert(node.unique_id.clone(), compiled.clone());
        }
        let (result, error) = match outcome {
            Ok(result) => (result, None),
            Err(error) if self.was_cut_off(&error) => {
                (skipped(node, Some("Skipping due to fail_fast")), None)
            }
            Err(error) => (failed(node, &error), Some(error)),
        };
        (finish(result, node, clock, compiled.as_ref()), error)
    }

    /// The SQL of a node; of one that is cloned, what reads the relation it is cloned from.
    fn compile(&self, node: &Arc<Node>, info: &Arc<NodeInfo>) -> Result<Compiled> {
        if self.job.mode != Mode::Clone {
            return self.compiler.compile(node, Some(info));
        }
        let from = self.job.run.deferred.get(&node.unique_id);
        Ok(Compiled {
            sql: from.map(|it| format!("select * from {it}")).unwrap_or_default(),
            ..Compiled::default()
        })
    }

    /// Does this fault come of the cancelling that fail-fast did?
    fn was_cut_off(&self, error: &Error) -> bool {
        let cancelled = error.kind() == ErrorKind::Interrupted || error.code() == Some("57014");
        cancelled && self.failing_fast.load(Ordering::SeqCst)
    }

    fn perform(
        &self,
        node: &Arc<Node>,
        (info, answer): (&Arc<NodeInfo>, Option<Answer>),
        compiled: &Compiled,
    ) -> Result<RunResult> {
        if self.job.mode == Mode::Compile {
            return Ok(super::outcome::blank(node, NodeStatus::Success));
        }
        let run = &self.job.run;
        let (result, build_path) = match node.resource_type {
            _ if self.job.mode == Mode::Clone => super::materialize::clone(run, node, info, compiled)?,
            ResourceType::Test => {
                let mut answer = answer;
                super::guard::again(run, node, || {
                    let scope = Scope::new(run, Subject::Node(node.clone()), Some(info.clone()));
                    let scope = scope.with_compiled(compiled.clone());
                    let scope = answer.take().into_iter().fold(scope, Scope::with_answer);
                    super::data_test::data_test(scope, node)
                })?
            }
            ResourceType::UnitTest => super::unit_test::unit_test(run, node, info, compiled)?,
            _ => super::materialize::materialize(self.job, node, info, compiled)?,
        };
        if let Some(path) = build_path {
            lock(&self.done).build_paths.insert(node.unique_id.clone(), path);
        }
        Ok(result)
    }

    fn skip(&self, node: &Arc<Node>, index: usize, cause: UniqueId) {
        let info = Arc::new(describe::node_info(node, false));
        // dbt gives such a skip no message; one with a message counts as an error.
        let result = finish(skipped(node, None), node, Clock::start(), None);
        let description = describe::description(self.job, node);
        self.settle(NodeOutcome { info, result, error: None }, (index, description), Some(cause));
    }

    /// Tells of an outcome, dooms what depends on a failure, keeps it.
    fn settle(&self, outcome: NodeOutcome, (index, description): (usize, String), cause: Option<UniqueId>) {
        let id = outcome.info.unique_id.clone();
        let status = outcome.result.status;
        if self.blocks(status) && !self.lets_children_run(&id) {
            let mut doomed = lock(&self.doomed);
            for dependent in self.queue.graph().dependents(&id) {
                doomed.entry(dependent).or_insert_with(|| id.clone());
            }
        }
        if self.job.mode == Mode::Execute || outcome.error.is_some() {
            self.report(Event::NodeFinished {
                node: outcome.info.clone(),
                index,
                total: self.total,
                description,
                result: Box::new(outcome.result.clone()),
                error: outcome.error.clone(),
                skipped_for: cause,
            });
        }
        if let Some(journal) = &self.job.journal {
            journal.note(&outcome.result);
            super::guard::forget(self.job, &id);
        }
        if status.is_failure() && self.job.run.session.flags.fail_fast {
            self.fail_fast();
        }
        lock(&self.done).outcomes.push(outcome);
    }

    /// Does a node of this status keep its dependents from running?
    fn blocks(&self, status: NodeStatus) -> bool {
        match status {
            NodeStatus::Error | NodeStatus::PartialSuccess => true,
            NodeStatus::Fail => self.job.tests_gate,
            _ => false,
        }
    }

    /// `on_error: continue`: what reads the node runs on the rows that it had before.
    fn lets_children_run(&self, id: &UniqueId) -> bool {
        self.job
            .run
            .manifest
            .nodes
            .get(id)
            .is_some_and(|node| node.config.str("on_error") == Some("continue"))
    }

    fn fail_fast(&self) {
        if !self.failing_fast.swap(true, Ordering::SeqCst) {
            self.queue.stop();
            self.job.run.sessions.cancel_running();
        }
    }

    fn report(&self, event: Event) {
        self.job.run.session.reporter.report(event);
    }
}

/// Counts a worker out, even where it panicked, so that nobody waits for it.
struct Leaving<'a, 'b>(&'a Floor<'b>);

impl Drop for Leaving<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.queue.stop();
        }
        self.0.working.fetch_sub(1, Ordering::SeqCst);
        self.0.watchers.get().into_iter().flatten().for_each(Thread::unpark);
    }
}
