//! The files of a project as a manifest depends on them, and how they changed since.

use crate::project::{FileKind, Project};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Every file of the packages on disk: where it was found and as what, with a hash of its contents.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Files(pub BTreeMap<String, u64>);

/// What is another than it was.
#[derive(Debug, Default)]
pub(super) struct Changes {
    deleted: usize,
    added: usize,
    changed: BTreeSet<String>,
}

/// Kinds of files that hold one node each and nothing else.
const OF_NODES: [FileKind; 3] = [FileKind::Model, FileKind::Test, FileKind::Analysis];

impl Files {
    /// The files as they were found.
    pub fn of(project: &Project) -> Self {
        let packages = project.packages.iter().filter(|package| !package.built_in);
        let files = packages.flat_map(|package| &package.files);
        let named = files.map(|file| {
            // A hash for itself, so that a seed of any size is told apart by what the manifest shows of it.
            let shown = crate::packed::hash(file.checksum.checksum.as_bytes());
            (name(file.kind, &file.searched, &file.file_id()), file.fingerprint ^ shown.rotate_left(1))
        });
        Files(named.collect())
    }

    /// What changed from these files to others.
    pub fn changes(&self, now: &Files) -> Changes {
        let both = self.0.iter().filter(|(name, _)| now.0.contains_key(*name));
        let changed: BTreeSet<String> = both
            .clone()
            .filter(|(name, hash)| now.0[*name] != **hash)
            .map(|(name, _)| name.clone())
            .collect();
        let both = both.count();
        Changes { deleted: self.0.len() - both, added: now.0.len() - both, changed }
    }
}

/// How a file is named here: its kind, its folder, its id.
pub(super) fn name(kind: FileKind, searched: &str, id: &str) -> String {
    format!("{kind:?} {searched} {id}")
}

impl Changes {
    /// Is everything as it was?
    pub fn is_none(&self) -> bool {
        self.deleted + self.added + self.changed.len() == 0
    }

    /// The changed files, where nothing but files of nodes changed.
    pub fn of_nodes(self) -> Option<BTreeSet<String>> {
        let of_node = |name: &String| {
            OF_NODES.iter().any(|kind| name.starts_with(&format!("{kind:?} ")) && name.ends_with(".sql"))
        };
        (self.deleted + self.added == 0 && self.changed.iter().all(of_node)).then_some(self.changed)
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Changes { deleted, added, changed } = self;
        let changed = changed.len();
        write!(
            f,
            "Partial parsing enabled: {deleted} files deleted, {added} files added, {changed} files changed."
        )
    }
}
