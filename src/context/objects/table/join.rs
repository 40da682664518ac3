//! Verbs that bring tables together: `join` and `merge`.

use super::TableObject;
use super::verbs::missing;
use crate::jinja::value::{Args, Outcome, iterate, print, type_error, value_error};
use minijinja::Value;
use std::collections::HashMap;

/// Calls one of them; `None` where there is no such method.
pub fn call(table: &TableObject, method: &str, args: &[Value]) -> Option<Outcome> {
    Some(match method {
        "join" => join(table, args),
        "merge" => merge(args),
        _ => return None,
    })
}

/// The table that an argument is.
fn table_of(value: &Value) -> Result<&TableObject, minijinja::Error> {
    value.downcast_object_ref().ok_or_else(|| type_error("a table is needed"))
}

/// `join(right_table, left_key, right_key, inner, full_outer, require_match, columns)`.
fn join(left: &TableObject, args: &[Value]) -> Outcome {
    const NAMES: [&str; 7] =
        ["right_table", "left_key", "right_key", "inner", "full_outer", "require_match", "columns"];
    let args = Args::bind("join", &NAMES, args)?;
    let right = table_of(args.need(0)?)?;
    let left_key = args.need(1)?;
    let right_key = args.some(2).unwrap_or(left_key);
    let from = left.index_of(left_key).ok_or_else(|| missing(left_key))?;
    let to = right.index_of(right_key).ok_or_else(|| missing(right_key))?;
    let wanted = args.some(6).map(iterate).transpose()?;
    let (inner, full, must) = (args.flag(3, false), args.flag(4, false), args.flag(5, false));
    let taken = |at: &usize| match &wanted {
        Some(names) => names.iter().any(|name| name.as_str() == Some(right.names[*at].as_str())),
        None => full || *at != to,
    };
    let kept: Vec<usize> = (0..right.names.len()).filter(taken).collect();
    let mut matches: HashMap<&Value, Vec<&Vec<Value>>> = HashMap::new();
    right.rows.iter().for_each(|row| matches.entry(&row[to]).or_default().push(row));
    let mut rows = Vec::new();
    for row in left.rows.iter() {
        let found = matches.get(&row[from]);
        let beside = |other: Option<&Vec<Value>>| {
            let other = kept.iter().map(|at| other.map_or_else(|| Value::from(()), |row| row[*at].clone()));
            row.iter().cloned().chain(other).collect::<Vec<Value>>()
        };
        match found {
            Some(found) => rows.extend(found.iter().map(|other| beside(Some(other)))),
            None if must => {
                let key = print::text(&row[from]);
                return Err(value_error(format!("Left key \"{key}\" does not have a matching right key.")));
            }
            None if !inner => rows.push(beside(None)),
            None => {}
        }
    }
    if full {
        let known: std::collections::HashSet<&Value> = left.rows.iter().map(|row| &row[from]).collect();
        let alone = right.rows.iter().filter(|row| !known.contains(&row[to]));
        let nothing = || std::iter::repeat_n(Value::from(()), left.names.len());
        rows.extend(alone.map(|row| nothing().chain(kept.iter().map(|at| row[*at].clone())).collect()));
    }
    let name = |at: &usize| {
        let name = &right.names[*at];
        if left.names.contains(name) { format!("{name}2") } else { name.clone() }
    };
    let names = left.names.iter().cloned().chain(kept.iter().map(name)).collect();
    let kinds = left.kinds.iter().copied().chain(kept.iter().map(|at| right.kinds[*at])).collect();
    Ok(TableObject::new(names, kinds, rows).value())
}

/// `merge(tables)`: all rows below each other, under the columns of all.
fn merge(args: &[Value]) -> Outcome {
    let args = Args::bind("merge", &["tables", "row_names", "column_names"], args)?;
    let tables = iterate(args.need(0)?)?;
    let wanted = args.some(2).map(iterate).transpose()?;
    let tables: Vec<&TableObject> = tables.iter().map(table_of).collect::<Result<_, _>>()?;
    let (mut names, mut kinds) = (Vec::new(), Vec::new());
    for (name, kind) in tables.iter().flat_map(|table| table.names.iter().zip(table.kinds.iter())) {
        let chosen = wanted.as_ref().is_none_or(|w| w.iter().any(|w| w.as_str() == Some(name)));
        if chosen && !names.contains(name) {
            names.push(name.clone());
            kinds.push(*kind);
        }
    }
    let rows = tables.iter().flat_map(|table| {
        let places: Vec<_> = names.iter().map(|name| table.names.iter().position(|n| n == name)).collect();
        table.rows.iter().map(move |row| {
            places.iter().map(|at| at.map_or_else(|| Value::from(()), |at| row[at].clone())).collect()
        })
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    Ok(TableObject::new(names, kinds, rows).value())
}
