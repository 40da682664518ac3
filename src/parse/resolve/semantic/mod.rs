//! The semantic layer: which model a semantic model reads, which metrics a saved query asks for.

mod filters;
mod metrics;
mod rules;

pub(super) use rules::check;

use super::names::{Asker, Links, Resolver};
use super::places::{Place, Places};
use crate::manifest::{Manifest, RefArgs, RefIndex, ResourceType, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::json::texts;
use crate::parse::properties::Spot;
use crate::parse::stage::Stage;
use serde_json::{Value as Json, json};

/// Puts the entries into the manifest.
pub(super) fn add(
    manifest: &mut Manifest,
    places: &mut Places,
    entries: Vec<(Json, Spot)>,
    findings: &mut Findings,
) {
    for (entry, spot) in entries {
        let Some(id) = entry.get("unique_id").and_then(Json::as_str).map(UniqueId::from) else { continue };
        if entry.pointer("/config/enabled") == Some(&Json::Bool(false)) {
            super::disable(manifest, &id, entry);
            continue;
        }
        let (group, kinds) = match id.resource_type() {
            Some(ResourceType::SemanticModel) => (&mut manifest.semantic_models, "semantic_models"),
            Some(ResourceType::Metric) => (&mut manifest.metrics, "metrics"),
            _ => (&mut manifest.saved_queries, "saved_queries"),
        };
        if group.contains_key(&id) {
            findings.error(super::unique::named_twice(&spot, kinds, text(&entry, "name")));
        }
        group.insert(id.clone(), entry);
        places.add(id, Place::Entry(spot));
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
    let metrics = {
        let manifest = &*manifest;
        let resolver = Resolver { stage, manifest, index, places, near: Default::default() };
        for (id, entry) in manifest.semantic_models.iter().chain(&manifest.saved_queries) {
            linked.push((id.clone(), named(&resolver, id, entry, findings)));
        }
        metrics::inputs(stage, manifest, places, findings)
    };
    for (id, inputs) in metrics {
        if let Some(metric) = manifest.metrics.get_mut(&id) {
            metric["type_params"]["input_measures"] = Json::Array(inputs.measures);
        }
        linked.push((id, inputs.nodes));
    }
    for (id, nodes) in linked {
        let relation = nodes.first().and_then(|id| manifest.node(id)).map(|node| {
            json!({
                "alias": node.alias,
                "schema_name": node.schema,
                "database": node.database,
                "relation_name": node.relation_name,
            })
        });
        if let Some((model, relation)) = manifest.semantic_models.get_mut(&id).zip(relation) {
            model["node_relation"] = relation;
        }
        let groups = [&mut manifest.semantic_models, &mut manifest.metrics, &mut manifest.saved_queries];
        for entry in groups.into_iter().filter_map(|group| group.get_mut(&id)) {
            entry["depends_on"] = json!({"macros": [], "nodes": nodes});
        }
    }
}

/// What a semantic model or a saved query names.
fn named(resolver: &Resolver<'_>, id: &UniqueId, entry: &Json, findings: &mut Findings) -> Vec<UniqueId> {
    let asker = Asker {
        id,
        kind: id.resource_type().unwrap_or(ResourceType::SemanticModel),
        package: text(entry, "package_name"),
        path: text(entry, "original_file_path"),
        group: entry.pointer("/config/group").and_then(Json::as_str),
    };
    let refs: Vec<RefArgs> =
        entry.get("refs").and_then(|refs| serde_json::from_value(refs.clone()).ok()).unwrap_or_default();
    let mut links = Links::default();
    for call in &refs {
        resolver.reference(&asker, call, (&mut links, findings));
    }
    for name in texts(entry.pointer("/query_params/metrics")) {
        resolver.metric(&asker, &[name], (&mut links, findings));
    }
    links.nodes
}

fn text<'e>(entry: &'e Json, key: &str) -> &'e str {
    entry.get(key).and_then(Json::as_str).unwrap_or_default()
}
