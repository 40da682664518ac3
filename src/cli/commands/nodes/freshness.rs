//! `karat source freshness`: how long ago the sources were loaded.

use crate::artifacts::{SourceFreshness, write_sources};
use crate::cli::commands::{Command, CommandSpec, PLAIN};
use crate::cli::selection::{Choice, chosen};
use crate::cli::session::{Opened, Opening};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::manifest::{FreshnessThreshold, ResourceType, UniqueId};
use crate::run::{Job, Mode, Report, freshness};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::PathBuf;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Freshness,
    name: "source freshness",
    aliases: &["snapshot-freshness"],
    about: "Check how long ago the sources were loaded",
    examples: "  karat source freshness
  karat source freshness --select source:shop.orders",
    flags: &["select", "exclude", "selector", "output_freshness"],
    ..PLAIN
};

const HOOKS: &str = "source_freshness_run_project_hooks";

/// Checks; the exit code: 1 where a source is too old, or does not answer.
///
/// # Errors
/// The project cannot be opened; the disk refuses.
pub fn run(opening: &Opening) -> Result<u8> {
    let opened = opening.open()?;
    let path = output(opening, &opened);
    let graph = opened.graph(false)?;
    let ids = checked(
        &opened,
        chosen(&opened, &Choice { graph: &graph, kinds: &[ResourceType::Source], without_empty: false })?,
    );
    opened.write_manifest(&HashMap::new(), &HashMap::new())?;
    let mut found = Report::default();
    if ids.is_empty() {
        opening.reporter.report(Event::NothingToDo);
    } else {
        let job = Job {
            graph: graph.subset(&ids),
            run: opened.run_over(ids)?,
            mode: Mode::Execute,
            tests_gate: false,
            hooks: hooks(&opened),
            seconds: HashMap::default(),
            continued: None,
            journal: None,
            committed: Default::default(),
        };
        found = freshness(&job);
    }
    write(&opened, &path, &found)?;
    if let Some(fault) = found.fault.take() {
        return Err(fault);
    }
    let results = found.outcomes.iter().map(|o| (o.info.clone(), o.result.clone(), o.error.clone()));
    opening.reporter.report(Event::FreshnessFinished { results: results.collect() });
    Ok(u8::from(!found.is_success()))
}

/// Sources that have something to be held against.
fn checked(opened: &Opened, mut ids: Vec<UniqueId>) -> Vec<UniqueId> {
    let is_set = |time: &Option<Json>| {
        time.as_ref().is_some_and(|time| time.get("count").is_some_and(|n| !n.is_null()))
    };
    let says =
        |threshold: &FreshnessThreshold| is_set(&threshold.warn_after) || is_set(&threshold.error_after);
    let source = |id: &UniqueId| opened.manifest.sources.get(id);
    ids.retain(|id| source(id).and_then(|it| it.freshness.as_ref()).is_some_and(says));
    ids
}

/// Do the project's hooks run? (behaviour flag of dbt)
fn hooks(opened: &Opened) -> bool {
    let wanted = opened.session.flags.behaviour(HOOKS);
    let has_hooks = opened.manifest.nodes.values().any(|node| node.resource_type == ResourceType::Operation);
    if !wanted && has_hooks {
        let error = Error::runtime(format!(
            "In a future version of dbt, the `source freshness` command will start running `on-run-start` and \
             `on-run-end` hooks by default. For more information: `{HOOKS}`"
        ));
        opened.session.reporter.report(Event::Warning { name: "SourceFreshnessProjectHooksNotRun", error });
    }
    wanted
}

fn output(opening: &Opening, opened: &Opened) -> PathBuf {
    let Some(path) = opening.start.invocation.given.text("output_freshness") else {
        return opened.session.target_path.join("sources.json");
    };
    let error = Error::runtime(format!(
        "Custom output path usage `--output {path}` in `source freshness` is deprecated and will be removed in a \
         future version"
    ));
    let error = error.with_field("path", path);
    opening.reporter.report(Event::Warning { name: "CustomOutputPathInSourceFreshnessDeprecation", error });
    opened.session.root.join(path)
}

fn write(opened: &Opened, path: &std::path::Path, found: &Report) -> Result<()> {
    let mut sources = Vec::new();
    for outcome in &found.outcomes {
        let Some(source) = opened.manifest.sources.get(&outcome.result.unique_id) else { continue };
        let seen = found.freshness.get(&source.unique_id);
        sources.push(SourceFreshness {
            result: &outcome.result,
            seen: seen.map(|seen| (seen.max_loaded_at, seen.snapshotted_at)),
            age: seen.map_or(0.0, |seen| seen.age()),
            criteria: source.freshness.clone().unwrap_or_default(),
        });
    }
    write_sources(path, &sources, found.elapsed, &opened.artifact_invocation())?;
    let path = path.display().to_string();
    opened.session.reporter.report(Event::ArtifactWritten { kind: "FreshnessExecutionResultArtifact", path });
    Ok(())
}
