//! Makes the parser of the whole command line from the table of flags and the list of commands.

use super::super::commands::{COMMANDS, CommandSpec};
use super::flags::{self, Flag, GLOBAL, Kind};
use super::given::negative;
use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, Command};

const ABOUT: &str = "Turns a folder of SQL SELECTs into a warehouse, as dbt does.";
const EXAMPLES: &str = "\
Examples:
  karat init shop                       a new project that builds at once
  karat build                           seeds, models and tests, in the order of their needs
  karat build --select +orders          one model and all it stands on
  karat run --select tag:daily -t pro   the models of a tag, on another target
  karat test --exclude stg_*            every test but those of some models
  karat show --select orders --limit 20";

/// The parser, under the name by which the program was called.
pub fn parser(program: &str) -> Command {
    let mut command = Command::new(program.to_string())
        .about(ABOUT)
        .after_help(EXAMPLES.replace("karat", program))
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(version())
        .args(GLOBAL.iter().flat_map(arguments).map(|arg| arg.global(true).help_heading(EVERYWHERE)));
    for spec in COMMANDS.iter().filter(|spec| !spec.name.contains(' ')) {
        command = command.subcommand(subcommand(spec, program));
    }
    GROUPS.iter().fold(command, |command, (name, about)| command.subcommand(group(name, about, program)))
}

/// Words that stand before several commands.
const GROUPS: [(&str, &str); 2] = [("docs", "Documentation of the project"), ("source", "Source tables")];

/// `docs` with `generate` and `serve`.
fn group(name: &'static str, about: &'static str, program: &str) -> Command {
    let inside = COMMANDS.iter().filter(|spec| spec.name.split(' ').next() == Some(name));
    let command = Command::new(name).about(about).disable_help_subcommand(true).subcommand_required(true);
    inside.fold(command.arg_required_else_help(true), |command, spec| {
        command.subcommand(subcommand(spec, program))
    })
}

const EVERYWHERE: &str = "Options of every command, before or after it";

fn version() -> Arg {
    Arg::new("version")
        .long("version")
        .short('V')
        .visible_short_alias('v')
        .global(true)
        .action(ArgAction::SetTrue)
        .help("Show the version and exit")
}

fn subcommand(spec: &CommandSpec, program: &str) -> Command {
    let flags = spec.flags.iter().filter_map(|id| flags::find(id));
    let own_name = spec.name.rsplit(' ').next().unwrap_or(spec.name);
    let mut command = Command::new(own_name)
        .about(spec.about)
        .visible_aliases(spec.aliases.iter().copied())
        .args(flags.flat_map(arguments));
    if !spec.examples.is_empty() {
        command = command.after_help(format!("Examples:\n{}", spec.examples.replace("karat", program)));
    }
    if let Some((name, help)) = spec.positional {
        command =
            command.arg(Arg::new(name).value_name(name.to_uppercase()).help(help).required(spec.required));
    }
    command
}

/// The arguments of a flag: one, or two for a pair.
fn arguments(flag: &Flag) -> Vec<Arg> {
    let mut arg = Arg::new(flag.id).long(flag.long).help(flag.help).hide(flag.hidden);
    if let Some(short) = flag.short {
        arg = arg.short(short);
    }
    if flag.id == "select" {
        arg = arg.short_alias('m');
    }
    arg = arg.aliases(flag.aliases.iter().copied());
    if flag.kind == Kind::Pair {
        let no = negative(flag);
        let off = Arg::new(no.clone()).long(format!("no-{}", flag.long)).action(ArgAction::SetTrue);
        let off = off.hide(true).overrides_with(flag.id);
        return vec![arg.action(ArgAction::SetTrue).overrides_with_all([no, flag.id.to_string()]), off];
    }
    vec![valued(arg, flag)]
}

fn valued(arg: Arg, flag: &Flag) -> Arg {
    match flag.kind {
        Kind::Pair | Kind::Switch => arg.action(ArgAction::SetTrue).overrides_with(flag.id),
        Kind::Many => arg.action(ArgAction::Append).num_args(1..).value_name("NODES"),
        // Its words are looked at when they have been parted.
        Kind::ManyOf(_) => arg.action(ArgAction::Append).num_args(1..).value_name("WORDS"),
        Kind::Choice(list) => single(arg, flag).ignore_case(true).value_parser(one_of(list)),
        Kind::Int => single(arg, flag).allow_negative_numbers(true).value_parser(clap::value_parser!(i64)),
        Kind::Text | Kind::Yaml => single(arg, flag).allow_hyphen_values(true),
        Kind::Path => single(arg, flag),
    }
}

/// Given twice, the later one holds.
fn single(arg: Arg, flag: &Flag) -> Arg {
    let name = match flag.kind {
        Kind::Path => "PATH",
        Kind::Int => "NUMBER",
        Kind::Yaml => "YAML",
        Kind::Choice(_) => "WORD",
        _ => "TEXT",
    };
    arg.action(ArgAction::Set).value_name(name).overrides_with(flag.id)
}

fn one_of(list: &'static [&'static str]) -> ValueParser {
    PossibleValuesParser::new(list).into()
}
