//! What relations know of functions (UDFs): which macro makes one.

use super::{none, optional_text};
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, dict_of};
use crate::jinja::{Value, raise};

/// `relation.get_function_config(model)`: what decides on the macro that makes a function.
///
/// # Errors
/// A function in Python names no runtime or no entry point.
pub fn config(args: &[Value]) -> Outcome {
    let args = Args::bind("get_function_config", &["model"], args)?;
    let model = args.need(0)?;
    let text = |value: &Value| optional_text(Some(value)).ok().flatten();
    if text(&model.get_attr("resource_type")?).as_deref() != Some("function") {
        return Ok(none());
    }
    let config = model.get_attr("config")?;
    let of = |key: &str| config.get_attr(key).ok().filter(|value| !value.is_undefined()).unwrap_or_else(none);
    let language = model.get_attr("language")?;
    let (version, entry) = (of("runtime_version"), of("entry_point"));
    let missing = |what: &str| {
        let key = what.split('`').nth(1).unwrap_or_default();
        Err(raise(
            Error::compilation(format!("{what} is required for python functions"))
                .help(format!("set `{key}` in the config of the function")),
        ))
    };
    match text(&language).as_deref() == Some("python") {
        true if version.is_none() => return missing("A `runtime_version`"),
        true if entry.is_none() => return missing("An `entry_point`"),
        _ => {}
    }
    let entries =
        [("language", language), ("type", of("type")), ("runtime_version", version), ("entry_point", entry)];
    Ok(dict_of(entries))
}

/// `relation.get_function_macro_name(config)`: `scalar_function_sql`.
///
/// # Errors
/// The config lacks its type or its language.
pub fn macro_name(args: &[Value]) -> Outcome {
    let args = Args::bind("get_function_macro_name", &["config"], args)?;
    let config = args.need(0)?;
    let part = |key: &str| config.get_attr(key).map(|value| value.to_string());
    Ok(Value::from(format!("{}_function_{}", part("type")?, part("language")?)))
}
