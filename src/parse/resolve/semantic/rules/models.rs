//! One semantic model: its names, its primary entity, the window in which its rows hold.

use super::names::{bad_name, keyword};
use super::{Verdicts, field, items, listed, text};
use crate::manifest::UniqueId;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Tells of every rule that it breaks.
pub(super) fn check<'m>(id: &'m UniqueId, model: &'m Json, verdicts: &mut Verdicts<'m>) {
    let name = text(model, "name");
    verdicts.faults(id, bad_name(name));
    let mut seen = HashSet::new();
    for element in ["entities", "dimensions", "measures"].into_iter().flat_map(|kind| items(model, kind)) {
        let own = text(element, "name");
        verdicts.faults(id, bad_name(own));
        verdicts.faults(id, keyword(own));
        if !seen.insert(own) {
            verdicts.fault(id, format!("semantic model `{name}` has more than one element named `{own}`"));
        }
    }
    let usual = field(model, "/defaults/agg_time_dimension").and_then(Json::as_str);
    if let Some(time) = usual.filter(|time| !has_time(model, time)) {
        verdicts.fault(id, format!("`agg_time_dimension` of semantic model `{name}` is `{time}`, which is no time dimension there"));
    }
    verdicts.faults(id, primary(model));
    verdicts.faults(id, natural(model));
    verdicts.faults(id, window(model));
}

/// Has a semantic model a dimension of that name that is a time?
pub(super) fn has_time(model: &Json, time: &str) -> bool {
    let is_it = |dimension: &Json| text(dimension, "name") == time && text(dimension, "type") == "time";
    items(model, "dimensions").any(is_it)
}

fn entities<'m>(model: &'m Json, kinds: &[&str]) -> Vec<&'m str> {
    let is_it = |entity: &&Json| kinds.contains(&text(entity, "type"));
    items(model, "entities").filter(is_it).map(|entity| text(entity, "name")).collect()
}

fn primary(model: &Json) -> Option<String> {
    let name = text(model, "name");
    let own = entities(model, &["primary"]);
    let said = model.get("primary_entity").and_then(Json::as_str);
    match (&own[..], said) {
        ([], None) => items(model, "dimensions").next().map(|_| {
            format!("The semantic model {name} contains dimensions, but it does not define a primary entity")
        }),
        ([_, _, ..], _) => {
            let own = own.len();
            Some(format!("Semantic models can have only one primary entity; `{name}` has {own}"))
        }
        ([own], Some(said)) => Some(format!(
            "The semantic model `{name}` has the primary entity `{own}`, and `primary_entity: {said}` as well: leave one of them out"
        )),
        _ => None,
    }
}

fn windowed(model: &Json) -> Vec<&Json> {
    let is_it = |dimension: &&Json| field(dimension, "/type_params/validity_params").is_some();
    items(model, "dimensions").filter(is_it).collect()
}

/// A natural key is one within the window in which a row holds.
fn natural(model: &Json) -> Vec<String> {
    let name = text(model, "name");
    let keys: HashSet<&str> = entities(model, &["natural"]).into_iter().collect();
    let many = (keys.len() > 1)
        .then(|| format!("Semantic models can have one natural entity; `{name}` has {}", keys.len()));
    let open = (!keys.is_empty() && windowed(model).is_empty()).then(|| {
        format!("The semantic model `{name}` has a natural entity, but no dimensions with `validity_params`")
    });
    many.into_iter().chain(open).collect()
}

/// The window has a beginning and an end, and stands beside a natural key alone.
fn window(model: &Json) -> Vec<String> {
    let times = windowed(model);
    if times.is_empty() {
        return Vec::new();
    }
    let name = text(model, "name");
    let mut faults = Vec::new();
    let marked = |key: &str| {
        let path = format!("/type_params/validity_params/{key}");
        times.iter().filter(|time| time.pointer(&path) == Some(&Json::Bool(true))).count()
    };
    if times.len() != 2 || marked("is_start") != 1 || marked("is_end") != 1 {
        faults.push(format!(
            "`validity_params` of the semantic model `{name}` need two time dimensions, one with `is_start` and one with `is_end`; there are {}",
            listed(times.iter().map(|time| text(time, "name")))
        ));
    }
    if entities(model, &["natural"]).is_empty() {
        faults.push(format!(
            "The semantic model `{name}` has `validity_params`, but no entity of the type natural"
        ));
    }
    let keys = entities(model, &["primary", "unique"]);
    if !keys.is_empty() {
        faults.push(format!(
            "The semantic model `{name}` has `validity_params` and the primary or unique entities {}: it can have only one of both",
            listed(keys)
        ));
    }
    if items(model, "measures").next().is_some() {
        faults.push(format!(
            "The semantic model `{name}` has `validity_params` and measures: it can have only one of both"
        ));
    }
    faults
}
