//! Verbs that turn a table: `pivot`, `denormalize`, `normalize`.

use super::TableObject;
use super::groups::group;
use super::verbs::missing;
use crate::jinja::value::{Args, Outcome, decimal, iterate, print};
use indexmap::IndexMap;
use minijinja::{State, Value};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Calls one of them; `None` where there is no such method.
pub fn call(table: &TableObject, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Option<Outcome> {
    Some(match method {
        "group_by" => group(table, state, args).map(Value::from_object),
        "pivot" => pivot(table, args),
        "denormalize" => denormalize(table, args),
        "normalize" => normalize(table, args),
        _ => return None,
    })
}

/// The columns that a key names: none, one or several.
fn key_columns(table: &TableObject, key: Option<&Value>) -> Result<Vec<usize>, minijinja::Error> {
    let keys = match key {
        None => Vec::new(),
        Some(key) if key.as_str().is_some() || key.is_number() => vec![key.clone()],
        Some(keys) => iterate(keys)?,
    };
    keys.iter().map(|key| table.index_of(key).ok_or_else(|| missing(key))).collect()
}

/// The kind of a column of these values.
fn kind_of<'a>(values: impl Iterator<Item = &'a Value>) -> &'static str {
    let kinds = values.filter(|value| !value.is_none()).map(|value| match value.kind() {
        minijinja::value::ValueKind::Bool => "Boolean",
        minijinja::value::ValueKind::Number => "Integer",
        _ if decimal::of(value).is_some() => "Number",
        _ => "Text",
    });
    kinds.reduce(|a, b| if a == b { a } else { "Text" }).unwrap_or("Boolean")
}

fn make(names: Vec<String>, rows: Vec<Vec<Value>>) -> Value {
    let kinds = (0..names.len()).map(|at| kind_of(rows.iter().map(|row| &row[at]))).collect();
    TableObject::new(names, kinds, rows).value()
}

/// `pivot(key, pivot)`: how many rows each group has, a column for each value of `pivot`.
fn pivot(table: &TableObject, args: &[Value]) -> Outcome {
    const NAMES: [&str; 6] = ["key", "pivot", "aggregation", "computation", "default_value", "key_name"];
    let args = Args::bind("pivot", &NAMES, args)?;
    let keys = key_columns(table, args.some(0))?;
    let column = key_columns(table, args.some(1))?;
    let mut counts: IndexMap<Vec<Value>, IndexMap<String, i64>> = IndexMap::new();
    let mut fields: Vec<String> = Vec::new();
    for row in table.rows.iter() {
        let field = column.first().map_or_else(|| "Count".to_string(), |at| print::text(&row[*at]));
        if !fields.contains(&field) {
            fields.push(field.clone());
        }
        let key = keys.iter().map(|at| row[*at].clone()).collect();
        *counts.entry(key).or_default().entry(field).or_default() += 1;
    }
    let nothing = args.get(4).cloned().unwrap_or_else(|| decimal::decimal(Decimal::ZERO));
    let cell = |found: Option<&i64>| found.map_or_else(|| nothing.clone(), |n| decimal::decimal((*n).into()));
    let rows = counts.into_iter().map(|(key, counted)| {
        key.into_iter().chain(fields.iter().map(|field| cell(counted.get(field)))).collect()
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let key_name = args.some(5).map(print::text);
    let names = keys.iter().map(|at| key_name.clone().unwrap_or_else(|| table.names[*at].clone()));
    let kinds = keys.iter().map(|at| table.kinds[*at]).chain(fields.iter().map(|_| "Number")).collect();
    Ok(TableObject::new(names.chain(fields.iter().cloned()).collect(), kinds, rows).value())
}

/// `denormalize(key, property_column, value_column)`: a column for each property.
fn denormalize(table: &TableObject, args: &[Value]) -> Outcome {
    const NAMES: [&str; 5] = ["key", "property_column", "value_column", "default_value", "column_types"];
    let args = Args::bind("denormalize", &NAMES, args)?;
    let keys = key_columns(table, args.some(0))?;
    let column = |at: usize, usual: &str| {
        let name = args.or(at, usual);
        table.index_of(&name).ok_or_else(|| missing(&name))
    };
    let (property, value) = (column(1, "property")?, column(2, "value")?);
    let mut found: IndexMap<Vec<Value>, IndexMap<String, Value>> = IndexMap::new();
    let mut fields: Vec<String> = Vec::new();
    for row in table.rows.iter() {
        let field = print::text(&row[property]);
        if !fields.contains(&field) {
            fields.push(field.clone());
        }
        let key = keys.iter().map(|at| row[*at].clone()).collect();
        found.entry(key).or_default().insert(field, row[value].clone());
    }
    let nothing = args.get(3).cloned().unwrap_or_else(|| match table.kinds[value] {
        "Number" => decimal::decimal(Decimal::ZERO),
        _ => Value::from(()),
    });
    let cell = |value: Option<&Value>| value.unwrap_or(&nothing).clone();
    let rows = found.into_iter().map(|(key, values)| {
        key.into_iter().chain(fields.iter().map(|field| cell(values.get(field)))).collect()
    });
    let names = keys.iter().map(|at| table.names[*at].clone());
    Ok(make(names.chain(fields.iter().cloned()).collect(), rows.collect()))
}

/// `normalize(key, properties)`: a row for each of these columns.
fn normalize(table: &TableObject, args: &[Value]) -> Outcome {
    const NAMES: [&str; 5] = ["key", "properties", "property_column", "value_column", "column_types"];
    let args = Args::bind("normalize", &NAMES, args)?;
    let keys = key_columns(table, args.some(0))?;
    let properties = key_columns(table, Some(args.need(1)?))?;
    let names: Arc<Vec<String>> = table.names.clone();
    let rows = table.rows.iter().flat_map(|row| {
        let (keys, names) = (&keys, &names);
        properties.iter().map(move |property| {
            let mut made: Vec<Value> = keys.iter().map(|at| row[*at].clone()).collect();
            made.extend([Value::from(names[*property].as_str()), row[*property].clone()]);
            made
        })
    });
    let rows = rows.collect();
    let mut made: Vec<String> = keys.iter().map(|at| table.names[*at].clone()).collect();
    made.extend([args.text_or(2, "property")?.to_string(), args.text_or(3, "value")?.to_string()]);
    Ok(make(made, rows))
}
