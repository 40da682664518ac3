//! Jinja2's filters, with all their arguments. Each is a row of its family's table.

mod attribute;
mod html;
mod number;
mod object;
mod order;
mod pretty;
mod select;
mod sequence;
mod text;
mod urlize;
mod wrap;

use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{Environment, State, Value};

use super::value::Outcome;

/// The name of a filter, and the function: its first argument is what stands before the `|`.
type Row = (&'static str, fn(&mut State<'_, '_>, &[Value]) -> Outcome);

const TABLES: [&[Row]; 8] = [
    html::ROWS,
    number::ROWS,
    object::ROWS,
    order::ROWS,
    select::ROWS,
    sequence::ROWS,
    text::ROWS,
    wrap::ROWS,
];

/// Adds them all.
pub fn register(env: &mut Environment<'static>) {
    for (name, filter) in TABLES.into_iter().flatten().copied() {
        env.add_filter(name, move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| -> Outcome {
            filter(state, &args.into_values())
        });
    }
}

/// Whether there is such a filter, for `is filter`.
pub fn exists(name: &str) -> bool {
    TABLES.into_iter().flatten().any(|row| row.0 == name)
}
