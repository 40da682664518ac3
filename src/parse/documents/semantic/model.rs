//! Semantic models: the entities, dimensions and measures of a model.

use super::inputs::GRANULARITIES;
use super::reader::{Part, Reading};
use crate::error::Result;
use crate::manifest::{Map, RefArgs};
use crate::parse::json::map;
use crate::project::yaml::Yaml;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub(super) const ENTITIES: &[&str] = &["foreign", "natural", "primary", "unique"];
pub(super) const DIMENSIONS: &[&str] = &["categorical", "time"];
pub(super) const AGGREGATIONS: &[&str] =
    &["sum", "min", "max", "count_distinct", "sum_boolean", "average", "percentile", "median", "count"];

const KEYS: &[&str] = &[
    "name",
    "model",
    "config",
    "description",
    "label",
    "defaults",
    "entities",
    "measures",
    "dimensions",
    "primary_entity",
];
const MEASURE: &[&str] = &[
    "name",
    "agg",
    "description",
    "label",
    "expr",
    "agg_params",
    "non_additive_dimension",
    "agg_time_dimension",
    "create_metric",
    "config",
];
const DIMENSION: &[&str] =
    &["name", "type", "description", "label", "is_partition", "type_params", "expr", "config"];
const ENTITY: &[&str] = &["name", "type", "description", "label", "role", "expr", "config"];

/// The fields that only semantic models have; `head` has those that every resource has.
///
/// # Errors
/// Something that a semantic model needs is absent, or of a wrong kind.
pub(super) fn semantic_model(reading: &Reading<'_>, head: super::Head) -> Result<Json> {
    let part = reading.whole();
    part.only(KEYS)?;
    let elements = Elements { reading, meta: map(&head.config, "meta") };
    let group = head.group();
    let own = json!({
        "model": part.required("model")?,
        // It is known once the model is found.
        "node_relation": null,
        "description": reading.description(&part)?,
        "label": part.text("label")?,
        "defaults": defaults(&part)?,
        "entities": elements.each(&part, "entities", Elements::entity)?,
        "measures": elements.each(&part, "measures", Elements::measure)?,
        "dimensions": elements.each(&part, "dimensions", Elements::dimension)?,
        "metadata": null,
        "depends_on": {"macros": [], "nodes": []},
        "refs": refs(reading, &part)?,
        "created_at": reading.stage.now,
        "config": head.config,
        "unrendered_config": head.unrendered_config,
        "primary_entity": part.text("primary_entity")?,
        "group": group,
    });
    Ok(super::joined(head.fields, own))
}

/// The measures of a semantic model of which a metric is to be made.
pub(super) fn counted<'m>(reading: &Reading<'_>, model: &'m Json) -> Vec<&'m Json> {
    let written = reading.entry.node.get("measures").map(Yaml::items).unwrap_or_default();
    let wants = |node: &Yaml| node.get("create_metric").and_then(Yaml::as_bool) == Some(true);
    let measures = model["measures"].as_array().into_iter().flatten().zip(written);
    measures.filter(|(_, node)| wants(node)).map(|(measure, _)| measure).collect()
}

fn defaults(part: &Part<'_>) -> Result<Json> {
    let Some(part) = part.below("defaults")? else { return Ok(Json::Null) };
    Ok(json!({"agg_time_dimension": part.text("agg_time_dimension")?}))
}

/// The `ref` that names the model.
fn refs(reading: &Reading<'_>, part: &Part<'_>) -> Result<Vec<RefArgs>> {
    let (stage, entry) = (reading.stage, reading.entry);
    let (context, recorder) = stage.base.naming(stage.session, &entry.file.package);
    let call = part.file.yaml.expect_str(part.needed("model")?, "model")?;
    let template = format!("{{{{ {call} }}}}");
    let rendered = stage.session.engine.render_str(&entry.file.yaml.path, &template, &Arc::new(context));
    rendered.map_err(|error| entry.spot().mark(error))?;
    Ok(recorder.take().refs)
}

/// Reads what a semantic model consists of.
struct Elements<'a> {
    reading: &'a Reading<'a>,
    meta: Map,
}

impl Elements<'_> {
    fn each(&self, part: &Part<'_>, key: &str, read: fn(&Self, &Part<'_>) -> Result<Json>) -> Result<Json> {
        part.list(key, |node| {
            part.file.yaml.expect_map(node, key)?;
            read(self, &Part { file: part.file, node, what: key })
        })
    }

    fn entity(&self, part: &Part<'_>) -> Result<Json> {
        part.only(ENTITY)?;
        let config = || part.element_config(&self.meta);
        self.reading.entity(part, || Ok((part.text("role")?, part.text("expr")?, config()?)))
    }

    fn measure(&self, part: &Part<'_>) -> Result<Json> {
        part.only(MEASURE)?;
        Ok(json!({
            "name": part.required("name")?,
            "agg": part.required_word("agg", AGGREGATIONS)?,
            "description": self.reading.description(part)?,
            "label": part.text("label")?,
            // dbt makes the metric and forgets that it was asked for.
            "create_metric": false,
            "expr": part.expression("expr"),
            "agg_params": agg_params(part)?,
            "non_additive_dimension": non_additive(part)?,
            "agg_time_dimension": part.text("agg_time_dimension")?,
            "config": part.element_config(&self.meta)?,
        }))
    }

    fn dimension(&self, part: &Part<'_>) -> Result<Json> {
        part.only(DIMENSION)?;
        let config = || part.element_config(&self.meta);
        self.reading.dimension(part, || Ok((dimension_params(part)?, part.text("expr")?, config()?)))
    }
}

fn agg_params(part: &Part<'_>) -> Result<Json> {
    let Some(part) = part.below("agg_params")? else { return Ok(Json::Null) };
    Ok(json!({
        "percentile": percentile(&part),
        "use_discrete_percentile": part.flag("use_discrete_percentile")?,
        "use_approximate_percentile": part.flag("use_approximate_percentile")?,
    }))
}

/// A share of all values, as a number with a point.
pub(super) fn percentile(part: &Part<'_>) -> Json {
    let value = part.at("percentile").map(Yaml::to_json);
    value.map_or(Json::Null, |value| value.as_f64().map_or(value, Json::from))
}

fn non_additive(part: &Part<'_>) -> Result<Json> {
    let Some(part) = part.below("non_additive_dimension")? else { return Ok(Json::Null) };
    Ok(json!({
        "name": part.required("name")?,
        "window_choice": part.required_word("window_choice", AGGREGATIONS)?,
        "window_groupings": part.texts("window_groupings")?,
    }))
}

fn dimension_params(part: &Part<'_>) -> Result<Json> {
    let Some(part) = part.below("type_params")? else { return Ok(Json::Null) };
    Ok(json!({
        "time_granularity": part.required_word("time_granularity", GRANULARITIES)?,
        "validity_params": validity(&part)?,
    }))
}

/// Does a dimension begin or end the time for which its row holds? Null where it does not say.
///
/// # Errors
/// It is no mapping of flags.
pub(super) fn validity(part: &Part<'_>) -> Result<Json> {
    Ok(match part.below("validity_params")? {
        Some(part) => json!({"is_start": part.flag("is_start")?, "is_end": part.flag("is_end")?}),
        None => Json::Null,
    })
}
