//! selectors.yml as manifest.json shows it: entries by name, definitions written out in full.

use super::super::criterion::Criterion;
use super::yaml::Selectors;
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use crate::project::flags::IndirectSelection;
use serde_json::{Value as Json, json};

/// Brings the content of selectors.yml (`{selectors: [{name, definition, ...}]}`) into the shape that
/// manifest.json shows: entries by name, each definition written out in full.
///
/// # Errors
/// An entry without name or definition, or one that [`Selectors`] cannot read.
pub fn normalized(file: &Json) -> Result<Map> {
    let entries = file.get("selectors").and_then(Json::as_array);
    let entries = entries.ok_or_else(|| malformed("it has no list `selectors`"))?;
    let mut written = Map::new();
    for entry in entries {
        let name = entry.get("name").and_then(Json::as_str);
        let name = name.ok_or_else(|| malformed("a selector has no `name`"))?;
        let definition = entry.get("definition");
        let definition = definition.ok_or_else(|| malformed(&format!("`{name}` has no `definition`")))?;
        let mut entry = entry.as_object().cloned().unwrap_or_default();
        entry.insert("definition".into(), definition.clone());
        written.insert(name.to_string(), Json::Object(entry));
    }
    Selectors::new(&written)?;
    let mut shown = Map::new();
    for (name, mut entry) in written {
        entry["definition"] = in_full(&entry["definition"], &shown);
        shown.insert(name, entry);
    }
    Ok(shown)
}

fn malformed(why: &str) -> Error {
    Error::runtime(format!("selectors.yml is malformed: {why}"))
        .located(Location::file("selectors.yml"))
        .help("it holds `selectors:`, a list of `name` and `definition`")
}

fn in_full(definition: &Json, known: &Map) -> Json {
    let each = |list: &[Json]| Json::Array(list.iter().map(|part| in_full(part, known)).collect());
    match definition {
        Json::String(text) => criterion_in_full(text),
        Json::Object(map) => {
            if let Some((key, Json::Array(parts))) =
                map.iter().find(|(key, _)| ["union", "intersection", "exclude"].contains(&key.as_str()))
                && !map.contains_key("method")
            {
                return json!({ key: each(parts) });
            }
            match (map.len(), map.iter().next()) {
                (1, Some((key, value))) => {
                    inherited(key, value, known).unwrap_or_else(|| json!({ "method": key, "value": value }))
                }
                _ => map
                    .get("method")
                    .and_then(Json::as_str)
                    .zip(map.get("value"))
                    .and_then(|(method, value)| inherited(method, value, known))
                    .unwrap_or_else(|| definition.clone()),
            }
        }
        other => other.clone(),
    }
}

fn inherited(method: &str, value: &Json, known: &Map) -> Option<Json> {
    (method == "selector").then(|| known.get(value.as_str()?)?.get("definition").cloned()).flatten()
}

fn criterion_in_full(text: &str) -> Json {
    let Ok(criterion) = Criterion::parse(text, IndirectSelection::Eager) else { return json!(text) };
    let mut shown = Map::new();
    let mut put = |key: &str, value: Json| drop(shown.insert(key.into(), value));
    if criterion.childrens_parents {
        put("childrens_parents", json!(true));
    }
    if let Some(depth) = criterion.parents {
        put("parents", json!(true));
        if let Some(depth) = depth {
            put("parents_depth", json!(depth.to_string()));
        }
    }
    let method = [vec![criterion.method.name().to_string()], criterion.arguments.clone()].concat();
    put("method", json!(method.join(".")));
    put("value", criterion.value.clone());
    if let Some(depth) = criterion.children {
        put("children", json!(true));
        if let Some(depth) = depth {
            put("children_depth", json!(depth.to_string()));
        }
    }
    Json::Object(shown)
}
