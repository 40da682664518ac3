//! A node before it is rendered: its name, its file, its text.

use crate::error::{Error, Location};
use crate::jinja::{blocks_in, in_branch};
use crate::manifest::{Checksum, ResourceType};
use crate::parse::findings::Findings;
use crate::parse::properties::{Key, Patch};
use crate::parse::stage::Stage;
use crate::project::{FileKind, SourceFile};
use std::sync::Arc;

/// Where a node's text stands in the user's file.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Origin {
    /// Path as messages show it.
    pub path: String,
    /// The whole file.
    pub text: Arc<str>,
    /// Line and column at which the node's text begins, from 1.
    pub start: (usize, usize),
}

impl Origin {
    /// A fault of the whole node.
    pub fn mark(&self, error: Error) -> Error {
        error.or_located(Location::file(&self.path)).with_source(&self.text)
    }
}

impl Origin {
    /// Will a fault of the parse phase come again when the node runs? Not surely, if it came from within a
    /// macro or a branch: there `execute` or the database may choose another way.
    pub fn is_certain(&self, error: &Error) -> bool {
        let place = error.location().and_then(|place| Some((place.line?, place.column.unwrap_or(1))));
        let outside = place.is_none_or(|place| !in_branch(&self.text, place));
        error.trace().is_empty() && outside
    }
}

/// A node that was found.
pub(super) struct Draft {
    pub kind: ResourceType,
    pub package: Arc<str>,
    pub name: String,
    pub path: String,
    pub original_file_path: String,
    pub fqn: Vec<String>,
    pub raw_code: String,
    pub language: Option<&'static str>,
    pub checksum: Checksum,
    /// The kind of a hook.
    pub tags: Vec<String>,
    /// The place of a hook among its kind.
    pub index: Option<usize>,
    /// The package's folder, for seeds.
    pub root: Option<String>,
    pub origin: Origin,
    pub patch: Option<Arc<Patch>>,
}

/// Every node that has a file.
pub(super) fn drafts(stage: &Stage<'_>, findings: &mut Findings) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for file in stage.packages().flat_map(|package| &package.files) {
        match file.kind {
            FileKind::Model => drafts.push(of_file(stage, file, ResourceType::Model)),
            FileKind::Seed => drafts.push(of_file(stage, file, ResourceType::Seed)),
            FileKind::Test => drafts.push(of_file(stage, file, ResourceType::Test)),
            FileKind::Analysis => drafts.push(of_file(stage, file, ResourceType::Analysis)),
            FileKind::Function => drafts.push(of_file(stage, file, ResourceType::Function)),
            FileKind::Snapshot => drafts.extend(snapshots(stage, file, findings)),
            _ => {}
        }
    }
    drafts
}

/// Package and folders of a file.
fn fqn(package: &str, path: &str) -> Vec<String> {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let folders = folders.split('/').filter(|folder| !folder.is_empty());
    std::iter::once(package).chain(folders).map(str::to_string).collect()
}

pub(super) fn of_file(stage: &Stage<'_>, file: &SourceFile, kind: ResourceType) -> Draft {
    let name = file.stem().to_string();
    let path =
        if kind == ResourceType::Analysis { format!("analysis/{}", file.path) } else { file.path.clone() };
    let mut fqn = fqn(&file.package, &path);
    fqn.push(name.clone());
    let stripped = file.stripped();
    let lead = &file.contents[..file.contents.find(stripped).unwrap_or(0)];
    let column = lead.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    let python = file.extension() == "py";
    Draft {
        kind,
        package: file.package.clone(),
        name,
        path,
        original_file_path: file.original_file_path.clone(),
        fqn,
        raw_code: stripped.to_string(),
        language: (kind != ResourceType::Seed).then_some(if python { "python" } else { "sql" }),
        checksum: checksum(file),
        tags: Vec::new(),
        index: None,
        root: file.root.as_deref().map(|root| root.display().to_string()),
        origin: Origin {
            path: stage.shown(file),
            text: file.contents.clone(),
            start: (file.lines_stripped() + 1, column),
        },
        patch: None,
    }
}

fn checksum(file: &SourceFile) -> Checksum {
    Checksum { name: file.checksum.name.to_string(), checksum: file.checksum.checksum.clone() }
}

/// The `{% snapshot %}` blocks of a file. The file's name is part of their fqn.
fn snapshots(stage: &Stage<'_>, file: &SourceFile, findings: &mut Findings) -> Vec<Draft> {
    let shown = stage.shown(file);
    let found = findings.keep(blocks_in(&shown, &file.contents, &["snapshot"])).unwrap_or_default();
    findings.strays(&shown, &file.contents, &["snapshot"]);
    let draft = |block: crate::jinja::Block| {
        let mut draft = of_file(stage, file, ResourceType::Snapshot);
        draft.fqn.push(block.name.clone());
        draft.origin.start = (block.body_line, 1);
        Draft { name: block.name, raw_code: block.body, ..draft }
    };
    found.into_iter().map(draft).collect()
}

/// Snapshots that a property file defines whole: `relation: ref('x')`.
pub(super) fn yaml_snapshots(patches: &[Arc<Patch>]) -> Vec<Draft> {
    let snapshots = patches.iter().filter(|patch| patch.key == Key::Snapshots);
    snapshots.filter_map(|patch| yaml_snapshot(patch, patch.relation.as_ref()?)).collect()
}

fn yaml_snapshot(patch: &Arc<Patch>, relation: &str) -> Option<Draft> {
    let file = &patch.file;
    let mut fqn = fqn(&file.package, &file.path);
    fqn.push(patch.name.clone());
    let place = patch.spot.location();
    Some(Draft {
        kind: ResourceType::Snapshot,
        package: file.package.clone(),
        name: patch.name.clone(),
        path: format!("{}/{}.sql", file.path, patch.name),
        original_file_path: file.original_file_path.clone(),
        fqn,
        raw_code: format!("select * from {{{{ {relation} }}}}"),
        language: Some("sql"),
        checksum: sha256(file.yaml.text.trim()),
        tags: Vec::new(),
        index: None,
        root: None,
        origin: Origin {
            path: file.yaml.path.to_string(),
            text: file.yaml.text.clone(),
            start: (place.line.unwrap_or(1), 1),
        },
        patch: None,
    })
}

/// dbt's hash of a text.
pub(super) fn sha256(text: &str) -> Checksum {
    use sha2::{Digest, Sha256};
    Checksum { name: "sha256".to_string(), checksum: hex::encode(Sha256::digest(text)) }
}
