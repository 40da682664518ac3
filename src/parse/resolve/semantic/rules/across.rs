//! What semantic models must agree upon: kinds of elements, labels, measures that are there once.

use super::{Verdicts, items, text};
use crate::manifest::{Manifest, UniqueId};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

const KINDS: [(&str, &str); 3] =
    [("measures", "measure"), ("dimensions", "dimension"), ("entities", "entity")];

/// Tells of every rule that they break together.
pub(super) fn check<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    doubled_measures(manifest, verdicts);
    kinds(manifest, verdicts);
    dimensions(manifest, verdicts);
    pairs(manifest, verdicts);
    labels(manifest, verdicts);
    entity_labels(manifest, verdicts);
}

/// Every element of one kind, with the semantic model that it is in.
fn all<'m>(
    manifest: &'m Manifest,
    key: &'static str,
) -> impl Iterator<Item = (&'m UniqueId, &'m Json, &'m Json)> {
    let models = manifest.semantic_models.iter();
    models.flat_map(move |(id, model)| items(model, key).map(move |element| (id, model, element)))
}

fn doubled_measures<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut seen = HashSet::new();
    for (id, _, measure) in all(manifest, "measures") {
        let name = text(measure, "name");
        if !seen.insert(name) {
            verdicts.fault(id, format!("the measure `{name}` is defined more than once"));
        }
    }
}

/// A name that is a dimension here and an entity there would be ambiguous in a query.
fn kinds<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut first: HashMap<&str, (&str, &str)> = HashMap::new();
    for (key, kind) in KINDS {
        for (id, model, element) in all(manifest, key) {
            let (name, whose) = (text(element, "name"), text(model, "name"));
            let (other, there) = *first.entry(name).or_insert((kind, whose));
            if other != kind && there != whose {
                let told = format!(
                    "`{name}` is a {kind} of the semantic model `{whose}`, but a {other} of `{there}`"
                );
                verdicts.fault(id, told);
            }
        }
    }
}

fn dimensions<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut first: HashMap<&str, (&Json, &str)> = HashMap::new();
    for (id, model, dimension) in all(manifest, "dimensions") {
        let (name, whose) = (text(dimension, "name"), text(model, "name"));
        let (other, there) = *first.entry(name).or_insert((dimension, whose));
        for key in ["type", "is_partition"].into_iter().filter(|key| other[*key] != dimension[*key]) {
            verdicts.fault(id, format!(
                "the dimension `{name}` has `{key}: {}` in the semantic model `{whose}`, but `{}` in `{there}`",
                plain(&dimension[key]), plain(&other[key]),
            ));
        }
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// A dimension is asked for by the name of its primary entity and its own.
fn pairs<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut first: HashMap<(&str, &str), &str> = HashMap::new();
    for (id, model, dimension) in all(manifest, "dimensions") {
        let primary = items(model, "entities").find(|entity| text(entity, "type") == "primary");
        let said = model.get("primary_entity").and_then(Json::as_str);
        let Some(entity) = said.or_else(|| primary.map(|entity| text(entity, "name"))) else { continue };
        let (name, whose) = (text(dimension, "name"), text(model, "name"));
        let there = *first.entry((entity, name)).or_insert(whose);
        if there != whose {
            verdicts.fault(id, format!("the semantic models `{there}` and `{whose}` have both the primary entity `{entity}` and the dimension `{name}`"));
        }
    }
}

fn labels<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    for (kind, group) in [("metric", &manifest.metrics), ("semantic model", &manifest.semantic_models)] {
        let mut first: HashMap<&str, &str> = HashMap::new();
        for (id, entry) in group {
            let Some(label) = entry.get("label").and_then(Json::as_str) else { continue };
            let name = text(entry, "name");
            let other = *first.entry(label).or_insert(name);
            if other != name {
                verdicts
                    .fault(id, format!("the {kind}s `{other}` and `{name}` have the same label `{label}`"));
            }
        }
    }
    for (id, model) in &manifest.semantic_models {
        for (key, kind) in KINDS {
            let mut seen = HashSet::new();
            let labels = items(model, key).filter_map(|element| element.get("label").and_then(Json::as_str));
            for label in labels.filter(|label| !seen.insert(*label)) {
                verdicts.fault(
                    id,
                    format!(
                        "the semantic model `{}` uses the label `{label}` for more than one {kind}",
                        text(model, "name")
                    ),
                );
            }
        }
    }
}

fn entity_labels<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for (id, _, entity) in all(manifest, "entities") {
        let Some(label) = entity.get("label").and_then(Json::as_str) else { continue };
        let name = text(entity, "name");
        let other = *first.entry(name).or_insert(label);
        if other != label {
            verdicts.fault(
                id,
                format!("the entity `{name}` has the label `{label}` here and `{other}` elsewhere"),
            );
        }
    }
}
