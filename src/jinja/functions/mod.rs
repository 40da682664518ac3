//! Functions that need nothing but their arguments. Each is a row of its family's table.

mod collections;
mod json;
mod lorem;
mod modules;
mod stateful;
mod support;
mod text;
mod yaml;
mod yaml_dump;
mod yaml_scalar;

pub use modules::watched_modules;
pub use yaml_dump::yaml_text;

use minijinja::{Environment, State, Value};

use super::value::{Outcome, function};

/// The name of a function, and what it does.
type Row = (&'static str, fn(&mut State<'_, '_>, &[Value]) -> Outcome);

const TABLES: [&[Row]; 7] =
    [collections::ROWS, json::ROWS, lorem::ROWS, stateful::ROWS, support::ROWS, text::ROWS, yaml::ROWS];

/// Adds them all, and the `modules` object. `namespace` is minijinja's own.
pub fn register(env: &mut Environment<'static>) {
    for (name, body) in TABLES.into_iter().flatten().copied() {
        env.add_global(name, function(name, body));
    }
    env.add_global("modules", modules::modules());
}

/// A table's rows as the members of a module or class.
fn members(rows: &'static [Row]) -> impl Iterator<Item = (&'static str, Value)> {
    rows.iter().map(|(name, body)| (*name, function(*name, *body)))
}
