//! Models, seeds and snapshots: the materialization macro does the work, in the node's session.

use super::Job;
use super::guard::{CommitMark, again, claim};
use super::outcome::blank;
use crate::context::objects::relation::{relation, relation_of};
use crate::context::{Compiled, Scope, Subject};
use crate::error::{Error, Location, Result};
use crate::event::{Event, NodeInfo};
use crate::jinja::value::iterate;
use crate::jinja::{MacroRef, Value};
use crate::manifest::{Node, NodeKind, NodeStatus, ResourceType, RunResult};
use crate::relation::Relation;
use indexmap::IndexMap;
use std::sync::Arc;

/// Runs the materialization of a node. A node that lost a conflict between transactions was undone whole,
/// so it is run again, unless it has hooks outside of the transaction.
///
/// # Errors
/// There is no such materialization, a macro fails, the engine refuses. The node's transaction is undone.
pub fn materialize(
    job: &Job,
    node: &Arc<Node>,
    info: &Arc<NodeInfo>,
    compiled: &Compiled,
) -> Result<(RunResult, Option<String>)> {
    let run = &job.run;
    let found = find(run, node)?;
    let is_built_in = run.session.engine.is_internal(&found.source().package);
    let mark = CommitMark::of(job, node).filter(|_| is_built_in);
    let finishing = || built_in_macro(run, "karat__finish_committed");
    if job.committed.contains(&node.unique_id) {
        return attempt_once(run, (node, info, compiled), &finishing()?, None);
    }
    again(run, node, || {
        let outcome = attempt_once(run, (node, info, compiled), &found, mark.as_ref());
        let Some(fault) = outcome.as_ref().err().filter(|fault| is_in_doubt(fault)) else { return outcome };
        match mark.as_ref().map(|mark| mark.was_done(run)).transpose()?.flatten() {
            Some(true) => attempt_once(run, (node, info, compiled), &finishing()?, None),
            Some(false) => Err(fault.clone().with_code("08006")),
            None => outcome,
        }
    })
}

/// Was the answer to a commit lost?
fn is_in_doubt(fault: &Error) -> bool {
    fault.code() == Some("08007")
}

/// Clones a node from where `--state` has it, by the materialization `clone`.
///
/// # Errors
/// As [`materialize`].
pub fn clone(
    run: &Arc<crate::context::Run>,
    node: &Arc<Node>,
    info: &Arc<NodeInfo>,
    compiled: &Compiled,
) -> Result<(RunResult, Option<String>)> {
    let found = built_in(run, "clone")?;
    let from = run.deferred.get(&node.unique_id).cloned();
    let from = from.map_or_else(|| crate::jinja::Value::from(()), relation);
    let scope = Scope::new(run, Subject::Node(node.clone()), Some(info.clone()));
    let scope = scope.with_compiled(compiled.clone()).with_value("defer_relation", from);
    let (mut result, build_path) = run_in(run, node, &Arc::new(scope), &found)?;
    result.message = result.message.filter(|said| !said.is_empty()).or_else(|| Some("No-op".to_string()));
    Ok((result, build_path))
}

fn attempt_once(
    run: &Arc<crate::context::Run>,
    (node, info, compiled): (&Arc<Node>, &Arc<NodeInfo>, &Compiled),
    found: &MacroRef,
    mark: Option<&CommitMark>,
) -> Result<(RunResult, Option<String>)> {
    fits(run, node)?;
    let scope = Scope::new(run, Subject::Node(node.clone()), Some(info.clone()));
    let scope = added_to(scope, node).with_compiled(compiled.clone());
    let scope = Arc::new(match mark {
        Some(mark) => mark.watch(scope),
        None => scope,
    });
    let outcome = run_in(run, node, &scope, found)?;
    point_to_latest(run, node, info)?;
    Ok(outcome)
}

/// `latest_version_pointer`: a view under the plain name of a versioned model, on its latest version.
fn point_to_latest(run: &Arc<crate::context::Run>, node: &Arc<Node>, info: &Arc<NodeInfo>) -> Result<()> {
    let NodeKind::Model { version: Some(version), latest_version: Some(latest), .. } = &node.kind else {
        return Ok(());
    };
    if version != latest || node.is_ephemeral() || !wants_pointer(run, node) {
        return Ok(());
    }
    let asking = Arc::new(Scope::new(run, Subject::Node(node.clone()), Some(info.clone())));
    let wish = node.config.get("latest_version_pointer").and_then(|pointer| pointer.get("alias"));
    let wish = wish.and_then(serde_json::Value::as_str).map_or_else(|| Value::from(()), Value::from);
    let model = crate::jinja::value::from_json(&node.to_json());
    let alias =
        asking.call_macro("generate_latest_version_pointer_alias", &[wish, model], &IndexMap::new())?;
    let alias = alias.to_string().trim().to_string();
    asking.release();
    if alias.eq_ignore_ascii_case(&node.alias) {
        let message =
            format!("the pointer to the latest version has the name of the version itself: `{alias}`");
        return Err(Error::compilation(message)
            .about(node.described())
            .help("set `latest_version_pointer: {alias: ...}`, or another `alias` of the version"));
    }
    let sql = format!("select * from {}", run.relation_of(node));
    let mut pointer = Node { alias, raw_code: sql.clone(), ..(**node).clone() };
    pointer.config.insert("materialized", "view");
    for hooks in ["pre-hook", "post-hook"] {
        pointer.config.insert(hooks, Vec::<bool>::new());
    }
    pointer.config.insert("contract", serde_json::json!({"enforced": false}));
    pointer.contract = Default::default();
    let pointer = Arc::new(pointer);
    let found = find(run, &pointer)?;
    let scope = Scope::new(run, Subject::Node(pointer.clone()), Some(info.clone()));
    let scope = scope.with_compiled(Compiled { sql, ..Compiled::default() });
    run_in(run, &pointer, &Arc::new(scope), &found).map(|_| ())
}

/// As the model says, else as the project's flag does.
fn wants_pointer(run: &crate::context::Run, node: &Node) -> bool {
    let said = node.config.get("latest_version_pointer");
    let said = said.and_then(|said| said.get("enabled").unwrap_or(said).as_bool());
    said.unwrap_or_else(|| run.session.flags.behaviour("latest_version_pointer_enabled_by_default"))
}

fn run_in(
    run: &Arc<crate::context::Run>,
    node: &Arc<Node>,
    scope: &Arc<Scope>,
    found: &MacroRef,
) -> Result<(RunResult, Option<String>)> {
    let claimed = claim(scope, node)
        .map_err(|fault| fault.about(node.described()).or_located(Location::file(&node.original_file_path)));
    let outcome = claimed.and_then(|claim| {
        let outcome = call(scope, found).and_then(|value| relations(node, &value));
        if outcome.is_err() {
            // before the claim is given back
            let _ = scope.rollback();
        }
        drop(claim);
        outcome
    });
    let build_path = scope.build_path();
    let finished = outcome.map(|relations| {
        // What a materialization left uncommitted is its own doing; dbt undoes it, too.
        scope.release();
        relations.into_iter().for_each(|relation| run.cache.add(relation));
        result(scope, node)
    });
    if finished.is_err() {
        undo(run, scope);
    }
    finished.map(|result| (result, build_path))
}

/// A batch that is added to its table: macros that ask hear so, even in a run with `--full-refresh`.
fn added_to(scope: Scope, node: &Node) -> Scope {
    if !node.batch.as_ref().is_some_and(|batch| batch.incremental) {
        return scope;
    }
    let answers = [("is_incremental", true), ("should_full_refresh", false)];
    answers.into_iter().fold(scope, |scope, (name, answer)| {
        let found = scope.run().session.engine.find_macro(name, None, scope.package());
        match found {
            Some(found) => scope.with_macro(found.unique_id(), Value::from(answer)),
            None => scope,
        }
    })
}

/// The macro of the node's materialization.
fn find(run: &crate::context::Run, node: &Node) -> Result<MacroRef> {
    let session = &run.session;
    let explicit = session
        .flags
        .behaviour
        .get("require_explicit_package_overrides_for_builtin_materializations")
        .copied()
        .unwrap_or(true);
    let name = materialization_of(node);
    let found = session.engine.materialization(name, !explicit).ok_or_else(|| {
        let adapter = session.adapter.name();
        Error::compilation(format!("No materialization '{name}' was found for adapter {adapter}! (searched types 'default' and '{adapter}')"))
            .located(Location::file(&node.original_file_path))
            .help("write `view`, `table`, `incremental` or `ephemeral`, or define the materialization in a macro")
    })?;
    let package = &found.source().package;
    let overrides = !session.engine.is_internal(package) && *package != session.project_name;
    if overrides && session.engine.has_built_in_materialization(name) {
        let message = format!(
            "Installed package '{package}' is overriding the built-in materialization '{name}'. Overrides of \
             built-in materializations from installed packages will be deprecated in future versions of dbt"
        );
        let error = Error::compilation(message).help("call it in a materialization of your own of that name");
        session.reporter.report(Event::Warning { name: "PackageMaterializationOverrideDeprecation", error });
    }
    speaks(&found, node).map(|()| found)
}

fn materialization_of(node: &Node) -> &str {
    match node.resource_type {
        ResourceType::Seed => "seed",
        ResourceType::Snapshot => "snapshot",
        _ => node.config.materialized(),
    }
}

/// Does the engine take the relation's name whole? A name that it cuts may be that of another relation.
fn fits(run: &crate::context::Run, node: &Node) -> Result<()> {
    let most = run.session.adapter.max_identifier_bytes();
    match most.filter(|most| node.alias.len() > *most) {
        None => Ok(()),
        Some(most) => {
            Err(Error::runtime(format!("Relation name '{}' is longer than {most} characters", node.alias))
                .about(node.described())
                .located(Location::file(&node.original_file_path))
                .help(format!("give it an `alias` of at most {most} bytes")))
        }
    }
}

/// Is the node written in a language that the materialization builds?
fn speaks(found: &MacroRef, node: &Node) -> Result<()> {
    let source = found.source();
    let languages = source.supported_languages.as_deref().unwrap_or_default();
    let language = node.language.as_deref().filter(|_| node.resource_type == ResourceType::Model);
    let Some(language) = language.filter(|language| !languages.iter().any(|known| known == language)) else {
        return Ok(());
    };
    let known: Vec<_> = languages.iter().map(|known| format!("'{known}'")).collect();
    let name = source.name.as_str();
    Err(Error::runtime(format!(
        "Materialization \"{name}\" only supports languages [{}]; got \"{language}\"",
        known.join(", ")
    ))
    .about(node.described())
    .located(Location::file(&node.original_file_path)))
}

/// A macro that does what is left of a materialization.
fn built_in_macro(run: &crate::context::Run, name: &str) -> Result<MacroRef> {
    let found = run.session.engine.macro_called_outside(name, None);
    found.ok_or_else(|| Error::internal(format!("the macro `{name}` is missing")))
}

/// A materialization that karat itself calls: one of any package goes before the built-in one.
///
/// # Errors
/// There is none of this name.
pub(super) fn built_in(run: &crate::context::Run, name: &str) -> Result<MacroRef> {
    let found = run.session.engine.materialization(name, true);
    found.ok_or_else(|| Error::internal(format!("the materialization `{name}` is missing")))
}

/// Calls a materialization in the scope of its node.
///
/// # Errors
/// The macro's own, with the node and its file.
pub(super) fn call(scope: &Arc<Scope>, found: &MacroRef) -> Result<Value> {
    let engine = &scope.run().session.engine;
    let outcome = engine.call(found, &scope.context(), (&[], &IndexMap::new()));
    outcome.map_err(|error| match scope.node() {
        Some(node) => error.about(node.described()).or_located(Location::file(&node.original_file_path)),
        None => error,
    })
}

/// The relations that a materialization returned: `{'relations': [...]}` (dbt's contract).
fn relations(node: &Node, value: &Value) -> Result<Vec<Relation>> {
    let wrong = |why: &str| {
        Error::compilation(format!("Invalid return value from materialization, {why}"))
            .about(node.described())
            .help("end the materialization with `{{ return({'relations': [target_relation]}) }}`")
    };
    let list = value.get_item(&Value::from("relations")).ok().filter(|list| !list.is_undefined());
    let list = list.ok_or_else(|| wrong("expected a dict with key \"relations\""))?;
    let items = iterate(&list).map_err(|_| wrong("\"relations\" is no list"))?;
    items
        .iter()
        .map(|item| relation_of(item).ok_or_else(|| wrong("\"relations\" holds something else")))
        .collect()
}

fn result(scope: &Scope, node: &Node) -> RunResult {
    let response = scope.results().main_response().unwrap_or_default();
    RunResult {
        message: Some(response.message.clone()),
        adapter_response: response.to_json(),
        ..blank(node, NodeStatus::Success)
    }
}

/// The transaction is rolled back and the cache forgets what it believed of the schema's relations, as
/// renames may have been undone with it.
fn undo(run: &crate::context::Run, scope: &Scope) {
    let undone = scope.rollback();
    scope.release();
    if let (Ok(()), Some(node)) = (undone, scope.node()) {
        run.cache.remove_schema(&run.relation_of(node).without_identifier());
    }
}
