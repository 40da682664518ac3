//! A relation is built by one run at a time: a node claims its own before it touches anything. The engine's
//! macros say how; an engine that lets only one process in needs no claim.

use super::again::all_within;
use crate::adapter::{Cell, Fetch};
use crate::context::objects::relation::relation as as_value;
use crate::context::{Run, Scope};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::jinja::Value;
use crate::manifest::Node;
use crate::relation::{Relation, RelationKind};
use indexmap::IndexMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long another run is waited for unless `--wait` says otherwise.
const PATIENCE: Duration = Duration::from_secs(3600);
/// The user hears of the waiting after this.
const SILENCE: Duration = Duration::from_secs(2);

/// A claim to give back: one that outlives its transaction.
pub struct Claim(Option<Arc<Scope>>);

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(scope) = self.0.take() {
            // where the session is gone, the claim is gone with it
            let _ = call(&scope, "karat__release_claims_sql", &[]).and_then(|sql| send(&scope, &sql));
        }
    }
}

/// What the engine said of a claim.
struct Answer {
    granted: bool,
    /// What stands in the relation's place: `table`, `view`, `materialized_view`; `other: a sequence`; empty for nothing.
    kind: String,
}

/// Claims the node's relation and brings the cache up to date with what another run made of it.
///
/// # Errors
/// Another run holds it for longer than we wait; it is named.
pub fn claim(scope: &Arc<Scope>, node: &Node) -> Result<Claim> {
    let run = scope.run().clone();
    refuse_long_name(&run, node)?;
    if !run.session.flags.behaviour("lock_relations") {
        return Ok(Claim(None));
    }
    let relation = run.relation_of(node);
    // Hooks outside the transaction end it, and a claim of the transaction with it.
    let beyond = !["pre-hook", "post-hook"].iter().all(|key| all_within(node, key));
    let batch = node.batch.as_ref().map(|batch| batch.id.clone()).unwrap_or_default();
    let args = [as_value(relation.clone()), Value::from(batch), Value::from(beyond)];
    let sql = call(scope, "karat__claim_sql", &args)?;
    if sql.trim().is_empty() {
        return Ok(Claim(None));
    }
    let limit = run.session.flags.wait.map_or(PATIENCE, Duration::from_secs);
    let (began, mut told, mut pause) = (Instant::now(), false, Duration::from_millis(10));
    loop {
        let answer = ask(scope, &sql)?;
        if answer.granted {
            refuse_taken_name(node, &relation, &answer.kind)?;
            refresh(&run, &relation, &answer.kind);
            return Ok(Claim(beyond.then(|| scope.clone())));
        }
        scope.rollback()?;
        if began.elapsed() >= limit {
            return Err(refused(&relation, &holder(scope, &args)?, limit));
        }
        if !told && began.elapsed() >= SILENCE {
            told = true;
            let message = format!("{} waits: {}", node.described(), held(&relation, &holder(scope, &args)?));
            run.session.reporter.report(Event::Note { name: "Note", message });
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

/// A name that the engine would cut could become that of another relation. A schema is cut alike
/// wherever it is named, so dbt takes long ones.
fn refuse_long_name(run: &Run, node: &Node) -> Result<()> {
    let most = run.session.adapter.max_identifier_bytes().unwrap_or(usize::MAX);
    let name = &node.alias;
    if name.len() <= most {
        return Ok(());
    }
    let told = format!("Relation name '{name}' is longer than {most} characters");
    Err(Error::compilation(told)
        .help(format!("it has {} bytes: give the node a shorter `alias`", name.len())))
}

/// What stands there is none of the kinds that a node builds, and none that it may drop.
fn refuse_taken_name(node: &Node, relation: &Relation, kind: &str) -> Result<()> {
    let Some(what) = kind.strip_prefix("other: ").filter(|_| node.is_relational()) else { return Ok(()) };
    Err(Error::database(format!("the name {} is taken by {what}", relation.render()))
        .with_code("42P07")
        .help("give the node another `alias`, or drop what stands there"))
}

pub(super) fn call(scope: &Arc<Scope>, name: &str, args: &[Value]) -> Result<String> {
    let made = scope.call_macro(name, args, &IndexMap::new())?;
    Ok(if made.is_none() { String::new() } else { made.to_string() })
}

pub(super) fn send(scope: &Arc<Scope>, sql: &str) -> Result<()> {
    match sql.trim().is_empty() {
        true => Ok(()),
        false => scope.execute(sql, false, Fetch::Nothing).map(drop),
    }
}

fn ask(scope: &Arc<Scope>, sql: &str) -> Result<Answer> {
    let (_, table) = scope.execute(sql, false, Fetch::Texts)?;
    let cell = |at: usize| table.rows.first().and_then(|row| row.get(at)).and_then(Cell::as_str);
    let text = |at: usize| cell(at).unwrap_or_default().to_string();
    Ok(Answer { granted: text(0) == "true", kind: text(1) })
}

/// Who holds the claim; empty where the engine cannot tell.
fn holder(scope: &Arc<Scope>, args: &[Value]) -> Result<String> {
    let sql = call(scope, "karat__claim_holder_sql", &args[..2])?;
    if sql.trim().is_empty() {
        return Ok(String::new());
    }
    let (_, table) = scope.execute(&sql, false, Fetch::Texts)?;
    let said = table.rows.first().and_then(|row| row.first()).and_then(Cell::as_str);
    Ok(said.unwrap_or_default().to_string())
}

/// What another run built or dropped since the cache was filled.
fn refresh(run: &Run, relation: &Relation, kind: &str) {
    if !run.cache.knows(&relation.without_identifier()) {
        return;
    }
    let known = run.cache.get(relation);
    match RelationKind::parse(kind) {
        Some(kind) if known.as_ref().and_then(|known| known.kind) != Some(kind) => {
            run.cache.add(relation.clone().of_kind(kind));
        }
        None if kind.is_empty() && known.is_some() => run.cache.remove(relation),
        _ => {}
    }
}

fn held(relation: &Relation, holder: &str) -> String {
    let who = if holder.is_empty() { "another session" } else { holder };
    format!("{} is being built by another run, {who}", relation.render())
}

fn refused(relation: &Relation, holder: &str, limit: Duration) -> Error {
    let waited = format!("{}, and was waited for {} seconds", held(relation, holder), limit.as_secs());
    Error::database(waited)
        .with_code("55P03")
        .help("let one of the two runs end first; `--wait SECONDS` says how long to wait")
}
