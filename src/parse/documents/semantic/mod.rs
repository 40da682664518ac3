//! The semantic layer: metrics, semantic models and saved queries, in the shape of dbt's manifest.
//!
//! karat answers no query of it. It reads what is written, says what is wrong with it, and shows it to
//! templates (`graph.metrics`) and to those who read the manifest.

mod inputs;
mod metric;
mod metric_keys;
mod model;
mod on_model;
mod reader;
mod saved_query;

use super::Docs;
use crate::error::{Error, Result};
use crate::manifest::{Map, ResourceType, UniqueId};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::findings::Findings;
use crate::parse::json::map;
use crate::parse::properties::{Entry, Key, Properties, Spot};
use crate::parse::stage::Stage;
pub(in crate::parse) use inputs::GRANULARITIES;
use reader::Reading;
use serde_json::{Value as Json, json};

/// Every metric, semantic model and saved query, disabled ones too.
pub(super) fn semantic(
    stage: &Stage<'_>,
    properties: &Properties,
    docs: &Docs,
    findings: &mut Findings,
) -> Vec<(Json, Spot)> {
    let keys = [Key::Models, Key::SemanticModels, Key::Metrics, Key::SavedQueries];
    let read = |entry: &Entry| findings.keep(read(stage, docs, entry)).unwrap_or_default();
    properties.of_any(&keys).flat_map(read).collect()
}

/// What one entry makes: a model and a semantic model may make metrics as well.
fn read(stage: &Stage<'_>, docs: &Docs, entry: &Entry) -> Result<Vec<(Json, Spot)>> {
    let kind = entry.key.kind();
    let id = UniqueId::new(kind, &entry.file.package, &entry.name);
    let reading = Reading { stage, docs, entry, id };
    let own = |one: Json| vec![(one, entry.spot())];
    if kind == ResourceType::Model {
        return on_model::on_model(&reading);
    }
    let head = head(&reading, (kind, &entry.name), &entry.map("config")?)?;
    match kind {
        ResourceType::Metric if entry.node.get("type_params").is_some() => {
            Ok(own(metric::metric(&reading, head)?))
        }
        ResourceType::Metric => Ok(own(metric_keys::metric(&reading, (&reading.whole(), None), head)?)),
        ResourceType::SavedQuery => Ok(own(saved_query::saved_query(&reading, head)?)),
        _ => {
            let config = head.config.clone();
            let model = model::semantic_model(&reading, head)?;
            let counted = model::counted(&reading, &model).into_iter();
            let metrics: Result<Vec<Json>> = counted.map(|one| made(&reading, &config, one)).collect();
            Ok(std::iter::once(model).chain(metrics?).map(|one| (one, entry.spot())).collect())
        }
    }
}

/// The metric of a measure, switched on and described as its semantic model is.
fn made(reading: &Reading<'_>, config: &Map, measure: &Json) -> Result<Json> {
    let name = measure["name"].as_str().unwrap_or_default();
    let enabled = config.get("enabled").cloned().unwrap_or(Json::Bool(true));
    let said = Map::from_iter([
        ("enabled".to_string(), enabled),
        ("meta".to_string(), Json::Object(map(config, "meta"))),
    ]);
    let head = head(reading, (ResourceType::Metric, name), &said)?;
    Ok(metric::of_measure(reading, measure, head))
}

/// What all three kinds have.
struct Head {
    /// Names and paths.
    fields: Json,
    /// The merged config.
    config: Map,
    /// The config as written.
    unrendered_config: Map,
}

impl Head {
    /// The group that the config names; null where it names none.
    fn group(&self) -> Json {
        self.config.get("group").cloned().unwrap_or(Json::Null)
    }
}

fn head(reading: &Reading<'_>, (kind, name): (ResourceType, &str), said: &Map) -> Result<Head> {
    let (stage, entry) = (reading.stage, reading.entry);
    let mut fqn = entry.file.fqn();
    fqn.push(name.to_string());
    let own = Own { patch: Some(said), ..Own::default() };
    let whose = Whose { kind, package: &entry.file.package, fqn: &fqn };
    let config = stage.configs.merged(whose, own).map_err(|error| entry.spot().mark(error))?;
    if let Some(error) = Error::all(check(kind, &config)) {
        return Err(entry.spot().mark(error));
    }
    let unrendered_config = stage.configs.unrendered(whose, own);
    let fields = json!({
        "name": name,
        "resource_type": kind.as_str(),
        "package_name": &*entry.file.package,
        "path": entry.file.path,
        "original_file_path": entry.file.original_file_path,
        "unique_id": UniqueId::new(kind, &entry.file.package, name).as_str(),
        "fqn": fqn,
    });
    Ok(Head { fields, config, unrendered_config })
}

/// One object with the fields of both.
fn joined(fields: Json, own: Json) -> Json {
    match (fields, own) {
        (Json::Object(mut fields), Json::Object(own)) => {
            fields.extend(own);
            Json::Object(fields)
        }
        (_, own) => own,
    }
}
