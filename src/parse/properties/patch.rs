//! What a property file says of a node: description, columns, config, tests.

use super::columns::{Reader, constraints};
use super::entry::{Entry, Key, PropertyFile, Spot};
use super::tests_of::{Asked, asked_of};
use super::versions::{self, VersionItem};
use crate::error::{Error, Result};
use crate::manifest::{ColumnInfo, Constraint, Map, UniqueId, version_text};
use crate::parse::documents::Docs;
use crate::parse::findings::Findings;
use crate::parse::json::{deep_merge, map, text};
use crate::parse::stage::Stage;
use crate::project::yaml::Yaml;
use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, TimeZone};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// What a property file says of one node. A model with versions has one for each.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Patch {
    /// Which list it stands in.
    pub key: Key,
    /// The file.
    pub file: Arc<PropertyFile>,
    /// Its name there.
    pub name: String,
    /// Where its name stands.
    pub spot: Spot,
    /// The version that it describes.
    pub version: Option<Version>,
    /// The rendered description.
    pub description: String,
    /// Docs blocks of the description.
    pub doc_blocks: Vec<String>,
    /// The columns.
    pub columns: Arc<IndexMap<String, ColumnInfo>>,
    /// The config, rendered.
    pub config: Map,
    /// The config as written.
    pub unrendered_config: Map,
    /// Constraints of the whole.
    pub constraints: Vec<Constraint>,
    /// When it is to go.
    pub deprecation_date: Option<String>,
    /// The time spine, with all its keys.
    pub time_spine: Option<Json>,
    /// What a YAML snapshot reads: `ref('x')`.
    pub relation: Option<String>,
    /// `arguments` and `returns` of a function.
    pub function: Map,
    /// The tests that it asks for.
    pub tests: Vec<Asked>,
}

/// Which version of a model.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::parse) struct Version {
    /// The version.
    pub v: Json,
    /// The latest version of the model.
    pub latest: Json,
    /// The name of its file, where it says so.
    pub defined_in: Option<String>,
}

impl Version {
    /// `v2`.
    pub fn formatted(&self) -> String {
        format!("v{}", version_text(&self.v))
    }
}

/// Do entries of a list describe nodes?
pub(super) fn is_patch(key: Key) -> bool {
    use Key::*;
    matches!(key, Models | Seeds | Snapshots | Analyses | Functions | DataTests)
}

/// The patches of an entry; none for entries that describe no node.
pub(super) fn patches(stage: &Stage<'_>, docs: &Docs, entry: &Entry, findings: &mut Findings) -> Vec<Patch> {
    if !is_patch(entry.key) {
        return Vec::new();
    }
    let outcome = Maker { stage, docs, entry }.all();
    findings.keep(outcome).unwrap_or_default()
}

struct Maker<'a> {
    stage: &'a Stage<'a>,
    docs: &'a Docs,
    entry: &'a Entry,
}

impl Maker<'_> {
    fn all(&self) -> Result<Vec<Patch>> {
        let versions = if self.entry.key == Key::Models { versions::versions(self.entry)? } else { None };
        let Some((items, latest)) = versions else { return self.plain().map(|patch| vec![patch]) };
        items.into_iter().map(|item| self.versioned(&item, &latest)).collect()
    }

    fn plain(&self) -> Result<Patch> {
        let entry = self.entry;
        let node = &entry.node;
        if let Some(columns) = node.get("columns").filter(|columns| !columns.is_null()) {
            entry.file.yaml.expect_list(columns, "columns")?;
        }
        let columns: Vec<&Yaml> = node.get("columns").map_or(&[][..], Yaml::items).iter().collect();
        let config = normalized(entry, node, entry.map("config")?)?;
        self.make(node, (columns, None), config)
    }

    fn versioned(&self, item: &VersionItem<'_>, latest: &Json) -> Result<Patch> {
        let entry = self.entry;
        let data = item.node.to_json().as_object().cloned().unwrap_or_default();
        let version =
            Version { v: item.v.clone(), latest: latest.clone(), defined_in: text(&data, "defined_in") };
        let base = normalized(entry, &entry.node, entry.map("config")?)?;
        let own = normalized(entry, item.node, map(&data, "config"))?;
        let columns = versions::columns(&entry.node, item.node);
        self.make(item.node, (columns, Some(version)), deep_merge(&base, &own))
    }

    /// `own` is the node itself or one of its versions; what a version does not say, the node does.
    fn make(
        &self,
        own: &Yaml,
        (columns, version): (Vec<&Yaml>, Option<Version>),
        config: Map,
    ) -> Result<Patch> {
        let (entry, yaml) = (self.entry, &self.entry.file.yaml);
        let either =
            |key: &str| own.get(key).or_else(|| entry.node.get(key)).filter(|value| !value.is_null());
        let said = |key: &str| either(key).map(|value| yaml.expect_str(value, key)).transpose();
        let owner = UniqueId::new(entry.key.kind(), &entry.file.package, &entry.name);
        let reader = Reader { stage: self.stage, docs: self.docs, file: &entry.file, owner: &owner };
        let described = said("description")?.unwrap_or_default();
        let described = self.docs.describe(self.stage, &entry.file, &owner, described)?;
        let has_own = ["data_tests", "tests"].iter().any(|key| own.get(key).is_some_and(|it| !it.is_null()));
        let tested = if has_own { own } else { &entry.node };
        let quote_columns = entry.node.get("quote_columns").and_then(Yaml::as_bool).unwrap_or(false);
        let date =
            either("deprecation_date").filter(|_| version.is_none() || own.get("deprecation_date").is_some());
        let constrained = if own.get("constraints").is_some() { own } else { &entry.node };
        Ok(Patch {
            key: entry.key,
            file: entry.file.clone(),
            name: entry.name.clone(),
            spot: entry.spot(),
            description: described.text,
            doc_blocks: described.blocks,
            tests: match entry.key {
                Key::Models | Key::Seeds | Key::Snapshots => {
                    asked_of(&entry.file, &columns, (tested, quote_columns))?
                }
                _ => Vec::new(),
            },
            columns: Arc::new(reader.columns(columns)?),
            unrendered_config: entry
                .raw
                .get("config")
                .map(Yaml::to_json)
                .and_then(|c| c.as_object().cloned())
                .unwrap_or_default(),
            config,
            constraints: constraints(&entry.file, constrained, (&format!("model {}", entry.name), true))?,
            deprecation_date: date.map(|date| self.date(date)).transpose()?,
            time_spine: entry.data.get("time_spine").filter(|spine| spine.is_object()).map(time_spine),
            relation: self.relation()?,
            function: if entry.key == Key::Functions { function(entry)? } else { Map::new() },
            version,
        })
    }

    /// What a snapshot reads: a call of `ref` or `source`.
    fn relation(&self) -> Result<Option<String>> {
        let entry = self.entry;
        let said = entry.optional_text("relation")?.filter(|_| entry.key == Key::Snapshots);
        let is_call = |said: &String| ["ref(", "source("].iter().any(|call| said.contains(call));
        let Some(wrong) = said.clone().filter(|said| !is_call(said)) else { return Ok(said) };
        let at = entry.node.get("relation").unwrap_or(&entry.node);
        let fault =
            entry.file.yaml.fault(at, format!("`relation` must call `ref` or `source`, not `{wrong}`"));
        Err(fault.help("write `relation: ref('model')`"))
    }

    fn date(&self, node: &Yaml) -> Result<String> {
        let text = node.as_str().unwrap_or_default();
        iso(text).ok_or_else(|| {
            let message = format!("`deprecation_date` must be a date, not {}", node.kind_name());
            self.entry.file.yaml.fault(node, message).help("write it as 2030-12-31")
        })
    }
}

/// A date as Python's `isoformat` of it, in local time where it names no zone.
fn iso(text: &str) -> Option<String> {
    if let Ok(zoned) = DateTime::parse_from_rfc3339(text) {
        return Some(zoned.to_rfc3339());
    }
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let naive = day().or_else(|| formats.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok()))?;
    Local.from_local_datetime(&naive).earliest().map(|local| local.to_rfc3339())
}

/// `meta`, `docs`, `group`, `contract` and `access` may stand beside `config` as well as in it, not both.
fn normalized(entry: &Entry, node: &Yaml, mut config: Map) -> Result<Map> {
    let mut faults = Vec::new();
    for key in ["meta", "docs", "group", "contract", "access"] {
        let Some((at, value)) = node.entry(key).filter(|(_, value)| !value.is_null()) else { continue };
        if config.contains_key(key) {
            let message = format!(
                "In {}: found {key} dictionary in 'config' dictionary and as top-level key. Remove the top-level key \
                 and define it under 'config' dictionary only.",
                entry.file.original_file_path
            );
            faults.push(entry.file.yaml.fault(at, message));
        } else {
            config.insert(key.to_string(), value.to_json());
        }
    }
    Error::all(faults).map_or(Ok(config), Err)
}

fn time_spine(written: &Json) -> Json {
    let granularities = written.get("custom_granularities").and_then(Json::as_array);
    let granularity = |one: &Json| json!({"name": one.get("name"), "column_name": one.get("column_name")});
    json!({
        "standard_granularity_column": written.get("standard_granularity_column"),
        "custom_granularities": granularities.into_iter().flatten().map(granularity).collect::<Vec<_>>(),
    })
}

fn function(entry: &Entry) -> Result<Map> {
    let field = |one: &Json, key: &str| one.get(key).cloned().unwrap_or(Json::Null);
    let argument = |one: &Json| {
        json!({
            "name": field(one, "name"), "data_type": field(one, "data_type"),
            "description": field(one, "description"), "default_value": field(one, "default_value"),
        })
    };
    let arguments = entry.data.get("arguments").and_then(Json::as_array).into_iter().flatten().map(argument);
    let arguments: Vec<Json> = arguments.collect();
    let Some(returns) = entry.data.get("returns").filter(|returns| returns.is_object()) else {
        return Err(entry
            .fault(format!("function `{}` does not say what it returns", entry.name))
            .help("write `returns: {data_type: ...}`"));
    };
    let returns =
        json!({"data_type": field(returns, "data_type"), "description": field(returns, "description")});
    Ok(Map::from_iter([("returns".to_string(), returns), ("arguments".to_string(), Json::Array(arguments))]))
}
