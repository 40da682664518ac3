//! dbt_project.yml: what it may say, and what it said, rendered and as written.

mod read;
mod rules;
#[cfg(test)]
mod tests;
mod version;

pub(super) use read::{Asked, read, render};

use super::Map;
use super::config_tree::{ConfigTrees, TreeKind};
use std::path::Path;
use std::sync::Arc;

/// The release of dbt Core whose projects this program takes.
pub const DBT_VERSION: &str = "1.11.16";

/// The resource paths, each below the package's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePaths {
    /// `model-paths` (once `source-paths`).
    pub models: Vec<String>,
    /// `seed-paths` (once `data-paths`).
    pub seeds: Vec<String>,
    /// `test-paths`.
    pub tests: Vec<String>,
    /// `analysis-paths`.
    pub analyses: Vec<String>,
    /// `macro-paths`.
    pub macros: Vec<String>,
    /// `snapshot-paths`.
    pub snapshots: Vec<String>,
    /// `function-paths`.
    pub functions: Vec<String>,
    /// `docs-paths`; all the others where it is not set.
    pub docs: Option<Vec<String>>,
    /// `asset-paths`.
    pub assets: Vec<String>,
}

impl Default for ResourcePaths {
    fn default() -> Self {
        let one = |path: &str| vec![path.to_string()];
        ResourcePaths {
            models: one("models"),
            seeds: one("seeds"),
            tests: one("tests"),
            analyses: one("analyses"),
            macros: one("macros"),
            snapshots: one("snapshots"),
            functions: one("functions"),
            docs: None,
            assets: Vec::new(),
        }
    }
}

impl ResourcePaths {
    /// Every path that may hold property files, each once, without a slash at its end.
    pub fn all(&self) -> Vec<String> {
        let lists = [
            &self.models,
            &self.seeds,
            &self.snapshots,
            &self.analyses,
            &self.macros,
            &self.tests,
            &self.functions,
        ];
        let mut all: Vec<String> = Vec::new();
        for path in lists.into_iter().flatten().map(|path| path.trim_end_matches('/')) {
            if !all.iter().any(|known| known == path) {
                all.push(path.to_string());
            }
        }
        all
    }

    /// Where `.md` files are looked for.
    pub fn docs(&self) -> Vec<String> {
        self.docs.clone().unwrap_or_else(|| self.all())
    }
}

/// A hook of the project and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectHook {
    /// Its template, not rendered.
    pub sql: String,
    /// Line in dbt_project.yml.
    pub line: usize,
    /// Column in dbt_project.yml.
    pub column: usize,
}

/// One entry of `dispatch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// The package whose macros are asked for.
    pub macro_namespace: String,
    /// The packages to look in, in order.
    pub search_order: Vec<String>,
}

/// `query-comment`, not rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryComment {
    /// The template; `None` is dbt's default comment, an empty one none at all.
    pub comment: Option<String>,
    /// Behind the query rather than before it.
    pub append: bool,
    /// BigQuery's job label; kept.
    pub job_label: bool,
}

/// `quoting`: what is not set is left to the adapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProjectQuoting {
    /// The database part.
    pub database: Option<bool>,
    /// The schema part.
    pub schema: Option<bool>,
    /// The identifier part.
    pub identifier: Option<bool>,
}

/// A dbt_project.yml, read.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectFile {
    /// Path as messages show it; empty for a built-in package.
    pub path: String,
    /// The text as written; empty for a built-in package.
    pub text: Arc<str>,
    /// `name`.
    pub name: String,
    /// `version`, as text.
    pub version: Option<String>,
    /// `profile`.
    pub profile: Option<String>,
    /// The resource paths.
    pub paths: ResourcePaths,
    /// `target-path`.
    pub target_path: Option<String>,
    /// `log-path`.
    pub log_path: Option<String>,
    /// `clean-targets`; the target path where it is not set.
    pub clean_targets: Option<Vec<String>>,
    /// `packages-install-path`.
    pub packages_install_path: String,
    /// `require-dbt-version`, one comparison each.
    pub require_dbt_version: Vec<String>,
    /// `query-comment`.
    pub query_comment: QueryComment,
    /// `quoting`.
    pub quoting: ProjectQuoting,
    /// `on-run-start`.
    pub on_run_start: Vec<ProjectHook>,
    /// `on-run-end`.
    pub on_run_end: Vec<ProjectHook>,
    /// `dispatch`.
    pub dispatch: Vec<Dispatch>,
    /// `restrict-access`.
    pub restrict_access: bool,
    /// `flags`.
    pub flags: Map,
    /// `vars`, not rendered.
    pub vars: Map,
    /// `models`, `seeds`, ... with templates rendered.
    pub configs: ConfigTrees,
    /// The same trees as written, for comparing states.
    pub unrendered_configs: ConfigTrees,
}

impl ProjectFile {
    /// What a package has that writes nothing but its name.
    pub fn named(name: &str) -> Self {
        ProjectFile {
            path: String::new(),
            text: "".into(),
            name: name.to_string(),
            version: None,
            profile: None,
            paths: ResourcePaths::default(),
            target_path: None,
            log_path: None,
            clean_targets: None,
            packages_install_path: "dbt_packages".to_string(),
            require_dbt_version: Vec::new(),
            query_comment: QueryComment { comment: None, append: false, job_label: false },
            quoting: ProjectQuoting::default(),
            on_run_start: Vec::new(),
            on_run_end: Vec::new(),
            dispatch: Vec::new(),
            restrict_access: false,
            flags: Map::new(),
            vars: Map::new(),
            configs: ConfigTrees::default(),
            unrendered_configs: ConfigTrees::default(),
        }
    }

    /// The configs that this file has for a node, from general to specific; see
    /// [`ConfigTrees::config_for`].
    pub fn config_for(&self, kind: TreeKind, fqn: &[String]) -> Vec<Map> {
        self.configs.config_for(kind, fqn)
    }

    /// The same as written, templates and all.
    pub fn unrendered_config_for(&self, kind: TreeKind, fqn: &[String]) -> Vec<Map> {
        self.unrendered_configs.config_for(kind, fqn)
    }

    /// The search order that `dispatch` gives a namespace, if it does.
    pub fn dispatch_order(&self, namespace: &str) -> Option<&[String]> {
        let entry = self.dispatch.iter().find(|entry| entry.macro_namespace == namespace);
        entry.map(|entry| entry.search_order.as_slice())
    }

    /// The folders that `clean` empties.
    pub fn clean_targets(&self) -> Vec<String> {
        let target = || vec![self.target_path.clone().unwrap_or_else(|| "target".to_string())];
        self.clean_targets.clone().unwrap_or_else(target)
    }
}

/// Is there a dbt_project.yml in a folder?
pub fn is_project(dir: &Path) -> bool {
    dir.join(FILE_NAME).is_file()
}

/// The file's name.
pub const FILE_NAME: &str = "dbt_project.yml";
