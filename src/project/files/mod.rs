//! The files of a package: which there are, of what kind, what they hold and what their hash is.

mod ignore;
mod read;
mod stamps;
mod walk;

pub(super) use read::{Package, built_in_files, read_contents, read_package_files};
pub use stamps::Stamps;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file is to dbt, by the folder and the ending that it was found with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `.sql` in a macro path.
    Macro,
    /// `.sql`, `.py` in a model path.
    Model,
    /// `.sql` in a snapshot path.
    Snapshot,
    /// `.sql` in an analysis path.
    Analysis,
    /// `.sql` in a test path: a singular test.
    Test,
    /// `.sql` in `generic/` of a test path: macros.
    GenericTest,
    /// `.csv` in a seed path.
    Seed,
    /// `.md` in a docs path.
    Docs,
    /// `.yml`, `.yaml` in any resource path.
    Properties,
    /// `.csv`, `.sql` in `fixtures/` of a test path.
    Fixture,
    /// `.sql`, `.py` in a function path.
    Function,
}

/// A file's hash, as the manifest shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileHash {
    /// `sha256`; `path` for a seed above 1 MiB, whose path stands for its contents.
    pub name: &'static str,
    /// The hash in hex, or the path.
    pub checksum: String,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceFile {
    /// The package's name.
    pub package: Arc<str>,
    /// Where the package is on disk; `None` for a built-in one.
    pub root: Option<Arc<Path>>,
    /// What it is.
    pub kind: FileKind,
    /// The resource path that it was found in, as the project writes it: `models`.
    pub searched: Arc<str>,
    /// Path below the resource path: `staging/a.sql` (dbt's `path`).
    pub path: String,
    /// Path below the package's root: `models/staging/a.sql` (dbt's `original_file_path`).
    pub original_file_path: String,
    /// Its hash: of the contents without white space around them.
    pub checksum: FileHash,
    /// A hash of its bytes as they are.
    pub fingerprint: u64,
    /// Is `contents` there? What is known not to have changed is read when it is needed.
    pub is_read: bool,
    /// The whole text as it is on disk, so that lines count as in an editor; empty for seeds, which
    /// the run reads.
    pub contents: Arc<str>,
}

impl SourceFile {
    /// Where it is on disk; `None` for a built-in one.
    pub fn absolute_path(&self) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(&self.original_file_path))
    }

    /// dbt's id of a file: `package://models/a.sql`.
    pub fn file_id(&self) -> String {
        format!("{}://{}", self.package, self.original_file_path)
    }

    /// The name without folders and ending: `a`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The ending, in lower case: `sql`.
    pub fn extension(&self) -> String {
        self.path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The contents as dbt keeps them (`raw_code`): without white space around them.
    pub fn stripped(&self) -> &str {
        strip(&self.contents)
    }

    /// How many lines [`SourceFile::stripped`] takes off at the top: what to add to its line numbers.
    pub fn lines_stripped(&self) -> usize {
        let lead = self.contents.len() - self.contents.trim_start_matches(is_space).len();
        self.contents[..lead].matches('\n').count()
    }
}

/// What Python's `str.strip` takes for white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A text without white space around it.
fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}
