//! What loading a project must know of the engines: their macro packages, and what `target` shows.

use crate::adapter::{self, Adapter, Settings};
use crate::error::{Error, Result};
use crate::manifest::Map;
use crate::project::{Adapters, BuiltInPackage, Environment, Target};
use include_dir::{Dir, include_dir};
use std::sync::Arc;

/// The macros of every project.
static GLOBAL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/global_project/macros");

/// The engines of this build, as the project room asks for them.
pub struct Engines<'a> {
    /// The environment, which engines' own clients read.
    pub environment: &'a Environment,
}

impl Engines<'_> {
    /// Opens the engine of a target. Nothing is connected yet.
    ///
    /// # Errors
    /// An unknown type; keys that are missing or wrong.
    pub fn open(&self, target: &Target) -> Result<Arc<dyn Adapter>> {
        let env = |name: &str| self.environment.get(name).map(str::to_string);
        let settings = Settings { threads: target.threads, root: &target.root, env: &env };
        adapter::open(&target.adapter_type, &target.fields, &settings)
    }
}

impl Adapters for Engines<'_> {
    fn packages(&self, adapter_type: &str) -> Result<Vec<BuiltInPackage>> {
        let own = adapter::macro_package(adapter_type).ok_or_else(|| {
            Error::new(
                crate::error::ErrorKind::Profile,
                format!("Could not find adapter type {adapter_type}!"),
            )
            .help(format!("`type` in profiles.yml is one of: {}", adapter::known().join(", ")))
        })?;
        Ok(vec![package("dbt", &GLOBAL), package(adapter::known_package(adapter_type), own)])
    }

    fn connection(&self, target: &Target) -> Result<Map> {
        Ok(self.open(target)?.target_fields())
    }
}

fn package(name: &'static str, dir: &'static Dir<'static>) -> BuiltInPackage {
    let mut files = Vec::new();
    gather(dir, &mut files);
    BuiltInPackage { name, files }
}

fn gather(dir: &'static Dir<'static>, files: &mut Vec<(String, &'static str)>) {
    for file in dir.files() {
        let path = format!("macros/{}", file.path().display());
        files.extend(file.contents_utf8().map(|text| (path, text)));
    }
    dir.dirs().for_each(|inner| gather(inner, files));
}
