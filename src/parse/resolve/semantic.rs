//! The semantic layer: which model a semantic model reads, which metrics a metric is made of.

use super::names::{Asker, Links, Resolver};
use super::places::Places;
use crate::manifest::{Manifest, RefArgs, RefIndex, ResourceType, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::json::texts;
use crate::parse::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Puts the entries into the manifest.
pub(super) fn add(manifest: &mut Manifest, entries: Vec<Json>) {
    for entry in entries {
        let Some(id) = entry.get("unique_id").and_then(Json::as_str).map(UniqueId::from) else { continue };
        if entry.pointer("/config/enabled") == Some(&Json::Bool(false)) {
            super::disable(manifest, &id, entry);
            continue;
        }
        match id.resource_type() {
            Some(ResourceType::SemanticModel) => manifest.semantic_models.insert(id, entry),
            Some(ResourceType::Metric) => manifest.metrics.insert(id, entry),
            _ => manifest.saved_queries.insert(id, entry),
        };
    }
}

/// Finds what they depend on.
pub(super) fn link(
    stage: &Stage<'_>,
    manifest: &mut Manifest,
    (index, places): (&RefIndex, &Places),
    findings: &mut Findings,
) {
    let mut linked: Vec<(UniqueId, Vec<UniqueId>)> = Vec::new();
    {
        let manifest = &*manifest;
        let resolver = Resolver { stage, manifest, index, places, near: Default::default() };
        for (id, model) in &manifest.semantic_models {
            linked.push((id.clone(), model_of(&resolver, id, model, findings)));
        }
        let measures = measures(manifest);
        for (id, entry) in manifest.metrics.iter().chain(&manifest.saved_queries) {
            linked.push((id.clone(), parts(manifest, &measures, (id, entry))));
        }
    }
    let Manifest { semantic_models, metrics, saved_queries, .. } = manifest;
    for (id, nodes) in linked {
        let groups = [&mut *semantic_models, &mut *metrics, &mut *saved_queries];
        for entry in groups.into_iter().filter_map(|group| group.get_mut(&id)) {
            entry["depends_on"] = json!({"macros": [], "nodes": nodes});
            entry.as_object_mut().map(|fields| fields.shift_remove("karat_metrics"));
        }
    }
}

fn model_of(resolver: &Resolver<'_>, id: &UniqueId, model: &Json, findings: &mut Findings) -> Vec<UniqueId> {
    let text = |key: &str| model.get(key).and_then(Json::as_str).unwrap_or_default();
    let asker = Asker {
        id,
        kind: ResourceType::SemanticModel,
        package: text("package_name"),
        path: text("original_file_path"),
        group: model.pointer("/config/group").and_then(Json::as_str),
    };
    let refs: Vec<RefArgs> =
        model.get("refs").and_then(|r| serde_json::from_value(r.clone()).ok()).unwrap_or_default();
    let mut links = Links::default();
    for call in &refs {
        resolver.reference(&asker, call, (&mut links, findings));
    }
    links.nodes
}

/// Semantic models by their measures.
fn measures(manifest: &Manifest) -> HashMap<String, UniqueId> {
    let of_model = |(id, model): (&UniqueId, &Json)| {
        let list = model.get("measures").and_then(Json::as_array).cloned().unwrap_or_default();
        let names = list.into_iter().filter_map(|m| m.get("name")?.as_str().map(str::to_string));
        names.map(|name| (name, id.clone())).collect::<Vec<_>>()
    };
    manifest.semantic_models.iter().flat_map(of_model).collect()
}

/// The semantic models or metrics that an entry names.
fn parts(
    manifest: &Manifest,
    measures: &HashMap<String, UniqueId>,
    (own, entry): (&UniqueId, &Json),
) -> Vec<UniqueId> {
    let package = entry.get("package_name").and_then(Json::as_str).unwrap_or_default();
    let mut found = Vec::new();
    for name in texts(entry.get("karat_metrics")) {
        let metric = UniqueId::new(ResourceType::Metric, package, &name);
        // A metric may be named after the measure that it counts.
        let id = if metric != *own && manifest.metrics.contains_key(&metric) {
            Some(metric)
        } else {
            measures.get(&name).cloned()
        };
        found.extend(id.filter(|id| !found.contains(id)));
    }
    found
}
