//! JSON values as Python shows them, and small readings of them.

use crate::jinja::value::{from_json, print};
use crate::manifest::Map;
use serde_json::Value as Json;

/// `str(value)` in Python: `True`, `None`, `['a', 1]`.
pub(super) fn python_str(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => print::text(&from_json(other)),
    }
}

/// `repr(value)` in Python.
pub(super) fn python_repr(value: &Json) -> String {
    print::repr(&from_json(value))
}

/// Is it true in Python: neither null, false, zero nor empty?
pub(super) fn truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
    }
}

/// A list of texts; a lone text is a list of one, everything else none.
pub(super) fn texts(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).map(str::to_string).collect(),
        _ => Vec::new(),
    }
}

/// A text under a key.
pub(super) fn text(map: &Map, key: &str) -> Option<String> {
    map.get(key).and_then(Json::as_str).map(str::to_string)
}

/// A mapping under a key; an empty one where it is absent or something else.
pub(super) fn map(map: &Map, key: &str) -> Map {
    map.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

/// Each text once, in order.
pub(super) fn distinct(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

/// Each text once, sorted.
pub(super) fn sorted(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    texts.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The second mapping over the first, level by level.
pub(super) fn deep_merge(base: &Map, over: &Map) -> Map {
    let mut merged = base.clone();
    for (key, value) in over {
        let both = merged.get(key).and_then(Json::as_object).zip(value.as_object());
        let value = both.map_or_else(|| value.clone(), |(base, over)| Json::Object(deep_merge(base, over)));
        merged.insert(key.clone(), value);
    }
    merged
}
