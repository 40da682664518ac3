//! The verbs of a table: each row of the match is one of agate's methods.

use super::TableObject;
use super::sequence::null_last;
use crate::context::objects::none;
use crate::jinja::value::{Args, Outcome, iterate, key_error};
use indexmap::IndexMap;
use minijinja::{State, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// Calls a method of agate's `Table`; `None` where there is no such method.
pub fn call(
    table: &Arc<TableObject>,
    state: &mut State<'_, '_>,
    method: &str,
    args: &[Value],
) -> Option<Outcome> {
    Some(match method {
        "select" | "exclude" => pick(table, method == "select", args),
        "rename" => rename(table, args),
        "where" => filter(table, state, args),
        "find" => find(table, state, args),
        "limit" => limit(table, args),
        "order_by" => order_by(table, state, args),
        "distinct" => distinct(table, state, args),
        _ => return None,
    })
}

/// The columns that an argument names: one, or a list.
fn columns(table: &TableObject, args: &[Value]) -> Result<Vec<usize>, minijinja::Error> {
    keys(args)?.iter().map(|key| table.index_of(key).ok_or_else(|| missing(key))).collect()
}

fn keys(args: &[Value]) -> Result<Vec<Value>, minijinja::Error> {
    let key = args.first().cloned().unwrap_or_default();
    if key.as_str().is_some() || key.is_number() { Ok(vec![key]) } else { iterate(&key) }
}

/// A column that is not there.
pub fn missing(key: &Value) -> minijinja::Error {
    key_error(key)
}

fn pick(table: &TableObject, keep: bool, args: &[Value]) -> Outcome {
    let chosen: Vec<usize> = match keep {
        true => columns(table, args)?,
        false => {
            let named: Vec<usize> = keys(args)?.iter().filter_map(|key| table.index_of(key)).collect();
            (0..table.names.len()).filter(|at| !named.contains(at)).collect()
        }
    };
    let rows = table.rows.iter().map(|row| chosen.iter().map(|at| row[*at].clone()).collect()).collect();
    let names = chosen.iter().map(|at| table.names[*at].clone()).collect();
    let kinds = chosen.iter().map(|at| table.kinds[*at]).collect();
    Ok(TableObject { names: Arc::new(names), kinds: Arc::new(kinds), rows: Arc::new(rows) }.value())
}

fn rename(table: &TableObject, args: &[Value]) -> Outcome {
    let args = Args::bind("rename", &["column_names", "row_names", "slug_columns", "slug_rows"], args)?;
    let Some(new) = args.some(0) else { return Ok(table.clone().value()) };
    let names = match new.kind() {
        minijinja::value::ValueKind::Map => {
            let renamed: IndexMap<String, String> = crate::jinja::value::pairs(new)?
                .into_iter()
                .map(|(old, new)| (old.to_string(), new.to_string()))
                .collect();
            table.names.iter().map(|name| renamed.get(name).unwrap_or(name).clone()).collect()
        }
        _ => iterate(new)?.iter().map(Value::to_string).collect(),
    };
    Ok(TableObject { names: Arc::new(names), ..table.clone() }.value())
}

fn accepts(state: &mut State<'_, '_>, test: &Value, row: Value) -> Result<bool, minijinja::Error> {
    Ok(test.call(state, &[row])?.is_true())
}

fn filter(table: &TableObject, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let test = args.first().cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for at in 0..table.rows.len() {
        if accepts(state, &test, table.row(at))? {
            rows.push(table.rows[at].clone());
        }
    }
    Ok(table.with_rows(rows).value())
}

fn find(table: &TableObject, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let test = args.first().cloned().unwrap_or_default();
    for at in 0..table.rows.len() {
        if accepts(state, &test, table.row(at))? {
            return Ok(table.row(at));
        }
    }
    Ok(none())
}

fn limit(table: &TableObject, args: &[Value]) -> Outcome {
    let args = Args::bind("limit", &["start_or_stop", "stop", "step"], args)?;
    let (start, stop) = match args.some(1) {
        Some(_) => (args.whole_or(0, 0)?, args.whole(1)?),
        None => (0, args.whole_or(0, table.rows.len() as i64)?),
    };
    let step = usize::try_from(args.whole_or(2, 1)?).unwrap_or(1).max(1);
    let rows = table.rows.iter().take(stop.max(0) as usize).skip(start.max(0) as usize).step_by(step);
    Ok(table.with_rows(rows.cloned().collect()).value())
}

fn order_by(table: &TableObject, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("order_by", &["key", "reverse"], args)?;
    let key = args.need(0)?.clone();
    let mut keyed = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let sort_key = match columns(table, std::slice::from_ref(&key)) {
            Ok(at) => at.iter().map(|at| row[*at].clone()).collect(),
            Err(_) => vec![key.call(state, &[table.row(at)])?],
        };
        keyed.push((sort_key, row.clone()));
    }
    keyed.sort_by(|a, b| compare(&a.0, &b.0));
    if args.flag(1, false) {
        keyed.reverse();
    }
    Ok(table.with_rows(keyed.into_iter().map(|(_, row)| row).collect()).value())
}

/// Order of agate: NULLs last.
fn compare(a: &[Value], b: &[Value]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| null_last(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// `distinct(key)`: the first row of each key; without one, of each whole row.
fn distinct(table: &TableObject, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("distinct", &["key"], args)?;
    let by = match args.some(0) {
        Some(key) if key.as_str().is_some() || key.is_number() => {
            Some(table.index_of(key).ok_or_else(|| missing(key))?)
        }
        _ => None,
    };
    let mut seen = std::collections::HashSet::new();
    let mut rows = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let key = match (by, args.some(0)) {
            (Some(column), _) => vec![row[column].clone()],
            (None, Some(test)) => vec![test.call(state, &[table.row(at)])?],
            (None, None) => row.clone(),
        };
        if seen.insert(key) {
            rows.push(row.clone());
        }
    }
    Ok(table.with_rows(rows).value())
}
