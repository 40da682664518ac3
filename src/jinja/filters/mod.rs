//! Jinja2's filters.

use minijinja::Environment;

/// Adds them all.
pub fn register(_env: &mut Environment<'static>) {}
