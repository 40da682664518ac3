//! Macros that are called for themselves: the catalog's queries, `run-operation`.

use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::Value;
use indexmap::IndexMap;
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
    let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
    call_in(&scope, name, args)
}

/// `run-operation`: calls a macro by name with named arguments.
///
/// # Errors
/// As for any macro.
pub fn run_operation(run: &Arc<Run>, name: &str, kwargs: &IndexMap<String, Value>) -> Result<Value> {
    let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
    let value = call_with(&scope, name, &[], kwargs);
    scope.release();
    value
}
