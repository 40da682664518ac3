//! A node rendered once more, by itself.

use super::build::{build, said_by};
use super::draft::{Draft, of_file};
use super::{ParsedNode, hooks};
use crate::manifest::{Node, NodeKind, ResourceType, UniqueId};
use crate::parse::properties::Patch;
use crate::parse::stage::Stage;
use crate::project::{FileKind, SourceFile};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// Can a node be rendered without its fellows? It is alone in its file, or a hook.
pub(super) fn is_lone(draft: &Draft) -> bool {
    use ResourceType::{Analysis, Model, Operation, Test};
    matches!(draft.kind, Model | Test | Analysis | Operation)
}

/// Renders a node of an earlier parse once more; `None` where that takes a whole parse, or where anything is wrong
/// with it, which a whole parse tells best. `patches` are those of its property file.
pub(in crate::parse) fn again(
    (stage, files): (&Stage<'_>, &LoneFiles<'_>),
    old: &Node,
    patches: &[Arc<Patch>],
) -> Option<ParsedNode> {
    let mut draft = draft(stage, files, old)?;
    if let Some(file) = &old.patch_path {
        draft.patch = Some(patch(file, &draft, patches)?);
    }
    let versioned = matches!(&old.kind, NodeKind::Model { version: Some(_), .. });
    let parsed = build(stage, &stage.session.engine, draft).ok()?;
    (!versioned && parsed.node.unique_id == old.unique_id).then_some(parsed)
}

/// Does the template of a node of an earlier parse still say the same? `None` where that cannot be told by rendering
/// it alone.
pub(in crate::parse) fn says_the_same(stage: &Stage<'_>, files: &LoneFiles<'_>, old: &Node) -> Option<bool> {
    let draft = draft(stage, files, old)?;
    let hooked = ["pre-hook", "post-hook"]
        .iter()
        .any(|key| old.config.get(key).is_some_and(|hooks| hooks != &json!([])));
    let constraints = old.columns.values().flat_map(|column| &column.constraints);
    let of_model = match &old.kind {
        NodeKind::Model { constraints, .. } => constraints.as_slice(),
        _ => &[],
    };
    let pointing = constraints.chain(of_model).any(|constraint| constraint.kind == "foreign_key");
    if hooked || pointing || matches!(&old.kind, NodeKind::Model { version: Some(_), .. }) {
        return None;
    }
    let (said, macros) = said_by(stage, &stage.session.engine, &draft, &old.kind).ok()?;
    let calls = (said.refs, said.sources, said.metrics, said.functions, said.config);
    let before = (&old.refs, &old.sources, &old.metrics, &old.functions, &old.config_call_dict);
    let same = (&calls.0, &calls.1, &calls.2, &calls.3, &calls.4) == before;
    Some(
        same && said.unknown.is_none()
            && macros.iter().eq(old.depends_on.macros.iter().map(UniqueId::as_str)),
    )
}

/// A node's draft as its file has it now, without a patch.
fn draft(stage: &Stage<'_>, files: &LoneFiles<'_>, old: &Node) -> Option<Draft> {
    match old.resource_type {
        ResourceType::Operation => hooks::hooks(stage).into_iter().find(|hook| hook.name == old.name),
        _ => of_node(stage, files, old),
    }
}

fn of_node(stage: &Stage<'_>, files: &LoneFiles<'_>, old: &Node) -> Option<Draft> {
    let kind = match old.resource_type {
        ResourceType::Model => FileKind::Model,
        ResourceType::Test => FileKind::Test,
        ResourceType::Analysis => FileKind::Analysis,
        _ => return None,
    };
    let file = files.0.get(&(kind, old.package_name.as_str(), old.original_file_path.as_str()))?;
    file.is_read.then(|| of_file(stage, file, old.resource_type))
}

/// The files of nodes, found by kind, package and path.
pub(in crate::parse) struct LoneFiles<'a>(HashMap<(FileKind, &'a str, &'a str), &'a SourceFile>);

impl<'a> LoneFiles<'a> {
    /// Those of a project.
    pub fn new(stage: &Stage<'a>) -> Self {
        let files = stage.packages().flat_map(|package| &package.files);
        LoneFiles(
            files.map(|file| ((file.kind, &*file.package, file.original_file_path.as_str()), file)).collect(),
        )
    }
}

/// The one patch that can be meant, found without a look at all nodes.
fn patch(file: &str, draft: &Draft, patches: &[Arc<Patch>]) -> Option<Arc<Patch>> {
    let of_name = |patch: &&Arc<Patch>| patch.key.kind() == draft.kind && patch.name == draft.name;
    let mut found = patches.iter().filter(of_name).filter(|patch| patch.file.id() == file);
    let only = found.next()?;
    let plain = only.version.is_none() && only.file.package == draft.package;
    (found.next().is_none() && plain).then(|| only.clone())
}
