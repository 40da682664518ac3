//! `fromjson` and `tojson`.

use minijinja::Value;

use super::Row;
use crate::jinja::value::{Args, Outcome, from_json, python_type_name, type_error, write_json};

/// The family's table.
pub const ROWS: &[Row] = &[("fromjson", |_, args| read(args)), ("tojson", |_, args| write(args))];

fn read(args: &[Value]) -> Outcome {
    let args = Args::bind("fromjson", &["string", "default"], args)?;
    let value = args.need(0)?;
    let text = value.as_str().ok_or_else(|| {
        let kind = python_type_name(value);
        type_error(format!("the JSON object must be str, bytes or bytearray, not {kind}"))
    })?;
    Ok(serde_json::from_str(text).map_or_else(|_| args.or(1, ()), |json| from_json(&json)))
}

fn write(args: &[Value]) -> Outcome {
    let args = Args::bind("tojson", &["value", "default", "sort_keys"], args)?;
    write_json(args.need(0)?, args.flag(2, false), None).map(Value::from)
}
