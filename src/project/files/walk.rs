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

/// Every file of a package, ordered by kind and path; a file that two paths lead to counts once a kind. And those that
/// have a file's name and are none.
///
/// # Errors
/// Folders that cannot be read, broken links, names that are no UTF-8; all at once.
pub(super) fn walk(root: &Path, paths: &ResourcePaths, ignore: &Ignore) -> Result<(Vec<Found>, Vec<String>)> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let (mut passed, mut broken) = (BTreeSet::new(), BTreeSet::new());
    let mut walked: HashMap<String, Vec<(String, What)>> = HashMap::new();
    for search in searches(paths) {
        for searched in search.paths() {
            let files =
                walked.entry(searched.to_string()).or_insert_with(|| below(root, searched, &mut faults));
            for (file, what) in files.iter().filter(|(file, _)| search.takes(file)) {
                let original = join(searched, file);
                if ignore.ignores(&original) || !seen.insert((search.kind, original.clone())) {
                    continue;
                }
                match what {
                    What::File => {
                        let (searched, path) = (searched.to_string(), file.clone());
                        found.insert(Found { kind: search.kind, searched, path, original });
                    }
                    What::Other => drop(passed.insert(original)),
                    What::Broken(why) if broken.insert(original.clone()) => {
                        faults.push(unreadable(why, &original))
                    }
                    What::Broken(_) => {}
                }
            }
        }
    }
    let found = (found.into_iter().collect(), passed.into_iter().collect());
    Error::all(faults).map_or(Ok(found), Err)
}

fn join(searched: &str, path: &str) -> String {
    if searched.is_empty() || searched == "." { path.to_string() } else { format!("{searched}/{path}") }
}

/// What stands under a name.
enum What {
    /// A file, or a link to one.
    File,
    /// A pipe, a socket, a device: it is never opened.
    Other,
    /// A link that leads nowhere.
    Broken(String),
}

/// Paths of what stands below a folder. Links to files count, links to folders are not followed. A folder that is not
/// there holds nothing.
fn below(root: &Path, searched: &str, faults: &mut Vec<Error>) -> Vec<(String, What)> {
    let top = root.join(searched);
    if !top.is_dir() {
        return Vec::new();
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(&top).sort_by_file_name() {
        match entry {
            Ok(entry) => {
                let path = entry.path().strip_prefix(&top).ok().and_then(Path::to_str);
                files.extend(path.map(str::to_string).zip(what(&entry)));
            }
            Err(why) => faults.push(unreadable(&why.to_string(), searched)),
        }
    }
    files
}

/// What an entry is; nothing for folders and links to them.
fn what(entry: &DirEntry) -> Option<What> {
    let of = |kind: std::fs::FileType| match kind {
        kind if kind.is_dir() => None,
        kind if kind.is_file() => Some(What::File),
        _ => Some(What::Other),
    };
    match entry.path_is_symlink().then(|| entry.path().metadata()) {
        None => of(entry.file_type()),
        Some(Ok(data)) => of(data.file_type()),
        Some(Err(why)) => Some(What::Broken(why.to_string())),
    }
}

fn unreadable(why: &str, path: &str) -> Error {
    Error::new(ErrorKind::Project, format!("cannot read `{path}`: {why}"))
        .located(Location::file(path))
        .help("make it readable, or remove it if it is a link that leads nowhere")
}
