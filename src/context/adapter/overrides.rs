//! Which built-in macros a project or a package has replaced by its own.

use crate::context::scope::Scope;
use crate::jinja::Value;
use crate::jinja::value::{Args, Outcome};

/// Does a project write the rows of seeds by macros of its own? Then the engine's reader stands back,
/// since those macros are not asked by it.
pub fn seeds(scope: &Scope) -> bool {
    let engine = &scope.run().session.engine;
    let replaced = |name: &str| {
        spellings(scope, name).any(|name| {
            let found = engine.find_macro(&name, None, scope.package());
            found.is_some_and(|found| !engine.is_internal(&found.source().package))
        })
    };
    ["load_csv_rows", "create_csv_table", "reset_csv_table"].into_iter().any(replaced)
}

/// `is_overridden(name)`: does the adapter call a macro of a project or a package by this name? A
/// package counts by the plain name alone, since dispatch does not look into it.
pub fn is_overridden(scope: &Scope, args: &[Value]) -> Outcome {
    let args = Args::bind("is_overridden", &["macro_name"], args)?;
    let name = args.text(0)?;
    let engine = &scope.run().session.engine;
    let called = engine.macro_called_outside(name, None);
    if called.is_some_and(|found| !engine.is_internal(&found.source().package)) {
        return Ok(Value::from(true));
    }
    let mut spellings = spellings(scope, name);
    Ok(Value::from(spellings.any(|name| {
        let dispatched = engine.find_macro(&name, Some(&scope.run().session.project_name), scope.package());
        dispatched.is_some()
    })))
}

/// A macro's name, plain and as dispatch looks for it.
fn spellings(scope: &Scope, name: &str) -> impl Iterator<Item = String> {
    let prefixes = scope.run().session.adapter.prefixes().iter().chain(&["default"]);
    prefixes.map(move |prefix| format!("{prefix}__{name}")).chain([name.to_string()])
}
