//! Filters that apply filters and tests: `map select selectattr reject rejectattr`.

use minijinja::{Error, State, Value};

use super::Row;
use super::attribute::Path;
use crate::jinja::value::{Outcome, iterate, list, split_args, type_error, value_error};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("map", map),
    ("select", |state, args| select(state, args, Choice { by_attribute: false, keep: true })),
    ("selectattr", |state, args| select(state, args, Choice { by_attribute: true, keep: true })),
    ("reject", |state, args| select(state, args, Choice { by_attribute: false, keep: false })),
    ("rejectattr", |state, args| select(state, args, Choice { by_attribute: true, keep: false })),
];

/// What is tested, and whether the items that pass are kept.
struct Choice {
    by_attribute: bool,
    keep: bool,
}

fn items_of(args: &[Value]) -> Result<(Vec<Value>, &[Value]), Error> {
    let (first, rest) = args.split_first().ok_or_else(|| type_error("a filter needs a value"))?;
    // A false value (`None`, 0) counts as an empty sequence here, as in Jinja2.
    Ok((if first.is_true() { iterate(first)? } else { Vec::new() }, rest))
}

fn text_of<'a>(value: &'a Value, what: &str) -> Result<&'a str, Error> {
    value.as_str().ok_or_else(|| type_error(format!("the name of a {what} must be a string")))
}

/// `map(attribute=.., default=..)` or `map('filter', args..)`.
fn map(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let (items, rest) = items_of(args)?;
    let (positional, named) = split_args(rest)?;
    if let (true, Some(attribute)) = (positional.is_empty(), named.get("attribute")) {
        if let Some(name) = named.keys().find(|name| !matches!(name.as_str(), "attribute" | "default")) {
            return Err(value_error(format!("Unexpected keyword argument '{name}'")));
        }
        let path = Path::new(Some(attribute), named.get("default"));
        return Ok(list(items.iter().map(|item| path.of(item)).collect()));
    }
    let filter = positional.first().ok_or_else(|| value_error("map requires a filter argument"))?;
    let filter = text_of(filter, "filter")?;
    let results = items.into_iter().map(|item| {
        let mut arguments = vec![item];
        arguments.extend_from_slice(&rest[1..]);
        state.apply_filter(filter, &arguments)
    });
    results.collect::<Result<_, Error>>().map(list)
}

fn select(state: &mut State<'_, '_>, args: &[Value], choice: Choice) -> Outcome {
    let (items, rest) = items_of(args)?;
    let (path, rest) = match (choice.by_attribute, rest.split_first()) {
        (false, _) => (Path::new(None, None), rest),
        (true, Some((attribute, rest))) => (Path::new(Some(attribute), None), rest),
        (true, None) => return Err(value_error("Missing parameter for attribute name")),
    };
    let mut kept = Vec::new();
    for item in items {
        let part = path.of(&item);
        let passes = match rest.split_first() {
            None => part.is_true(),
            Some((test, more)) => {
                let mut arguments = vec![part];
                arguments.extend_from_slice(more);
                state.perform_test(text_of(test, "test")?, &arguments)?
            }
        };
        if passes == choice.keep {
            kept.push(item);
        }
    }
    Ok(list(kept))
}
