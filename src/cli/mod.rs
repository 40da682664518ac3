//! The command line: what was typed becomes what is meant, once; then a command runs and gives an exit
//! code: 0 fine, 1 nodes failed, 2 could not start.

pub mod args;
mod artifacts;
pub mod commands;
mod dotenv;
pub mod engines;
mod graph_summary;
pub mod interrupt;
pub mod output;
mod selection;
mod session;
mod state;
pub mod version;
mod warnings;

use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use crate::project::flags::user_settings;
use crate::project::project_file::FILE_NAME;
use crate::project::{Environment, FirstReading, Flags};
use crate::ui;
use args::Invocation;
use commands::nodes::execute::execute;
use commands::nodes::{build, clone, compile, freshness, retry, run, seed, show, snapshot, test};
use commands::profile_setup::{self, Setup};
use commands::{Command, completions, debug, deps, docs, init, ls, run_operation};
use session::Opening;
use std::process::ExitCode;
use std::sync::Arc;

/// Everything a command starts from.
pub struct Start {
    /// What was typed.
    pub invocation: Invocation,
    /// The flags, those of the project not yet among them.
    pub flags: Flags,
    /// The environment, taken once.
    pub environment: Arc<Environment>,
    /// The project, as far as it was read before the first line.
    pub first: Arc<FirstReading>,
    /// Id of this invocation.
    pub invocation_id: String,
    /// What is wrong with the user's settings; they are passed over then, with a warning.
    pub wrong_settings: Option<Error>,
}

/// Runs the program: reads the command line, runs the command, reports a fault once.
pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let folder = std::env::current_dir().unwrap_or_default();
    let environment = Arc::new(Environment::new(dotenv::over(&folder, environment_variables())));
    tell_panics(environment.clone());
    // Templates are rendered in these threads, and may nest deeply. Without them the usual ones do.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    match start(&words, environment.clone()) {
        Ok(start) => ExitCode::from(run_command(&start)),
        Err(refusal) if refusal.asked_for => {
            ui::print(&refusal.text);
            ExitCode::from(refusal.code)
        }
        Err(refusal) => {
            // Reading hides the passwords.
            FirstReading::of(&Flags::default(), &environment, &folder);
            ui::print_error(&environment.scrub(refusal.text));
            ExitCode::from(refusal.code)
        }
    }
}

/// Room for the recursion of templates, of which little is ever touched.
const STACK: usize = 16 << 20;

/// A fault of karat itself is told as one, without secrets.
fn tell_panics(environment: Arc<Environment>) {
    std::panic::set_hook(Box::new(move |found| {
        ui::print_error(&bug(found, &environment));
    }));
}

/// What is said of a fault of karat itself.
fn bug(found: &dyn std::fmt::Display, environment: &Environment) -> String {
    environment.scrub(format!("karat has a bug: {found}\n  help: please report it, with what you see here\n"))
}

/// The variables of the process. What is no UTF-8 is passed over.
fn environment_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn start(words: &[String], environment: Arc<Environment>) -> Result<Start, args::Refusal> {
    let invocation = args::read(words, &|name| environment.get(name).map(str::to_string))?;
    let mut flags = args::settle(&invocation)?;
    let home = environment.get("HOME").map(std::path::PathBuf::from);
    let settings = home.as_deref().map_or(Ok(Default::default()), user_settings);
    let wrong_settings = settings.and_then(|settings| flags.take_user_settings(settings)).err();
    if let Some(absent) = flags.project_dir.as_deref().filter(|dir| !dir.exists()) {
        let fault = format!("Invalid value for '--project-dir': Path '{}' does not exist.", absent.display());
        return Err(args::usage_error(&invocation.words, &fault));
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let first = Arc::new(FirstReading::of(&flags, &environment, &folder));
    let invocation_id = uuid::Uuid::new_v4().to_string();
    Ok(Start { invocation, flags, environment, first, invocation_id, wrong_settings })
}

/// Runs the command. Commands that need no project are told of here, the others open a session.
fn run_command(start: &Start) -> u8 {
    let Some(spec) = start.invocation.command.filter(|_| !start.invocation.version) else {
        ui::print(&version::text(&start.invocation.program, &crate::adapter::known()));
        return 0;
    };
    let positional = start.invocation.positional.clone();
    match spec.command {
        Command::Completions => {
            let shell = positional.unwrap_or_default();
            match completions::script(&shell, &start.invocation.program) {
                Ok(script) => ui::print(&script),
                Err(fault) => return fail(start, &fault),
            }
            0
        }
        Command::Login => {
            ui::print(commands::login::ANSWER);
            0
        }
        Command::Init => match new_project(start, positional) {
            Ok(()) => 0,
            Err(fault) => fail(start, &fault),
        },
        command => in_project(start, command),
    }
}

/// Runs a command that works on a project. What it cannot do is told once, and gives 2.
fn in_project(start: &Start, command: Command) -> u8 {
    let opening = match Opening::begin(start) {
        Ok(opening) => opening,
        Err(fault) => return fail(start, &fault),
    };
    let began = std::time::Instant::now();
    let outcome = dispatch(&opening, command).and_then(|code| opening.checked().map(|()| code));
    let code = outcome.unwrap_or_else(|error| {
        opening.reporter.report(Event::Failed { error });
        2
    });
    opening.sum_up();
    let name = start.invocation.command.map_or("", |spec| spec.name);
    let (command, elapsed) = (name.to_string(), began.elapsed().as_secs_f64());
    opening.reporter.report(Event::Completed { command, success: code == 0, elapsed });
    code
}

/// Runs a command on a project; its exit code.
fn dispatch(opening: &Opening, command: Command) -> Result<u8> {
    match command {
        Command::Build => execute(opening, &build::TASK),
        Command::Run => execute(opening, &run::TASK),
        Command::Test => execute(opening, &test::TASK),
        Command::Seed => execute(opening, &seed::TASK),
        Command::Snapshot => execute(opening, &snapshot::TASK),
        Command::RunOperation => run_operation::run(opening),
        Command::Compile => compile::run(opening),
        Command::Parse => compile::parse(opening),
        Command::List => ls::run(opening),
        Command::Show => show::run(opening),
        Command::Debug => debug::run(opening),
        Command::Deps => deps::run(opening),
        Command::Clean => clean(opening),
        Command::Clone => clone::run(opening),
        Command::DocsGenerate => docs::generate(opening),
        Command::DocsServe => docs::serve(opening),
        Command::Freshness => freshness::run(opening),
        Command::Retry => retry::run(opening),
        Command::Completions | Command::Init | Command::Login => {
            Err(Error::internal("this command needs no project"))
        }
    }
}

fn clean(opening: &Opening) -> Result<u8> {
    let start = opening.start;
    let (file, _) = start.first.project_file(&start.flags, &start.environment)?;
    let only_inside = start.invocation.given.bool("clean-project-files-only") != Some(false);
    commands::clean::run(start.first.root(), &file, only_inside, &*opening.reporter)?;
    Ok(0)
}

fn new_project(start: &Start, name: Option<String>) -> Result<()> {
    if name.is_none() && start.first.root().join(FILE_NAME).is_file() {
        return set_up_profile(start, start.first.root());
    }
    let reporter = ui::reporter(&output::options(start, None));
    started(start, &*reporter);
    let name = name.map_or_else(init::ask_name, Ok)?;
    let parent = match &start.flags.project_dir {
        Some(folder) => folder.clone(),
        None => std::env::current_dir().map_err(|why| Error::runtime(format!("no working folder: {why}")))?,
    };
    let new = init::NewProject {
        name: &name,
        parent: &parent,
        profile: start.flags.profile.as_deref(),
        with_profiles: start.invocation.given.bool("skip-profile-setup") != Some(true),
    };
    init::run(&new, &*reporter).map(|_| ())
}

/// `init` in a project that is there already: its profile alone.
fn set_up_profile(start: &Start, root: &std::path::Path) -> Result<()> {
    if start.flags.profile.is_some() {
        return Err(Error::runtime("Can not init existing project with specified profile")
            .help("name the profile in dbt_project.yml: `profile: ...`"));
    }
    if start.invocation.given.bool("skip-profile-setup") == Some(true) {
        return Ok(());
    }
    let opening = Opening::begin(start)?;
    if root.join(profile_setup::TEMPLATE).is_file() {
        let home = start.environment.get("HOME").map(|home| std::path::Path::new(home).join(".dbt"));
        let named = start.flags.profiles_dir.clone().or(home).unwrap_or_else(|| root.to_path_buf());
        let mut setup = Setup { root, profiles_dir: named, answers: &mut std::io::stdin().lock() };
        return profile_setup::run(&mut setup, &*opening.reporter);
    }
    match opening.load() {
        Ok(project) => {
            let said = format!(
                "The profile `{}` is set up in {}",
                project.target.profile_name,
                project.profiles_dir.join("profiles.yml").display()
            );
            opening.reporter.report(Event::Note { name: "SettingUpProfile", message: said });
            Ok(())
        }
        Err(fault) => {
            let (file, _) = start.first.project_file(&start.flags, &start.environment)?;
            let profile = file.profile.ok_or(fault)?;
            init::profile(root, &profile, &*opening.reporter)
        }
    }
}

/// Says the first line of a command: `Running with dbt=...`.
pub fn started(start: &Start, reporter: &dyn Reporter) {
    let command = start.flags.which.clone();
    reporter.report(Event::Started { command, args: args::as_json(&start.invocation.given) });
}

/// Reports a fault where no reporter of the run is there yet.
fn fail(start: &Start, fault: &Error) -> u8 {
    ui::reporter(&output::options(start, None)).report(Event::Failed { error: fault.clone() });
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_shows_no_secret() {
        let secret = ("DBT_ENV_SECRET_X".to_string(), "pa/ss word".to_string());
        let environment = Environment::new([secret]);
        let said =
            bug(&"src/x.rs:1:2 connecting to postgres://u:pa%2Fss%20word@h as pa/ss word", &environment);
        assert!(said.contains("postgres://u:*****@h as *****") && said.contains("src/x.rs:1:2"), "{said}");
    }
}
