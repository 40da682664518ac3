//! What one `deps` works with: the project, its templates, the sources, and a voice without secrets.

use super::fetch::Sources;
use super::options::DepsOptions;
use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use crate::project::{ProjectFile, Renderer, Secrets};
use std::path::{Path, PathBuf};

/// One run of `deps`.
pub(super) struct Session<'a> {
    pub(super) options: &'a DepsOptions,
    pub(super) project: ProjectFile,
    pub(super) renderer: Renderer,
    pub(super) sources: Sources<'a>,
    pub(super) voice: Voice<'a>,
}

impl<'a> Session<'a> {
    /// Reads dbt_project.yml and opens the cache.
    ///
    /// # Errors
    /// The project cannot be read; no folder can be made to fetch into.
    pub(super) fn open(options: &'a DepsOptions, reporter: &'a dyn Reporter) -> Result<Self> {
        let (flags, environment) = (&options.flags, &options.environment);
        let (project, warnings) = options.first.project_file(flags, environment)?;
        let voice = Voice { options, reporter };
        for warning in warnings {
            voice.warn(warning.name, warning.error);
        }
        Ok(Session {
            renderer: Renderer::new(environment, &flags.vars, Secrets::Allowed, None)?,
            sources: Sources::open(options, voice)?,
            options,
            project,
            voice,
        })
    }

    /// A file of the project.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.options.first.root().join(name)
    }

    /// Where a local package lies: below the project, wherever it was listed, as dbt has it.
    pub(super) fn local(&self, path: &str) -> PathBuf {
        let home = self.options.environment.get("HOME").map(PathBuf::from);
        let joined = match (path.strip_prefix('~'), home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => self.options.first.root().join(path),
        };
        plain(&joined)
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// Says what happens, without the secrets of the environment.
#[derive(Clone, Copy)]
pub(super) struct Voice<'a> {
    options: &'a DepsOptions,
    reporter: &'a dyn Reporter,
}

impl Voice<'_> {
    /// A line of information, by dbt's event class.
    pub(super) fn note(self, name: &'static str, message: impl AsRef<str>) {
        self.reporter.report(Event::Note { name, message: self.scrub(message) });
    }

    /// A line for the log file.
    pub(super) fn debug(self, name: &'static str, message: impl AsRef<str>) {
        self.reporter.report(Event::Debug { name, message: self.scrub(message) });
    }

    /// A warning.
    pub(super) fn warn(self, name: &'static str, error: Error) {
        let error = error.with_texts(&|text| self.scrub(text));
        self.reporter.report(Event::Warning { name, error });
    }

    /// A text without secrets: those of the environment, and passwords within URLs.
    pub(super) fn scrub(self, message: impl AsRef<str>) -> String {
        let known = self.options.environment.scrub(message.as_ref());
        let mut out = String::new();
        let mut rest = known.as_str();
        while let Some(at) = rest.find("://") {
            let (before, after) = rest.split_at(at + 3);
            out.push_str(before);
            let end = after.find(|c: char| "/'\"` \n?#".contains(c)).unwrap_or(after.len());
            rest = match after[..end].rsplit_once('@') {
                Some((user, _)) if user.contains(':') => {
                    out.push_str(&user[..user.find(':').unwrap_or(0)]);
                    out.push_str(":*****");
                    &after[user.len()..]
                }
                _ => after,
            };
        }
        out + rest
    }
}
