//! A dbt project as it is on disk: dbt_project.yml, profiles.yml, vars, packages, the files found.
//!
//! [`load`] goes on from a [`FirstReading`] and reports every fault of a file together. It parses no model: the files
//! come out as text with kind and hash, and `parse` makes the manifest of them.

mod catalogs;
pub mod config_keys;
pub mod config_merge;
pub mod config_tree;
pub mod environment;
pub mod files;
pub mod flags;
mod load;
mod packages;
mod profiles;
pub mod project_file;
mod render;
mod secrets;
pub mod vars;
mod vars_file;
pub mod yaml;

pub use environment::{Environment, Secrets};
pub use files::{FileHash, FileKind, SourceFile, Stamps};
pub use flags::Flags;
pub use load::{Adapters, FirstReading, LoadOptions, load, log_path, target_path};
pub use packages::{BuiltInPackage, Package};
pub use profiles::Target;
pub use project_file::ProjectFile;
pub use render::Renderer;
pub use vars::{Vars, parse_vars};

use crate::error::{Error, Result};
use rayon::prelude::*;
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::Arc;

/// A JSON object; keeps its order.
pub type Map = serde_json::Map<String, Json>;

/// Something that dbt warns of: an event class of dbt and the fault.
#[derive(Debug, Clone)]
pub struct Warning {
    /// dbt's event class: `CustomTopLevelKeyDeprecation`.
    pub name: &'static str,
    /// What is wrong, where, and how to mend it.
    pub error: Error,
}

/// A project with its packages, ready to be parsed.
#[derive(Debug)]
pub struct Project {
    /// The folder of dbt_project.yml, absolute.
    pub root: PathBuf,
    /// The project itself first, then the installed packages by folder name, then the built-in ones.
    pub packages: Vec<Package>,
    /// Where a run connects to.
    pub target: Target,
    /// The folder of the profiles.yml that was read.
    pub profiles_dir: PathBuf,
    /// The flags, with the project's own `flags:` in them.
    pub flags: Flags,
    /// The environment of the run.
    pub environment: Arc<Environment>,
    /// What `var()` looks in.
    pub vars: Vars,
    /// The folder of compiled files and artifacts, absolute.
    pub target_path: PathBuf,
    /// The folder of logs, absolute.
    pub log_path: PathBuf,
    /// selectors.yml, rendered, where there is one.
    pub selectors: Option<yaml::YamlFile>,
    /// What to warn of.
    pub warnings: Vec<Warning>,
    /// What is known of files from command to command.
    pub stamps: Arc<Stamps>,
}

impl Project {
    /// The project itself.
    pub fn main(&self) -> &Package {
        &self.packages[0]
    }

    /// Name of the project.
    pub fn name(&self) -> &str {
        &self.packages[0].name
    }

    /// Reads the files that were not read because they had not changed.
    ///
    /// # Errors
    /// Files that cannot be read or are no UTF-8, all at once.
    pub fn read_all(&mut self) -> Result<()> {
        self.read_where(|_| true)
    }

    /// As [`Project::read_all`], some of them.
    ///
    /// # Errors
    /// As [`Project::read_all`].
    pub fn read_where(&mut self, wanted: impl Fn(&SourceFile) -> bool + Sync) -> Result<()> {
        let root = self.root.clone();
        let files = self.packages.par_iter_mut().flat_map(|package| &mut package.files);
        let files = files.filter(|file| !file.is_read && wanted(file));
        let faults = files.filter_map(|file| {
            let path = file.absolute_path().unwrap_or_default();
            let shown = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            files::read_contents(file, &shown).err()
        });
        Error::all(faults.collect()).map_or(Ok(()), Err)
    }

    /// A package by name.
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}
