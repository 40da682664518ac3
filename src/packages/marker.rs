//! The marker: which versions lie in the folder of packages and what their files were, so that nothing is
//! fetched that is there already, and what was changed by hand is put right.

use super::fetch::{digest, is_at, written};
use super::pin::{Pin, Source};
use super::session::Session;
use crate::error::Result;
use crate::project::yaml::YamlFile;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The marker's file.
pub(super) const MARKER: &str = ".karat-packages.json";

/// What was installed, by folder.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Marker {
    packages: BTreeMap<String, Mark>,
}

/// What was installed in one folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Which version: a digest, since a URL may hold a secret.
    pin: String,
    /// The digest of its files.
    files: String,
}

impl Marker {
    /// The marker of a folder of packages; an empty one where it is missing or damaged.
    pub(super) fn read(place: &Path) -> Self {
        let text = crate::disk::read(&place.join(MARKER)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Writes the marker.
    ///
    /// # Errors
    /// The disk refuses.
    pub(super) fn write(&self, place: &Path) -> Result<()> {
        written(&place.join(MARKER), serde_json::to_string_pretty(self).unwrap_or_default().as_bytes())
    }

    /// Notes what was installed. The files are those of the fetched folder.
    pub(super) fn set(&mut self, name: &str, pin: &Pin, files: String) {
        self.packages.insert(name.to_string(), Mark { pin: id(pin), files });
    }

    /// The same note as before.
    pub(super) fn take_over(&mut self, name: &str, before: &Marker) {
        if let Some(mark) = before.packages.get(name) {
            self.packages.insert(name.to_string(), mark.clone());
        }
    }

    /// Does a package lie in its folder as it should?
    pub(super) fn holds(&self, session: &Session<'_>, pin: &Pin, folder: &Path) -> bool {
        if let Source::Local { path } = &pin.source {
            return fs::read_link(folder).is_ok_and(|target| target == session.local(path));
        }
        let Ok(kind) = fs::symlink_metadata(folder) else { return false };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        match self.packages.get(name.as_ref()) {
            _ if !kind.is_dir() => false,
            Some(mark) => mark.pin == id(pin) && digest(folder).is_ok_and(|files| files == mark.files),
            None => installed_by_dbt(pin, folder),
        }
    }
}

/// Without a mark, dbt may have put the package there: a release with its version, a clone at its commit.
fn installed_by_dbt(pin: &Pin, folder: &Path) -> bool {
    match &pin.source {
        Source::Hub { version, .. } => {
            let path = folder.join("dbt_project.yml");
            let file = YamlFile::read(&path, "dbt_project.yml", crate::error::ErrorKind::Dependency).ok();
            let told = |key: &str| file.as_ref()?.root.get(key)?.as_str().map(str::to_string);
            told("name") == pin.name && told("version").as_ref() == Some(version)
        }
        Source::Git { commit, subdirectory: None, .. } => is_at(folder, commit),
        _ => false,
    }
}

fn id(pin: &Pin) -> String {
    hex::encode(Sha256::digest(format!("{:?}", pin.source)))
}
