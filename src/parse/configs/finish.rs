//! What dbt settles once a config is merged.

use crate::manifest::{Map, ResourceType};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value as Json, json};

/// Settles what one key means for another.
pub(super) fn finish(kind: ResourceType, config: &mut Map) {
    match kind {
        ResourceType::Test => stored_failures(config),
        ResourceType::Source => thresholds(config),
        ResourceType::Model => {
            freshness(config);
            begin(config);
        }
        _ => {}
    }
    if let Some(Json::Bool(on)) = config.get("static_analysis") {
        let word = if *on { "on" } else { "off" };
        config.insert("static_analysis".into(), word.into());
    }
}

/// `store_failures_as` says whether failures are stored; without it `store_failures` says how.
fn stored_failures(config: &mut Map) {
    let stored = config.get("store_failures").cloned().unwrap_or(Json::Null);
    match config.get("store_failures_as").and_then(Json::as_str) {
        Some(kind) => {
            let stored = kind != "ephemeral";
            config.insert("store_failures".into(), stored.into());
        }
        None => {
            let kind = match stored.as_bool() {
                Some(true) => json!("table"),
                Some(false) => json!("ephemeral"),
                None => Json::Null,
            };
            config.insert("store_failures_as".into(), kind);
        }
    }
}

/// The freshness of a source, with all its keys.
fn thresholds(config: &mut Map) {
    if let Some(said) = config.get_mut("freshness").and_then(Json::as_object_mut) {
        for key in ["warn_after", "error_after"] {
            said.entry(key).or_insert_with(|| json!({"count": null, "period": null}));
        }
        said.entry("filter").or_insert(Json::Null);
    }
}

/// A model's `freshness` counts only with `build_after`, whose keys are filled in.
fn freshness(config: &mut Map) {
    let build_after = config.get("freshness").and_then(|f| f.get("build_after")).and_then(Json::as_object);
    let Some(build_after) = build_after else {
        config.insert("freshness".into(), Json::Null);
        return;
    };
    let mut filled = json!({"count": null, "period": null, "updates_on": "any"});
    if let Some(fields) = filled.as_object_mut() {
        fields.extend(build_after.clone());
    }
    config.insert("freshness".into(), json!({"build_after": filled}));
}

/// The first instant of a microbatch model, written as Python's `isoformat` does.
fn begin(config: &mut Map) {
    let is = |key: &str, word: &str| config.get(key).and_then(Json::as_str) == Some(word);
    if !is("materialized", "incremental") || !is("incremental_strategy", "microbatch") {
        return;
    }
    if let Some(begin) = config.get("begin").and_then(Json::as_str).and_then(iso) {
        config.insert("begin".into(), begin.into());
    }
}

fn iso(text: &str) -> Option<String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let found = day.or_else(|| formats.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok()))?;
    Some(found.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
}
