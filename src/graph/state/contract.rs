//! Contracts, then and now: is the promise the same, and was an earlier one broken?

use super::compare::Pair;
use crate::error::{Error, ErrorKind, Location};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// What became of a contract.
pub struct Verdict {
    /// Is it what it was?
    pub same: bool,
    /// What readers can no longer rely on, in words.
    pub broken: Vec<String>,
}

/// Compares the contracts of a model. What is added breaks nothing; what is gone does.
pub fn compare(pair: &Pair, adapter: &str) -> Verdict {
    let sum = |json: &Json| json.pointer("/contract/checksum").cloned();
    match (enforced(pair.old), enforced(pair.new)) {
        (false, now) => Verdict { same: !now, broken: Vec::new() },
        (true, true) if sum(pair.old) == sum(pair.new) => Verdict { same: true, broken: Vec::new() },
        (true, now) => Verdict { same: false, broken: broken(pair, adapter, now) },
    }
}

fn broken(pair: &Pair, adapter: &str, enforced: bool) -> Vec<String> {
    let mut out = Vec::new();
    if !enforced {
        out.push(
            "Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer \
             configured to enforce its contract, and this is a breaking change."
                .to_string(),
        );
    }
    let mut list = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            out.push(format!("{title}: \n    - {}", items.join("\n    - ")));
        }
    };
    let now = |name: &str| pair.new.pointer("/columns").and_then(|all| all.get(name));
    list(
        "Columns were removed",
        columns(pair.old).filter(|(n, _)| now(n).is_none()).map(|(n, _)| n.clone()).collect(),
    );
    let retyped = columns(pair.old).filter_map(|(name, old)| {
        let (was, is) = (text(old, "data_type"), text(now(name)?, "data_type"));
        (base_type(&was) != base_type(&is)).then(|| format!("{name} ({was} -> {is})"))
    });
    list("Columns with data_type changes", retyped.collect());
    if checks_constraints(pair.old) {
        let of_columns = columns(pair.old).flat_map(|(name, old)| {
            let kept = now(name).map(constraints).unwrap_or_default();
            lost(old, &kept, adapter)
                .into_iter()
                .map(move |what| format!("'{what}' constraint on column {name}"))
        });
        list("Enforced column level constraints were removed", of_columns.collect());
        let of_model = constraints(pair.old).into_iter().filter(|it| is_enforced(it, adapter));
        let of_model = of_model.filter(|it| !constraints(pair.new).contains(it));
        let named = of_model.map(|it| format!("'{}' constraint on columns {}", label(&it), it["columns"]));
        list("Enforced model level constraints were removed", named.collect());
        let any =
            !constraints(pair.old).is_empty() || columns(pair.old).any(|(_, it)| !constraints(it).is_empty());
        if any && !checks_constraints(pair.new) {
            let kind = |json: &Json| {
                json.pointer("/config/materialized").and_then(Json::as_str).unwrap_or("").to_string()
            };
            let change = format!("{} -> {}", kind(pair.old), kind(pair.new));
            list("Materialization changed with enforced constraints", vec![change]);
        }
    }
    out
}

fn columns(node: &Json) -> impl Iterator<Item = (&String, &Json)> {
    node.get("columns").and_then(Json::as_object).into_iter().flatten()
}

fn constraints(of: &Json) -> Vec<Json> {
    of.get("constraints").and_then(Json::as_array).cloned().unwrap_or_default()
}

fn lost(old: &Json, kept: &[Json], adapter: &str) -> Vec<String> {
    let gone = constraints(old).into_iter().filter(|it| is_enforced(it, adapter) && !kept.contains(it));
    gone.map(|it| label(&it)).collect()
}

fn label(constraint: &Json) -> String {
    let name = text(constraint, "name");
    if name.is_empty() { text(constraint, "type") } else { name }
}

/// Both engines hold rows to these; `custom` is nobody's promise.
fn is_enforced(constraint: &Json, _adapter: &str) -> bool {
    matches!(
        text(constraint, "type").as_str(),
        "check" | "not_null" | "unique" | "primary_key" | "foreign_key"
    )
}

/// Constraints are part of tables alone.
fn checks_constraints(node: &Json) -> bool {
    let kind = node.pointer("/config/materialized").and_then(Json::as_str);
    matches!(kind, Some("table" | "incremental"))
}

fn text(json: &Json, key: &str) -> String {
    json.get(key).and_then(Json::as_str).unwrap_or_default().to_string()
}

/// A type without its size: a longer text breaks nobody.
fn base_type(name: &str) -> String {
    name.split('(').next().unwrap_or_default().trim().to_lowercase()
}

/// The fault of a broken promise, in dbt's words: of a versioned model an error, of another a warning.
pub fn breaking(node: &Json, broken: &[String]) -> Error {
    let reasons = broken.join("\n  - ");
    let (name, path) = (text(node, "name"), text(node, "original_file_path"));
    let before = "While comparing to previous project state, dbt detected a breaking change to";
    let error = if is_versioned(node) {
        Error::new(ErrorKind::BreakingChange, format!("{before} an enforced contract.\n  - {reasons}"))
            .help("add columns instead of changing them, or give the model a new version")
    } else {
        Error::compilation(format!("{before} an unversioned model.\n  - {reasons}"))
            .help("add columns instead of changing them, or give the model versions")
    };
    error.about(format!("model {name} ({path})")).located(Location::file(&path))
}

/// Has the model versions?
pub fn is_versioned(node: &Json) -> bool {
    node.get("version").is_some_and(|version| !version.is_null())
}

/// What became of a model that had a contract, and is gone from the graph: `node` is what it was, or what is
/// left of it where it is disabled. Past its deprecation date it may go.
pub fn removed(node: &Json, is_disabled: bool) -> Option<String> {
    let retired = node.get("deprecation_date").and_then(Json::as_str);
    let retired = retired.and_then(|date| DateTime::parse_from_rfc3339(date).ok());
    if !enforced(node) || retired.is_some_and(|date| date < Utc::now()) {
        return None;
    }
    let what = if is_disabled { "disabled" } else { "deleted or renamed" };
    Some(format!("Contracted model '{}' was {what}.", text(node, "unique_id")))
}

fn enforced(node: &Json) -> bool {
    node.pointer("/contract/enforced").and_then(Json::as_bool).unwrap_or(false)
}
