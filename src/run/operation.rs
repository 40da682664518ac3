//! Macros that are called for themselves: the catalog's queries, `run-operation`.

use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::Value;
use crate::jinja::value::from_json;
use crate::manifest::MacroNode;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::sync::Arc;

/// Calls a macro in a scope of an operation, as the root project sees it.
///
/// # Errors
/// There is no such macro, or it fails.
pub fn call_in(scope: &Arc<Scope>, name: &str, args: &[Value]) -> Result<Value> {
    call_with(scope, name, args, &IndexMap::new())
}

fn call_with(
    scope: &Arc<Scope>,
    name: &str,
    args: &[Value],
    kwargs: &IndexMap<String, Value>,
) -> Result<Value> {
    scope.call_macro(name, args, kwargs)
}

/// Calls a macro in a session of its own; what it leaves uncommitted is undone.
///
/// # Errors
/// As for any macro.
pub fn call_macro(run: &Arc<Run>, name: &str, args: &[Value]) -> Result<Value> {
    call_in(&scope_of(run, name), name, args)
}

/// `run-operation`: calls a macro by name with named arguments.
///
/// # Errors
/// As for any macro.
pub fn run_operation(run: &Arc<Run>, name: &str, kwargs: &IndexMap<String, Value>) -> Result<Value> {
    let scope = scope_of(run, name);
    let value = call_with(&scope, name, &[], kwargs);
    scope.release();
    value
}

/// The scope of an operation: its package and its `model` are those of the macro that is called.
fn scope_of(run: &Arc<Run>, name: &str) -> Arc<Scope> {
    let session = &run.session;
    let (package, own) = name.split_once('.').map_or((None, name), |(package, own)| (Some(package), own));
    let found = session.engine.macro_called_outside(own, package);
    let home =
        found.as_ref().map(|found| &found.source().package).filter(|it| !session.engine.is_internal(it));
    let home = home.unwrap_or(&session.project_name).clone();
    let scope = Scope::new(run, Subject::Operation(home), None);
    let called = found.and_then(|found| run.manifest.macros.get(found.unique_id()));
    Arc::new(match called {
        Some(called) => scope.with_value("model", model(called)),
        None => scope,
    })
}

/// A macro as a dict; what it has no value for has no key.
fn model(called: &MacroNode) -> Value {
    let mut json = serde_json::to_value(called).unwrap_or_default();
    without_nulls(&mut json);
    from_json(&json)
}

fn without_nulls(json: &mut Json) {
    let Some(fields) = json.as_object_mut() else { return };
    fields.retain(|_, value| !value.is_null());
    fields.iter_mut().filter(|(name, _)| *name != "meta").for_each(|(_, value)| without_nulls(value));
}
