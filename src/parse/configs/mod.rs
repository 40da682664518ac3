//! The config of a resource: dbt's defaults, the trees of dbt_project.yml, the property file, `config()`.

mod check;
mod color;
mod defaults;
mod finish;

pub(super) use check::{check, snapshot as check_snapshot};

use super::json::deep_merge;
use crate::error::{Error, Result};
use crate::manifest::{Map, ResourceType};
use crate::project::config_merge::{adds_up, canonical, merge};
use crate::project::config_tree::{ConfigTrees, TreeKind};
use crate::project::{Package, Project};
use defaults::Defaults;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Whose config is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    /// Its kind.
    pub kind: ResourceType,
    /// Its package.
    pub package: &'a str,
    /// Package, folders, name.
    pub fqn: &'a [String],
}

/// What a resource says itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Own<'a> {
    /// The `config:` of its property file.
    pub patch: Option<&'a Map>,
    /// The same before it was rendered.
    pub unrendered_patch: Option<&'a Map>,
    /// Its `config()` calls.
    pub call: Option<&'a Map>,
}

/// The configs of a project.
pub(super) struct Configs<'a> {
    project: &'a Project,
    defaults: Defaults,
    more_unrendered: bool,
    /// What was merged before: most nodes of a folder have the same config.
    known: Mutex<HashMap<Key, Arc<Map>>>,
}

/// What a merged config is made of: the levels of the trees by their addresses, for the trees do not change
/// during a parse, and what the resource says itself.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    kind: ResourceType,
    of_root: bool,
    levels: Vec<usize>,
    written: String,
}

impl<'a> Configs<'a> {
    /// The configs of a project.
    pub fn new(project: &'a Project) -> Self {
        let more_unrendered = project.flags.behaviour("state_modified_compare_more_unrendered_values");
        Configs { project, defaults: Defaults::new(), more_unrendered, known: Mutex::default() }
    }

    /// As [`Configs::merged`], merged once and shared by all for which it is the same.
    ///
    /// # Errors
    /// A value of a type that its key cannot have.
    pub fn shared(&self, whose: Whose<'_>, own: Own<'_>) -> Result<Arc<Map>> {
        let key = self.key(whose, own);
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(known.clone());
        }
        let config = Arc::new(self.merged(whose, own)?);
        lock().insert(key, config.clone());
        Ok(config)
    }

    /// All that a merged config depends on.
    fn key(&self, whose: Whose<'_>, own: Own<'_>) -> Key {
        let tree = tree_of(whose.kind, false);
        let of = |package: &Package| -> Vec<usize> {
            let levels = package.file.configs.levels(tree, whose.fqn).into_iter();
            levels.map(|level| std::ptr::from_ref(level).addr()).collect()
        };
        let mut levels = self.project.package(whose.package).map(of).unwrap_or_default();
        if whose.package != self.project.name() {
            levels.extend(of(self.project.main()));
        }
        let said = [own.patch, own.call].map(|map| map.filter(|map| !map.is_empty()));
        let written = match said {
            [None, None] => String::new(),
            said => serde_json::to_string(&[said[0], said[1]]).unwrap_or_default(),
        };
        Key { kind: whose.kind, of_root: whose.package == self.project.name(), levels, written }
    }

    /// The merged config: defaults, the package's tree, property file, calls, the root project's tree.
    ///
    /// # Errors
    /// A value of a type that its key cannot have.
    pub fn merged(&self, whose: Whose<'_>, own: Own<'_>) -> Result<Map> {
        let mut config = self.defaults.of(whose.kind).clone();
        let mut faults = Vec::new();
        let clobbered = clobbered(whose.kind);
        for level in self.levels(whose, own, false) {
            for key in clobbered.iter().filter(|key| level.contains_key(**key)) {
                config.insert(key.to_string(), Json::Null);
            }
            faults.extend(self.lay_over(whose.kind, level, &mut config));
        }
        self.keep_what_nulls_leave(whose, own, &mut config);
        finish::finish(whose.kind, &mut config);
        Error::all(faults).map_or(Ok(config), Err)
    }

    /// A null of a node's own takes nothing back that the trees say, as in dbt: only the parts of its name it
    /// makes the usual ones. (Of a source it does: `freshness: null`.)
    fn keep_what_nulls_leave(&self, whose: Whose<'_>, own: Own<'_>, config: &mut Map) {
        use ResourceType::{Analysis, Function, Model, Seed, Snapshot};
        if !matches!(whose.kind, Model | Seed | Snapshot | Analysis | Function) {
            return;
        }
        let said = [own.patch, own.call].into_iter().flatten().flatten();
        let nulls = said.filter(|(_, value)| value.is_null()).map(|(key, _)| canonical(key.trim()));
        let is_kept = |key: &&str| {
            !["schema", "alias", "database"].contains(key) && config.get(*key).is_some_and(Json::is_null)
        };
        let kept: Vec<_> = nulls.filter(is_kept).collect();
        let trees =
            if kept.is_empty() { Map::new() } else { self.merged(whose, Own::default()).unwrap_or_default() };
        for key in kept {
            if let Some(value) = trees.get(key) {
                config.insert(key.to_string(), value.clone());
            }
        }
    }

    /// Puts a level over those before it. Keys add up only for the kinds that have them; the others keep them as
    /// the last level writes them, but for hooks, which they do not have.
    fn lay_over(&self, kind: ResourceType, level: Map, config: &mut Map) -> Vec<Error> {
        let has = |key: &str| !adds_up(key) || self.defaults.of(kind).contains_key(canonical(key));
        let mut faults = Vec::new();
        for (key, value) in level {
            if has(&key) {
                faults.extend(merge(config, &Map::from_iter([(key, value)])).err());
            } else if !canonical(&key).ends_with("-hook") {
                config.insert(key, value);
            }
        }
        faults
    }

    /// Are configs compared as they are written, before rendering? (behaviour flag of dbt)
    pub fn compares_as_written(&self) -> bool {
        self.more_unrendered
    }

    /// The config as written, for comparing states: later levels simply take the place of earlier ones.
    pub fn unrendered(&self, whose: Whose<'_>, own: Own<'_>) -> Map {
        let mut config = Map::new();
        let patch = own.patch.zip(own.unrendered_patch).filter(|_| self.more_unrendered);
        let patch = patch.map(|(patch, unrendered)| deep_merge(patch, unrendered));
        let own = Own { patch: patch.as_ref().or(own.patch), ..own };
        for level in self.levels(whose, own, true) {
            config.extend(level);
        }
        config
    }

    /// Every level that speaks of a resource, general to specific.
    fn levels(&self, whose: Whose<'_>, own: Own<'_>, unrendered: bool) -> Vec<Map> {
        let tree = tree_of(whose.kind, unrendered);
        let of = |package: &Package| {
            let trees: &ConfigTrees =
                if unrendered { &package.file.unrendered_configs } else { &package.file.configs };
            trees.config_for(tree, whose.fqn)
        };
        let mut levels = self.project.package(whose.package).map(&of).unwrap_or_default();
        let said = own.patch.into_iter().chain(own.call).cloned();
        levels.extend(said.map(|level| if unrendered { level } else { renamed(level) }));
        if whose.package != self.project.name() {
            levels.extend(of(self.project.main()));
        }
        levels
    }
}

/// Keys that add up for nodes, and of which these kinds keep only the last.
fn clobbered(kind: ResourceType) -> &'static [&'static str] {
    match kind {
        ResourceType::Source => &["tags"],
        ResourceType::Exposure => &["tags", "meta"],
        _ => &[],
    }
}

/// Config keys may stand with white space and under their older spelling.
fn renamed(level: Map) -> Map {
    level.into_iter().map(|(key, value)| (canonical(key.trim()).to_string(), value)).collect()
}

/// Where dbt_project.yml configures a kind. What has no tree of its own takes that of models; functions do
/// so where configs are compared as written, as in dbt.
fn tree_of(kind: ResourceType, unrendered: bool) -> TreeKind {
    match kind {
        ResourceType::Seed => TreeKind::Seeds,
        ResourceType::Snapshot => TreeKind::Snapshots,
        ResourceType::Source => TreeKind::Sources,
        ResourceType::Test => TreeKind::DataTests,
        ResourceType::UnitTest => TreeKind::UnitTests,
        ResourceType::Exposure => TreeKind::Exposures,
        ResourceType::Metric => TreeKind::Metrics,
        ResourceType::SemanticModel => TreeKind::SemanticModels,
        ResourceType::SavedQuery => TreeKind::SavedQueries,
        ResourceType::Function if !unrendered => TreeKind::Functions,
        _ => TreeKind::Models,
    }
}
