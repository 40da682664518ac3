//! What a manifest depends on besides the files of the packages.

use crate::context::Session;
use crate::context::base::flag_values;
use crate::context::parse::{Reads, flag_hash};
use crate::packed::{hash, packed};
use crate::project::Project;
use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

/// The state of a parse. Values are kept as hashes: they may be anybody's business.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct State {
    /// The program.
    program: String,
    /// Vars, and the names of profile and target.
    choices: u64,
    /// The engine, and what templates see of the target.
    profile: u64,
    /// Nodes that run at a time, and do files of the project speak of them?
    threads: (usize, bool),
    /// The packages.
    packages: Vec<String>,
    /// Their project files, as rendered and as written, and selectors.yml.
    config: u64,
    /// Flags that decide what a parse does.
    flags: u64,
    /// Environment variables that were read, with hashes of their values.
    env: BTreeMap<String, Option<u64>>,
    /// Flags that templates read, with hashes of their values.
    read: BTreeMap<String, u64>,
}
packed!(State { program, choices, profile, threads, packages, config, flags, env, read });

impl State {
    /// The state before anything is parsed: nothing was read yet.
    pub fn of(session: &Session, project: &Project) -> Self {
        let adapter = &session.adapter;
        let engine =
            (adapter.name(), adapter.version(), session.database(), session.schema(), session.quoting);
        let mut target = session.target.clone();
        target.remove("threads");
        let target = serde_json::to_string(&target).unwrap_or_default();
        let names = (&project.target.profile_name, &project.target.name);
        let on_disk = || project.packages.iter().filter(|package| !package.built_in);
        let config: Vec<_> = on_disk().map(|package| (&package.root, &package.file)).collect();
        let flags = (&project.flags.behaviour, project.flags.store_failures);
        let text = |value: &dyn std::fmt::Debug| hash(format!("{value:?}").as_bytes());
        State {
            program: program(),
            choices: text(&(&project.vars, names)),
            profile: text(&(engine, target)),
            threads: (session.threads, speaks_of_threads(project)),
            packages: on_disk().map(|package| package.name.clone()).collect(),
            config: text(&(
                &project.root,
                config,
                project.selectors.as_ref().map(|file| file.root.to_json().to_string()),
            )),
            flags: text(&flags),
            env: BTreeMap::new(),
            read: BTreeMap::new(),
        }
    }

    /// The same with what was read while parsing.
    pub fn with_reads(self, session: &Session, reads: &Reads) -> Self {
        let env = session.environment.read_so_far().into_iter();
        let env = env.map(|(name, value)| (name, value.map(|value| hash(value.as_bytes())))).collect();
        State { env, read: reads.flags(), ..self }
    }

    /// Why a manifest of this state is not that of the state now, in dbt's words where it has some.
    pub fn differs(&self, now: &State, session: &Session) -> Option<&'static str> {
        let flags = flag_values(&session.flags);
        let env = |name: &String| session.environment.get(name).map(|value| hash(value.as_bytes()));
        if self.program != now.program {
            Some("of a version mismatch")
        } else if self.choices != now.choices {
            Some("config vars, config profile, or config target have changed")
        } else if self.profile != now.profile {
            Some("profile has changed")
        } else if self.threads.1 && self.threads.0 != now.threads.0 {
            Some("the number of threads, which the project reads, has changed")
        } else if self.packages != now.packages {
            Some("a project dependency has been added")
        } else if self.config != now.config {
            Some("a project config has changed")
        } else if self.flags != now.flags
            || self.read.iter().any(|(name, hash)| flag_hash(&flags, name) != *hash)
        {
            Some("flags that the project reads have changed")
        } else if self.env.iter().any(|(name, hash)| env(name) != *hash) {
            Some("env vars that the project reads have changed")
        } else {
            None
        }
    }
}

/// Does a file of the project, as far as it was read, speak of threads? `target.threads` may decide something.
fn speaks_of_threads(project: &Project) -> bool {
    let mut files = project.packages.iter().filter(|package| !package.built_in).flat_map(|it| &it.files);
    files.any(|file| file.contents.contains("threads"))
}

/// This very program: another build may parse otherwise.
fn program() -> String {
    let data = std::env::current_exe().and_then(std::fs::metadata);
    let data = data.ok().and_then(|data| {
        let built = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((data.len(), built.as_nanos()))
    });
    format!("karat {} {data:?}", env!("CARGO_PKG_VERSION"))
}
