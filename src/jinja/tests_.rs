//! Jinja2's tests.

use minijinja::Environment;

/// Adds them all.
pub fn register(_env: &mut Environment<'static>) {}
