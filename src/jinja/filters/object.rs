//! Filters on anything: `attr default items pprint tojson` and their aliases.

use minijinja::Value;
use minijinja::value::ValueKind;

use super::{Row, pretty};
use crate::jinja::value::{
    Args, Outcome, PyDict, PyList, bounds, index_of, iterate, list, pairs, print, python_type_name, tuple,
    type_error, write_json,
};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("attr", |_, args| attr(args)),
    ("default", |_, args| default(args)),
    ("d", |_, args| default(args)),
    ("is_list", |_, args| {
        let args = Args::bind("is_list", &["value"], args)?;
        Ok(Value::from(args.need(0)?.downcast_object_ref::<PyList>().is_some()))
    }),
    ("items", |_, args| items(args)),
    ("length", |_, args| length(args)),
    ("count", |_, args| length(args)),
    ("pprint", |_, args| Ok(Value::from(pretty::pretty(Args::bind("pprint", &["value"], args)?.need(0)?)))),
    ("string", |_, args| string(args)),
    ("tojson", |_, args| to_json(args)),
];

/// Attributes only: what a dict holds are items, not attributes.
fn attr(args: &[Value]) -> Outcome {
    let args = Args::bind("attr", &["obj", "name"], args)?;
    let (object, name) = (args.need(0)?, args.need(1)?);
    let has_items_only = object.downcast_object_ref::<PyDict>().is_some() || print::is_container(object);
    match (object.kind(), name.as_str()) {
        (ValueKind::Undefined | ValueKind::None, _) | (_, None) => Ok(Value::UNDEFINED),
        (_, Some(_)) if has_items_only => Ok(Value::UNDEFINED),
        (_, Some(name)) => Ok(object.get_attr(name).unwrap_or(Value::UNDEFINED)),
    }
}

fn default(args: &[Value]) -> Outcome {
    let args = Args::bind("default", &["value", "default_value", "boolean"], args)?;
    let value = args.need(0)?;
    let missing = value.is_undefined() || (args.flag(2, false) && !value.is_true());
    Ok(if missing { args.or(1, "") } else { value.clone() })
}

fn items(args: &[Value]) -> Outcome {
    let args = Args::bind("items", &["value"], args)?;
    let value = args.need(0)?;
    match value.kind() {
        ValueKind::Undefined => Ok(list(Vec::new())),
        ValueKind::Map => {
            Ok(list(pairs(value)?.into_iter().map(|(key, value)| tuple(vec![key, value])).collect()))
        }
        _ => Err(type_error("Can only get item pairs from a mapping.")),
    }
}

fn length(args: &[Value]) -> Outcome {
    let args = Args::bind("length", &["obj"], args)?;
    let value = args.need(0)?;
    match (value.kind(), value.len()) {
        (ValueKind::Undefined, _) => Ok(Value::from(0)),
        (_, Some(length)) => Ok(Value::from(length)),
        (ValueKind::Iterable, None) => Ok(Value::from(iterate(value)?.len())),
        _ => Err(type_error(format!("object of type '{}' has no len()", python_type_name(value)))),
    }
}

fn string(args: &[Value]) -> Outcome {
    let args = Args::bind("string", &["object"], args)?;
    let value = args.need(0)?;
    Ok(if value.is_safe() { value.clone() } else { Value::from(print::text(value)) })
}

/// Keys sorted, and safe inside HTML, as Jinja2's default policy has it.
fn to_json(args: &[Value]) -> Outcome {
    let args = Args::bind("tojson", &["value", "indent"], args)?;
    let indent = match args.some(1) {
        Some(indent) => Some(bounds::width(index_of(indent)?.min(1_000))?),
        None => None,
    };
    let text = write_json(args.need(0)?, true, indent)?;
    let safe =
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027");
    Ok(Value::from_safe_string(safe))
}
