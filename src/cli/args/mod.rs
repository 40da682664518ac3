//! The command line: a table of flags, the parser made of it, what was given, and how refusals read.
//!
//! [`read`] takes the words as typed and the environment, and gives an [`Invocation`]: the command, its
//! positional argument and the [`Given`] values with their sources.

pub mod flags;
mod given;
mod parser;
mod settle;
mod usage;

#[cfg(test)]
mod tests;

pub use given::{Given, Source, Value};
pub use parser::parser;
pub use settle::{as_json, settle};
pub use usage::{Refusal, usage_error};

use super::commands::{COMMANDS, CommandSpec};
use clap::ArgMatches;
use flags::{Flag, GLOBAL};

/// A command line that was understood.
#[derive(Debug)]
pub struct Invocation {
    /// The program's name as called: `karat`, `dbt`.
    pub program: String,
    /// The name and the command as typed, for usage errors: `dbt ls`.
    pub words: String,
    /// The command; none for `--version` alone.
    pub command: Option<&'static CommandSpec>,
    /// Was `--version` given?
    pub version: bool,
    /// The positional argument of the command.
    pub positional: Option<String>,
    /// The values.
    pub given: Given,
    /// The command line as typed, with dbt's name in front, for the artifacts.
    pub typed: String,
}

/// Reads a command line. `words` has the program's path in front; `env` looks a variable up.
///
/// # Errors
/// What is to be written instead, with an exit code: help, or a usage error.
pub fn read(words: &[String], env: &dyn Fn(&str) -> Option<String>) -> Result<Invocation, Refusal> {
    let program = program_name(words);
    let said = named_command(&program, words);
    let matches =
        parser(&program).try_get_matches_from(words).map_err(|error| usage::refusal(&error, &said))?;
    let (command, inner) = named(&matches);
    let version = matches.get_flag("version") || inner.get_flag("version");
    if command.is_none() && !version {
        let text = parser(&program).render_help().to_string();
        return Err(Refusal { text, asked_for: false, code: 2 });
    }
    let flags = flags_of(command);
    let given = Given::of(&flags, (inner, words), env).map_err(|bad| usage::bad_value(&bad, &said))?;
    let positional =
        command.and_then(|spec| spec.positional).and_then(|(name, _)| inner.get_one::<String>(name).cloned());
    let typed = std::iter::once("dbt").chain(words.iter().skip(1).map(String::as_str));
    let typed = typed.collect::<Vec<_>>().join(" ");
    let invocation = Invocation { program, words: said, command, version, positional, given, typed };
    settle::exclusive(&invocation)?;
    Ok(invocation)
}

/// The flags of every command and those of this one.
pub fn flags_of(command: Option<&'static CommandSpec>) -> Vec<&'static Flag> {
    let own = command.map_or(&[][..], |spec| spec.flags);
    GLOBAL.iter().chain(own.iter().filter_map(|id| flags::find(id))).collect()
}

/// The command that was typed, `docs generate` being one, and its values.
fn named(matches: &ArgMatches) -> (Option<&'static CommandSpec>, &ArgMatches) {
    let mut name = String::new();
    let mut inner = matches;
    while let Some((word, within)) = inner.subcommand() {
        name = format!("{name} {word}").trim_start().to_string();
        inner = within;
    }
    (COMMANDS.iter().find(|spec| spec.name == name), inner)
}

/// `dbt` for a program that is called so, by whatever path; `karat` otherwise.
fn program_name(words: &[String]) -> String {
    let path = words.first().map(std::path::Path::new);
    match path.and_then(|p| p.file_stem()).and_then(|stem| stem.to_str()) {
        Some("dbt") => "dbt".into(),
        _ => "karat".into(),
    }
}

/// The program and, where words are those of a command, that command by the name that was typed.
fn named_command(program: &str, words: &[String]) -> String {
    let at = |part: &str| words.iter().skip(1).position(|word| word == part);
    let names = COMMANDS.iter().flat_map(|spec| {
        let group = spec.name.rsplit_once(' ').map_or(String::new(), |(group, _)| format!("{group} "));
        let others = spec.aliases.iter().map(move |alias| format!("{group}{alias}"));
        std::iter::once(spec.name.to_string()).chain(others)
    });
    let typed = names.filter_map(|name| Some((name.split(' ').map(at).collect::<Option<Vec<_>>>()?, name)));
    typed.min().map_or(program.to_string(), |(_, name)| format!("{program} {name}"))
}
