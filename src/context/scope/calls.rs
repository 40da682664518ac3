//! Macros that are called for themselves, by name, in the session of a scope.

use super::Scope;
use crate::error::{Error, Result};
use crate::jinja::Value;
use indexmap::IndexMap;
use std::sync::Arc;

impl Scope {
    /// Calls a macro, `name` or `package.name`, as its own package sees it.
    ///
    /// # Errors
    /// There is no such macro, or it fails.
    pub fn call_macro(
        self: &Arc<Self>,
        name: &str,
        args: &[Value],
        kwargs: &IndexMap<String, Value>,
    ) -> Result<Value> {
        let engine = &self.run().session.engine;
        let (package, own) = match name.split_once('.') {
            Some((package, own)) => (Some(package), own),
            None => (None, name),
        };
        let found = engine.macro_called_outside(own, package).ok_or_else(|| {
            Error::compilation(format!(
                "dbt could not find a macro with the name '{own}' in {}",
                package.unwrap_or("any package")
            ))
            .help("look at its spelling, and at `macro-paths` in dbt_project.yml")
        })?;
        engine.call_at_home(&found, &self.context(), (args, kwargs))
    }
}
