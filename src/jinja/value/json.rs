//! JSON to values and back.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};
use serde_json::{Map, Number, Value as Json};

use super::{dict, iterate, list, pairs, print, python_type_name, type_error};

/// A JSON document as Python's `json.loads` gives it: dicts and lists are mutable, deep down.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => from_number(number),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => list(items.iter().map(from_json).collect()),
        Json::Object(entries) => {
            dict(entries.iter().map(|(key, value)| (Value::from(key.as_str()), from_json(value))).collect())
        }
    }
}

fn from_number(number: &Number) -> Value {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => Value::from(whole),
        (_, Some(whole)) => Value::from(whole),
        _ => Value::from(number.as_f64().unwrap_or(f64::NAN)),
    }
}

/// A value as a JSON document, by the rules of Python's `json.dumps`: keys become text, tuples
/// become arrays.
///
/// # Errors
/// Sets, dates, decimals and functions have no JSON form: `Object of type set is not JSON
/// serializable`. Neither has a container that holds itself.
pub fn to_json(value: &Value) -> Result<Json, Error> {
    convert(value, 0)
}

/// Deeper than this only a container that holds itself goes.
const DEEPEST: usize = 200;

fn convert(value: &Value, depth: usize) -> Result<Json, Error> {
    if depth > DEEPEST {
        return Err(type_error("Circular reference detected"));
    }
    match value.kind() {
        ValueKind::None => Ok(Json::Null),
        ValueKind::Bool => Ok(Json::Bool(value.is_true())),
        ValueKind::Number => Ok(to_number(value)),
        ValueKind::String => Ok(Json::String(value.as_str().unwrap_or_default().to_string())),
        ValueKind::Seq => {
            let items = iterate(value)?;
            items.iter().map(|item| convert(item, depth + 1)).collect::<Result<_, _>>().map(Json::Array)
        }
        ValueKind::Map => {
            let entries = pairs(value)?.into_iter();
            let entries = entries.map(|(key, value)| Ok((key_text(&key)?, convert(&value, depth + 1)?)));
            entries.collect::<Result<Map<_, _>, Error>>().map(Json::Object)
        }
        _ => Err(type_error(format!("Object of type {} is not JSON serializable", python_type_name(value)))),
    }
}

fn to_number(value: &Value) -> Json {
    if value.is_integer() {
        if let Some(whole) = value.as_i64() {
            return Json::from(whole);
        }
        if let Ok(whole) = u64::try_from(value.clone()) {
            return Json::from(whole);
        }
    }
    f64::try_from(value.clone()).map_or(Json::Null, Json::from)
}

/// A key as `json.dumps` writes it: `True` is `true`, `1` is `1`.
///
/// # Errors
/// The key is no text, number, bool or `None`.
pub fn key_text(key: &Value) -> Result<String, Error> {
    match key.kind() {
        ValueKind::String => Ok(key.as_str().unwrap_or_default().to_string()),
        ValueKind::None => Ok("null".to_string()),
        ValueKind::Bool => Ok(key.is_true().to_string()),
        ValueKind::Number => Ok(print::text(key)),
        _ => Err(type_error(format!(
            "keys must be str, int, float, bool or None, not {}",
            python_type_name(key)
        ))),
    }
}
