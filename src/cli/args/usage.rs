//! Usage errors in the shape that dbt's users and tests know: the usage, a way to help, one sentence.

use super::given::{BadValue, not_one_of};
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What the parser wants to be written when it does not let a command through.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The text.
    pub text: String,
    /// Does it go to standard output (help that was asked for)?
    pub asked_for: bool,
    /// The exit code.
    pub code: u8,
}

/// A parser's error as text. `words` is the program's name and the command, `dbt run`.
pub fn refusal(error: &clap::Error, words: &str) -> Refusal {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            Refusal { text: error.render().to_string(), asked_for: true, code: 0 }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Refusal { text: error.render().to_string(), asked_for: false, code: 2 }
        }
        _ => usage_error(words, &sentence(error)),
    }
}

/// The refusal of a value of the environment.
pub fn bad_value(bad: &BadValue, words: &str) -> Refusal {
    usage_error(words, &format!("Invalid value for '{}': {}", bad.flag, bad.fault))
}

/// ```text
/// Usage: dbt run [OPTIONS]
/// Try 'dbt run --help' for help.
///
/// Error: No such option: --nope
/// ```
pub fn usage_error(words: &str, sentence: &str) -> Refusal {
    let rest = if words.contains(' ') { "" } else { " [COMMAND] [ARGS]..." };
    let text =
        format!("Usage: {words} [OPTIONS]{rest}\nTry '{words} --help' for help.\n\nError: {sentence}\n");
    Refusal { text, asked_for: false, code: 2 }
}

fn sentence(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).and_then(text_of).unwrap_or_default();
    let option = || option_name(&context(ContextKind::InvalidArg));
    let value = || context(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => unknown(&context(ContextKind::InvalidArg), error),
        ErrorKind::InvalidSubcommand => {
            format!("No such command '{}'.", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value().is_empty() => {
            format!("Option '{}' requires an argument.", option())
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("Option '{}' requires an argument.", option())
        }
        ErrorKind::InvalidValue => {
            let list = context(ContextKind::ValidValue);
            let list: Vec<&str> = list.split('\n').collect();
            format!("Invalid value for '{}': {}", option(), not_one_of(&value(), &list))
        }
        ErrorKind::ValueValidation => {
            format!("Invalid value for '{}': '{}' is not a valid integer.", option(), value())
        }
        ErrorKind::TooManyValues => format!("Option '{}' does not take a value.", option()),
        ErrorKind::MissingRequiredArgument => {
            format!(
                "Missing argument '{}'.",
                context(ContextKind::InvalidArg).trim_matches(['<', '>', '[', ']'])
            )
        }
        _ => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_string(),
    }
}

fn unknown(arg: &str, error: &clap::Error) -> String {
    if !arg.starts_with('-') {
        return format!("Got unexpected extra argument ({arg})");
    }
    let near = error.get(ContextKind::SuggestedArg).and_then(text_of);
    let hint = near.map(|near| format!(" Did you mean {}?", option_name(&near))).unwrap_or_default();
    format!("No such option: {arg}{hint}")
}

fn text_of(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(all) => Some(all.join("\n")),
        _ => None,
    }
}

/// `--threads` of clap's `--threads <NUMBER>`.
fn option_name(shown: &str) -> String {
    shown.split([' ', '=']).next().unwrap_or_default().to_string()
}
