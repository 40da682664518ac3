//! Freshness of a source table: what the source says, under what the table says.

use crate::error::{Error, Result};
use crate::project::yaml::{Yaml, YamlFile};
use serde_json::{Map, Value as Json, json};

/// A threshold: `None` where it is written as null, which switches it off.
type Threshold = Option<Map<String, Json>>;

/// The freshness of a table, from general to specific: source, its config, table, its config.
/// `Some(null)` switches it off; `None` says nothing.
pub(super) fn freshness(source: &Yaml, table: &Yaml) -> Option<Json> {
    let of = |node: &Yaml| {
        let own = threshold(node.get("freshness"));
        [own, threshold(node.get("config").and_then(|config| config.get("freshness")))]
    };
    let [a, b] = of(source);
    let [c, d] = of(table);
    let merged = [b, c, d].into_iter().fold(a, merge);
    match merged {
        None => Some(Json::Null),
        Some(merged) if says(&merged) => Some(Json::Object(merged)),
        Some(_) => None,
    }
}

const PERIODS: [&str; 3] = ["minute", "hour", "day"];

/// The thresholds that a source or a table writes are whole numbers of known periods.
///
/// # Errors
/// All that are not.
pub(super) fn check(file: &YamlFile, node: &Yaml) -> Result<()> {
    let written = [node.get("freshness"), node.get("config").and_then(|config| config.get("freshness"))];
    let times =
        written.into_iter().flatten().flat_map(|of| ["warn_after", "error_after"].map(|key| of.get(key)));
    let mut faults = Vec::new();
    for time in times.flatten() {
        let said = |key: &str| time.get(key).filter(|value| !value.is_null());
        if let Some(count) = said("count") {
            faults.extend(file.expect_int(count, "count").err());
        }
        if let Some(period) = said("period").filter(|it| !it.as_str().is_some_and(|it| PERIODS.contains(&it)))
        {
            let told = format!("`{}` is no period of a freshness", period.key_text());
            faults.push(file.fault(period, told).help(format!("the periods are {}", PERIODS.join(", "))));
        }
    }
    Error::all(faults).map_or(Ok(()), Err)
}

fn empty() -> Json {
    json!({"count": null, "period": null})
}

fn threshold(node: Option<&Yaml>) -> Threshold {
    let written = match node {
        None => json!({}),
        Some(node) if node.is_null() => return None,
        Some(node) => node.to_json(),
    };
    let time = |key: &str| match written.get(key) {
        None => empty(),
        Some(Json::Null) => Json::Null,
        Some(time) => json!({"count": time.get("count"), "period": time.get("period")}),
    };
    let filter = written.get("filter").cloned().unwrap_or(Json::Null);
    let fields =
        [("warn_after", time("warn_after")), ("error_after", time("error_after")), ("filter", filter)];
    Some(fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
}

fn merge(base: Threshold, over: Threshold) -> Threshold {
    match (base, over) {
        (Some(base), Some(over)) => {
            let time = |key: &str| merge_time(&base[key], &over[key]);
            let filter =
                if over["filter"].is_null() { base["filter"].clone() } else { over["filter"].clone() };
            let fields = [
                ("warn_after", time("warn_after")),
                ("error_after", time("error_after")),
                ("filter", filter),
            ];
            Some(fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
        }
        (None, Some(over)) if says(&over) => Some(over),
        _ => None,
    }
}

fn merge_time(base: &Json, over: &Json) -> Json {
    match (is_set(base), is_set(over)) {
        _ if over.is_null() => Json::Null,
        (_, true) => over.clone(),
        (_, false) => base.clone(),
    }
}

fn is_set(time: &Json) -> bool {
    ["count", "period"].iter().all(|key| time.get(key).is_some_and(|value| !value.is_null()))
}

fn says(threshold: &Map<String, Json>) -> bool {
    is_set(&threshold["warn_after"]) || is_set(&threshold["error_after"])
}
