//! Names that every engine can take, and that mean one thing each.

use super::{Verdicts, items, text};
use crate::manifest::{Manifest, NodeKind};
use crate::parse::documents::GRANULARITIES;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// The longest name that the semantic layer takes.
const LONGEST: usize = 250;

/// Names that queries of the semantic layer use themselves.
const TAKEN: [&str; 2] = ["metric_time", "mf_internal_uuid"];

/// Words that no engine takes for a name.
const KEYWORDS: [&str; 26] = [
    "and", "as", "create", "distinct", "for", "from", "full", "having", "in", "inner", "into", "is", "join",
    "left", "like", "natural", "not", "null", "on", "or", "right", "select", "union", "using", "where",
    "with",
];

/// Lower case letters, digits and single underscores, a letter first.
pub(in crate::parse::resolve::semantic) fn bad_name(name: &str) -> Option<String> {
    if name.chars().count() > LONGEST {
        return Some(format!("Invalid name `{name}` - it cannot contain more than {LONGEST} characters"));
    }
    let lower = name.to_lowercase();
    if GRANULARITIES.contains(&lower.as_str()) {
        return Some(format!("Invalid name `{name}` - the names of granularities are taken"));
    }
    if TAKEN.contains(&lower.as_str()) {
        return Some(format!("Invalid name `{name}` - the semantic layer uses it itself"));
    }
    let bytes = name.as_bytes();
    let known = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
    let fits = bytes.len() > 1
        && bytes.iter().all(known)
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last() != Some(&b'_')
        && !name.contains("__");
    (!fits).then(|| {
        format!(
            "Invalid name `{name}` - names may only contain lower case letters, numbers and single underscores, \
             begin with a letter, do not end with an underscore, and have two characters or more"
        )
    })
}

/// A word that SQL has taken.
pub(super) fn keyword(name: &str) -> Option<String> {
    let taken = KEYWORDS.contains(&name.to_lowercase().as_str());
    taken.then(|| format!("`{name}` is a keyword of SQL: give it another name, and the column as its `expr`"))
}

/// The granularities of time spines have names of their own.
pub(super) fn grains<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let used = used(manifest);
    let mut seen = HashSet::new();
    for (id, node) in &manifest.nodes {
        let NodeKind::Model { time_spine: Some(spine), .. } = &node.kind else { continue };
        for name in items(spine, "custom_granularities").map(|grain| text(grain, "name")) {
            verdicts.faults(id, bad_name(name));
            if let Some(kind) = used.get(name) {
                verdicts.fault(id, format!("the granularity `{name}` has the name of a {kind}"));
            }
            if !seen.insert(name) {
                verdicts.fault(id, format!("more than one granularity has the name `{name}`"));
            }
        }
    }
}

/// The names of everything that is asked for, with what it is.
fn used(manifest: &Manifest) -> HashMap<&str, &'static str> {
    let mut used = HashMap::new();
    for model in manifest.semantic_models.values() {
        let mut note = |key: &str, kind: &'static str| {
            used.extend(items(model, key).map(|one| (text(one, "name"), kind)));
        };
        note("measures", "measure");
        note("entities", "entity");
        note("dimensions", "dimension");
        used.insert(text(model, "name"), "semantic model");
    }
    let metrics = manifest.metrics.values().filter_map(|metric| metric.get("name").and_then(Json::as_str));
    used.extend(metrics.map(|name| (name, "metric")));
    used
}
