//! JSON to values and back.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};
use serde_json::{Map, Number, Value as Json};

use super::bounds::Extent;
use super::{dict, iterate, list, operators, pairs, print, python_type_name, type_error};

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
    Extent::check_ref(value)?;
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

/// `json.dumps(value, sort_keys=.., indent=..)`: ASCII, `", "` and `": "` between the parts,
/// `NaN` and `Infinity` as Python writes them.
///
/// # Errors
/// As [`to_json`]; keys that cannot be sorted.
pub fn write_json(value: &Value, sort_keys: bool, indent: Option<usize>) -> Result<String, Error> {
    Extent::check_ref(value)?;
    let mut writer = Writer { out: String::new(), sort_keys, indent, depth: 0 };
    writer.value(value)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    sort_keys: bool,
    indent: Option<usize>,
    depth: usize,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), Error> {
        match value.kind() {
            ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number => self.number(value),
            ValueKind::String => self.text(value.as_str().unwrap_or_default()),
            ValueKind::Seq => self.array(&iterate(value)?)?,
            ValueKind::Map => self.object(pairs(value)?)?,
            _ => {
                let kind = python_type_name(value);
                return Err(type_error(format!("Object of type {kind} is not JSON serializable")));
            }
        }
        Ok(())
    }

    fn number(&mut self, value: &Value) {
        let text = print::text(value);
        self.out.push_str(match text.as_str() {
            "nan" => "NaN",
            "inf" => "Infinity",
            "-inf" => "-Infinity",
            text => text,
        });
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\x08' => self.out.push_str("\\b"),
                '\x0c' => self.out.push_str("\\f"),
                ' '..='~' => self.out.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
        self.out.push('"');
    }

    fn array(&mut self, items: &[Value]) -> Result<(), Error> {
        if items.is_empty() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.open('[')?;
        for (at, item) in items.iter().enumerate() {
            self.separate(at);
            self.value(item)?;
        }
        self.close(']');
        Ok(())
    }

    fn object(&mut self, entries: Vec<(Value, Value)>) -> Result<(), Error> {
        if entries.is_empty() {
            self.out.push_str("{}");
            return Ok(());
        }
        let entries = if self.sort_keys { sorted(entries)? } else { entries };
        self.open('{')?;
        for (at, (key, value)) in entries.iter().enumerate() {
            self.separate(at);
            self.text(&key_text(key)?);
            self.out.push_str(": ");
            self.value(value)?;
        }
        self.close('}');
        Ok(())
    }

    fn open(&mut self, bracket: char) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(type_error("Circular reference detected"));
        }
        self.out.push(bracket);
        self.line();
        Ok(())
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push_str(if self.indent.is_some() { "," } else { ", " });
            self.line();
        }
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        self.line();
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.push_str(&" ".repeat(indent * self.depth));
        }
    }
}

fn sorted(entries: Vec<(Value, Value)>) -> Result<Vec<(Value, Value)>, Error> {
    let keys: Vec<Value> = entries.iter().map(|(key, _)| key.clone()).collect();
    let keyed = keys.into_iter().enumerate().map(|(at, key)| (key, Value::from(at))).collect();
    let order = operators::sorted_by_key(keyed, false)?;
    Ok(order.iter().filter_map(|at| at.as_usize().and_then(|at| entries.get(at)).cloned()).collect())
}
