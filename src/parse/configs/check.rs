//! Values that a config cannot have.

use super::color::is_color;
use crate::error::Error;
use crate::manifest::{Map, ResourceType};
use serde_json::Value as Json;

/// What a key must hold.
enum Wanted {
    Bool,
    Text,
    Texts,
    Whole,
    Mapping,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// The keys whose values dbt checks.
fn wanted(key: &str) -> Option<Wanted> {
    Some(match key {
        "enabled" | "full_refresh" | "store_failures" | "quote_columns" => Wanted::Bool,
        "alias"
        | "schema"
        | "database"
        | "group"
        | "materialized"
        | "incremental_strategy"
        | "strategy"
        | "target_schema"
        | "target_database"
        | "updated_at"
        | "where"
        | "fail_calc"
        | "warn_if"
        | "error_if"
        | "on_schema_change"
        | "delimiter"
        | "store_failures_as" => Wanted::Text,
        "tags" | "unique_key" | "packages" => Wanted::Texts,
        "limit" => Wanted::Whole,
        "meta" | "persist_docs" | "quoting" | "column_types" | "grants" | "docs" | "contract" => {
            Wanted::Mapping
        }
        "on_configuration_change" => Wanted::Word(&["apply", "continue", "fail"]),
        "on_error" => Wanted::Word(&["skip_children", "continue"]),
        "access" => Wanted::Word(&["private", "protected", "public"]),
        _ => return None,
    })
}

/// Every value of a wrong type in a merged config. The faults have no place yet.
pub(in crate::parse) fn check(kind: ResourceType, config: &Map) -> Vec<Error> {
    let checked = config.iter().filter(|(_, value)| !value.is_null());
    let mut faults: Vec<Error> = checked.filter_map(|(key, value)| wrong(key, value)).collect();
    faults.extend(of_kind(kind, config));
    faults
}

fn wrong(key: &str, value: &Json) -> Option<Error> {
    // The words of JSON Schema, as dbt has them: people search their logs for them.
    let typed = |kind: &str| format!("is not of type {kind}");
    let (fits, told, expected) = match wanted(key)? {
        Wanted::Bool => (value.is_boolean(), typed("'boolean'"), "true or false".to_string()),
        Wanted::Text => (value.is_string(), typed("'string'"), "a text".to_string()),
        Wanted::Whole => (value.is_i64() || value.is_u64(), typed("'integer'"), "a whole number".to_string()),
        Wanted::Mapping => (value.is_object(), typed("'object'"), "a mapping".to_string()),
        Wanted::Texts => {
            let all = value.as_array().is_some_and(|items| items.iter().all(Json::is_string));
            (value.is_string() || all, typed("'string', 'array'"), "a text or a list of texts".to_string())
        }
        Wanted::Word(words) => {
            let known = value.as_str().is_some_and(|word| words.contains(&word));
            (
                known,
                format!("is not one of {words:?}").replace('"', "'"),
                format!("one of {}", words.join(", ")),
            )
        }
    };
    let shown = value.as_str().map_or_else(|| value.to_string(), |text| format!("'{text}'"));
    (!fits)
        .then(|| Error::parsing(format!("config `{key}`: {shown} {told}")).help(format!("write {expected}")))
}

/// A color that no browser knows leaves the page of `docs` without the graph.
fn color(config: &Map) -> Option<Error> {
    let color = config.get("docs")?.get("node_color")?.as_str().filter(|color| !color.is_empty())?;
    (!is_color(color)).then(|| {
        Error::parsing(format!("Invalid color name for docs.node_color: {color}"))
            .help("write a name of CSS, such as `orange`, or hexadecimal digits: '#ff8800'")
    })
}

/// What only some kinds ask for.
fn of_kind(kind: ResourceType, config: &Map) -> Vec<Error> {
    let text = |key: &str| config.get(key).and_then(Json::as_str);
    let mut faults = Vec::new();
    if kind == ResourceType::Test {
        if text("severity").is_some_and(|word| !["warn", "error"].contains(&word.to_lowercase().as_str())) {
            let got = text("severity").unwrap_or_default();
            faults.push(Error::parsing(format!("Severity must be either 'warn' or 'error'. Got '{got}'")));
        }
        if text("materialized") != Some("test") {
            faults.push(Error::parsing("A test must have a materialized value of 'test'"));
        }
    }
    if kind == ResourceType::Seed && text("materialized") != Some("seed") {
        faults.push(Error::parsing("A seed must have a materialized value of 'seed'"));
    }
    faults.extend(color(config).filter(|_| kind != ResourceType::Test));
    let build_after = config.get("freshness").and_then(|freshness| freshness.get("build_after"));
    let given = |key: &str| build_after.and_then(|it| it.get(key)).is_some_and(|value| !value.is_null());
    for (has, lacks) in [("period", "count"), ("count", "period")] {
        if kind == ResourceType::Model && given(has) && !given(lacks) {
            faults.push(
                Error::parsing(format!(
                    "`freshness.build_after` must have a value for `{lacks}` if a `{has}` is provided"
                ))
                .help("write both, such as `count: 4` and `period: hour`"),
            );
        }
    }
    let enforced =
        config.get("contract").and_then(|contract| contract.get("enforced")) == Some(&Json::Bool(true));
    let change = text("on_schema_change").unwrap_or_default();
    if enforced
        && text("materialized") == Some("incremental")
        && !["append_new_columns", "fail"].contains(&change)
    {
        faults.push(Error::parsing(format!(
            "Invalid value for on_schema_change: {change}. Models materialized as incremental with contracts \
             enabled must set on_schema_change to 'append_new_columns' or 'fail'"
        )));
    }
    faults
}

/// What a snapshot must say, and what it cannot.
pub(in crate::parse) fn snapshot(config: &Map) -> Option<Error> {
    let get = |key: &str| config.get(key).filter(|value| super::super::json::truthy(value));
    let strategy = get("strategy").and_then(Json::as_str);
    let fault = match strategy {
        None => Some("Snapshots must be configured with a 'strategy' and 'unique_key'.".to_string()),
        _ if get("unique_key").is_none() => {
            Some("Snapshots must be configured with a 'strategy' and 'unique_key'.".to_string())
        }
        Some("check") => match get("check_cols") {
            None => Some(
                "A snapshot configured with the check strategy must specify a check_cols configuration."
                    .to_string(),
            ),
            Some(Json::String(word)) if word != "all" => {
                Some(format!("Invalid value for 'check_cols': {word}. Expected 'all' or a list of strings."))
            }
            _ => None,
        },
        Some("timestamp") if get("updated_at").is_none() => Some(
            "A snapshot configured with the timestamp strategy must specify an updated_at configuration."
                .to_string(),
        ),
        Some("timestamp") if get("check_cols").is_some() => {
            Some("A 'timestamp' snapshot should not have 'check_cols'".to_string())
        }
        _ => None,
    };
    let materialized = get("materialized").and_then(Json::as_str);
    let other = materialized.is_some_and(|word| word != "snapshot");
    fault
        .or_else(|| other.then(|| "A snapshot must have a materialized value of 'snapshot'".to_string()))
        .map(Error::parsing)
}
