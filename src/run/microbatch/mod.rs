//! Microbatch models: a model runs once for each span of time. The first batch goes alone, since it may
//! make the table; the last one too, since it runs the post-hooks; those between run side by side where
//! the model allows it.

mod batches;
mod permits;

pub use permits::Permits;

use super::outcome::{Clock, blank, failed, finish, skipped};
use super::{Job, describe, operation};
use crate::compile::Compiler;
use crate::context::event_time::{Span, moment};
use crate::context::objects::relation::{relation, relation_of};
use crate::context::{Run, Scope, Subject};
use crate::error::{Error, Result};
use crate::event::{Event, NodeInfo};
use crate::manifest::{Batch, Node, NodeStatus, RunResult};
use crate::relation::RelationKind;
use batches::Bounds;
use serde_json::{Value as Json, json};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The stack of a thread that runs batches: templates may recurse deeply.
const STACK: usize = 16 << 20;

/// Is a node run batch by batch?
pub fn is_batched(run: &Run, node: &Node) -> bool {
    node.is_microbatch() && run.session.runs_batches()
}

/// A microbatch model at work.
pub struct Microbatch<'a> {
    /// The run.
    pub job: &'a Job,
    /// Compiles the batches.
    pub compiler: &'a Compiler,
    /// Who else may work beside.
    pub permits: &'a Permits,
    /// The model.
    pub node: &'a Arc<Node>,
    /// The model as events show it.
    pub info: &'a Arc<NodeInfo>,
}

/// What an earlier run made of the batches, each as its two ends.
struct Earlier {
    built: Vec<Json>,
    left: Vec<Json>,
    /// Is there a table to which the first of those that are left is added?
    first_is_added: bool,
}

/// What became of a batch.
type Ended = (Span, bool);

impl Microbatch<'_> {
    /// Runs every batch. A batch that fails fails alone, but for the first, without which there are no
    /// others.
    ///
    /// # Errors
    /// The batches cannot be told: a bound is no moment, the catalog does not answer.
    pub fn run(&self) -> Result<RunResult> {
        let batches = self.batches()?;
        self.plan(&batches);
        let done: Mutex<Vec<Ended>> = Mutex::default();
        let one = |at: usize| {
            let ended = self.run_one(&batches, at);
            done.lock().unwrap_or_else(PoisonError::into_inner).push(ended);
            ended.1
        };
        let last = batches.len() - 1;
        self.note(&batches[0], "sequentially");
        if one(0) {
            self.between(1..last.max(1), &one, &batches);
            if last > 0 {
                self.note(&batches[last], "sequentially");
                one(last);
            }
        } else {
            let skipped = (1..batches.len()).map(|at| self.skip(&batches, at));
            done.lock().unwrap_or_else(PoisonError::into_inner).extend(skipped);
        }
        Ok(self.result(done.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// A kill must not lose which batches were to be built: once there is a table, they are not told any more.
    fn plan(&self, batches: &[Batch]) {
        let Some(journal) = &self.job.journal else { return };
        let all: Vec<Json> = batches.iter().map(|batch| ends(batch.start, batch.end)).collect();
        journal.plan_batches(&self.node.unique_id, &all, batches.first().is_some_and(|it| it.incremental));
    }

    fn batches(&self) -> Result<Vec<Batch>> {
        let session = &self.job.run.session;
        let flags = &session.flags;
        let told = |text: &Option<String>| text.as_deref().and_then(moment);
        let (start, end) = match session.sample() {
            Some(sample) => (Some(sample.start), Some(sample.end)),
            None => (told(&flags.event_time_start), told(&flags.event_time_end)),
        };
        let bounds = Bounds { start, end, incremental: self.is_incremental()? };
        if let Some(Earlier { left, first_is_added, .. }) = self.earlier() {
            return batches::again(self.node, &left, first_is_added);
        }
        // A run that is continued has the batches that it had when it began.
        let began = self.job.continued.as_ref().and_then(|run| run.started_at());
        batches::batches(self.node, bounds, began.unwrap_or(session.invocation.started_at))
    }

    /// The batches of the run that is continued, where some were built and some were not, or where it was killed.
    fn earlier(&self) -> Option<Earlier> {
        let results = &self.job.continued.as_ref()?.results;
        let result = results.iter().find(|result| result.unique_id == self.node.unique_id.as_str())?;
        let of = |key: &str| result.batch_results.as_ref()?.get(key)?.as_array().cloned();
        let (built, left) = (of("successful")?, of("failed")?);
        let told = result.batch_results.as_ref()?.get("incremental").and_then(Json::as_bool);
        let first_is_added = told.unwrap_or(true) || !built.is_empty();
        let is_known = told.is_some() || !built.is_empty();
        (is_known && !left.is_empty()).then_some(Earlier { built, left, first_is_added })
    }

    /// Is there a table to which batches are added?
    fn is_incremental(&self) -> Result<bool> {
        let run = &self.job.run;
        let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
        let found =
            operation::call_in(&scope, "load_cached_relation", &[relation(run.relation_of(self.node))]);
        scope.release();
        let is_table = relation_of(&found?).is_some_and(|there| there.kind == Some(RelationKind::Table));
        let refresh =
            self.node.config.full_refresh().unwrap_or(run.session.flags.full_refresh.unwrap_or(false));
        Ok(is_table && !refresh)
    }

    /// The batches between the first and the last.
    fn between(&self, range: Range<usize>, one: &(dyn Fn(usize) -> bool + Sync), batches: &[Batch]) {
        let (next, end) = (AtomicUsize::new(range.start), range.end);
        let left = || next.load(Ordering::SeqCst) < end;
        let side_by_side = self.runs_side_by_side();
        let work = || {
            let at = next.fetch_add(1, Ordering::SeqCst);
            at < end && {
                self.note(&batches[at], if side_by_side { "concurrently" } else { "sequentially" });
                one(at);
                true
            }
        };
        let helpers =
            if side_by_side { self.job.run.session.threads.min(range.len()).saturating_sub(1) } else { 0 };
        thread::scope(|scope| {
            for n in 0..helpers {
                let builder = thread::Builder::new().name(format!("Batch-{n} (worker)")).stack_size(STACK);
                let helper = || {
                    while let Some(_permit) = self.permits.wait(left).filter(|_| left()) {
                        if !work() {
                            break;
                        }
                    }
                };
                // Where the system gives no thread, the batches run one after the other.
                let _ = builder.spawn_scoped(scope, helper);
            }
            while work() {}
        });
    }

    /// dbt's rule: only where the engine is made for it; as the config says, else where the model does not
    /// read itself.
    fn runs_side_by_side(&self) -> bool {
        let said = self.node.config.get("concurrent_batches").and_then(Json::as_bool);
        self.job.run.session.adapter.concurrent_batches()
            && self.job.run.session.threads > 1
            && said.unwrap_or_else(|| !reads_itself(&self.node.raw_code))
    }

    fn run_one(&self, batches: &[Batch], at: usize) -> Ended {
        let batch = &batches[at];
        let span = Span { start: batch.start, end: batch.end };
        if self.job.run.sessions.is_stopped() {
            return (span, false);
        }
        let (description, total) = (self.description(batch), batches.len());
        let event = Event::BatchStarted {
            node: self.info.clone(),
            index: at + 1,
            total,
            description: description.clone(),
        };
        self.job.run.session.reporter.report(event);
        let node = Arc::new(self.of_batch(batch, at == 0, at + 1 == total));
        let mut clock = Clock::start();
        let ran = self.perform(&node, &mut clock);
        clock.stage("execute");
        let (result, error) = match ran {
            Ok(result) => (result, None),
            Err(error) => (failed(&node, &error), Some(error)),
        };
        let well = error.is_none();
        let result = finish(result, &node, clock, None);
        if let Some(journal) = self.job.journal.as_ref().filter(|_| well) {
            journal.note_batch(&node.unique_id, &ends(span.start, span.end));
        }
        self.report_end((at + 1, total), description, result, error);
        (span, well)
    }

    fn perform(&self, node: &Arc<Node>, clock: &mut Clock) -> Result<RunResult, Error> {
        let compiled = self.compiler.compile(node, Some(self.info))?;
        clock.stage("compile");
        Ok(super::materialize::materialize(self.job, node, self.info, &compiled)?.0)
    }

    fn skip(&self, batches: &[Batch], at: usize) -> Ended {
        let batch = &batches[at];
        let result = skipped(self.node, Some("SKIPPED"));
        self.report_end((at + 1, batches.len()), self.description(batch), result, None);
        (Span { start: batch.start, end: batch.end }, false)
    }

    fn report_end(
        &self,
        (index, total): (usize, usize),
        description: String,
        result: RunResult,
        error: Option<Error>,
    ) {
        let (node, result) = (self.info.clone(), Box::new(result));
        let event = Event::BatchFinished { node, index, total, description, result, error };
        self.job.run.session.reporter.report(event);
    }

    /// The model for one batch. Pre-hooks are for the first, post-hooks for the last.
    fn of_batch(&self, batch: &Batch, first: bool, last: bool) -> Node {
        let mut node = (**self.node).clone();
        node.batch = Some(batch.clone());
        for (key, keep) in [("pre-hook", first), ("post-hook", last)] {
            if !keep {
                node.config.insert(key, json!([]));
            }
        }
        node
    }

    fn note(&self, batch: &Batch, how: &str) {
        let message = format!("{} is being run {how}", self.description(batch));
        let event = Event::Debug { name: "MicrobatchExecutionDebug", message };
        self.job.run.session.reporter.report(event);
    }

    fn description(&self, batch: &Batch) -> String {
        format!("batch {} of {}", batch.label, describe::relation_name(self.job, self.node))
    }

    /// The outcomes put together, each batch as its two ends.
    fn result(&self, mut done: Vec<Ended>) -> RunResult {
        done.sort_by_key(|(span, _)| span.start);
        let of = |well: bool| -> Vec<Json> {
            let these = done.iter().filter(|(_, ended)| *ended == well);
            these.map(|(span, _)| ends(span.start, span.end)).collect()
        };
        let (mut successful, failed) = (of(true), of(false));
        let (status, message) = match (successful.len(), failed.len()) {
            (_, 0) => (NodeStatus::Success, "SUCCESS".to_string()),
            (0, _) => (NodeStatus::Error, "ERROR".to_string()),
            (good, bad) => (NodeStatus::PartialSuccess, format!("PARTIAL SUCCESS ({good}/{})", good + bad)),
        };
        successful.extend(self.earlier().into_iter().flat_map(|earlier| earlier.built));
        RunResult {
            message: Some(message),
            failures: Some(0),
            batch_results: Some(json!({ "successful": successful, "failed": failed })),
            ..blank(self.node, status)
        }
    }
}

fn ends(start: chrono::DateTime<chrono::Utc>, end: chrono::DateTime<chrono::Utc>) -> Json {
    json!([iso(start), iso(end)])
}

fn iso(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}

/// Does a template speak of `this`, within its braces?
fn reads_itself(code: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let blocks = code
        .split('{')
        .skip(1)
        .filter(|block| block.is_empty() || block.starts_with('%') || !block.contains("#}"));
    let inner = blocks.filter_map(|block| block.split('}').next());
    inner.flat_map(|text| text.split(|c| !word(c))).any(|token| token == "this" || token.starts_with("this."))
}
