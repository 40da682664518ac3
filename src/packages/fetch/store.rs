//! The store: folders of files by the digest of their content, and notes that say where content came from.
//!
//! `trees/<digest>` holds files, `notes/<sha256 of a question>` the answer: a digest, a commit, an answer
//! of the hub. A folder whose content is no longer what its name says is thrown away, so a damaged store
//! is only a slow one. Everything is written beside its place and then renamed, so that many processes may
//! share it.

use super::tree::{digest, refused};
use crate::error::Result;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The store; one that cannot be written to lasts as long as the process.
pub(super) struct Store {
    root: PathBuf,
    _passing: Option<TempDir>,
}

impl Store {
    pub(super) fn open(root: Option<&Path>) -> Result<Self> {
        let usable = |root: &&Path| {
            let made =
                ["trees", "notes", "staging"].iter().all(|name| fs::create_dir_all(root.join(name)).is_ok());
            made && TempDir::new_in(root.join("staging")).is_ok()
        };
        if let Some(root) = root.filter(usable) {
            remove_leftovers(&root.join("staging"));
            return Ok(Store { root: root.to_path_buf(), _passing: None });
        }
        let made = TempDir::with_prefix("karat-packages-").and_then(|dir| {
            ["trees", "notes", "staging"]
                .iter()
                .try_for_each(|name| fs::create_dir(dir.path().join(name)))?;
            Ok(dir)
        });
        let dir = made.map_err(|why| refused(Path::new("the folder for temporary files"), &why))?;
        Ok(Store { root: dir.path().to_path_buf(), _passing: Some(dir) })
    }

    /// An empty folder to fetch into; gone when it is dropped.
    pub(super) fn staging(&self) -> Result<TempDir> {
        let place = self.root.join("staging");
        TempDir::new_in(&place).map_err(|why| refused(&place, &why))
    }

    /// The files that answer a question, if they are here and whole.
    pub(super) fn tree(&self, about: &str) -> Option<PathBuf> {
        let name = self.kept(about)?;
        let known = name.len() == 64 && name.chars().all(|c| c.is_ascii_hexdigit());
        let folder = self.root.join("trees").join(&name);
        (known && self.whole(&folder, &name)).then_some(folder)
    }

    fn whole(&self, folder: &Path, name: &str) -> bool {
        let whole = digest(folder).is_ok_and(|digest| digest == name);
        if !whole && folder.exists() {
            // Moved away first: nobody must find half of it.
            if let Ok(bin) = self.staging() {
                let _ = fs::rename(folder, bin.path().join("damaged"));
            }
        }
        whole
    }

    /// Keeps a folder's files as the answer to a question.
    pub(super) fn put(&self, about: &str, staged: TempDir) -> Result<PathBuf> {
        let name = digest(staged.path()).map_err(|why| refused(staged.path(), &why))?;
        let folder = self.root.join("trees").join(&name);
        if !self.whole(&folder, &name) {
            let staged = staged.keep();
            let moved = fs::rename(&staged, &folder);
            if let Err(why) = moved {
                let _ = fs::remove_dir_all(&staged);
                // Another process may have been faster.
                if !self.whole(&folder, &name) {
                    return Err(refused(&folder, &why));
                }
            }
        }
        self.keep(about, &name);
        Ok(folder)
    }

    /// The answer to a question, if it was kept.
    pub(super) fn kept(&self, about: &str) -> Option<String> {
        crate::disk::read_text(&self.note(about)).ok()
    }

    /// Keeps an answer. Where it cannot be kept, it will be asked for again.
    pub(super) fn keep(&self, about: &str, answer: &str) {
        let written = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(self.root.join("notes"))?;
            io::Write::write_all(&mut file, answer.as_bytes())?;
            file.persist(self.note(about)).map_err(|why| why.error)?;
            Ok(())
        };
        let _ = written();
    }

    fn note(&self, about: &str) -> PathBuf {
        self.root.join("notes").join(hex::encode(Sha256::digest(about)))
    }
}

/// What killed processes left: a fetch takes no day.
fn remove_leftovers(staging: &Path) {
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    for entry in fs::read_dir(staging).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > day) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
