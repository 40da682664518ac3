//! Freshness: how long ago the rows of sources were loaded, and whether that is too long.

mod look;

use super::hooks;
use super::outcome::Clock;
use super::{Job, NodeOutcome, Report};
use crate::error::{Error, Location, Result};
use crate::event::{Event, NodeInfo, NodeRelation};
use crate::manifest::{FreshnessThreshold, Map, NodeStatus, ResourceType, RunResult, Source};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What the database said of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// When its newest row was loaded.
    pub max_loaded_at: DateTime<Utc>,
    /// When that was looked at, by the database's clock.
    pub snapshotted_at: DateTime<Utc>,
}

impl Seen {
    /// Seconds between the two.
    pub fn age(&self) -> f64 {
        let age = self.snapshotted_at - self.max_loaded_at;
        age.num_milliseconds() as f64 / 1000.0 + f64::from(age.subsec_nanos() % 1_000_000) / 1e9
    }
}

/// Looks at the selected sources, on as many threads as the target has.
pub fn freshness(job: &Job) -> Report {
    let began = Instant::now();
    let mut out = Report::default();
    if let Err(fault) = stages(job, &mut out) {
        out.fault = Some(fault);
    }
    out.interrupted |= job.run.sessions.is_stopped();
    job.run.sessions.close();
    out.elapsed = began.elapsed().as_secs_f64();
    let counts = super::describe::counts(&out.outcomes, &job.run.manifest);
    job.run.session.reporter.report(Event::RunFinished { counts, elapsed: out.elapsed });
    out
}

fn stages(job: &Job, out: &mut Report) -> Result<()> {
    super::announce(job);
    if job.hooks {
        hooks::run_start(job, out)?;
    }
    check_all(job, out);
    if job.hooks && !job.run.sessions.is_stopped() {
        hooks::run_end(job, out)?;
    }
    Ok(())
}

fn check_all(job: &Job, out: &mut Report) {
    let sources: Vec<&Arc<Source>> =
        job.graph.ids().filter_map(|id| job.run.manifest.sources.get(id)).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(out));
    let work = || {
        while let Some(source) = sources.get(next.fetch_add(1, Ordering::SeqCst)) {
            if job.run.sessions.is_stopped() {
                return;
            }
            let place =
                (sources.iter().position(|it| Arc::ptr_eq(it, source)).unwrap_or(0) + 1, sources.len());
            let (outcome, seen) = check(job, source, place);
            let mut out = done.lock().unwrap_or_else(PoisonError::into_inner);
            out.freshness.extend(seen.map(|seen| (source.unique_id.clone(), seen)));
            out.outcomes.push(outcome);
        }
    };
    let threads = job.run.session.threads.clamp(1, sources.len().max(1));
    std::thread::scope(|scope| {
        for n in 1..=threads {
            let builder =
                std::thread::Builder::new().name(format!("Thread-{n} (worker)")).stack_size(16 << 20);
            // Where the system gives no more threads, those that are there do the work.
            let _ = builder.spawn_scoped(scope, work);
        }
    });
    work();
}

fn check(job: &Job, source: &Arc<Source>, (index, total): (usize, usize)) -> (NodeOutcome, Option<Seen>) {
    let node = Arc::new(info(source));
    let description = format!("freshness of {}.{}", source.source_name, source.name);
    let reporter = &job.run.session.reporter;
    reporter.report(Event::NodeStarted {
        node: node.clone(),
        index,
        total,
        description: description.clone(),
    });
    let mut clock = Clock::start();
    clock.stage("compile");
    let looked = look::look(job, source, &node);
    clock.stage("execute");
    let (status, error, seen, response) = match looked {
        Ok((seen, response)) => (status(source, &seen), None, Some(seen), response),
        Err(error) => {
            let about = format!("source {}.{} ({})", source.source_name, source.name, source.path);
            let error = error.about(about).or_located(Location::file(&source.original_file_path));
            (NodeStatus::RuntimeErr, Some(error), None, Map::new())
        }
    };
    let result = RunResult {
        unique_id: source.unique_id.clone(),
        status,
        execution_time: clock.seconds(),
        timing: clock.stages(),
        thread_id: std::thread::current().name().unwrap_or("MainThread").to_string(),
        adapter_response: response,
        message: error.as_ref().map(Error::full_text),
        failures: None,
        compiled: None,
        compiled_code: None,
        compiled_path: None,
        relation_name: source.relation_name.clone(),
        batch_results: None,
    };
    reporter.report(Event::NodeFinished {
        node: node.clone(),
        index,
        total,
        description,
        result: Box::new(result.clone()),
        error: error.clone(),
        skipped_for: None,
    });
    (NodeOutcome { info: node, result, error }, seen)
}

fn status(source: &Source, seen: &Seen) -> NodeStatus {
    let default = FreshnessThreshold::default();
    let threshold = source.freshness.as_ref().unwrap_or(&default);
    let exceeded =
        |time: &Option<Json>| time.as_ref().and_then(seconds).is_some_and(|most| seen.age() > most);
    match (exceeded(&threshold.error_after), exceeded(&threshold.warn_after)) {
        (true, _) => NodeStatus::Error,
        (_, true) => NodeStatus::Warn,
        _ => NodeStatus::Pass,
    }
}

/// `{count: 2, period: hour}` in seconds.
fn seconds(time: &Json) -> Option<f64> {
    let count = time.get("count")?;
    let count = count.as_f64().or_else(|| count.as_str()?.parse().ok())?;
    let unit = match time.get("period")?.as_str()? {
        "minute" => 60.0,
        "hour" => 3600.0,
        "day" => 86400.0,
        _ => return None,
    };
    Some(count * unit)
}

fn info(source: &Source) -> NodeInfo {
    NodeInfo {
        unique_id: source.unique_id.clone(),
        name: source.name.clone(),
        resource_type: ResourceType::Source,
        materialized: String::new(),
        path: source.original_file_path.clone(),
        node_path: source.path.clone(),
        checksum: String::new(),
        store_failures: false,
        relation: NodeRelation {
            database: source.database.clone().unwrap_or_default(),
            schema: source.schema.clone(),
            alias: source.identifier.clone(),
            rendered: source.relation_name.clone().unwrap_or_default(),
        },
        meta: source.meta.clone(),
        group: None,
        attached_node: None,
        started_at: Some(Utc::now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn periods_become_seconds() {
        let check = |time: Json, expect: Option<f64>| assert_eq!(seconds(&time), expect, "{time}");
        check(json!({"count": 2, "period": "hour"}), Some(7200.0));
        check(json!({"count": "1", "period": "day"}), Some(86400.0));
        check(json!({"count": null, "period": null}), None);
        check(json!({"count": 1, "period": "year"}), None);
    }
}
