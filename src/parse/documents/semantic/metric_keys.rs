//! Metrics of spec 2 (dbt 1.12): every key stands beside the name, with no `type_params` around.

use super::inputs;
use super::metric::{AGGREGATED, CALCULATIONS, Said, TYPES, constants};
use super::model::AGGREGATIONS;
use super::reader::{Part, Reading};
use crate::error::Result;
use crate::manifest::Map;
use serde_json::{Value as Json, json};

const KEYS: &[&str] = &[
    "name",
    "type",
    "label",
    "description",
    "filter",
    "time_granularity",
    "config",
    "hidden",
    "agg",
    "percentile",
    "percentile_type",
    "join_to_timespine",
    "fill_nulls_with",
    "expr",
    "non_additive_dimension",
    "agg_time_dimension",
    "window",
    "grain_to_date",
    "period_agg",
    "input_metric",
    "numerator",
    "denominator",
    "input_metrics",
    "entity",
    "calculation",
    "base_metric",
    "conversion_metric",
    "constant_properties",
];

/// The semantic model that a simple metric adds up.
pub(super) struct Owner<'a> {
    /// Its name.
    pub semantic_model: &'a str,
    /// The time over which it adds up, unless the metric names another one.
    pub agg_time_dimension: &'a Json,
}

/// The fields that only metrics have; `head` has those that every resource has. `owner` is there for the metrics
/// of a model.
///
/// # Errors
/// Something that a metric of its type needs is absent, or of a wrong kind.
pub(super) fn metric(
    reading: &Reading<'_>,
    (part, owner): (&Part<'_>, Option<&Owner<'_>>),
    head: super::Head,
) -> Result<Json> {
    part.only(KEYS)?;
    let kind = part.word("type", TYPES)?.unwrap_or("simple");
    let name = part.required("name")?;
    let description = reading.description(part)?;
    let label = part.text("label")?;
    let said = Said {
        description: if description.is_null() { json!("") } else { description },
        label: if label.is_null() || label == "" { name } else { label },
        kind: json!(kind),
        type_params: type_params(part, kind, owner)?,
        filter: inputs::filter(part, "filter")?,
        time_granularity: part.text("time_granularity")?,
        meta: Map::new(),
        tags: Vec::new(),
    };
    let mut metric = said.with(reading, head);
    metric["meta"] = json!({});
    Ok(metric)
}

fn type_params(part: &Part<'_>, kind: &str, owner: Option<&Owner<'_>>) -> Result<Json> {
    needs(part, kind)?;
    Ok(json!({
        "measure": null,
        "input_measures": [],
        "numerator": inputs::metric(part, "numerator")?,
        "denominator": inputs::metric(part, "denominator")?,
        "expr": part.expression("expr"),
        "window": null,
        "grain_to_date": null,
        "metrics": inputs::metrics(part, "input_metrics")?,
        "conversion_type_params": if kind == "conversion" { conversion(part)? } else { Json::Null },
        "cumulative_type_params": if kind == "cumulative" { cumulative(part)? } else { Json::Null },
        "metric_aggregation_params": aggregation(part, kind, owner)?,
        "fill_nulls_with": part.whole_number("fill_nulls_with")?,
        "join_to_timespine": part.flag("join_to_timespine")?,
        "is_private": part.flag("hidden")?,
    }))
}

/// What a metric of a type cannot be without.
fn needs(part: &Part<'_>, kind: &str) -> Result<()> {
    let keys: &[&str] = match kind {
        "simple" => &["agg"],
        "ratio" => &["numerator", "denominator"],
        "derived" => &["input_metrics"],
        "cumulative" => &["input_metric"],
        _ => &["base_metric", "conversion_metric", "entity"],
    };
    keys.iter().try_for_each(|key| {
        part.needed(key).map(drop).map_err(|fault| fault.help(format!("a {kind} metric says `{key}: ...`")))
    })
}

/// How a simple metric adds up; null for the others.
fn aggregation(part: &Part<'_>, kind: &str, owner: Option<&Owner<'_>>) -> Result<Json> {
    let Some(at) = part.at("agg") else { return Ok(Json::Null) };
    let Some(owner) = owner.filter(|_| kind == "simple") else {
        let fault = part.file.yaml.fault(at, "simple metrics in v2 YAML must be attached to semantic_model");
        return Err(fault.help(if kind == "simple" {
            "write it under `metrics:` of a model that has `semantic_model`"
        } else {
            "only metrics of the type simple have an `agg`"
        }));
    };
    let percentiles = part.text("percentile_type")?;
    let is_kind = |word: &str| percentiles.as_str().is_some_and(|said| said.eq_ignore_ascii_case(word));
    let time = part.text("agg_time_dimension")?;
    Ok(json!({
        "semantic_model": owner.semantic_model,
        "agg": part.required_word("agg", AGGREGATIONS)?,
        "agg_params": {
            "percentile": super::model::percentile(part),
            "use_discrete_percentile": is_kind("discrete"),
            "use_approximate_percentile": is_kind("continuous"),
        },
        "agg_time_dimension": if time.is_null() { owner.agg_time_dimension.clone() } else { time },
        "non_additive_dimension": non_additive(part)?,
    }))
}

fn non_additive(part: &Part<'_>) -> Result<Json> {
    let Some(part) = part.below("non_additive_dimension")? else { return Ok(Json::Null) };
    part.only(&["name", "window_agg", "group_by"])?;
    Ok(json!({
        "name": part.required("name")?,
        "window_choice": part.required_word("window_agg", AGGREGATIONS)?,
        "window_groupings": part.texts("group_by")?,
    }))
}

fn cumulative(part: &Part<'_>) -> Result<Json> {
    Ok(json!({
        "window": inputs::window(part, "window")?,
        "grain_to_date": part.text("grain_to_date")?,
        "period_agg": part.word("period_agg", AGGREGATED)?.unwrap_or("first"),
        "metric": inputs::metric(part, "input_metric")?,
    }))
}

fn conversion(part: &Part<'_>) -> Result<Json> {
    Ok(json!({
        "entity": part.required("entity")?,
        "base_measure": null,
        "conversion_measure": null,
        "base_metric": inputs::metric(part, "base_metric")?,
        "conversion_metric": inputs::metric(part, "conversion_metric")?,
        "calculation": part.word("calculation", CALCULATIONS)?.unwrap_or("conversion_rate"),
        "window": inputs::window(part, "window")?,
        "constant_properties": constants(part)?,
    }))
}
