//! Functions that need nothing but their arguments.

mod support;

use minijinja::{Environment, State, Value};

use super::value::{Outcome, function};

/// A row of a table: the name and the function.
type Row = (&'static str, fn(&mut State<'_, '_>, &[Value]) -> Outcome);

/// Adds them all.
pub fn register(env: &mut Environment<'static>) {
    for (name, body) in support::ROWS.iter().copied() {
        env.add_global(name, function(name, body));
    }
}
