//! From an engine's cell to a template's value, by the rules of dbt's agate tables: whole numbers stay
//! whole, every other number is a Decimal, lists and structs become JSON text.

use crate::adapter::Cell;
use crate::jinja::value::{datetime, decimal, from_json, function, object_of, print, write_json};
use minijinja::Value;
use serde_json::{Value as Json, json};
use std::borrow::Cow;

/// A JSON document as the driver of dbt decodes it: a single value is one, all else is its text.
pub fn decoded(cell: &Cell) -> Cow<'_, Cell> {
    let Cell::Json(text) = cell else { return Cow::Borrowed(cell) };
    Cow::Owned(match serde_json::from_str::<Json>(text) {
        Ok(Json::Null) => Cell::Null,
        Ok(Json::Bool(flag)) => Cell::Bool(flag),
        Ok(Json::Number(number)) => match number.as_i64() {
            Some(whole) => Cell::Int(whole),
            None => Cell::Float(number.as_f64().unwrap_or_default()),
        },
        Ok(Json::String(text)) => Cell::Text(text),
        _ => return Cow::Borrowed(cell),
    })
}

/// The value of a cell.
pub fn cell_value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::from(()),
        Cell::Bool(flag) => Value::from(*flag),
        Cell::Int(whole) => Value::from(*whole),
        Cell::BigInt(whole) => Value::from(*whole),
        Cell::Float(number) => {
            decimal::parse(&print::float(*number)).unwrap_or_else(|_| Value::from(*number))
        }
        Cell::Decimal(digits) => decimal::parse(digits).unwrap_or_else(|_| Value::from(digits.as_str())),
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Date(day) => datetime::date(*day),
        Cell::Time(time) => Value::from(time.to_string()),
        Cell::Timestamp(at) => datetime::naive(*at),
        Cell::TimestampTz(at) => datetime::fixed(at.naive_local(), at.offset().local_minus_utc()),
        Cell::Bytes(_) | Cell::List(_) | Cell::Struct(_) | Cell::Interval(..) | Cell::Json(_) => {
            Value::from(cell_text(cell))
        }
    }
}

/// agate's word for the type of a column with these cells.
pub fn kind_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> &'static str {
    let kinds = cells.map(|cell| match cell {
        Cell::Null => "",
        Cell::Bool(_) => "Boolean",
        Cell::Int(_) | Cell::BigInt(_) => "Integer",
        Cell::Float(_) | Cell::Decimal(_) => "Number",
        Cell::Date(_) => "Date",
        Cell::Timestamp(_) | Cell::TimestampTz(_) => "DateTime",
        _ => "Text",
    });
    kinds.filter(|kind| !kind.is_empty()).reduce(|a, b| if a == b { a } else { "Text" }).unwrap_or("Integer")
}

/// A type of agate's in a template: `{{ table.column_types[0].__class__.__name__ }}`, its print, and what it
/// makes of a cell.
pub fn type_object(kind: &'static str) -> Value {
    let class = object_of(kind, [("__name__", Value::from(kind))], None);
    let csvify = function("csvify", move |state, args| match args.first().filter(|cell| !cell.is_none()) {
        None => Ok(Value::from(())),
        Some(day) if matches!(kind, "Date" | "DateTime") => day.call_method(state, "isoformat", &[]),
        Some(other) => Ok(Value::from(other.to_string())),
    });
    let as_csv = csvify.clone();
    let jsonify = function("jsonify", move |state, args| match (kind, args.first()) {
        ("Integer" | "Boolean", cell) => Ok(cell.cloned().unwrap_or_default()),
        ("Number", Some(cell)) if !cell.is_none() => {
            Ok(cell.to_string().parse::<f64>().map_or_else(|_| cell.clone(), Value::from))
        }
        _ => as_csv.call(state, args),
    });
    object_of(kind, [("__class__", class), ("jsonify", jsonify), ("csvify", csvify)], None)
}

/// The cell as text, where a template holds no better value.
fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Cell::Interval(months, days, micros) => interval_text(*months, *days, *micros),
        Cell::Json(text) => serde_json::from_str(text).map_or_else(|_| text.clone(), |json| json_text(&json)),
        other => json_text(&json_of(other)),
    }
}

/// JSON as Python writes it.
fn json_text(json: &Json) -> String {
    write_json(&from_json(json), false, None).unwrap_or_else(|_| json.to_string())
}

/// A cell within JSON text.
fn json_of(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Bool(flag) => json!(flag),
        Cell::Int(whole) => json!(whole),
        Cell::Float(number) => json!(number),
        Cell::List(items) => Json::Array(items.iter().map(json_of).collect()),
        Cell::Struct(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), json_of(value))).collect())
        }
        Cell::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Cell::Decimal(digits) => digits.parse::<f64>().map_or_else(|_| json!(digits), |x| json!(x)),
        other => json!(cell_value(other).to_string()),
    }
}

/// A span of time as Python prints a `timedelta`.
fn interval_text(months: i32, days: i32, micros: i64) -> String {
    let days = i64::from(months) * 30 + i64::from(days);
    let (seconds, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (days, seconds) = (days + seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}") };
    match days {
        0 => format!("{clock}{fraction}"),
        1 | -1 => format!("{days} day, {clock}{fraction}"),
        _ => format!("{days} days, {clock}{fraction}"),
    }
}

/// A value as the cell of a printed table: `None` is empty, numbers keep their digits.
pub fn value_cell_text(value: &Value) -> String {
    if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() }
}
