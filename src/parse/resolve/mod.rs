//! The last stage: everything into the manifest, and every name to the id that it means.

mod access;
mod checks;
mod deprecated;
mod microbatch;
mod missing;
mod names;
mod places;
mod primary_keys;
mod semantic;
mod unique;
mod unit_tests;

use super::documents::{Described, SourceDraft};
use super::findings::Findings;
use super::generic::GenericTest;
use super::nodes::{Nodes, Origin};
use super::stage::Stage;
use crate::error::Result;
use crate::manifest::{Manifest, Node, RefIndex, ResourceType, UniqueId};
use places::{Place, Places};
use rayon::prelude::*;
use serde_json::Value as Json;
use std::collections::HashSet;
use std::sync::Arc;

/// What the stages before made.
pub(super) struct Parsed {
    /// Nodes with files.
    pub nodes: Nodes,
    /// Sources.
    pub sources: Vec<SourceDraft>,
    /// Generic tests.
    pub tests: Vec<GenericTest>,
    /// Exposures, groups, unit tests, the semantic layer.
    pub described: Described,
}

/// Fills the manifest and resolves every name.
///
/// # Errors
/// Names that mean nothing, names used twice, nodes that may not be read: all at once.
pub(super) fn resolve(
    stage: &Stage<'_>,
    parsed: Parsed,
    manifest: &mut Manifest,
    findings: &mut Findings,
) -> Result<()> {
    let mut places = Places::default();
    let Parsed { nodes, sources, tests, described } = parsed;
    for parsed in nodes.all {
        if let Some(error) = parsed.unknown {
            manifest.unknown.insert(parsed.node.unique_id.clone(), error);
        }
        let place = Place::Template(parsed.origin);
        add_node(manifest, &mut places, (Arc::new(parsed.node), place), findings);
    }
    for draft in sources {
        add_source(manifest, draft, findings);
    }
    for test in tests {
        if let Some(error) = test.unknown {
            // The template is made of the property file's entry, which is what the user can mend.
            let error = test.spot.mark(error.located(test.spot.location()));
            manifest.unknown.insert(test.node.unique_id.clone(), error);
        }
        add_node(manifest, &mut places, (test.node, Place::Entry(test.spot)), findings);
    }
    let Described { exposures, groups, unit_tests, semantic } = described;
    for (group, spot) in groups {
        if manifest.groups.contains_key(&group.unique_id) {
            findings.error(unique::named_twice(&spot, "groups", &group.name));
        }
        manifest.groups.insert(group.unique_id.clone(), Arc::new(group));
    }
    for (exposure, spot) in exposures {
        if !exposure.config.enabled() {
            disable(manifest, &exposure.unique_id, serde_json::to_value(&exposure).unwrap_or_default());
            continue;
        }
        if manifest.exposures.contains_key(&exposure.unique_id) {
            findings.error(unique::named_twice(&spot, "exposures", &exposure.name));
        }
        places.add(exposure.unique_id.clone(), Place::Entry(spot));
        manifest.exposures.insert(exposure.unique_id.clone(), Arc::new(exposure));
    }
    semantic::add(manifest, &mut places, semantic, findings);
    let strict = stage.session.flags.behaviour("require_unique_project_resource_names");
    unique::relations(manifest, strict, &places, findings);
    findings.check()?;
    let index = RefIndex::new(manifest);
    link(stage, manifest, (&index, &places), findings);
    unit_tests::resolve(stage, manifest, (&index, unit_tests), findings);
    semantic::link(stage, manifest, (&index, &places), findings);
    semantic::check(stage, manifest, &places, findings);
    primary_keys::infer(manifest);
    checks::check(stage, manifest, &places, findings);
    microbatch::check(stage, manifest, &places, findings);
    deprecated::warn(stage, manifest, &places, findings);
    findings.check()
}

fn add_node(
    manifest: &mut Manifest,
    places: &mut Places,
    (node, place): (Arc<Node>, Place),
    findings: &mut Findings,
) {
    let id = node.unique_id.clone();
    if !node.config.enabled() {
        let key = (node.package_name.clone(), node.name.clone());
        if matches!(
            node.resource_type,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot | ResourceType::Function
        ) {
            manifest.disabled_names.insert(key, id.clone());
        }
        disable(manifest, &id, node.to_json());
        return;
    }
    let group = if node.resource_type == ResourceType::Function {
        &mut manifest.functions
    } else {
        &mut manifest.nodes
    };
    match group.get(&id) {
        Some(first) => findings.error(place.mark(unique::twice(first, &node))),
        None => {
            places.add(id.clone(), place);
            group.insert(id, node);
        }
    }
}

fn add_source(manifest: &mut Manifest, draft: SourceDraft, findings: &mut Findings) {
    let source = draft.source;
    let id = source.unique_id.clone();
    if !source.config.enabled() {
        let name = format!("{}.{}", source.source_name, source.name);
        manifest.disabled_names.insert((source.package_name.clone(), name), id.clone());
        disable(manifest, &id, serde_json::to_value(&source).unwrap_or_default());
    } else if let Some(first) = manifest.sources.get(&id) {
        findings.error(draft.table.spot.mark(unique::source_twice(first, &source)));
    } else {
        manifest.sources.insert(id, Arc::new(source));
    }
}

fn disable(manifest: &mut Manifest, id: &UniqueId, json: Json) {
    manifest.disabled.entry(id.clone()).or_default().push(json);
}

/// What one node of a whole manifest depends on; `None` where there is anything to tell of it.
pub(super) fn relink(
    stage: &Stage<'_>,
    (manifest, index): (&Manifest, &RefIndex),
    node: &Node,
    origin: Origin,
) -> Option<Vec<UniqueId>> {
    let mut places = Places::default();
    places.add(node.unique_id.clone(), Place::Template(origin));
    let resolver = names::Resolver { stage, manifest, index, places: &places, near: Default::default() };
    let mut findings = Findings::default();
    let links = resolver.node(node, &mut findings);
    (findings.is_empty() && !links.unmet).then_some(links.nodes)
}

/// Finds what every node and exposure depends on.
fn link(
    stage: &Stage<'_>,
    manifest: &mut Manifest,
    (index, places): (&RefIndex, &Places),
    findings: &mut Findings,
) {
    let resolver = names::Resolver { stage, manifest, index, places, near: Default::default() };
    let nodes: Vec<&Arc<Node>> = manifest.nodes.values().chain(manifest.functions.values()).collect();
    let linked: Vec<(UniqueId, names::Links, Findings)> = nodes
        .into_par_iter()
        .map(|node| {
            let mut findings = Findings::default();
            let links = resolver.node(node, &mut findings);
            (node.unique_id.clone(), links, findings)
        })
        .collect();
    let exposures: Vec<_> = manifest.exposures.values().cloned().collect();
    let exposed: Vec<(UniqueId, names::Links)> =
        exposures.iter().map(|one| (one.unique_id.clone(), resolver.exposure(one, findings))).collect();
    let mut unmet: HashSet<UniqueId> = HashSet::new();
    for (id, links, found) in linked {
        findings.extend(found);
        unmet.extend(links.unmet.then(|| id.clone()));
        let node = manifest.nodes.get_mut(&id).or_else(|| manifest.functions.get_mut(&id)).map(Arc::make_mut);
        if let Some(node) = node {
            node.depends_on.nodes = links.nodes;
        }
    }
    switch_off(manifest, &unmet);
    for (id, links) in exposed {
        if let Some(exposure) = manifest.exposures.get_mut(&id).map(Arc::make_mut) {
            exposure.depends_on.nodes = links.nodes;
        }
    }
}

/// Tests of what is not there are switched off.
fn switch_off(manifest: &mut Manifest, unmet: &HashSet<UniqueId>) {
    if unmet.is_empty() {
        return;
    }
    let (off, on) = std::mem::take(&mut manifest.nodes).into_iter().partition(|(id, _)| unmet.contains(id));
    manifest.nodes = on;
    let off: indexmap::IndexMap<UniqueId, Arc<Node>> = off;
    for (id, mut node) in off {
        Arc::make_mut(&mut node).config.insert("enabled", false);
        disable(manifest, &id, node.to_json());
    }
}
