//! The artifacts that `--state` names, and what selection asks of them: `compare` tells whether a resource
//! has changed, `alike` whether two values mean the same, `contract` whether a promise was broken, `macros`
//! which macros are not what they were, `seeds` of which big seeds nothing can be told.

mod alike;
mod compare;
mod contract;
mod macros;
mod seeds;

use super::select::PreviousState;
use crate::artifacts::{EarlierManifest, EarlierRun, EarlierSources};
use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use crate::manifest::{Manifest, UniqueId};
use compare::Pair;
use serde_json::Value as Json;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The artifacts of an earlier run.
pub struct State {
    /// Where they lie.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Option<EarlierManifest>,
    run: Option<EarlierRun>,
    sources: Option<EarlierSources>,
    sources_now: Option<EarlierSources>,
    /// dbt's flag `state_modified_compare_more_unrendered_values`.
    unrendered: bool,
    reporter: Arc<dyn Reporter>,
    changed_macros: OnceCell<HashSet<String>>,
}

impl State {
    /// Reads what lies at `path`; `target` holds the sources.json to compare with.
    ///
    /// # Errors
    /// A file cannot be read, or has a version that karat does not know.
    pub fn read(path: &Path, target: &Path, unrendered: bool, reporter: Arc<dyn Reporter>) -> Result<State> {
        Ok(State {
            path: path.to_path_buf(),
            manifest: EarlierManifest::read(&path.join("manifest.json"))?,
            run: EarlierRun::read(&path.join("run_results.json"))?,
            sources: EarlierSources::read(&path.join("sources.json"))?,
            sources_now: EarlierSources::read(&target.join("sources.json"))?,
            unrendered,
            reporter,
            changed_macros: OnceCell::new(),
        })
    }

    fn changed_macros(&self, old: &EarlierManifest, manifest: &Manifest) -> &HashSet<String> {
        self.changed_macros.get_or_init(|| macros::changed(old, manifest))
    }

    fn calls_changed_macro(&self, pair: &Pair, old: &EarlierManifest, manifest: &Manifest) -> bool {
        let changed = self.changed_macros(old, manifest);
        let called = pair.new.pointer("/depends_on/macros").and_then(Json::as_array);
        let called = called.into_iter().flatten().filter_map(Json::as_str);
        !changed.is_empty() && macros::reaches(called, changed, manifest)
    }

    /// Is the contract what it was? A broken one of a versioned model is an error, of another a warning.
    fn same_contract(&self, pair: &Pair, adapter: &str) -> Result<bool> {
        let verdict = contract::compare(pair, adapter);
        if !verdict.broken.is_empty() {
            self.broken(pair.new, &verdict.broken)?;
        }
        Ok(verdict.same)
    }

    /// A broken promise: of a versioned model an error, of another a warning.
    fn broken(&self, node: &Json, how: &[String]) -> Result<()> {
        let error = contract::breaking(node, how);
        if contract::is_versioned(node) {
            return Err(error);
        }
        self.reporter.report(Event::Warning { name: "UnversionedBreakingChange", error });
        Ok(())
    }

    fn modified(&self, pair: &Pair, old: &EarlierManifest, manifest: &Manifest) -> Result<bool> {
        test_is_known(pair.new, manifest)?;
        let contract = !pair.has_contract() || self.same_contract(pair, &manifest.adapter_type)?;
        Ok(!pair.same_contents(self.unrendered) || !contract || self.calls_changed_macro(pair, old, manifest))
    }
}

impl PreviousState for State {
    fn state(&self, check: &str, id: &UniqueId, manifest: &Manifest) -> Result<bool> {
        let absent = || Error::runtime("Got a state selector method, but no comparison manifest");
        let old = self.manifest.as_ref().ok_or_else(|| {
            absent().help(format!("there is no manifest.json in `{}`", self.path.display()))
        })?;
        let new = compare::as_json(manifest, id);
        let Some(earlier) = old.find(id.as_str()) else { return Ok(absent_before(check, &new)) };
        let pair = Pair { old: earlier, new: &new };
        if ["modified", "unmodified", "modified.body"].contains(&check)
            && let Some((name, error)) = seeds::doubt(&pair)
        {
            self.reporter.report(Event::Warning { name, error });
        }
        Ok(match check {
            "new" => false,
            "old" => true,
            "modified" => self.modified(&pair, old, manifest)?,
            "unmodified" => !self.modified(&pair, old, manifest)?,
            "modified.body" => pair.is_node() && !pair.same_body(),
            "modified.configs" => !pair.same_config(),
            "modified.persisted_descriptions" => pair.is_node() && !pair.same_descriptions(),
            "modified.relation" => pair.has_place() && !pair.same_place(self.unrendered),
            "modified.macros" => self.calls_changed_macro(&pair, old, manifest),
            "modified.contract" => {
                pair.has_contract() && !self.same_contract(&pair, &manifest.adapter_type)?
            }
            _ => false,
        })
    }

    fn removed(&self, check: &str, manifest: &Manifest) -> Result<()> {
        let Some(old) = &self.manifest else { return Ok(()) };
        if !["modified", "unmodified", "modified.contract"].contains(&check) {
            return Ok(());
        }
        let gone =
            old.nodes.iter().filter(|(_, node)| node["resource_type"] == "model").filter_map(|(id, node)| {
                let id = UniqueId::from(id.as_str());
                let disabled = manifest.disabled.get(&id).and_then(|all| all.first());
                let gone = disabled.is_some() || manifest.node(&id).is_none();
                gone.then_some((disabled.unwrap_or(node), disabled.is_some()))
            });
        let told = gone.filter_map(|(node, is_disabled)| {
            let how = contract::removed(node, is_disabled)?;
            self.broken(node, &[how]).err()
        });
        Error::all(told.collect()).map_or(Ok(()), Err)
    }

    fn with_result(&self, status: &str) -> Result<Option<HashSet<UniqueId>>> {
        let of = |run: &EarlierRun| {
            let hits = run.results.iter().filter(|result| result.status == status);
            hits.map(|result| UniqueId::from(result.unique_id.as_str())).collect()
        };
        Ok(self.run.as_ref().map(of))
    }

    fn fresher(&self) -> Result<Option<HashSet<UniqueId>>> {
        let Some(before) = &self.sources else { return Ok(None) };
        let Some(now) = &self.sources_now else {
            return Err(Error::internal("No current state comparison freshness results in sources.json")
                .help("run `karat source freshness` first"));
        };
        let was = |id: &str| before.results.iter().find(|it| it.unique_id == id).map(|it| it.loaded_at());
        let is_fresher = |id: &str, loaded| match was(id) {
            None => true,
            // It did not answer then: nothing can be said.
            Some(None) => false,
            Some(then) => Some(loaded) > then,
        };
        let fresher =
            now.results.iter().filter(|it| it.loaded_at().is_some_and(|at| is_fresher(&it.unique_id, at)));
        Ok(Some(fresher.map(|it| it.id()).collect()))
    }
}

/// A generic test whose macro was removed, but that is still asked for, cannot be told to have changed.
fn test_is_known(node: &Json, manifest: &Manifest) -> Result<()> {
    let Some(name) = node.pointer("/test_metadata/name").and_then(Json::as_str) else { return Ok(()) };
    let wanted = format!("test_{name}");
    if manifest.macros.values().any(|it| it.name == wanted) {
        return Ok(());
    }
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    Err(Error::compilation(format!(
        "Node '{}' (in {}) depends on a macro or test that does not exist. This can happen when a macro or generic \
         test is removed but is still referenced.",
        text("name"),
        text("original_file_path")
    ))
    .help("check its spelling, and install the packages with `karat deps`"))
}

/// The checks of what was not there: everything of it has changed, but sources, exposures and metrics count
/// as unmodified by their content (dbt's rule).
fn absent_before(check: &str, new: &Json) -> bool {
    let kind = new["resource_type"].as_str().unwrap_or_default();
    let lenient = matches!(kind, "source" | "exposure" | "metric" | "semantic_model" | "saved_query");
    match check {
        "new" => true,
        "modified" => !lenient,
        "unmodified" => lenient,
        "modified.body" | "modified.persisted_descriptions" | "modified.contract" => {
            compare::is_node_kind(kind)
        }
        "modified.relation" => compare::is_node_kind(kind) || kind == "source",
        "modified.configs" => true,
        _ => false,
    }
}
