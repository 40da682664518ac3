//! The commands: one file each with its name, help, flags, and what it does.
//!
//! To add one: a file with its [`CommandSpec`], a variant of [`Command`], a row in [`COMMANDS`], an arm in
//! `cli::dispatch`.

pub mod clean;
pub mod completions;
pub mod debug;
pub mod deps;
pub mod docs;
pub mod init;
pub mod login;
pub mod ls;
pub mod nodes;
pub mod profile_setup;
pub mod run_operation;

use nodes::{build, clone, compile, freshness, retry, run, seed, show, snapshot, test};

/// Which command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Seeds, models, snapshots and tests in the order of their needs.
    Build,
    /// Deletes what karat has written into the project.
    Clean,
    /// Relations of another environment, cloned into this one.
    Clone,
    /// SQL without running it.
    Compile,
    /// A script for the shell's completion.
    Completions,
    /// Shows and tests the configuration.
    Debug,
    /// The packages of packages.yml.
    Deps,
    /// catalog.json and what shows it.
    DocsGenerate,
    /// A web server for what was generated.
    DocsServe,
    /// How fresh the sources are.
    Freshness,
    /// A new project.
    Init,
    /// What is in the project.
    List,
    /// Nothing: dbt's own service has no part in this.
    Login,
    /// The manifest alone.
    Parse,
    /// What an earlier run left undone.
    Retry,
    /// Models.
    Run,
    /// A macro, called for itself.
    RunOperation,
    /// CSV files.
    Seed,
    /// Rows of a model or of a query.
    Show,
    /// The history of changing rows.
    Snapshot,
    /// Tests.
    Test,
}

/// What the parser needs to know of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// Which.
    pub command: Command,
    /// Its name as typed.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// One line of help.
    pub about: &'static str,
    /// Lines of examples, with `karat` as the program's name.
    pub examples: &'static str,
    /// Name and help of its positional argument.
    pub positional: Option<(&'static str, &'static str)>,
    /// Must the positional argument be given?
    pub required: bool,
    /// Ids of its flags, besides the global ones.
    pub flags: &'static [&'static str],
}

impl CommandSpec {
    /// The word of `flags.WHICH`: dbt names the last word of `docs generate`.
    pub fn which(&self) -> &'static str {
        self.name.rsplit(' ').next().unwrap_or(self.name)
    }
}

/// A spec with nothing but defaults, to be filled by each command.
const PLAIN: CommandSpec = CommandSpec {
    command: Command::Parse,
    name: "",
    aliases: &[],
    about: "",
    examples: "",
    positional: None,
    required: false,
    flags: &[],
};

/// Every command, in the order of the help.
pub const COMMANDS: &[CommandSpec] = &[
    init::SPEC,
    build::SPEC,
    run::SPEC,
    test::SPEC,
    seed::SPEC,
    snapshot::SPEC,
    compile::SPEC,
    compile::PARSE,
    ls::SPEC,
    show::SPEC,
    freshness::SPEC,
    docs::GENERATE,
    docs::SERVE,
    clone::SPEC,
    retry::SPEC,
    run_operation::SPEC,
    deps::SPEC,
    debug::SPEC,
    clean::SPEC,
    login::SPEC,
    completions::SPEC,
];
