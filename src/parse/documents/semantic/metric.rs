//! Metrics: what is counted, and how it is put together from measures and other metrics.

use super::inputs;
use super::reader::{Part, Reading};
use crate::error::Result;
use crate::manifest::Map;
use crate::parse::json::{map, texts, truthy};
use serde_json::{Value as Json, json};

pub(super) const TYPES: &[&str] = &["simple", "ratio", "cumulative", "derived", "conversion"];
const KEYS: &[&str] = &[
    "name",
    "label",
    "type",
    "type_params",
    "description",
    "filter",
    "time_granularity",
    "config",
    "meta",
    "tags",
];
const PARAMS: &[&str] = &[
    "measure",
    "numerator",
    "denominator",
    "expr",
    "window",
    "grain_to_date",
    "metrics",
    "conversion_type_params",
    "cumulative_type_params",
];
const CONVERSION: &[&str] =
    &["base_measure", "conversion_measure", "entity", "calculation", "window", "constant_properties"];
pub(super) const CALCULATIONS: &[&str] = &["conversions", "conversion_rate"];
pub(super) const AGGREGATED: &[&str] = &["first", "last", "average"];

/// The fields that only metrics have; `head` has those that every resource has.
///
/// # Errors
/// Something that a metric needs is absent, or of a wrong kind.
pub(super) fn metric(reading: &Reading<'_>, head: super::Head) -> Result<Json> {
    let part = reading.whole();
    part.only(KEYS)?;
    if let Some(fault) = bad_name(&reading.entry.name) {
        return Err(reading.entry.fault(fault));
    }
    let params = part.part(part.needed("type_params")?, "type_params")?;
    params.only(PARAMS)?;
    let kind = part.required_word("type", TYPES)?;
    let description = reading.description(&part)?;
    let said = Said {
        description: if description.is_null() { json!("") } else { description },
        label: part.required("label")?,
        type_params: type_params(&params, kind.as_str() == Some("cumulative"))?,
        kind,
        filter: inputs::filter(&part, "filter")?,
        time_granularity: part.text("time_granularity")?,
        meta: map(&reading.entry.data, "meta"),
        tags: texts(reading.entry.data.get("tags")),
    };
    Ok(said.with(reading, head))
}

/// What is wrong with the name of a metric (dbt's rules of a metric's own, before those of the semantic layer).
fn bad_name(name: &str) -> Option<String> {
    const LONGEST: usize = 250;
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let rules = [
        (name.contains(' '), "cannot contain spaces"),
        (name.chars().count() > LONGEST, "cannot contain more than 250 characters"),
        (!name.starts_with(|c: char| c.is_ascii_alphabetic()), "must begin with a letter"),
        (!name.chars().all(word), "must contain only letters, numbers and underscores"),
    ];
    let broken: Vec<&str> = rules.iter().filter(|(broken, _)| *broken).map(|(_, rule)| *rule).collect();
    (!broken.is_empty()).then(|| format!("The metric name '{name}' is invalid: it {}", broken.join(", ")))
}

/// The metric of a measure that says `create_metric: true`.
pub(super) fn of_measure(reading: &Reading<'_>, measure: &Json, head: super::Head) -> Json {
    let name = measure["name"].as_str().unwrap_or_default();
    let or = |key: &str, other: String| match &measure[key] {
        Json::String(text) if !text.is_empty() => text.clone(),
        _ => other,
    };
    let said = Said {
        description: json!(or("description", format!("Metric created from measure {name}"))),
        label: json!(or("label", name.to_string())),
        kind: json!("simple"),
        type_params: params_of_measure(name, &or("expr", name.to_string())),
        filter: Json::Null,
        time_granularity: Json::Null,
        meta: Map::new(),
        tags: Vec::new(),
    };
    said.with(reading, head)
}

/// What a metric says of itself.
pub(super) struct Said {
    /// Its description.
    pub description: Json,
    /// Its label.
    pub label: Json,
    /// Its type.
    pub kind: Json,
    /// What it is made of.
    pub type_params: Json,
    /// Its filter, or null.
    pub filter: Json,
    /// The coarsest grain by default, or null.
    pub time_granularity: Json,
    /// Free data of the user.
    pub meta: Map,
    /// Its tags.
    pub tags: Vec<String>,
}

impl Said {
    /// The whole of it, with the fields that every resource has.
    pub fn with(self, reading: &Reading<'_>, head: super::Head) -> Json {
        let of_config = map(&head.config, "meta");
        let meta = if of_config.is_empty() { self.meta } else { of_config };
        let group = head.group();
        let own = json!({
            "description": self.description,
            "label": self.label,
            "type": self.kind,
            "type_params": self.type_params,
            "filter": self.filter,
            "metadata": null,
            "time_granularity": self.time_granularity,
            "meta": meta,
            "tags": self.tags,
            "config": head.config,
            "unrendered_config": head.unrendered_config,
            "sources": [],
            "depends_on": {"macros": [], "nodes": []},
            "refs": [],
            "metrics": [],
            "created_at": reading.stage.now,
            "group": group,
        });
        super::joined(head.fields, own)
    }
}

fn params_of_measure(name: &str, expr: &str) -> Json {
    json!({
        "measure": inputs::plain_measure(name),
        "input_measures": [],
        "numerator": null,
        "denominator": null,
        "expr": expr,
        "window": null,
        "grain_to_date": null,
        "metrics": [],
        "conversion_type_params": null,
        "cumulative_type_params": null,
        "metric_aggregation_params": null,
    })
}

fn type_params(params: &Part<'_>, cumulative: bool) -> Result<Json> {
    let of_time = if cumulative { cumulative_params(params)? } else { Json::Null };
    Ok(json!({
        "measure": inputs::measure(params, "measure")?,
        // They are known once all metrics are read.
        "input_measures": [],
        "numerator": inputs::metric(params, "numerator")?,
        "denominator": inputs::metric(params, "denominator")?,
        "expr": params.expression("expr"),
        "window": inputs::window(params, "window")?,
        "grain_to_date": params.word("grain_to_date", inputs::GRANULARITIES)?,
        "metrics": inputs::metrics(params, "metrics")?,
        "conversion_type_params": conversion_params(params)?,
        "cumulative_type_params": of_time,
        "metric_aggregation_params": null,
    }))
}

/// `window` and `grain_to_date` may still stand one level higher, where they stood first.
fn cumulative_params(params: &Part<'_>) -> Result<Json> {
    let own = params.below("cumulative_type_params")?;
    if let Some(own) = &own {
        own.only(&["window", "grain_to_date", "period_agg"])?;
    }
    let own = own.as_ref().unwrap_or(params);
    let here = |key: &str| if own.at(key).is_some_and(|node| truthy(&node.to_json())) { own } else { params };
    let period = own.word("period_agg", AGGREGATED)?.unwrap_or("first");
    Ok(json!({
        "window": inputs::window(here("window"), "window")?,
        "grain_to_date": here("grain_to_date").text("grain_to_date")?,
        "period_agg": period,
        "metric": null,
    }))
}

fn conversion_params(params: &Part<'_>) -> Result<Json> {
    let Some(part) = params.below("conversion_type_params")? else { return Ok(Json::Null) };
    part.only(CONVERSION)?;
    part.needed("base_measure")?;
    part.needed("conversion_measure")?;
    Ok(json!({
        "base_measure": inputs::measure(&part, "base_measure")?,
        "conversion_measure": inputs::measure(&part, "conversion_measure")?,
        "entity": part.required("entity")?,
        "calculation": part.word("calculation", CALCULATIONS)?.unwrap_or("conversion_rate"),
        "window": inputs::window(&part, "window")?,
        "constant_properties": constants(&part)?,
    }))
}

/// The properties that both events of a conversion share; null where none are named.
///
/// # Errors
/// One of them lacks a side.
pub(super) fn constants(part: &Part<'_>) -> Result<Json> {
    if part.at("constant_properties").is_none() {
        return Ok(Json::Null);
    }
    part.list("constant_properties", |node| {
        let part = part.part(node, "constant_properties")?;
        Ok(json!({
            "base_property": part.required("base_property")?,
            "conversion_property": part.required("conversion_property")?,
        }))
    })
}
