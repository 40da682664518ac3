//! Walks the resource paths of a package: which files there are, and of what kind.

use super::FileKind;
use super::ignore::Ignore;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::project::project_file::ResourcePaths;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// A file that was found, not read yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub kind: FileKind,
    /// The resource path.
    pub searched: String,
    /// Below it.
    pub path: String,
    /// Below the root.
    pub original: String,
}

/// What to look for: a kind, where, and with which endings.
pub(super) struct Search {
    kind: FileKind,
    paths: Vec<String>,
    endings: &'static [&'static str],
}

/// The searches of a package.
pub(super) fn searches(paths: &ResourcePaths) -> Vec<Search> {
    let below = |folder: &str| -> Vec<String> {
        paths.tests.iter().map(|path| format!("{}/{folder}", path.trim_end_matches('/'))).collect()
    };
    let row = |kind, paths: Vec<String>, endings| Search { kind, paths, endings };
    vec![
        row(FileKind::Macro, paths.macros.clone(), &[".sql"]),
        row(FileKind::Model, paths.models.clone(), &[".sql", ".py"]),
        row(FileKind::Snapshot, paths.snapshots.clone(), &[".sql"]),
        row(FileKind::Analysis, paths.analyses.clone(), &[".sql"]),
        row(FileKind::Test, paths.tests.clone(), &[".sql"]),
        row(FileKind::GenericTest, below("generic"), &[".sql"]),
        row(FileKind::Seed, paths.seeds.clone(), &[".csv"]),
        row(FileKind::Docs, paths.docs(), &[".md"]),
        row(FileKind::Properties, paths.all(), &[".yml", ".yaml"]),
        row(FileKind::Fixture, below("fixtures"), &[".csv", ".sql"]),
        row(FileKind::Function, paths.functions.clone(), &[".sql", ".py"]),
    ]
}

impl Search {
    /// Is a file below a resource path one of those looked for? Names that begin with `.`, `#` or `~`
    /// are leftovers of editors; generic tests and fixtures are no singular tests.
    pub(super) fn takes(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        let ends = self.endings.iter().any(|end| lower.len() > end.len() && lower.ends_with(end));
        let elsewhere =
            self.kind == FileKind::Test && (path.starts_with("generic/") || path.starts_with("fixtures/"));
        ends && !name.starts_with(['.', '#', '~']) && !elsewhere
    }

    /// The resource paths, each once.
    pub(super) fn paths(&self) -> BTreeSet<&str> {
        self.paths
            .iter()
            .map(|path| path.trim_end_matches('/'))
            .map(|path| path.trim_start_matches("./"))
            .collect()
    }

    /// The kind looked for.
    pub(super) fn kind(&self) -> FileKind {
        self.kind
    }
}

/// Every file of a package, ordered by kind and path; a file that two paths lead to counts once a kind.
///
/// # Errors
/// Folders that cannot be read, broken links, names that are no UTF-8; all at once.
pub(super) fn walk(root: &Path, paths: &ResourcePaths, ignore: &Ignore) -> Result<Vec<Found>> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let mut walked: HashMap<String, Vec<String>> = HashMap::new();
    for search in searches(paths) {
        for searched in search.paths() {
            let files =
                walked.entry(searched.to_string()).or_insert_with(|| below(root, searched, &mut faults));
            for file in files.iter().filter(|file| search.takes(file)) {
                let original = join(searched, file);
                if !ignore.ignores(&original) && seen.insert((search.kind, original.clone())) {
                    let (searched, path) = (searched.to_string(), file.clone());
                    found.insert(Found { kind: search.kind, searched, path, original });
                }
            }
        }
    }
    Error::all(faults).map_or(Ok(found.into_iter().collect()), Err)
}

fn join(searched: &str, path: &str) -> String {
    if searched.is_empty() || searched == "." { path.to_string() } else { format!("{searched}/{path}") }
}

/// Paths of the plain files below a folder. Links to files count, links to folders are not followed, and
/// neither are pipes and devices opened. A folder that is not there holds nothing.
fn below(root: &Path, searched: &str, faults: &mut Vec<Error>) -> Vec<String> {
    let top = root.join(searched);
    if !top.is_dir() {
        return Vec::new();
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(&top).sort_by_file_name() {
        match entry.map_err(|why| why.to_string()).and_then(|entry| plain(&entry).map(|plain| (entry, plain)))
        {
            Ok((_, false)) => {}
            Ok((entry, true)) => {
                let path = entry.path().strip_prefix(&top).ok().and_then(Path::to_str);
                files.extend(path.map(str::to_string));
            }
            Err(why) => faults.push(unreadable(&why, searched)),
        }
    }
    files
}

/// Is it a file that can be read, or a link to one?
fn plain(entry: &DirEntry) -> Result<bool, String> {
    if !entry.path_is_symlink() {
        return Ok(entry.file_type().is_file());
    }
    let data = entry.path().metadata();
    data.map(|data| data.is_file()).map_err(|why| format!("{}: {why}", entry.path().display()))
}

fn unreadable(why: &str, searched: &str) -> Error {
    Error::new(ErrorKind::Project, format!("cannot read what is in `{searched}`: {why}"))
        .located(Location::file(searched))
        .help("make it readable, or remove it if it is a link that leads nowhere")
}
