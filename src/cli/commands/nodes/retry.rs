//! `karat retry`: what the last run left undone, with the flags that it was given.

use crate::artifacts::{EarlierRun, interrupted};
use crate::cli::args::{self, Given, Invocation, Source};
use crate::cli::commands::{COMMANDS, Command, CommandSpec, PLAIN};
use crate::cli::session::Opening;
use crate::cli::{Start, dispatch};
use crate::error::{Error, ErrorKind, Result};
use crate::manifest::UniqueId;
use crate::project::FirstReading;
use serde_json::Value as Json;
use std::collections::HashSet;
use std::sync::Arc;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Retry,
    name: "retry",
    about: "Run again what failed or was skipped in the last run, or what a killed run left undone",
    examples: "  karat retry
  karat retry --threads 8",
    flags: &["full-refresh"],
    ..PLAIN
};

/// Commands that can be taken up again.
const COMMANDS_OF_RETRY: [&str; 9] =
    ["build", "compile", "clone", "docs generate", "seed", "snapshot", "test", "run", "run-operation"];
/// Flags that hold as they are now, not as they were.
const OF_NOW: [&str; 6] =
    ["log-path", "profiles-dir", "project-dir", "defer-state", "target-path", "warn-error"];
/// Flags that hold as they are now where they are typed.
const TYPED: [&str; 3] = ["vars", "threads", "full-refresh"];
/// Outcomes that are tried again.
const AGAIN: [&str; 5] = ["error", "fail", "skipped", "runtime error", "partial success"];

/// Runs what is left of the last command; its exit code.
///
/// # Errors
/// There was no run, or its command cannot be taken up again.
pub fn run(opening: &Opening) -> Result<u8> {
    let earlier = earlier(opening)?;
    let which = earlier.args.get("which").and_then(Json::as_str).unwrap_or_default();
    let spec = COMMANDS.iter().find(|spec| spec.which() == which && COMMANDS_OF_RETRY.contains(&spec.name));
    let spec = spec.ok_or_else(|| {
        Error::runtime(format!("the last command was `{which}`, which cannot be taken up again"))
            .help(format!("these can: {}", COMMANDS_OF_RETRY.join(", ")))
    })?;
    let operation = spec.command == Command::RunOperation;
    let only = undone(&earlier, operation, opening.reporter.refuses("LogTestResult"));
    if operation && only.is_empty() {
        opening.open()?.write_results(&[], 0.0)?;
        return Ok(0);
    }
    let start = start(opening.start, spec, &earlier)?;
    dispatch(&opening.again(&start, only, earlier), spec.command)
}

/// The run that is to be continued: a killed one where there is one, else the last that has ended.
fn earlier(opening: &Opening) -> Result<EarlierRun> {
    let project = opening.load()?;
    let flags = &opening.start.flags;
    let folder = flags.state.as_ref().map_or(project.target_path.clone(), |path| project.root.join(path));
    let killed = interrupted(&folder)?;
    let found = match killed {
        Some(run) => Some(run),
        None => EarlierRun::read(&folder.join("run_results.json"))?,
    };
    found.ok_or_else(|| {
        let shown = folder.strip_prefix(&project.root).unwrap_or(&folder).display();
        Error::runtime(format!("Could not find previous run in '{shown}' target directory"))
            .help("name the folder of its run_results.json with `--state`")
    })
}

/// The nodes that are to run again. Hooks run anyway, whatever became of them.
fn undone(earlier: &EarlierRun, operation: bool, warnings: bool) -> HashSet<UniqueId> {
    let again = |status: &str| AGAIN.contains(&status) || warnings && status == "warn";
    let results = earlier.results.iter().filter(|result| again(&result.status));
    let results = results.filter(|result| operation || !result.unique_id.starts_with("operation."));
    results.map(|result| UniqueId::from(result.unique_id.as_str())).collect()
}

/// The start of the earlier command, with what holds as it is now.
fn start(now: &Start, spec: &'static CommandSpec, earlier: &EarlierRun) -> Result<Start> {
    let given = &now.invocation.given;
    let mut again = Given::recorded(&args::flags_of(Some(spec)), &earlier.args);
    OF_NOW.iter().for_each(|id| again.take(id, given));
    let typed = TYPED.iter().filter(|id| given.source(id) == Some(Source::CommandLine));
    typed.for_each(|id| again.take(id, given));
    let positional =
        spec.positional.and_then(|(name, _)| earlier.args.get(name)?.as_str().map(str::to_string));
    let invocation = Invocation {
        program: now.invocation.program.clone(),
        words: now.invocation.words.clone(),
        command: Some(spec),
        version: false,
        positional,
        given: again,
        typed: now.invocation.typed.clone(),
    };
    let mut flags = args::settle(&invocation).map_err(|refusal| {
        let said = refusal.text.lines().last().unwrap_or_default().trim_start_matches("Error: ").to_string();
        Error::new(ErrorKind::Usage, format!("the flags of the earlier run cannot be read: {said}"))
    })?;
    // What is wrong with them was told when the command began.
    let _ = flags.take_user_settings(now.flags.user.clone());
    Ok(Start {
        first: Arc::new(FirstReading::of(&flags, &now.environment, now.first.working_dir())),
        wrong_settings: None,
        invocation,
        flags,
        environment: now.environment.clone(),
        invocation_id: now.invocation_id.clone(),
    })
}
