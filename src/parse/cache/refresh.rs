//! A manifest brought up to date where only the text of some nodes changed.
//!
//! Such a node is rendered anew. If all that others can see of it is as it was, its new self takes its place,
//! and what it reads is looked up anew. If not, or if anything is to be told of it, everything is parsed: this is
//! a short way for the common case, never another opinion.

use super::files::name;
use crate::context::Session;
use crate::manifest::{Manifest, Node, NodeKind, RefIndex, ResourceType, UniqueId};
use crate::parse::documents;
use crate::parse::nodes::{self, LoneFiles, ParsedNode};
use crate::parse::properties::{self, Patch};
use crate::parse::resolve::relink;
use crate::parse::stage::Stage;
use crate::project::{FileKind, Project, SourceFile, Warning};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// What is to be rendered anew.
pub(super) struct Anew {
    /// Files that changed, as [`name`] names them.
    pub files: BTreeSet<String>,
    /// Nodes whose templates read what is another each time.
    pub nodes: Vec<UniqueId>,
}

/// The manifest with some nodes rendered anew; `None` where all must be parsed.
pub(super) fn refresh(
    (session, project): (&Session, &mut Project),
    mut manifest: Manifest,
    warnings: &[Warning],
    anew: &Anew,
) -> Option<Manifest> {
    let old = nodes_of(project, &manifest, anew)?;
    let old = changed(session, project, old, anew)?;
    if old.is_empty() {
        return Some(manifest);
    }
    if warnings.iter().any(|warning| speaks_of(warning, &old)) {
        return None;
    }
    let patched: HashSet<&str> = old.iter().filter_map(|node| node.patch_path.as_deref()).collect();
    let paths: HashSet<&str> = old.iter().map(|node| node.original_file_path.as_str()).collect();
    let needed = |file: &SourceFile| {
        file.kind == FileKind::Docs && !patched.is_empty()
            || patched.contains(file.file_id().as_str())
            || paths.contains(file.original_file_path.as_str())
    };
    project.read_where(needed).ok()?;
    let stage = Stage::new(session, project);
    let patches = patches(&stage, &patched)?;
    let (files, index) = (LoneFiles::new(&stage), RefIndex::new(&manifest));
    let mut fresh = Vec::new();
    for old in &old {
        let parsed = nodes::again((&stage, &files), old, &patches)?;
        fresh.push(replaced(&stage, (&manifest, &index), old, parsed)?);
    }
    for node in fresh {
        let place = manifest.nodes.get_mut(&node.unique_id)?;
        *place = Arc::new(node);
    }
    Some(manifest)
}

/// Of these nodes those whose files changed, or whose templates say something else this time.
fn changed(
    session: &Session,
    project: &mut Project,
    all: Vec<Arc<Node>>,
    anew: &Anew,
) -> Option<Vec<Arc<Node>>> {
    let momentary: HashSet<&UniqueId> = anew.nodes.iter().collect();
    let edited = edited(project, anew);
    let by_file =
        |node: &Node| edited.contains(&(node.package_name.clone(), node.original_file_path.clone()));
    let (mut changed, lasting): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|node| !momentary.contains(&node.unique_id) || by_file(node));
    let paths: HashSet<&str> = lasting.iter().map(|node| node.original_file_path.as_str()).collect();
    project.read_where(|file| paths.contains(file.original_file_path.as_str())).ok()?;
    let stage = Stage::new(session, project);
    let files = LoneFiles::new(&stage);
    let same: Vec<Option<bool>> =
        lasting.par_iter().map(|node| nodes::says_the_same(&stage, &files, node)).collect();
    changed
        .extend(lasting.into_iter().zip(same).filter(|(_, same)| *same != Some(true)).map(|(node, _)| node));
    Some(changed)
}

/// Package and path of the files that changed.
fn edited(project: &Project, anew: &Anew) -> HashSet<(String, String)> {
    let files = project.packages.iter().flat_map(|package| &package.files);
    let edited = files.filter(|file| anew.files.contains(&name(file.kind, &file.searched, &file.file_id())));
    edited.map(|file| (file.package.to_string(), file.original_file_path.clone())).collect()
}

/// The nodes that are to be rendered anew: exactly one for each file.
fn nodes_of(project: &Project, manifest: &Manifest, anew: &Anew) -> Option<Vec<Arc<Node>>> {
    let mut found: Vec<Arc<Node>> = Vec::new();
    for id in &anew.nodes {
        found.push(manifest.nodes.get(id)?.clone());
    }
    let edited = edited(project, anew);
    let changed: HashSet<(&str, &str)> =
        edited.iter().map(|(package, path)| (package.as_str(), path.as_str())).collect();
    if changed.len() != anew.files.len() {
        return None;
    }
    let of_changed = manifest.nodes.values().filter(|node| {
        !matches!(node.kind, NodeKind::GenericTest { .. })
            && changed.contains(&(node.package_name.as_str(), node.original_file_path.as_str()))
    });
    let of_changed: Vec<&Arc<Node>> = of_changed.collect();
    if of_changed.len() != changed.len() {
        return None;
    }
    let known: HashSet<UniqueId> = found.iter().map(|node| node.unique_id.clone()).collect();
    found.extend(of_changed.into_iter().filter(|node| !known.contains(&node.unique_id)).cloned());
    Some(found)
}

/// Was something said of one of these nodes? It may be said otherwise now.
fn speaks_of(warning: &Warning, nodes: &[Arc<Node>]) -> bool {
    let place = warning.error.location().map(|place| place.path.as_str()).unwrap_or_default();
    nodes
        .iter()
        .any(|node| place.ends_with(&node.original_file_path) || warning.error.message().contains(&node.name))
}

/// What property files say of the nodes.
fn patches(stage: &Stage<'_>, patched: &HashSet<&str>) -> Option<Vec<Arc<Patch>>> {
    if patched.is_empty() {
        return Some(Vec::new());
    }
    let docs = documents::docs(stage, &mut stage.empty_manifest()).ok()?;
    let files = stage.packages().flat_map(|package| &package.files);
    let files = files.filter(|file| patched.contains(file.file_id().as_str()));
    let files = files.filter(|file| file.kind == FileKind::Properties);
    let mut all = Vec::new();
    for file in files {
        let (patches, mut findings) = properties::patches_in(stage, &docs, file);
        findings.check().ok()?;
        all.extend(patches);
    }
    Some(all)
}

/// The new node with all that a parse of everything would give it; `None` where that might be more than a look
/// at this node tells.
fn replaced(
    stage: &Stage<'_>,
    (manifest, index): (&Manifest, &RefIndex),
    old: &Arc<Node>,
    parsed: ParsedNode,
) -> Option<Node> {
    let ParsedNode { node: mut new, origin, unknown, .. } = parsed;
    if unknown.is_some() || !is_seen_alike(old, &new) {
        return None;
    }
    if let (NodeKind::Model { primary_key: new, .. }, NodeKind::Model { primary_key: old, .. }) =
        (&mut new.kind, &old.kind)
    {
        new.clone_from(old);
    }
    let calls =
        |node: &Node| (node.refs.clone(), node.sources.clone(), node.metrics.clone(), node.functions.clone());
    if calls(old) == calls(&new) {
        new.depends_on.nodes.clone_from(&old.depends_on.nodes);
    } else {
        new.depends_on.nodes = relink(stage, (manifest, index), &new, origin)?;
        if !reads_quietly(stage, manifest, [old, &new]) {
            return None;
        }
    }
    let tested = || manifest.unit_tests.values().any(|test| test.depends_on.nodes.contains(&old.unique_id));
    (new.depends_on.macros == old.depends_on.macros || !tested()).then_some(new)
}

/// Is all the same but for what the node's own text and calls are?
fn is_seen_alike(old: &Node, new: &Node) -> bool {
    let mut probe = old.clone();
    probe.raw_code.clone_from(&new.raw_code);
    probe.checksum.clone_from(&new.checksum);
    probe.refs.clone_from(&new.refs);
    probe.sources.clone_from(&new.sources);
    probe.metrics.clone_from(&new.metrics);
    probe.functions.clone_from(&new.functions);
    probe.depends_on.clone_from(&new.depends_on);
    probe.created_at = new.created_at;
    probe.config_call_dict.clone_from(&new.config_call_dict);
    probe.unrendered_config.clone_from(&new.unrendered_config);
    probe.unrendered_config_call_dict.clone_from(&new.unrendered_config_call_dict);
    if let (NodeKind::Model { primary_key, .. }, NodeKind::Model { primary_key: new, .. }) =
        (&mut probe.kind, &new.kind)
    {
        primary_key.clone_from(new);
    }
    probe == *new
}

/// Is nothing said of what a node reads? Of reading deprecated models, of packages that read the project, of
/// what microbatch models read.
fn reads_quietly(stage: &Stage<'_>, manifest: &Manifest, nodes: [&Node; 2]) -> bool {
    let dated = |id: &UniqueId| {
        let node = manifest.nodes.get(id);
        node.is_some_and(|node| matches!(&node.kind, NodeKind::Model { deprecation_date: Some(_), .. }))
    };
    nodes.iter().all(|node| {
        node.package_name == stage.project.name()
            && node.resource_type != ResourceType::Seed
            && !node.is_microbatch()
            && !node.depends_on.nodes.iter().any(dated)
    })
}
