//! Opening: from what was typed to a project, an engine, a manifest. Each command goes as far as it needs.

use super::engines::Engines;
use super::interrupt::Interrupt;
use super::warnings::{Strict, is_deprecation, outdated};
use super::{Start, output};
use crate::adapter::Adapter;
use crate::artifacts::EarlierRun;
use crate::context::{Invocation, Run, Session, SessionParts};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::event::{Event, Reporter};
use crate::graph::Graph;
use crate::manifest::{Manifest, ResourceType, UniqueId};
use crate::parse;
use crate::project::{self, Flags, LoadOptions, Project};
use crate::ui;
use std::collections::HashSet;
use std::sync::Arc;

/// A command on its way: what was typed, who listens, who may stop it.
pub struct Opening<'a> {
    /// What was typed.
    pub start: &'a Start,
    /// Who listens.
    pub reporter: Arc<dyn Reporter>,
    strict: Arc<Strict>,
    /// The wish to stop.
    pub interrupt: Interrupt,
    /// When the command began.
    pub invocation: Invocation,
    /// Of these nodes alone, whatever is selected: what `retry` takes up again.
    pub only: Option<Arc<HashSet<UniqueId>>>,
    /// The run that is continued.
    pub earlier: Option<Arc<EarlierRun>>,
}

/// A project that was parsed, with its engine.
pub struct Opened {
    /// The project.
    pub project: Project,
    /// What templates share.
    pub session: Arc<Session>,
    /// The parsed project.
    pub manifest: Arc<Manifest>,
    /// Did an earlier command parse the same project?
    pub parsed_before: bool,
    /// As in [`Opening::only`].
    pub only: Option<Arc<HashSet<UniqueId>>>,
    /// As in [`Opening::earlier`].
    pub earlier: Option<Arc<EarlierRun>>,
    /// What is written for the next command; waited for at the end.
    #[allow(dead_code)]
    writing: parse::Writing,
    strict: Arc<Strict>,
    interrupt: Interrupt,
}

impl<'a> Opening<'a> {
    /// Begins a command: the reporter is there and has said the first line.
    ///
    /// # Errors
    /// The working folder is gone.
    pub fn begin(start: &'a Start) -> Result<Self> {
        std::env::current_dir()
            .map_err(|fault| Error::runtime(format!("the working folder cannot be read: {fault}")))?;
        let (flags, options) = early_options(start);
        let strict = Arc::new(Strict::new(ui::reporter(&options), &flags));
        let reporter: Arc<dyn Reporter> = strict.clone();
        super::started(start, &*reporter);
        let wrong = start.wrong_settings.iter().map(|fault| ("Note", fault.clone()));
        let early = wrong.chain(outdated(start, &flags));
        early.for_each(|(name, error)| reporter.report(Event::Warning { name, error }));
        let teller = reporter.clone();
        let interrupt = Interrupt::listen(move || {
            let error = Error::new(ErrorKind::Interrupted, "stopped before anything was run");
            teller.report(Event::Failed { error });
        })?;
        let invocation = Invocation { id: start.invocation_id.clone(), ..Session::invocation() };
        Ok(Opening { start, reporter, strict, interrupt, invocation, only: None, earlier: None })
    }

    /// The same invocation with other flags and nodes.
    pub fn again<'b>(&self, start: &'b Start, only: HashSet<UniqueId>, earlier: EarlierRun) -> Opening<'b> {
        Opening {
            start,
            reporter: self.reporter.clone(),
            strict: self.strict.clone(),
            interrupt: self.interrupt.clone(),
            invocation: self.invocation.clone(),
            only: Some(Arc::new(only)),
            earlier: Some(Arc::new(earlier)),
        }
    }

    /// Stops where a warning so far is an error (`--warn-error`).
    ///
    /// # Errors
    /// Those warnings.
    pub fn checked(&self) -> Result<()> {
        self.strict.take().map_or(Ok(()), Err)
    }

    /// Tells at the end what was deprecated.
    pub fn sum_up(&self) {
        self.strict.sum_up();
    }

    /// Reads the project, its profile and packages.
    ///
    /// # Errors
    /// What [`project::load`] finds.
    pub fn load(&self) -> Result<Project> {
        let engines = Engines { environment: &self.start.environment };
        let options = LoadOptions {
            first: &self.start.first,
            flags: self.start.flags.clone(),
            environment: self.start.environment.clone(),
            adapters: &engines,
        };
        project::load(&options)
    }

    /// Opens everything: project, engine, manifest. Nothing is connected yet.
    ///
    /// # Errors
    /// The faults of the first stage that finds any.
    pub fn open(&self) -> Result<Opened> {
        let mut project = self.load()?;
        // As dbt does: relative paths within SQL (`read_csv('data/x.csv')`) start from the project.
        std::env::set_current_dir(&project.root)
            .map_err(|fault| Error::runtime(format!("cannot enter the project's folder: {fault}")))?;
        project.warnings.iter().for_each(|warning| self.warn(warning));
        let adapter = Engines { environment: &self.start.environment }.open(&project.target)?;
        self.warn_of(&*adapter);
        let (name, version) = (adapter.name().to_string(), adapter.version());
        self.reporter.report(Event::AdapterRegistered { name, version });
        let session = Arc::new(self.session(&project, adapter)?);
        let parsed = parse::warm(&session, &mut project)?;
        parsed.warnings.iter().filter(|it| self.is_news(it, &parsed)).for_each(|it| self.warn(it));
        let parse::Parsed { manifest, writing, told_before, .. } = parsed;
        self.warn_of_freshness(&manifest);
        self.checked()?;
        self.reporter.report(Event::Found { counts: counts(&manifest) });
        // Never taken apart: the program ends with the command, and that would cost more than writing an artifact.
        std::mem::forget(manifest.clone());
        let strict = self.strict.clone();
        Ok(Opened {
            project,
            session,
            manifest,
            parsed_before: told_before,
            writing,
            only: self.only.clone(),
            earlier: self.earlier.clone(),
            strict,
            interrupt: self.interrupt.clone(),
        })
    }

    /// Neither engine knows when a table was last changed: without a column that tells, nothing can be said.
    fn warn_of_freshness(&self, manifest: &Manifest) {
        let is_set = |time: &Option<serde_json::Value>| {
            time.as_ref().and_then(|time| time.get("count")).is_some_and(|count| !count.is_null())
        };
        for source in manifest.sources.values() {
            let wanted =
                source.freshness.as_ref().is_some_and(|it| is_set(&it.warn_after) || is_set(&it.error_after));
            if wanted && source.loaded_at_field.is_none() && source.loaded_at_query.is_none() {
                let error = Error::runtime(format!(
                    "The configured adapter does not support metadata-based freshness. A loaded_at_field must be \
                     specified for source '{}.{}'.",
                    source.source_name, source.name
                ));
                let error = error.located(Location::file(&source.original_file_path));
                self.reporter.report(Event::Warning { name: "FreshnessConfigProblem", error });
            }
        }
    }

    /// As dbt does: a deprecation found by an earlier parse is not told again, unless it is an error or all are
    /// asked for.
    fn is_news(&self, warning: &project::Warning, parsed: &parse::Parsed) -> bool {
        let asked = self.start.flags.show_all_deprecations || self.strict.refuses(warning.name);
        !parsed.told_before || asked || !is_deprecation(warning.name)
    }

    /// The paths of dbt_project.yml are here to stay: what dbt says of them goes to the log file alone.
    pub fn warn(&self, warning: &project::Warning) {
        if matches!(warning.name, "ConfigTargetPathDeprecation" | "ConfigLogPathDeprecation") {
            let message = warning.error.message().to_string();
            return self.reporter.report(Event::Debug { name: warning.name, message });
        }
        self.reporter.report(Event::Warning { name: warning.name, error: warning.error.clone() });
    }

    /// Tells what the adapter wants to be known of the profile.
    pub fn warn_of(&self, adapter: &dyn Adapter) {
        for warning in adapter.warnings() {
            let error = Error::new(ErrorKind::Profile, warning);
            self.reporter.report(Event::Warning { name: "AdapterEventWarning", error });
        }
    }

    fn session(&self, project: &Project, adapter: Arc<dyn Adapter>) -> Result<Session> {
        let engine = parse::macros(project, adapter.prefixes())?;
        let (reporter, invocation) = (self.reporter.clone(), self.invocation.clone());
        let stop = self.interrupt.flag();
        Ok(Session::new(project, SessionParts { adapter, engine, reporter, invocation, stop }))
    }
}

/// The options of the output before the project is read: its `flags:` and `log-path` where its file can be
/// read, the command line's alone where not (the fault is told when the project is opened).
fn early_options(start: &Start) -> (Flags, ui::UiOptions) {
    let first = &start.first;
    let mut flags = start.flags.clone();
    let file = first.project_file(&flags, &start.environment).ok().map(|(file, _)| file);
    // A wrong flag is told of when the project is opened.
    let _ = flags.apply_project_flags(&file.as_ref().map(|file| file.flags.clone()).unwrap_or_default());
    let named = crate::project::ProjectFile::named("");
    let log_path =
        project::log_path(first.root(), first.working_dir(), &flags, file.as_ref().unwrap_or(&named));
    let has_log = file.is_some() || start.flags.log_path.is_some();
    let options = output::options_of(start, &flags, has_log.then_some(log_path.as_path()));
    (flags, options)
}

/// What `Found ...` counts, in dbt's order, without zeros: kinds that SQL files have go first, so that tests
/// and snapshots stand earlier where some are SQL files.
fn counts(manifest: &Manifest) -> Vec<(ResourceType, usize)> {
    use ResourceType::*;
    let in_sql = |kind: ResourceType| {
        let mut of_kind = manifest.nodes.values().filter(|node| node.resource_type == kind);
        of_kind.any(|node| node.original_file_path.ends_with(".sql"))
    };
    let early = |kind: ResourceType, n: usize| (kind, if in_sql(kind) { n } else { 0 });
    let late = |kind: ResourceType, n: usize| (kind, if in_sql(kind) { 0 } else { n });
    let of = |kind: ResourceType| manifest.nodes.values().filter(|node| node.resource_type == kind).count();
    let all = [
        (Model, of(Model)),
        early(Snapshot, of(Snapshot)),
        (Analysis, of(Analysis)),
        early(Test, of(Test)),
        (Seed, of(Seed)),
        (Operation, of(Operation)),
        late(Test, of(Test)),
        late(Snapshot, of(Snapshot)),
        (Source, manifest.sources.len()),
        (Exposure, manifest.exposures.len()),
        (Metric, manifest.metrics.len()),
        (Macro, manifest.macros.len()),
        (Group, manifest.groups.len()),
        (SemanticModel, manifest.semantic_models.len()),
        (SavedQuery, manifest.saved_queries.len()),
        (UnitTest, manifest.unit_tests.len()),
        (Function, manifest.functions.len()),
    ];
    all.into_iter().filter(|(_, n)| *n > 0).collect()
}

impl Opened {
    /// Stops where a warning so far is an error (`--warn-error`).
    ///
    /// # Errors
    /// Those warnings.
    pub fn checked(&self) -> Result<()> {
        self.strict.take().map_or(Ok(()), Err)
    }

    /// The graph of everything.
    ///
    /// # Errors
    /// It has a cycle.
    pub fn graph(&self, tests_gate: bool) -> Result<Graph> {
        if tests_gate { Graph::for_build(&self.manifest) } else { Graph::build(&self.manifest) }
    }

    /// A run over some nodes.
    ///
    /// # Errors
    /// `--defer` without a state, or with one that cannot be read.
    pub fn run_over(&self, selected: Vec<UniqueId>) -> Result<Arc<Run>> {
        let mut run = Run::new(self.session.clone(), self.manifest.clone(), selected);
        let flags = &self.session.flags;
        if (flags.defer && flags.which != "run-operation") || flags.which == "clone" {
            run.deferred = super::state::relations(self)?;
        }
        // Whatever the run is at, a hook or a catalog as well, its queries are cancelled at once.
        let sessions = Arc::downgrade(&run.sessions);
        self.interrupt.on_interrupt(move || {
            if let Some(sessions) = sessions.upgrade() {
                sessions.stop();
            }
        });
        Ok(Arc::new(run))
    }
}
