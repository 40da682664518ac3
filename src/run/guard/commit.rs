//! What tells, after a kill or a lost connection, whether a node's transaction was committed. Only nodes that
//! would bring their rows twice if they ran twice are marked: the mark is made in their own transaction, and
//! stands in the journal before the commit is sent.

use super::claim::call;
use crate::adapter::{Cell, Fetch};
use crate::context::objects::relation::relation as as_value;
use crate::context::{Run, Scope, Subject};
use crate::error::{Error, Result};
use crate::jinja::Value;
use crate::manifest::{Node, NodeKind, UniqueId};
use crate::run::{Job, Journal};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a transaction of a dead run is waited for: the server ends it when it hears of the death.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// The marks of a node's commits.
pub struct CommitMark {
    journal: Arc<Journal>,
    last: Arc<Mutex<Option<String>>>,
    node: Arc<Node>,
}

impl CommitMark {
    /// The marks of a node, where it needs them.
    pub fn of(job: &Job, node: &Arc<Node>) -> Option<CommitMark> {
        let journal = job.journal.clone().filter(|_| brings_rows_twice(node))?;
        Some(CommitMark { journal, last: Arc::default(), node: node.clone() })
    }

    /// The scope, whose commits are marked from now on.
    pub fn watch(&self, scope: Scope) -> Scope {
        let (journal, last, node) = (self.journal.clone(), self.last.clone(), self.node.clone());
        scope.before_commit(Box::new(move |scope: &Arc<Scope>| {
            if let Some(mark) = make(scope, &node)? {
                journal.mark(&node.unique_id, &mark);
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(mark);
            }
            Ok(())
        }))
    }

    /// A commit whose answer was lost: was it done? `None` where there is no mark.
    ///
    /// # Errors
    /// The engine does not come back.
    pub fn was_done(&self, run: &Arc<Run>) -> Result<Option<bool>> {
        let mark = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        mark.map(|mark| ask(&asking(run), &mark)).transpose()
    }
}

/// Does an incremental model add rows without looking which are there? Strategies of the project's own are not
/// known, nor what its own clauses do.
fn brings_rows_twice(node: &Node) -> bool {
    let config = &node.config;
    let has = |key: &str| {
        config.get(key).is_some_and(|value| match value {
            serde_json::Value::Null => false,
            serde_json::Value::String(text) => !text.is_empty(),
            serde_json::Value::Array(list) => !list.is_empty(),
            _ => true,
        })
    };
    let own_clauses =
        ["merge_clauses", "merge_update_set_expressions", "predicates", "incremental_predicates"];
    let replaces = match config.str("incremental_strategy").unwrap_or("default") {
        "microbatch" | "insert_overwrite" => true,
        "merge" | "delete+insert" | "default" => has("unique_key") && !own_clauses.iter().any(|key| has(key)),
        _ => false,
    };
    matches!(node.kind, NodeKind::Model { .. }) && config.materialized() == "incremental" && !replaces
}

fn make(scope: &Arc<Scope>, node: &Node) -> Result<Option<String>> {
    let token = uuid::Uuid::new_v4().simple().to_string();
    let relation = as_value(scope.run().relation_of(node));
    let sql = call(scope, "karat__mark_commit_sql", &[relation, Value::from(token)])?;
    if sql.trim().is_empty() { Ok(None) } else { value(scope, &sql) }
}

fn value(scope: &Arc<Scope>, sql: &str) -> Result<Option<String>> {
    let (_, table) = scope.execute(sql, false, Fetch::Texts)?;
    Ok(table.rows.first().and_then(|row| row.first()).and_then(Cell::as_str).map(str::to_string))
}

fn asking(run: &Arc<Run>) -> Arc<Scope> {
    Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None))
}

/// Was the transaction with this mark committed?
fn ask(scope: &Arc<Scope>, mark: &str) -> Result<bool> {
    let sql = call(scope, "karat__find_commit_sql", &[Value::from(mark)])?;
    let began = Instant::now();
    loop {
        match value(scope, &sql)?.as_deref() {
            Some("committed") => return Ok(true),
            Some("aborted") => return Ok(false),
            Some(_) if began.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Some(_) => {
                return Err(Error::database("the transaction of the run that was killed is still open")
                    .help("end its session in the server, or come back later"));
            }
            None => {
                return Err(Error::database(
                    "it is not known any more whether the node's transaction was committed",
                )
                .help("look whether its rows are there; build it with `run --select` if they are not"));
            }
        }
    }
}

/// The nodes of a run that was killed which had been committed, though it was not written down any more.
///
/// # Errors
/// The engine cannot be reached.
pub fn committed(run: &Arc<Run>, marks: &BTreeMap<String, String>) -> Result<HashSet<UniqueId>> {
    let scope = asking(run);
    let mut found = HashSet::new();
    for (id, mark) in marks {
        let id = UniqueId::from(id.as_str());
        let Some(node) = run.manifest.runnable(&id) else { continue };
        if ask(&scope, mark).map_err(|fault| fault.about(node.described()))? {
            found.insert(id);
        }
    }
    scope.release();
    Ok(found)
}

/// Is anything to be done for this node after its commit?
pub fn goes_on_after_commit(node: &Node) -> bool {
    !super::again::all_within(node, "post-hook")
        || matches!(node.kind, NodeKind::Model { version: Some(_), .. })
}

/// Removes a node's mark once its outcome is written down. One that stays is removed by the next run.
pub fn forget(job: &Job, id: &UniqueId) {
    let Some(mark) = job.journal.as_ref().and_then(|journal| journal.take_mark(id)) else { return };
    let Some(node) = job.run.manifest.runnable(id) else { return };
    let scope = asking(&job.run);
    let args = [as_value(job.run.relation_of(&node)), Value::from(mark)];
    let _ = call(&scope, "karat__forget_commit_sql", &args).and_then(|sql| super::claim::send(&scope, &sql));
}
