//! Measures: the time over which they add up, and what their kind of sum needs.

use super::models::has_time;
use super::{Verdicts, field, items, listed, text};
use crate::manifest::UniqueId;
use serde_json::Value as Json;

/// Tells of every rule that the measures of a semantic model break.
pub(super) fn check<'m>(id: &'m UniqueId, model: &'m Json, verdicts: &mut Verdicts<'m>) {
    for measure in items(model, "measures") {
        verdicts.faults(id, without_time(model, measure));
        verdicts.faults(id, counted(measure));
        verdicts.faults(id, percentile(measure));
        verdicts.faults(id, non_additive(model, measure));
    }
}

fn time_of<'m>(model: &'m Json, measure: &'m Json) -> Option<&'m str> {
    let said = measure.get("agg_time_dimension").and_then(Json::as_str);
    said.or_else(|| model.pointer("/defaults/agg_time_dimension").and_then(Json::as_str))
}

/// Every measure is added up over a dimension of its model that is a time.
fn without_time(model: &Json, measure: &Json) -> Option<String> {
    let (name, own) = (text(model, "name"), text(measure, "name"));
    let Some(time) = time_of(model, measure) else {
        return Some(format!(
            "Aggregation time dimension for measure {own} on semantic model {name} is not set! Give it `agg_time_dimension`, or the model `defaults`"
        ));
    };
    (!has_time(model, time)).then(|| format!("In semantic model `{name}`, measure `{own}` has the aggregation time dimension `{time}`, which is no time dimension there"))
}

fn counted(measure: &Json) -> Option<String> {
    let name = text(measure, "name");
    if text(measure, "agg") != "count" {
        return None;
    }
    match measure.get("expr").and_then(Json::as_str) {
        None => {
            Some(format!("the measure `{name}` is a count and needs an `expr`: `expr: 1` counts all rows"))
        }
        Some(expr) if expr.to_lowercase().starts_with("distinct ") => {
            Some(format!("the measure `{name}` counts `{expr}`: its `agg` is to be `count_distinct`"))
        }
        Some(_) => None,
    }
}

fn percentile(measure: &Json) -> Vec<String> {
    let (name, agg) = (text(measure, "name"), text(measure, "agg"));
    let value = field(measure, "/agg_params/percentile").and_then(Json::as_f64);
    let is_set = |key: &str| field(measure, &format!("/agg_params/{key}")) == Some(&Json::Bool(true));
    let (discrete, approximate) = (is_set("use_discrete_percentile"), is_set("use_approximate_percentile"));
    match (agg, value) {
        ("percentile", None) => {
            vec![format!("the measure `{name}` is a percentile and needs `agg_params.percentile`")]
        }
        ("percentile", Some(value)) if value <= 0.0 || value >= 1.0 => vec![format!(
            "the percentile of the measure `{name}` is {value}, and must lie between 0 and 1; at the ends are `min` and `max`"
        )],
        ("percentile", _) => Vec::new(),
        ("median", value) => {
            let other = value
                .filter(|value| *value != 0.5)
                .map(|value| format!("the measure `{name}` is a median, but its percentile is {value}"));
            let whole = discrete.then(|| {
                format!("the measure `{name}` is a median, which takes no `use_discrete_percentile`")
            });
            other.into_iter().chain(whole).collect()
        }
        (_, value) if value.is_some_and(|value| value != 0.0) || discrete || approximate => {
            vec![format!("the measure `{name}` has `agg_params` of a percentile, but its `agg` is `{agg}`")]
        }
        _ => Vec::new(),
    }
}

/// What is not added up over a time: that time is one of the model's, as fine as the measure's own.
fn non_additive(model: &Json, measure: &Json) -> Vec<String> {
    let Some(said) = field(measure, "/non_additive_dimension") else { return Vec::new() };
    let (own, name) = (text(measure, "name"), text(said, "name"));
    let dimension = |name: &str| items(model, "dimensions").find(|dimension| text(dimension, "name") == name);
    let grain = |name: &str| dimension(name).and_then(|found| field(found, "/type_params/time_granularity"));
    let mut faults = Vec::new();
    let mut tell =
        |fault: String| faults.push(format!("the `non_additive_dimension` of the measure `{own}` {fault}"));
    match dimension(name) {
        None => tell(format!("is `{name}`, which is no dimension of its semantic model")),
        Some(found) if text(found, "type") != "time" => {
            tell(format!("is `{name}`, which is no time dimension"))
        }
        Some(_) => {
            let usual = time_of(model, measure).and_then(grain);
            if let Some((usual, own)) = usual.zip(grain(name)).filter(|(usual, own)| usual != own) {
                tell(format!("has the granularity {own}, but the measure is added up by {usual}"));
            }
        }
    }
    if !matches!(text(said, "window_choice"), "min" | "max") {
        tell(format!("has the `window_choice` `{}`: it can be `min` or `max`", text(said, "window_choice")));
    }
    let is_entity = |name: &&str| items(model, "entities").any(|entity| text(entity, "name") == *name);
    let groups = items(said, "window_groupings").filter_map(Json::as_str);
    let strangers: Vec<&str> = groups.filter(|name| !is_entity(name)).collect();
    if !strangers.is_empty() {
        tell(format!("is grouped by {}, which are no entities of its semantic model", listed(strangers)));
    }
    faults
}
