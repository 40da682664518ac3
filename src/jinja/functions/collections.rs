//! `dict range set set_strict zip zip_strict diff_of_two_dicts`.

use minijinja::value::Value;
use minijinja::{Error, State};

use super::Row;
use crate::jinja::value::{
    Args, Outcome, dict, hashable, iterate, list, pairs, print, python_type_name, set, split_args, tuple,
    type_error, value_error,
};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("dict", dictionary),
    ("range", |_, args| range(args)),
    ("set", |_, args| lenient_set(args)),
    ("set_strict", |_, args| distinct(Args::bind("set_strict", &["value"], args)?.need(0)?)),
    ("zip", |_, args| lenient_zip(args)),
    ("zip_strict", |_, args| zipped(&split_args(args)?.0)),
    ("diff_of_two_dicts", |_, args| difference(args)),
];

fn dictionary(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let made = dict(Default::default());
    if split_args(args)?.0.len() > 1 {
        return Err(type_error(format!("dict expected at most 1 argument, got {}", args.len())));
    }
    made.call_method(state, "update", args)?;
    Ok(made)
}

/// What the sandbox of Jinja2 allows.
const LONGEST_RANGE: i64 = 100_000;

fn range(args: &[Value]) -> Outcome {
    let args = Args::bind("range", &["start", "stop", "step"], args)?;
    let (start, stop) = match args.get(1) {
        None => (0, args.whole(0)?),
        Some(_) => (args.whole(0)?, args.whole(1)?),
    };
    let step = args.whole_or(2, 1)?;
    if step == 0 {
        return Err(value_error("range() arg 3 must not be zero"));
    }
    let span = if step > 0 { stop.saturating_sub(start) } else { start.saturating_sub(stop) };
    let count = span.max(0).saturating_add(step.abs() - 1) / step.abs();
    if count > LONGEST_RANGE {
        let message = "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).";
        return Err(value_error(message));
    }
    Ok(list((0..count).map(|at| Value::from(start + at * step)).collect()))
}

fn distinct(value: &Value) -> Outcome {
    let items = iterate(value)?;
    items.iter().try_for_each(hashable)?;
    Ok(set(items))
}

fn lenient_set(args: &[Value]) -> Outcome {
    let args = Args::bind("set", &["value", "default"], args)?;
    distinct(args.need(0)?).or_else(|_| Ok(args.or(1, ())))
}

fn lenient_zip(args: &[Value]) -> Outcome {
    let (columns, named) = split_args(args)?;
    zipped(&columns).or_else(|_| Ok(named.get("default").cloned().unwrap_or_else(|| Value::from(()))))
}

/// Tuples of the items at the same place, as long as all have one. One of several may be endless.
fn zipped(columns: &[Value]) -> Outcome {
    let iterators = columns.iter().map(|column| match iterable(column) {
        true => column.try_iter(),
        false => Err(type_error(format!("'{}' object is not iterable", python_type_name(column)))),
    });
    let mut iterators = iterators.collect::<Result<Vec<_>, Error>>()?;
    let mut rows = Vec::new();
    while !iterators.is_empty() && rows.len() < 10_000_000 {
        let row: Option<Vec<Value>> = iterators.iter_mut().map(Iterator::next).collect();
        match row {
            Some(row) => rows.push(tuple(row)),
            None => break,
        }
    }
    Ok(list(rows))
}

fn iterable(value: &Value) -> bool {
    !value.is_none() && value.try_iter().is_ok()
}

/// What `a` has and `b` has not, where case does not count: dbt's comparison of grants.
fn difference(args: &[Value]) -> Outcome {
    let args = Args::bind("diff_of_two_dicts", &["dict_a", "dict_b"], args)?;
    let folded = |value: &Value| print::text(value).to_lowercase();
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for (key, values) in pairs(args.need(1)?)? {
        known.push((folded(&key), iterate(&values)?.iter().map(folded).collect()));
    }
    let mut result = indexmap::IndexMap::new();
    for (key, values) in pairs(args.need(0)?)? {
        let Some((_, have)) = known.iter().rfind(|entry| entry.0 == folded(&key)) else {
            result.insert(key, values);
            continue;
        };
        let mut missing = iterate(&values)?;
        missing.retain(|value| !have.contains(&folded(value)));
        if !missing.is_empty() {
            result.insert(key, list(missing));
        }
    }
    Ok(dict(result))
}
