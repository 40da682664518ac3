//! Warnings about the whole: models that are to go, configs that meet nothing, packages that read the root.

use super::places::Places;
use crate::error::{Error, Location};
use crate::graph::select::compare_versions;
use crate::manifest::{Manifest, Node, NodeKind, ResourceType, version_text};
use crate::parse::findings::Findings;
use crate::parse::stage::Stage;
use crate::project::config_tree::TreeKind;
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// Warns.
pub(super) fn warn(stage: &Stage<'_>, manifest: &Manifest, places: &Places, findings: &mut Findings) {
    unused_configs(stage, manifest, findings);
    let deprecated = |node: &&std::sync::Arc<Node>| date(node).is_some();
    for node in manifest.nodes.values().filter(deprecated) {
        if is_past(node) {
            let version = node.version().map(|v| format!(".v{v}")).unwrap_or_default();
            let date = date(node).unwrap_or_default();
            let message = format!(
                "Model {}{version} has passed its deprecation date of {date}. This model should be disabled or removed.",
                node.name
            );
            let told = Error::compilation(message)
                .with_field("model_name", node.name.as_str())
                .with_field("model_version", node.version().unwrap_or_default())
                .with_field("deprecation_date", date);
            findings.warn("DeprecatedModel", places.mark(&node.unique_id, told));
        }
    }
    let readers = manifest.nodes.values().filter(|node| node.resource_type == ResourceType::Model);
    for reader in readers {
        for id in &reader.depends_on.nodes {
            let Some(read) = manifest.nodes.get(id) else { continue };
            reads((stage, manifest), (reader, read), places, findings);
        }
    }
}

/// A `ref` without a version, of a model that has a newer one than its latest.
fn unpinned(manifest: &Manifest, reader: &Node, read: &Node) -> Option<Error> {
    let NodeKind::Model { latest_version: Some(latest), .. } = &read.kind else { return None };
    reader.refs.iter().find(|one| one.name == read.name && one.version.is_none())?;
    let version_of = |node: &Node| match &node.kind {
        NodeKind::Model { version, .. } => version.clone(),
        _ => None,
    };
    let same =
        |node: &&std::sync::Arc<Node>| node.name == read.name && node.package_name == read.package_name;
    let versions = manifest.nodes.values().filter(same).filter_map(|node| version_of(node));
    let newest =
        versions.max_by(compare_versions).filter(|newest| compare_versions(newest, latest).is_gt())?;
    let (name, package, newest) = (&read.name, &read.package_name, version_text(&newest));
    let message = format!(
        "While compiling '{}':\nFound an unpinned reference to versioned model '{name}' in project '{package}'.\n\
         Resolving to latest version: {name}.v{latest}\nA prerelease version {newest} is available: \
         {{{{ ref('{package}', '{name}', v='{newest}') }}}}",
        reader.name,
        latest = version_text(latest),
    );
    let told = Error::compilation(message).with_field("ref_node_name", name.as_str());
    let told = told
        .with_field("ref_node_package", package.as_str())
        .with_field("ref_node_version", version_text(latest));
    Some(told.with_field("ref_max_version", newest))
}

fn reads(
    (stage, manifest): (&Stage<'_>, &Manifest),
    (reader, read): (&Node, &Node),
    places: &Places,
    findings: &mut Findings,
) {
    let root = stage.project.name();
    let ordered = stage.session.flags.own_package_first();
    let named = reader.refs.iter().any(|r| r.name == read.name && r.package.as_deref() == Some(root));
    if !ordered && reader.package_name != root && read.package_name == root && !named {
        let message = format!(
            "The node '{}' in package '{}' depends on the root project node '{}'.",
            reader.name, reader.package_name, read.unique_id
        );
        let told = Error::compilation(message)
            .with_field("node_name", reader.name.as_str())
            .with_field("package_name", reader.package_name.as_str())
            .with_field("root_project_unique_id", read.unique_id.as_str());
        let error = places.mark(&reader.unique_id, told);
        findings.warn("PackageNodeDependsOnRootProjectNode", error);
    }
    if let Some(told) = unpinned(manifest, reader, read) {
        findings.warn(
            "UnpinnedRefNewVersionAvailable",
            places.mark_call(&reader.unique_id, ("ref", &read.name), told),
        );
    }
    let Some(date) = date(read) else { return };
    let name = read.version().map_or(read.name.clone(), |v| format!("{}.v{v}", read.name));
    let NodeKind::Model { version, latest_version, .. } = &read.kind else { return };
    let (class, verb) = match is_past(read) {
        true => ("DeprecatedReference", format!("which was deprecated on '{date}'")),
        false => ("UpcomingReferenceDeprecation", format!("which is slated for deprecation on '{date}'")),
    };
    let mut message = format!("While compiling '{}': Found a reference to {name}, {verb}.", reader.name);
    if let Some(latest) = latest_version.as_ref().filter(|latest| Some(*latest) != version.as_ref()) {
        message += &format!(
            " A new version of '{}' is available. Try it out: {{{{ ref('{}', '{}', v='{}') }}}}.",
            read.name,
            read.package_name,
            read.name,
            version_text(latest)
        );
    }
    let told = Error::compilation(message)
        .with_field("model_name", reader.name.as_str())
        .with_field("ref_model_package", read.package_name.as_str())
        .with_field("ref_model_name", read.name.as_str())
        .with_field("ref_model_version", read.version().unwrap_or_default())
        .with_field("ref_model_deprecation_date", date);
    let error = places.mark_call(&reader.unique_id, ("ref", &read.name), told);
    findings.warn(class, error);
}

fn date(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Model { deprecation_date, .. } => deprecation_date.clone(),
        _ => None,
    }
}

fn is_past(node: &Node) -> bool {
    let date = date(node).and_then(|date| DateTime::parse_from_rfc3339(&date).ok());
    date.is_some_and(|date| date < Utc::now())
}

fn unused_configs(stage: &Stage<'_>, manifest: &Manifest, findings: &mut Findings) {
    let mut unused: Vec<String> = Vec::new();
    let trees = &stage.project.main().file.configs;
    for (tree, _) in TreeKind::ALL {
        if trees.0.get(tree).is_some_and(|tree| !tree.is_empty()) {
            unused.extend(trees.unused_paths(*tree, &fqns(manifest, *tree)));
        }
    }
    if unused.is_empty() {
        return;
    }
    unused.sort();
    let list: Vec<String> = unused.iter().map(|path| format!("- {path}")).collect();
    let message = format!(
        "Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\nThere are {} \
         unused configuration paths:\n{}",
        unused.len(),
        list.join("\n")
    );
    let error = Error::compilation(message).located(Location::file(&stage.project.main().file.path));
    findings.warn("UnusedResourceConfigPath", error);
}

/// The fqns of everything that a tree could configure, and of all that is disabled.
fn fqns(manifest: &Manifest, tree: TreeKind) -> Vec<Vec<String>> {
    let of_nodes = |kinds: &[ResourceType]| -> Vec<Vec<String>> {
        let nodes = manifest.nodes.values().chain(manifest.functions.values());
        nodes.filter(|node| kinds.contains(&node.resource_type)).map(|node| node.fqn.clone()).collect()
    };
    let of_json = |nodes: &indexmap::IndexMap<crate::manifest::UniqueId, Json>| -> Vec<Vec<String>> {
        nodes.values().map(fqn_of).collect()
    };
    use ResourceType::{Analysis, Function, Model, Operation, Seed, Snapshot, Test};
    let mut found = match tree {
        TreeKind::Models => of_nodes(&[Model, Operation, Analysis]),
        TreeKind::Analyses => of_nodes(&[Analysis]),
        TreeKind::Seeds => of_nodes(&[Seed]),
        TreeKind::Snapshots => of_nodes(&[Snapshot]),
        TreeKind::DataTests => of_nodes(&[Test]),
        TreeKind::Functions => of_nodes(&[Function]),
        TreeKind::Sources => manifest.sources.values().map(|source| source.fqn.clone()).collect(),
        TreeKind::Exposures => manifest.exposures.values().map(|exposure| exposure.fqn.clone()).collect(),
        TreeKind::UnitTests => manifest.unit_tests.values().map(|test| test.fqn.clone()).collect(),
        TreeKind::Metrics => of_json(&manifest.metrics),
        TreeKind::SemanticModels => of_json(&manifest.semantic_models),
        TreeKind::SavedQueries => of_json(&manifest.saved_queries),
    };
    found.extend(manifest.disabled.values().flatten().map(fqn_of));
    found
}

fn fqn_of(json: &Json) -> Vec<String> {
    crate::parse::json::texts(json.get("fqn"))
}
