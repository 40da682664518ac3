//! What the semantic layer asks of its entries: names that SQL can take, a time for every measure, an entity
//! that the dimensions belong to, a model that holds the days.

use super::filters::{Names, of_filters, of_query};
use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, Node, NodeKind, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::resolve::places::Places;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Grains that are no coarser than a day.
const FINE: [&str; 7] = ["nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day"];

/// Tells of every rule that is broken.
pub(in crate::parse::resolve) fn check(manifest: &Manifest, places: &Places, findings: &mut Findings) {
    if manifest.semantic_models.is_empty() {
        return;
    }
    let mut faults: Vec<(&UniqueId, String)> = Vec::new();
    if !has_time_spine(manifest) {
        let first = manifest.semantic_models.keys().next();
        let message = "The semantic layer requires a time spine model with granularity DAY or smaller in the project, but none was found.";
        faults.extend(first.map(|id| (id, message.to_string())));
    }
    for (id, node) in &manifest.nodes {
        faults.extend(of_time_spine(node).into_iter().map(|fault| (id, fault.to_string())));
    }
    // dbt looks at the rest where there is something to ask for.
    if !manifest.metrics.is_empty() {
        let names = Names::of(manifest);
        for (id, model) in &manifest.semantic_models {
            faults.extend(of_model(model).into_iter().map(|fault| (id, fault)));
        }
        for (id, metric) in &manifest.metrics {
            faults.extend(of_metric(metric).into_iter().map(|fault| (id, fault)));
            faults.extend(of_filters(metric, &names).into_iter().map(|fault| (id, fault)));
        }
        for (id, query) in &manifest.saved_queries {
            faults.extend(of_saved_query(query).into_iter().map(|fault| (id, fault)));
            faults.extend(of_filters(query, &names).into_iter().map(|fault| (id, fault)));
            faults.extend(of_query(query, &names).into_iter().map(|fault| (id, fault)));
        }
        faults.extend(doubled_measures(manifest));
    }
    for (id, fault) in faults {
        let message = format!("Semantic Manifest validation failed.\n{fault}");
        findings.error(places.mark(id, Error::new(ErrorKind::Parsing, message)));
    }
}

fn has_time_spine(manifest: &Manifest) -> bool {
    manifest.nodes.values().any(|node| {
        let NodeKind::Model { time_spine, .. } = &node.kind else { return false };
        let column = time_spine.as_ref().and_then(|spine| spine.get("standard_granularity_column"));
        let Some(column) = column.and_then(Json::as_str) else { return node.name == "metricflow_time_spine" };
        let column = node.columns.get(column).and_then(|column| serde_json::to_value(column).ok());
        let grain = column.as_ref().and_then(|column| column.get("granularity")).and_then(Json::as_str);
        grain.is_some_and(|grain| FINE.contains(&grain))
    })
}

/// What a time spine says must stand among the columns of its model.
fn of_time_spine(node: &Node) -> Vec<&'static str> {
    let NodeKind::Model { time_spine: Some(spine), .. } = &node.kind else { return Vec::new() };
    let column = |name: &str| node.columns.get(name).and_then(|column| serde_json::to_value(column).ok());
    let mut faults = Vec::new();
    match column(text(spine, "standard_granularity_column")) {
        None => faults.push("Time spine standard granularity column must be defined on the model."),
        Some(column) if column.get("granularity").is_none_or(Json::is_null) => {
            faults.push("Time spine standard granularity column must have a granularity defined.");
        }
        Some(_) => {}
    }
    let name_of = |custom: &Json| {
        let named = custom.get("column_name").and_then(Json::as_str);
        named.unwrap_or_else(|| text(custom, "name")).to_string()
    };
    if items(spine, "custom_granularities").any(|custom| column(&name_of(custom)).is_none()) {
        faults.push("Time spine custom granularity columns do not exist in the model.");
    }
    faults
}

fn of_model(model: &Json) -> Vec<String> {
    let name = text(model, "name");
    let mut faults: Vec<String> = bad_name(name).into_iter().collect();
    let mut seen = HashSet::new();
    for element in ["entities", "dimensions", "measures"].into_iter().flat_map(|kind| items(model, kind)) {
        let own = text(element, "name");
        faults.extend(bad_name(own));
        if !seen.insert(own) {
            faults.push(format!("semantic model `{name}` has more than one element named `{own}`"));
        }
    }
    let is_primary = |entity: &&Json| matches!(text(entity, "type"), "primary" | "PRIMARY");
    let primary = items(model, "entities").filter(is_primary).count();
    let named = model.get("primary_entity").is_some_and(|entity| !entity.is_null());
    if items(model, "dimensions").next().is_some() && primary == 0 && !named {
        faults.push(format!(
            "The semantic model {name} contains dimensions, but it does not define a primary entity"
        ));
    }
    if primary > 1 {
        faults.push(format!("Semantic models can have only one primary entity; `{name}` has {primary}"));
    }
    faults.extend(items(model, "measures").filter_map(|measure| without_time(model, measure)));
    faults
}

/// Every measure is added up over a dimension of its model that is a time.
fn without_time(model: &Json, measure: &Json) -> Option<String> {
    let (name, own) = (text(model, "name"), text(measure, "name"));
    let said = measure.get("agg_time_dimension").and_then(Json::as_str);
    let usual = model.pointer("/defaults/agg_time_dimension").and_then(Json::as_str);
    let Some(time) = said.or(usual) else {
        return Some(format!(
            "Aggregation time dimension for measure {own} on semantic model {name} is not set! Give it `agg_time_dimension`, or the model `defaults`"
        ));
    };
    let is_it = |dimension: &Json| text(dimension, "name") == time && text(dimension, "type") == "time";
    let found = items(model, "dimensions").any(is_it);
    (!found).then(|| format!("In semantic model `{name}`, measure `{own}` has the aggregation time dimension `{time}`, which is no time dimension there"))
}

fn doubled_measures(manifest: &Manifest) -> Vec<(&UniqueId, String)> {
    let mut seen = HashSet::new();
    let measures = manifest
        .semantic_models
        .iter()
        .flat_map(|(id, m)| items(m, "measures").map(move |it| (id, text(it, "name"))));
    let doubled = measures.filter(|(_, name)| !seen.insert(*name));
    doubled.map(|(id, name)| (id, format!("the measure `{name}` is defined more than once"))).collect()
}

fn of_metric(metric: &Json) -> Vec<String> {
    let name = text(metric, "name");
    let mut faults: Vec<String> = bad_name(name).into_iter().collect();
    let params = metric.get("type_params").unwrap_or(&Json::Null);
    let present = |key: &str| params.get(key).is_some_and(|value| !value.is_null());
    let needs = |key: &str| {
        let kind = text(metric, "type");
        (!present(key)).then(|| format!("the {kind} metric `{name}` needs `type_params.{key}`"))
    };
    match text(metric, "type") {
        "simple" | "cumulative" => faults.extend(needs("measure")),
        "ratio" => faults.extend(["numerator", "denominator"].into_iter().filter_map(needs)),
        "conversion" => faults.extend(needs("conversion_type_params")),
        "derived" => {
            faults.extend(needs("expr"));
            if items(params, "metrics").next().is_none() {
                faults.push(format!("No input metrics found for derived metric '{name}'. Please add metrics to type_params.metrics."));
            }
        }
        _ => {}
    }
    let aliases = items(params, "metrics").filter_map(|input| input.get("alias").and_then(Json::as_str));
    faults.extend(aliases.filter_map(bad_name));
    faults
}

fn of_saved_query(query: &Json) -> Vec<String> {
    let mut faults: Vec<String> = bad_name(text(query, "name")).into_iter().collect();
    let mut seen = HashSet::new();
    for export in items(query, "exports").map(|export| text(export, "name")) {
        if !seen.insert(export) {
            faults
                .push(format!("the saved query `{}` has two exports named `{export}`", text(query, "name")));
        }
    }
    faults
}

/// Lower case letters, digits and single underscores, a letter first.
/// The longest name that the semantic layer takes.
const LONGEST: usize = 250;

pub(super) fn bad_name(name: &str) -> Option<String> {
    if name.chars().count() > LONGEST {
        return Some(format!("Invalid name `{name}` - it cannot contain more than {LONGEST} characters"));
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

fn text<'e>(entry: &'e Json, key: &str) -> &'e str {
    entry.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn items<'e>(entry: &'e Json, key: &str) -> impl Iterator<Item = &'e Json> {
    entry.get(key).and_then(Json::as_array).into_iter().flatten()
}
