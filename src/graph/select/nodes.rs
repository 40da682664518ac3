//! The questions that the larger methods put to one node.

use super::glob::matches;
use crate::error::{Error, Result};
use crate::manifest::Map;
use serde_json::Value as Json;
use std::cmp::Ordering;

/// Does a name mean a node: its last part, a leading part of its full name with or without the
/// package, or a pattern?
pub(super) fn is_named(fqn: &[String], wanted: &str, versioned: bool) -> bool {
    is_in_scope(fqn, wanted, versioned) || is_in_scope(fqn.get(1..).unwrap_or_default(), wanted, versioned)
}

fn is_in_scope(fqn: &[String], wanted: &str, versioned: bool) -> bool {
    let parts: Vec<&str> = wanted.split('.').collect();
    if is_leaf(fqn, wanted, &parts, versioned) {
        return true;
    }
    let flat: Vec<&str> = fqn.iter().flat_map(|part| part.split('.')).collect();
    if flat.len() < parts.len() {
        return false;
    }
    for (i, part) in parts.iter().enumerate() {
        if part.contains(['*', '?', '[', ']']) {
            return is_pattern_of(fqn, (&flat[i..], &parts[i..]), versioned && parts.len() == 1, parts.len());
        }
        if flat[i] != *part {
            return false;
        }
    }
    true
}

/// A versioned model is named by its name, or by name and version joined by `.` or `_`.
fn is_leaf(fqn: &[String], wanted: &str, parts: &[&str], versioned: bool) -> bool {
    match fqn {
        [.., name, version] if versioned => {
            name == wanted || format!("{name}_{version}") == parts[parts.len().saturating_sub(2)..].join("_")
        }
        [.., name] => name == wanted,
        [] => false,
    }
}

/// A pattern takes the whole rest of the full name; one without dots also takes the bare name.
fn is_pattern_of(fqn: &[String], rest: (&[&str], &[&str]), versioned: bool, parts: usize) -> bool {
    let pattern = rest.1.join(".");
    if matches(&rest.0.join("."), &pattern) {
        return true;
    }
    let name = if versioned { fqn.len().checked_sub(2).map(|i| &fqn[i]) } else { fqn.last() };
    parts == 1 && name.is_some_and(|name| matches(name, &pattern))
}

/// A value within a config, by nested keys.
pub(super) fn config_value<'a>(config: &'a Map, keys: &[String]) -> Option<&'a Json> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(config.get(first)?, |value, key| value.get(key))
}

/// Is a config's value, or one of its list, the wanted one? Truth values are compared by word, since
/// the command line knows only texts.
pub(super) fn config_is(value: &Json, wanted: &Json, caseless: bool) -> bool {
    match value {
        Json::Array(list) => list.iter().any(|one| is_value(one, wanted, caseless)),
        one => is_value(one, wanted, caseless),
    }
}

fn is_value(value: &Json, wanted: &Json, caseless: bool) -> bool {
    match (value, wanted) {
        (Json::Bool(own), Json::String(text)) => {
            text.eq_ignore_ascii_case(if *own { "true" } else { "false" })
        }
        (Json::String(own), Json::String(text)) if caseless => own.to_lowercase() == text.to_lowercase(),
        (Json::Number(one), Json::Number(two)) => one.as_f64() == two.as_f64(),
        (own, wanted) => own == wanted,
    }
}

/// What `version:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VersionAge {
    Latest,
    Prerelease,
    Old,
    None,
}

impl VersionAge {
    pub(super) fn parse(word: &str) -> Result<VersionAge> {
        match word {
            "latest" => Ok(VersionAge::Latest),
            "prerelease" => Ok(VersionAge::Prerelease),
            "old" => Ok(VersionAge::Old),
            "none" => Ok(VersionAge::None),
            _ => Err(Error::runtime(format!(
                "Invalid version type selector {word}: expected one of: \"latest\", \"prerelease\", \"old\", or \"none\""
            ))),
        }
    }

    pub(super) fn holds(self, version: Option<&Json>, latest: Option<&Json>) -> bool {
        let Some(version) = version else { return self == VersionAge::None };
        let Some(latest) = latest else { return false };
        match compare_versions(version, latest) {
            Ordering::Equal => self == VersionAge::Latest,
            Ordering::Greater => self == VersionAge::Prerelease,
            Ordering::Less => self == VersionAge::Old,
        }
    }
}

/// Which of two versions is the newer: as numbers where both are, as texts otherwise.
pub fn compare_versions(one: &Json, two: &Json) -> Ordering {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_string);
    let (one, two) = (text(one), text(two));
    match (one.parse::<f64>(), two.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => one.cmp(&two),
    }
}
