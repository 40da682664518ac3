//! `karat ls`: what is in the project.

use super::{Command, CommandSpec, PLAIN};
use crate::cli::selection::{Choice, chosen};
use crate::cli::session::{Opened, Opening};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::jinja::value::{from_json, write_json};
use crate::manifest::{ResourceType, UniqueId};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::List,
    name: "list",
    aliases: &["ls"],
    about: "List the nodes of the project",
    examples: "  karat ls --select tag:daily+
  karat ls --resource-type model --output path
  karat ls --quiet --output json --output-keys name config.materialized",
    flags: &[
        "select_only",
        "models",
        "exclude",
        "selector",
        "resource-types",
        "exclude-resource-types",
        "output_ls",
        "output-keys",
    ],
    ..PLAIN
};

/// The kinds that are listed unless `--resource-type` says otherwise.
const KINDS: [ResourceType; 11] = {
    use ResourceType::*;
    [Model, Snapshot, Seed, Test, Source, Exposure, Metric, SavedQuery, SemanticModel, UnitTest, Function]
};
/// With `--resource-type all`, analyses too.
const ALL: [ResourceType; 12] = {
    use ResourceType::*;
    [
        Model,
        Snapshot,
        Seed,
        Test,
        Source,
        Exposure,
        Metric,
        SavedQuery,
        SemanticModel,
        UnitTest,
        Function,
        Analysis,
    ]
};
/// The keys of `--output json` where none are named.
const KEYS: [&str; 10] = [
    "alias",
    "name",
    "package_name",
    "depends_on",
    "tags",
    "config",
    "resource_type",
    "source_name",
    "original_file_path",
    "unique_id",
];

/// Lists; the exit code is always 0, as dbt's.
///
/// # Errors
/// The project cannot be opened; the selection cannot be read.
pub fn run(opening: &Opening) -> Result<u8> {
    let opened = opening.open()?;
    let given = &opening.start.invocation.given;
    let graph = opened.graph(false)?;
    let named = !opened.session.flags.resource_types.is_empty();
    let models_only = given.source("models").is_some();
    let kinds: &[ResourceType] = match (models_only, named) {
        (true, _) => &[ResourceType::Model],
        (_, true) => &ALL,
        _ => &KINDS,
    };
    let chosen = chosen(&opened, &Choice { graph: &graph, kinds, without_empty: false });
    // Only now: the earlier manifest that was compared with may lie in its place.
    if !opened.parsed_before || !opened.session.target_path.join("manifest.json").exists() {
        opened.write_manifest(&HashMap::new(), &HashMap::new())?;
    }
    let mut ids = chosen?;
    ids.sort();
    if ids.is_empty() {
        let error = Error::runtime("No nodes selected!");
        opened.session.reporter.report(Event::Warning { name: "NoNodesSelected", error });
    }
    let keys = given.many("output-keys");
    for id in &ids {
        let text = line(&opened, id, given.text("output_ls").unwrap_or("selector"), &keys);
        opened.session.reporter.report(Event::Output { text });
    }
    Ok(0)
}

fn line(opened: &Opened, id: &UniqueId, output: &str, keys: &[String]) -> String {
    // A node's text needs no JSON of it all, which of a big project is a lot.
    if let Some(node) = opened.manifest.node(id) {
        match output {
            "path" => return node.original_file_path.clone(),
            "name" => return search_name(opened, id, &node.name),
            "json" => {}
            _ => return node.fqn.join("."),
        }
    }
    let json = as_json(opened, id);
    let text = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default().to_string();
    match output {
        "name" => search_name(opened, id, &text("name")),
        "path" => text("original_file_path"),
        "json" => python_json(&Json::Object(narrowed(&json, keys))),
        _ => selector(id, &json),
    }
}

/// One line, parted as Python's `json.dumps` does.
fn python_json(json: &Json) -> String {
    write_json(&from_json(json), false, None).unwrap_or_else(|_| json.to_string())
}

fn as_json(opened: &Opened, id: &UniqueId) -> Json {
    let manifest = &opened.manifest;
    if let Some(node) = manifest.node(id) {
        return node.to_json();
    }
    let typed = manifest.sources.get(id).map(|it| serde_json::to_value(it.as_ref()));
    let typed = typed.or_else(|| manifest.exposures.get(id).map(|it| serde_json::to_value(it.as_ref())));
    let typed = typed.or_else(|| manifest.unit_tests.get(id).map(|it| serde_json::to_value(it.as_ref())));
    if let Some(Ok(json)) = typed {
        return json;
    }
    let kept = [&manifest.metrics, &manifest.semantic_models, &manifest.saved_queries];
    kept.into_iter().find_map(|of| of.get(id)).cloned().unwrap_or_default()
}

/// The text that selects the node: its path in dots, with a method in front for what is no node.
fn selector(id: &UniqueId, json: &Json) -> String {
    let text = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default();
    let named = |method: &str| format!("{method}:{}.{}", text("package_name"), text("name"));
    match id.resource_type() {
        Some(ResourceType::Source) => {
            format!("source:{}.{}.{}", text("package_name"), text("source_name"), text("name"))
        }
        Some(
            kind @ (ResourceType::Exposure
            | ResourceType::Metric
            | ResourceType::SavedQuery
            | ResourceType::SemanticModel
            | ResourceType::UnitTest),
        ) => named(kind.as_str()),
        _ => {
            let fqn = json.get("fqn").and_then(Json::as_array).cloned().unwrap_or_default();
            fqn.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".")
        }
    }
}

/// dbt's search name: sources carry their source, versions their number.
fn search_name(opened: &Opened, id: &UniqueId, name: &str) -> String {
    if let Some(source) = opened.manifest.sources.get(id) {
        return format!("{}.{name}", source.source_name);
    }
    match opened.manifest.node(id).and_then(|node| node.version()) {
        Some(version) => format!("{name}.v{version}"),
        None => name.to_string(),
    }
}

/// The wanted keys; `config.materialized` reaches into objects.
fn narrowed(json: &Json, keys: &[String]) -> Map<String, Json> {
    if keys.is_empty() {
        let fields = json.as_object().into_iter().flatten();
        let known = fields.filter(|(key, _)| KEYS.contains(&key.as_str()));
        return known.map(|(key, value)| (key.clone(), value.clone())).collect();
    }
    let read = |key: &String| key.split('.').try_fold(json, |at, part| at.get(part)).cloned();
    keys.iter().filter_map(|key| Some((key.clone(), read(key)?))).collect()
}
