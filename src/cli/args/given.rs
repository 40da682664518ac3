//! What the user gave: the values of the command line and of the environment, each with its source.
//!
//! The order of precedence is command line, environment, `flags:` of dbt_project.yml, default. The first
//! two are settled here; [`Given::source`] tells the later ones where they may not speak.

use super::flags::{Flag, Kind};
use clap::ArgMatches;
use clap::parser::ValueSource;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    CommandLine,
    /// An environment variable.
    Environment,
}

/// A value of a flag.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of pairs and switches.
    Bool(bool),
    /// Of texts, paths, choices and YAML.
    Text(String),
    /// Of whole numbers.
    Int(i64),
    /// Of flags that take many.
    Many(Vec<String>),
}

/// The values that were given, by the id of their flag.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given(BTreeMap<&'static str, (Value, Source)>, Vec<(String, String)>);

impl Given {
    /// Gathers the values of some flags: from the command line, else from the environment. `words` is the
    /// line as typed: of two halves of a pair, one before and one after the command, the later one holds.
    ///
    /// # Errors
    /// The sentence of a usage error, for a variable whose value does not fit its flag.
    pub fn of<'a>(
        flags: impl IntoIterator<Item = &'a &'static Flag>,
        (matches, words): (&ArgMatches, &[String]),
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Given, BadValue> {
        let mut given = BTreeMap::new();
        let mut renamed = Vec::new();
        for flag in flags {
            if let Some(value) = typed(flag, matches, words) {
                allowed(flag, &value)?;
                given.insert(flag.id, (value, Source::CommandLine));
                continue;
            }
            let names = flag.variables();
            let variable = names.iter().find_map(|name| Some((name, env(name)?)));
            let is_old = |name: &str| names.iter().skip(2).any(|old| old == name);
            if let Some((old, _)) = variable.as_ref().filter(|(name, _)| is_old(name)) {
                renamed.push((old.to_string(), names[0].clone()));
            }
            let value = variable.map(|(_, text)| from_text(flag, &text)).transpose()?;
            if let Some(value) = value.flatten() {
                given.insert(flag.id, (value, Source::Environment));
            }
        }
        if let Some((name, text)) = NO_PRINT.iter().find_map(|name| Some((name, env(name)?))) {
            renamed.push((name.to_string(), "DBT_ENGINE_PRINT".to_string()));
            if truth(&text) == Some(true) {
                given.entry("print").or_insert((Value::Bool(false), Source::Environment));
            }
        }
        Ok(Given(given, renamed))
    }

    /// The values of an earlier invocation, from the `args` of its run_results.json. What does not fit its
    /// flag is passed over: it was written by another release.
    pub fn recorded<'a>(
        flags: impl IntoIterator<Item = &'a &'static Flag>,
        args: &serde_json::Map<String, Json>,
    ) -> Given {
        let read = |flag: &&'static Flag| {
            let value = recorded(flag, args.get(&flag.field())?)?;
            Some((flag.id, (value, Source::CommandLine)))
        };
        Given(flags.into_iter().filter_map(read).collect(), Vec::new())
    }

    /// Variables of the environment that were read by an older name: that one, and the new one.
    pub fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.1.iter().map(|(old, new)| (old.as_str(), new.as_str()))
    }

    /// Takes a value over from another invocation, or drops it where that has none.
    pub fn take(&mut self, id: &'static str, from: &Given) {
        match from.0.get(id) {
            Some(entry) => self.0.insert(id, entry.clone()),
            None => self.0.remove(id),
        };
    }

    /// Where a flag's value comes from, if it was given.
    pub fn source(&self, id: &str) -> Option<Source> {
        self.0.get(id).map(|(_, source)| *source)
    }

    /// Every value with its id.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(id, (value, _))| (*id, value))
    }

    /// The value of a pair or switch.
    pub fn bool(&self, id: &str) -> Option<bool> {
        match self.0.get(id)?.0 {
            Value::Bool(on) => Some(on),
            _ => None,
        }
    }

    /// The value of a text, path, choice or YAML.
    pub fn text(&self, id: &str) -> Option<&str> {
        match &self.0.get(id)?.0 {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a whole number.
    pub fn int(&self, id: &str) -> Option<i64> {
        match self.0.get(id)?.0 {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }

    /// The values of a flag that takes many; empty where it was not given.
    pub fn many(&self, id: &str) -> Vec<String> {
        match self.0.get(id) {
            Some((Value::Many(values), _)) => values.clone(),
            _ => Vec::new(),
        }
    }
}

/// The older names of a variable that means the contrary of `DBT_PRINT`.
const NO_PRINT: [&str; 2] = ["DBT_ENGINE_NO_PRINT", "DBT_NO_PRINT"];

/// A value of the environment that does not fit its flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// The flag as shown.
    pub flag: String,
    /// What is wrong: `'x' is not a valid integer.`
    pub fault: String,
}

fn typed(flag: &Flag, matches: &ArgMatches, line: &[String]) -> Option<Value> {
    let on_line = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    if flag.kind == Kind::Pair && on_line(&negative(flag)) && !(on_line(flag.id) && ends_on(flag, line)) {
        return Some(Value::Bool(false));
    }
    if !on_line(flag.id) {
        return None;
    }
    match flag.kind {
        Kind::Pair | Kind::Switch => Some(Value::Bool(matches.get_flag(flag.id))),
        Kind::Int => matches.get_one::<i64>(flag.id).map(|n| Value::Int(*n)),
        Kind::Many | Kind::ManyOf(_) => {
            let all = matches.get_many::<String>(flag.id)?;
            let folded = matches!(flag.kind, Kind::ManyOf(_));
            let fold = |word: String| if folded { word.to_lowercase() } else { word };
            Some(Value::Many(all.flat_map(|text| words(text)).map(fold).collect()))
        }
        Kind::Choice(_) => matches.get_one::<String>(flag.id).map(|word| Value::Text(word.to_lowercase())),
        _ => matches.get_one::<String>(flag.id).map(|text| Value::Text(text.clone())),
    }
}

/// A list may hold several words in one argument; each must be one of the flag's.
fn allowed(flag: &Flag, value: &Value) -> Result<(), BadValue> {
    let (Kind::ManyOf(list), Value::Many(words)) = (flag.kind, value) else { return Ok(()) };
    match words.iter().find(|word| !list.contains(&word.as_str())) {
        Some(word) => Err(BadValue { flag: flag.shown(), fault: not_one_of(word, list) }),
        None => Ok(()),
    }
}

fn recorded(flag: &Flag, json: &Json) -> Option<Value> {
    match (flag.kind, json) {
        (_, Json::Null) => None,
        (Kind::Pair | Kind::Switch, json) => json.as_bool().map(Value::Bool),
        (Kind::Int, json) => json.as_i64().map(Value::Int),
        (Kind::Many | Kind::ManyOf(_), Json::Array(all)) if !all.is_empty() => {
            Some(Value::Many(all.iter().filter_map(Json::as_str).map(str::to_string).collect()))
        }
        (Kind::Many | Kind::ManyOf(_), _) => None,
        (Kind::Yaml, Json::Object(_)) => Some(Value::Text(json.to_string())),
        (_, Json::String(text)) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

/// Of a pair whose halves were both typed: is the later one the one that switches on?
fn ends_on(flag: &Flag, line: &[String]) -> bool {
    let (on, off) = (format!("--{}", flag.long), format!("--no-{}", flag.long));
    let short = |word: &str| {
        flag.short.is_some_and(|c| word.starts_with('-') && !word.starts_with("--") && word.contains(c))
    };
    let last_on = line.iter().rposition(|word| *word == on || short(word));
    last_on > line.iter().rposition(|word| *word == off)
}

/// The id of the `--no-x` half of a pair.
pub fn negative(flag: &Flag) -> String {
    format!("no-{}", flag.id)
}

fn from_text(flag: &Flag, text: &str) -> Result<Option<Value>, BadValue> {
    let bad = |fault: String| BadValue { flag: flag.shown(), fault };
    Ok(match flag.kind {
        _ if text.is_empty() => None,
        Kind::Pair | Kind::Switch => {
            Some(Value::Bool(truth(text).ok_or_else(|| bad(format!("'{text}' is not a valid boolean.")))?))
        }
        Kind::Int => Some(Value::Int(
            text.trim().parse().map_err(|_| bad(format!("'{text}' is not a valid integer.")))?,
        )),
        Kind::Choice(list) => match list.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            Some(word) => Some(Value::Text(word.to_string())),
            None => return Err(bad(not_one_of(text, list))),
        },
        Kind::Many => Some(Value::Many(words(text).collect())),
        Kind::ManyOf(list) => match words(text).find(|w| !list.contains(&w.to_lowercase().as_str())) {
            Some(word) => return Err(bad(not_one_of(&word, list))),
            None => Some(Value::Many(words(text).map(|w| w.to_lowercase()).collect())),
        },
        Kind::Text | Kind::Path | Kind::Yaml => Some(Value::Text(text.to_string())),
    })
}

/// `'foo' is not one of 'text', 'debug', 'json', 'default'.`
pub fn not_one_of(value: &str, list: &[&str]) -> String {
    let quoted: Vec<String> = list.iter().map(|word| format!("'{word}'")).collect();
    format!("'{value}' is not one of {}.", quoted.join(", "))
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace().map(str::to_string)
}

/// The words for true and false that click takes.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}
