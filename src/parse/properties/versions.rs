//! Versions of a model: which there are, which is the latest, which columns each has.

use super::entry::Entry;
use crate::error::{Error, Result};
use crate::manifest::version_text;
use crate::parse::json::texts;
use crate::project::yaml::Yaml;
use serde_json::Value as Json;
use std::cmp::Ordering;

/// One item of `versions`.
pub(super) struct VersionItem<'y> {
    /// Its number or name.
    pub v: Json,
    /// The item.
    pub node: &'y Yaml,
}

/// The versions of an entry and the latest one.
///
/// # Errors
/// An item without `v`, one version twice, a `latest_version` that is none of them.
pub(super) fn versions(entry: &Entry) -> Result<Option<(Vec<VersionItem<'_>>, Json)>> {
    let Some(list) = entry.node.get("versions").filter(|list| !list.items().is_empty()) else {
        return Ok(None);
    };
    let yaml = &entry.file.yaml;
    let mut found: Vec<VersionItem<'_>> = Vec::new();
    for node in list.items() {
        let Some(v) = node.get("v").filter(|v| !v.is_null()) else {
            return Err(yaml.fault(node, "a version has no `v`").help("write `- v: 1`"));
        };
        let v = v.to_json();
        if found.iter().any(|known| version_text(&known.v) == version_text(&v)) {
            let (shown, name) = (version_text(&v), &entry.name);
            let message = format!("Found duplicate version: '{shown}' in versions list of model '{name}'");
            return Err(yaml.fault(node, message));
        }
        found.push(VersionItem { v, node });
    }
    let latest = latest(entry, &found)?;
    Ok(Some((found, latest)))
}

fn latest(entry: &Entry, found: &[VersionItem<'_>]) -> Result<Json> {
    let said = entry.node.get("latest_version").filter(|said| !said.is_null());
    let Some(said) = said else {
        let newest = found.iter().max_by(|a, b| order(&a.v, &b.v));
        return Ok(newest.map_or(Json::Null, |newest| newest.v.clone()));
    };
    let latest = said.to_json();
    if found.iter().any(|one| one.v == latest) {
        return Ok(latest);
    }
    Err(unknown_latest(entry, said, found))
}

fn unknown_latest(entry: &Entry, said: &Yaml, found: &[VersionItem<'_>]) -> Error {
    let known: Vec<String> = found.iter().map(|one| version_text(&one.v)).collect();
    entry.file.yaml.fault(
        said,
        format!(
            "latest_version: {} is not one of model '{}' versions: [{}]",
            version_text(&said.to_json()),
            entry.name,
            known.join(", ")
        ),
    )
}

/// Numbers by size, everything else by its text.
fn order(a: &Json, b: &Json) -> Ordering {
    let number = |v: &Json| version_text(v).trim().parse::<f64>().ok();
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => version_text(a).cmp(&version_text(b)),
    }
}

/// The columns of a version: those of the model that it includes, then its own.
pub(super) fn columns<'y>(model: &'y Yaml, version: &'y Yaml) -> Vec<&'y Yaml> {
    let own = version.get("columns").map_or(&[][..], Yaml::items);
    let is_choice = |item: &Yaml| item.get("include").is_some() || item.get("exclude").is_some();
    let choice = own.iter().find(|item| is_choice(item));
    let all = model.get("columns").map_or(&[][..], Yaml::items);
    let kept = all.iter().filter(|column| choice.is_none_or(|choice| includes(choice, column)));
    kept.chain(own.iter().filter(|item| !is_choice(item))).collect()
}

fn includes(choice: &Yaml, column: &Yaml) -> bool {
    let name = column.get("name").and_then(Yaml::as_str).unwrap_or_default();
    let listed = |key: &str| texts(choice.get(key).map(Yaml::to_json).as_ref());
    let (include, exclude) = (listed("include"), listed("exclude"));
    let all = include.iter().any(|word| word == "all" || word == "*");
    (all || include.iter().any(|one| one == name)) && !exclude.iter().any(|one| one == name)
}
