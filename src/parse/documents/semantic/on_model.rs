//! The semantic layer as a model's own properties say it (spec 2, of dbt 1.12): its columns are entities and
//! dimensions, and its metrics need no measures.

use super::inputs::GRANULARITIES;
use super::metric_keys::{self, Owner};
use super::model::{DIMENSIONS, ENTITIES};
use super::reader::{Part, Reading};
use crate::error::{Error, Result};
use crate::manifest::{Map, ResourceType};
use crate::parse::json::map;
use crate::parse::properties::Spot;
use crate::project::yaml::Yaml;
use serde_json::{Value as Json, json};

const DIMENSION: &[&str] =
    &["name", "type", "description", "label", "is_partition", "config", "validity_params"];
const DERIVED_DIMENSION: &[&str] = &[
    "name",
    "type",
    "description",
    "label",
    "is_partition",
    "config",
    "validity_params",
    "expr",
    "granularity",
];
const ENTITY: &[&str] = &["name", "type", "description", "label", "config"];
const DERIVED_ENTITY: &[&str] = &["name", "type", "description", "label", "config", "expr"];

/// The semantic model of a model, and its metrics.
///
/// # Errors
/// All that is absent or of a wrong kind.
pub(super) fn on_model(reading: &Reading<'_>) -> Result<Vec<(Json, Spot)>> {
    let part = reading.whole();
    let said = said(&part)?;
    let name = said.text("name")?;
    let name = name.as_str().unwrap_or(&reading.entry.name);
    let head = super::head(reading, (ResourceType::SemanticModel, name), &config(&said)?)?;
    let model = semantic_model(reading, &part, head);
    let time = part.text("agg_time_dimension")?;
    let owner = Owner { semantic_model: name, agg_time_dimension: &time };
    let metrics = part.at("metrics").map(|list| part.file.yaml.expect_list(list, "metrics")).transpose()?;
    let metrics = metrics.unwrap_or_default().iter().map(|node| metric(reading, &part, (node, &owner)));
    let mut faults = Vec::new();
    let all = std::iter::once(model.map(|model| (model, reading.entry.spot()))).chain(metrics);
    let all: Vec<(Json, Spot)> = all.filter_map(|one| one.map_err(|fault| faults.push(fault)).ok()).collect();
    Error::all(faults).map_or(Ok(all), Err)
}

/// What `semantic_model` says, where it is a mapping.
fn said<'a>(part: &Part<'a>) -> Result<Part<'a>> {
    let node = part.needed("semantic_model")?;
    let what = "semantic_model";
    if node.as_bool().is_some() {
        return Ok(Part { file: part.file, node, what });
    }
    let said = part.part(node, what)?;
    said.only(&["name", "enabled", "group", "config"])?;
    Ok(said)
}

fn config(said: &Part<'_>) -> Result<Map> {
    let mut config = Map::new();
    if let Some(own) = said.below("config")? {
        own.only(&["meta"])?;
        config.extend(own.node.to_json().as_object().cloned().unwrap_or_default());
        config.insert("enabled".into(), true.into());
    }
    if let Json::String(group) = said.text("group")? {
        config.insert("group".into(), group.into());
    }
    Ok(config)
}

fn metric(reading: &Reading<'_>, of: &Part<'_>, (node, owner): (&Yaml, &Owner<'_>)) -> Result<(Json, Spot)> {
    let part = Part { file: of.file, node, what: "metric" };
    of.file.yaml.expect_map(node, "metric")?;
    let at = part.needed("name")?;
    let name = of.file.yaml.expect_str(at, "name")?;
    let config = part.below("config")?.map(|config| config.node.to_json());
    let config = config.and_then(|config| config.as_object().cloned()).unwrap_or_default();
    let head = super::head(reading, (ResourceType::Metric, name), &config)?;
    Ok((metric_keys::metric(reading, (&part, Some(owner)), head)?, Spot::of(&of.file.yaml, at)))
}

fn semantic_model(reading: &Reading<'_>, part: &Part<'_>, head: super::Head) -> Result<Json> {
    let elements = Elements { reading, meta: map(&head.config, "meta") };
    let derived = part.below("derived_semantics")?;
    if let Some(derived) = &derived {
        derived.only(&["entities", "dimensions"])?;
    }
    let columns = part.list("columns", |node| elements.column(&part.part(node, "column")?))?;
    let written = (&columns, derived.as_ref());
    let group = head.group();
    let own = json!({
        "model": format!("ref('{}')", reading.entry.name),
        // It is known once the model is found.
        "node_relation": null,
        "description": described(reading.description(part)?),
        "label": null,
        "defaults": {"agg_time_dimension": part.text("agg_time_dimension")?},
        "entities": elements.all(written, ["entity", "entities"], Elements::derived_entity)?,
        "measures": [],
        "dimensions": elements.all(written, ["dimension", "dimensions"], Elements::derived_dimension)?,
        "metadata": null,
        "depends_on": {"macros": [], "nodes": []},
        "refs": [{"name": reading.entry.name, "package": null, "version": null}],
        "created_at": reading.stage.now,
        "config": head.config,
        "unrendered_config": head.unrendered_config,
        "primary_entity": part.text("primary_entity")?,
        "group": group,
    });
    Ok(super::joined(head.fields, own))
}

/// Where nothing is said the model's description is empty.
fn described(description: Json) -> Json {
    if description.is_null() { json!("") } else { description }
}

/// Reads entities and dimensions.
struct Elements<'a> {
    reading: &'a Reading<'a>,
    /// Of the semantic model; elements have it too.
    meta: Map,
}

impl Elements<'_> {
    /// Those of the columns, then the derived ones.
    fn all(
        &self,
        (columns, derived): (&Json, Option<&Part<'_>>),
        [of_column, key]: [&str; 2],
        read: fn(&Self, &Part<'_>) -> Result<Json>,
    ) -> Result<Json> {
        let own = columns.as_array().into_iter().flatten().map(|column| &column[of_column]);
        let mut all: Vec<Json> = own.filter(|one| !one.is_null()).cloned().collect();
        let read = |of: &Part<'_>| of.list(key, |node| read(self, &of.part(node, "derived_semantics")?));
        let written = derived.map(read).transpose()?;
        all.extend(written.as_ref().and_then(Json::as_array).cloned().unwrap_or_default());
        Ok(Json::Array(all))
    }

    /// The dimension and the entity of a column, each null where it is none.
    fn column(&self, part: &Part<'_>) -> Result<Json> {
        let own = part.below("config")?.map(|config| config.node.to_json()).unwrap_or_default();
        let mut meta = part.node.get("meta").map(Yaml::to_json).and_then(|it| it.as_object().cloned());
        let of_config = own.get("meta").and_then(Json::as_object).cloned();
        meta.get_or_insert_default().extend(of_config.unwrap_or_default());
        let column = Column {
            name: part.required("name")?,
            description: described(self.reading.description(part)?),
            meta: meta.unwrap_or_default(),
        };
        Ok(json!({
            "dimension": self.dimension(part, &column)?,
            "entity": self.entity(part, &column)?,
        }))
    }

    fn dimension(&self, of: &Part<'_>, column: &Column) -> Result<Json> {
        let Some(node) = of.at("dimension") else { return Ok(Json::Null) };
        let written = if node.as_str().is_some() { None } else { Some(of.part(node, "dimension")?) };
        if let Some(part) = &written {
            part.only(DIMENSION)?;
        }
        let part = written.as_ref();
        let kind = match part {
            Some(part) => part.required_word("type", DIMENSIONS)?,
            None => of.required_word("dimension", DIMENSIONS)?,
        };
        let text = |key: &str| part.map_or(Ok(Json::Null), |part| part.text(key));
        let name = or(text("name")?, &column.name);
        let description = part.map_or(Ok(Json::Null), |part| self.reading.description(part))?;
        let granularity = of.word("granularity", GRANULARITIES)?;
        Ok(json!({
            "expr": column.expr(&name),
            "name": name,
            "type": kind,
            "description": or(description, &column.description),
            "label": text("label")?,
            "is_partition": part.map_or(Ok(false), |part| part.flag("is_partition"))?,
            "type_params": time(granularity, part)?,
            "metadata": null,
            "config": {"meta": self.meta([&column.meta, &part.map_or(Ok(Map::new()), Part::meta)?])},
        }))
    }

    fn entity(&self, of: &Part<'_>, column: &Column) -> Result<Json> {
        let Some(node) = of.at("entity") else { return Ok(Json::Null) };
        if node.as_str().is_some() {
            return Ok(json!({
                "name": column.name, "type": of.required_word("entity", ENTITIES)?,
                "description": column.description, "label": null, "role": null, "expr": null,
                "config": {"meta": self.meta([&column.meta])},
            }));
        }
        let part = of.part(node, "entity")?;
        part.only(ENTITY)?;
        let name = or(part.text("name")?, &column.name);
        let own = part.meta()?;
        Ok(json!({
            "expr": column.expr(&name),
            "name": name,
            "type": part.required_word("type", ENTITIES)?,
            "description": or(self.reading.description(&part)?, &column.description),
            "label": part.text("label")?,
            "role": null,
            "config": {"meta": self.meta([if own.is_empty() { &column.meta } else { &own }])},
        }))
    }

    fn derived_dimension(&self, part: &Part<'_>) -> Result<Json> {
        part.only(DERIVED_DIMENSION)?;
        let granularity = part.word("granularity", GRANULARITIES)?;
        let config = || Ok(json!({"meta": self.meta([&part.meta()?])}));
        let params = || time(granularity, Some(part));
        self.reading.dimension(part, || Ok((params()?, part.required("expr")?, config()?)))
    }

    fn derived_entity(&self, part: &Part<'_>) -> Result<Json> {
        part.only(DERIVED_ENTITY)?;
        let config = || Ok(json!({"meta": self.meta([&part.meta()?])}));
        self.reading.entity(part, || Ok((Json::Null, part.required("expr")?, config()?)))
    }

    fn meta<const N: usize>(&self, over: [&Map; N]) -> Map {
        let mut meta = self.meta.clone();
        over.into_iter().for_each(|own| meta.extend(own.clone()));
        meta
    }
}

/// What an element takes from its column.
struct Column {
    name: Json,
    description: Json,
    meta: Map,
}

impl Column {
    /// The column as an expression, where the element has another name.
    fn expr(&self, name: &Json) -> Json {
        if *name == self.name { Json::Null } else { self.name.clone() }
    }
}

fn or(value: Json, other: &Json) -> Json {
    if value.is_null() || value == "" { other.clone() } else { value }
}

/// The parameters of a dimension that is a time.
fn time(granularity: Option<&str>, part: Option<&Part<'_>>) -> Result<Json> {
    let Some(granularity) = granularity else { return Ok(Json::Null) };
    let validity = part.map_or(Ok(Json::Null), super::model::validity)?;
    Ok(json!({"time_granularity": granularity, "validity_params": validity}))
}
