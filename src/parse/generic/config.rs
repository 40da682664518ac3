//! The config of a test: under `config:`, or beside its arguments as it once was.

use crate::error::{Error, Result};
use crate::manifest::Map;
use crate::parse::json::{python_str, truthy};
use serde_json::{Value as Json, json};

/// Keys beside the arguments that are config.
pub(super) const CONFIG_KEYS: [&str; 14] = [
    "severity",
    "tags",
    "enabled",
    "where",
    "limit",
    "warn_if",
    "error_if",
    "fail_calc",
    "store_failures",
    "store_failures_as",
    "meta",
    "database",
    "schema",
    "alias",
];

/// Takes the config out of the arguments: known keys in their order, then the others of `config:`.
///
/// # Errors
/// A key in both places; a `config` that is no mapping.
pub(super) fn config_of(args: &mut Map) -> Result<Map> {
    let mut nested = match args.shift_remove("config") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(nested)) => nested,
        Some(other) => {
            return Err(Error::parsing(format!("`config` of a test must be a mapping, not `{other}`")));
        }
    };
    let mut config = Map::new();
    for key in CONFIG_KEYS {
        let beside = args.shift_remove(key).filter(truthy_or_said);
        let value = match beside {
            Some(value) if truthy(&value) && nested.contains_key(key) => {
                let message =
                    format!("Test cannot have the same key at the top-level and in config: `{key}`");
                return Err(Error::compilation(message)
                    .help(format!("keep `{key}` under `config:` ({value} is beside it)")));
            }
            Some(value) if truthy(&value) => Some(value),
            beside => nested.shift_remove(key).or(beside),
        };
        if let Some(value) = value.filter(|value| !value.is_null()) {
            config.insert(key.to_string(), value);
        }
    }
    config.extend(nested.into_iter().filter(|(_, value)| !value.is_null()));
    Ok(config)
}

fn truthy_or_said(value: &Json) -> bool {
    !value.is_null()
}

/// The config as the call at the end of the test's template.
pub(super) fn as_call(config: &Map) -> String {
    if config.is_empty() {
        return String::new();
    }
    let argument = |(key, value): (&String, &Json)| match value {
        Json::String(text) => format!("{key}=\"{}\"", text.replace('"', "\\\"")),
        other => format!("{key}={}", python_str(other)),
    };
    let arguments: Vec<String> = config.iter().map(argument).collect();
    format!("{{{{ config({}) }}}}", arguments.join(","))
}

/// The tags of a test's config.
///
/// # Errors
/// Something else than texts.
pub(super) fn tags(config: &Map) -> Result<Vec<String>> {
    let tag = |tag: &Json| {
        let text = tag.as_str().map(str::to_string);
        text.ok_or_else(|| Error::parsing(format!("got {} for tag, expected a str", python_str(tag))))
    };
    match config.get("tags").unwrap_or(&json!([])) {
        Json::String(one) => Ok(vec![one.clone()]),
        Json::Array(many) => many.iter().map(tag).collect(),
        other => {
            Err(Error::parsing(format!("got {} for tags, expected a list of strings", python_str(other))))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(args: Json, expect: Result<(&str, Json), &str>) {
        let mut args = args.as_object().unwrap().clone();
        match (config_of(&mut args), expect) {
            (Ok(config), Ok((call, left))) => {
                assert_eq!((as_call(&config).as_str(), Json::Object(args)), (call, left));
            }
            (got, expect) => assert_eq!(got.unwrap_err().message(), expect.unwrap_err()),
        }
    }

    #[test]
    fn config_is_taken_out() {
        check(json!({"x": 1}), Ok(("", json!({"x": 1}))));
        check(
            json!({"x": 1, "where": "a = \"b\"", "config": {"severity": "warn", "zz": true, "tags": ["a"]}}),
            Ok((r#"{{ config(severity="warn",tags=['a'],where="a = \"b\"",zz=True) }}"#, json!({"x": 1}))),
        );
        check(
            json!({"config": {"enabled": false, "limit": null}}),
            Ok(("{{ config(enabled=False) }}", json!({}))),
        );
        check(
            json!({"where": "a", "config": {"where": "b"}}),
            Err("Test cannot have the same key at the top-level and in config: `where`"),
        );
    }
}
