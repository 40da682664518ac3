//! What every stage needs: the session, the project, the context of the parse phase.

use super::configs::Configs;
use super::nodes::Naming;
use crate::context::Session;
use crate::context::parse::ParseBase;
use crate::manifest::{Config, Manifest, Map};
use crate::project::{Project, SourceFile};
use serde_json::{Value as Json, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// One parse.
pub(super) struct Stage<'a> {
    /// What templates see.
    pub session: &'a Session,
    /// The files.
    pub project: &'a Project,
    /// The values of the parse phase.
    pub base: ParseBase,
    /// Config trees and defaults.
    pub configs: Configs<'a>,
    /// The `generate_*_name` macros.
    pub naming: Naming,
    /// The config of a column that says nothing, which most share.
    pub plain_column: Config,
    /// Seconds since 1970: `created_at` of all that this parse makes.
    pub now: f64,
}

impl<'a> Stage<'a> {
    /// Begins a parse.
    pub fn new(session: &'a Session, project: &'a Project) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        Stage {
            session,
            project,
            base: ParseBase::new(session),
            configs: Configs::new(project),
            naming: Naming::new(session, project),
            plain_column: Map::from_iter([("meta".into(), json!({})), ("tags".into(), json!([]))]).into(),
            now,
        }
    }

    /// A manifest with all that is known before anything is parsed.
    pub fn empty_manifest(&self) -> Manifest {
        let quoting = self.session.quoting;
        let quoting = json!({
            "database": quoting.database, "schema": quoting.schema, "identifier": quoting.identifier
        });
        Manifest {
            project_name: self.project.name().to_string(),
            adapter_type: self.session.adapter.name().to_string(),
            selectors: self
                .project
                .selectors
                .as_ref()
                .map(|file| selectors(&file.root.to_json()))
                .unwrap_or_default(),
            quoting: quoting.as_object().cloned().unwrap_or_default(),
            ..Manifest::default()
        }
    }

    /// A file's path as messages show it: below the project's folder where it is there.
    pub fn shown(&self, file: &SourceFile) -> String {
        let below = file.absolute_path();
        let below = below.as_deref().and_then(|path| path.strip_prefix(&self.project.root).ok());
        below.map_or_else(|| file.original_file_path.clone(), |path| path.display().to_string())
    }

    /// The packages that users wrote: all but the built-in ones.
    pub fn packages(&self) -> impl Iterator<Item = &'a crate::project::Package> {
        self.project.packages.iter().filter(|package| !package.built_in)
    }
}

/// The selectors by name, as the manifest shows them.
fn selectors(written: &Json) -> Map {
    let list = written.get("selectors").unwrap_or(written);
    let named = |one: &Json| Some((one.get("name")?.as_str()?.to_string(), one.clone()));
    list.as_array().into_iter().flatten().filter_map(named).collect()
}
