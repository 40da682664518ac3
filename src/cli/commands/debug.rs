//! `karat debug`: shows the configuration and tests the connection.

use super::{Command, CommandSpec, PLAIN};
use crate::adapter::Fetch;
use crate::cli::engines::Engines;
use crate::cli::session::Opening;
use crate::context::base::DBT_VERSION;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::jinja::value::from_json;
use crate::project::Project;
use std::path::PathBuf;

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Debug,
    name: "debug",
    about: "Show the configuration and test the connection (see --debug for debug lines)",
    examples: "  karat debug
  karat debug --connection --target pro
  karat debug --config-dir              where profiles.yml is looked for",
    flags: &["connection", "config-dir"],
    ..PLAIN
};

/// Shows and tests; the exit code: 1 where a check failed.
///
/// # Errors
/// dbt_project.yml does not render. Whatever else is wrong is what it tells.
pub fn run(opening: &Opening) -> Result<u8> {
    let say = |text: String| opening.reporter.report(Event::Note { name: "DebugCmdOut", message: text });
    let given = &opening.start.invocation.given;
    say(format!("karat version: {}", env!("CARGO_PKG_VERSION")));
    say(format!("dbt version: {DBT_VERSION}"));
    say(format!("os info: {} {}", std::env::consts::OS, std::env::consts::ARCH));
    let loaded = opening.load();
    if given.bool("config-dir") == Some(true) {
        let dir = loaded.as_ref().map(|p| p.profiles_dir.display().to_string());
        say(format!("To view your profiles.yml file, look in {}", dir.unwrap_or_else(|_| "~/.dbt".into())));
        return Ok(0);
    }
    let checks = match &loaded {
        Ok(project) => connected(opening, project, &say),
        // A variable that dbt_project.yml needs: nothing can be checked without it.
        Err(fault) if fault.kind() == ErrorKind::Compilation => return Err(fault.clone()),
        Err(fault) => {
            let profiles = profiles_dir(opening);
            say(format!("Using profiles dir at {}", profiles.display()));
            say(format!("Using profiles.yml file at {}", profiles.join("profiles.yml").display()));
            say(format!(
                "Using dbt_project.yml file at {}",
                opening.start.first.root().join("dbt_project.yml").display()
            ));
            say("Configuration:".into());
            say(format!("  {}", state_of_files(fault)));
            if fault.kind() == ErrorKind::Profile {
                say("Profile loading failed for the following reason:".into());
                if !profiles.join("profiles.yml").exists() {
                    say(format!("dbt looked for a profiles.yml file in {}", profiles.display()));
                }
            }
            opening.reporter.report(Event::Failed { error: fault.clone() });
            1
        }
    };
    match checks {
        0 => say("All checks passed!".into()),
        1 => say("1 check failed".into()),
        n => say(format!("{n} checks failed")),
    }
    Ok(u8::from(checks > 0))
}

/// Where profiles.yml would be: the folder that was named, as it was written, this one if it has the file, else the user's.
fn profiles_dir(opening: &Opening) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let home = opening.start.environment.get("HOME").map(|home| PathBuf::from(home).join(".dbt"));
    match (&opening.start.flags.profiles_dir, home) {
        (Some(named), _) => named.into(),
        (None, Some(home)) if !here.join("profiles.yml").exists() => home,
        _ => here,
    }
}

/// Which of the two files is missing or wrong.
fn state_of_files(fault: &Error) -> String {
    let file = if fault.kind() == ErrorKind::Profile { "profiles.yml" } else { "dbt_project.yml" };
    let there = fault.location().is_some_and(|place| std::path::Path::new(&place.path).exists());
    format!("{file} file [ERROR {}]", if there { "invalid" } else { "not found" })
}

/// The files that were found, then the connection; how many checks failed.
fn connected(opening: &Opening, project: &Project, say: &dyn Fn(String)) -> usize {
    let root = &project.root;
    project.warnings.iter().for_each(|warning| opening.warn(warning));
    say(format!("Using profiles dir at {}", project.profiles_dir.display()));
    say(format!("Using profiles.yml file at {}", project.profiles_dir.join("profiles.yml").display()));
    say(format!("Using dbt_project.yml file at {}", root.join("dbt_project.yml").display()));
    say(format!("adapter type: {}", project.target.adapter_type));
    if opening.start.invocation.given.bool("connection") == Some(true) {
        say("Skipping steps before connection verification".into());
    } else {
        say("Configuration:".into());
        say("  profiles.yml file [OK found and valid]".into());
        say("  dbt_project.yml file [OK found and valid]".into());
    }
    let adapter = Engines { environment: &opening.start.environment }.open(&project.target);
    let outcome = adapter.and_then(|adapter| {
        opening.warn_of(&*adapter);
        say("Connection:".into());
        for (key, value) in adapter.connection_info() {
            let value = from_json(&value);
            say(format!("  {key}: {value}"));
        }
        let mut connection = adapter.connect("debug")?;
        connection.execute("select 1 as id", Fetch::All)?;
        drop(connection);
        adapter.close();
        Ok(())
    });
    match outcome {
        Ok(()) => {
            say("  Connection test: [OK connection ok]".into());
            0
        }
        Err(error) => {
            say("  Connection test: [ERROR]".into());
            opening.reporter.report(Event::Failed { error });
            1
        }
    }
}
