//! `load`: from a folder and the flags to a [`Project`].

use super::packages::BuiltInPackage;
use super::{Environment, Flags, Map, Project, Target};
use crate::error::Result;
use std::path::PathBuf;
use std::sync::Arc;

/// What loading must know of the adapters, which stand on the same floor: given by `cli/`.
pub trait Adapters {
    /// The built-in packages for a type of adapter: `dbt` and the adapter's own.
    ///
    /// # Errors
    /// An unknown type of adapter.
    fn packages(&self, adapter_type: &str) -> Result<Vec<BuiltInPackage>>;

    /// What templates may see of a connection (`target.host`, `target.schema`): every field that is no
    /// secret, defaults filled in.
    ///
    /// # Errors
    /// Fields that the adapter does not take.
    fn connection(&self, target: &Target) -> Result<Map>;
}

/// Where to look and what was asked for.
pub struct LoadOptions<'a> {
    /// The flags of the run; `project_dir`, `profiles_dir`, `profile`, `target`, `threads`, `vars`,
    /// `target_path`, `log_path` and `version_check` matter here.
    pub flags: Flags,
    /// The environment of the run.
    pub environment: Arc<Environment>,
    /// The adapters.
    pub adapters: &'a dyn Adapters,
    /// Where the command was started.
    pub working_dir: PathBuf,
    /// The user's home, where `.dbt/profiles.yml` may be.
    pub home: Option<PathBuf>,
}
