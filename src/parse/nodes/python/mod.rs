//! Python models, read but not run: their `dbt.ref`, `dbt.source` and `dbt.config` calls as a template
//! with each call on its own line. The calls take literals only, which `literals` writes as Jinja; `tokens`
//! cuts the text, `shape` looks at the function `model`.

mod literals;
mod shape;
#[cfg(test)]
mod tests;
mod tokens;

use crate::error::{Error, Location, Result};
use literals::Argument;
use tokens::{Kind, Token};

/// A fault at a place of the text.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    line: usize,
    column: usize,
    message: String,
    help: Option<&'static str>,
}

impl Fault {
    fn at(line: usize, column: usize, message: impl Into<String>) -> Fault {
        Fault { line, column, message: message.into(), help: None }
    }

    fn help(self, help: &'static str) -> Fault {
        Fault { help: Some(help), ..self }
    }

    fn told(self, path: &str, start: (usize, usize)) -> Error {
        let column = if self.line == 1 { self.column + start.1 - 1 } else { self.column };
        let error = Error::parsing(self.message).located(Location::at(path, start.0 + self.line - 1, column));
        self.help.into_iter().fold(error, Error::help)
    }
}

/// A template with the calls of a model's text. `start` is where the text begins in its file.
///
/// # Errors
/// The text is no Python, has no function `model`, holds Jinja, or calls with more than literals.
pub(super) fn template(text: &str, path: &str, start: (usize, usize)) -> Result<String> {
    let made = without_jinja(text).and_then(|()| {
        let tokens = tokens::tokens(text)?;
        shape::check(&tokens.statements)?;
        calls(&[tokens.statements, tokens.nested].concat())
    });
    made.map_err(|fault| fault.told(path, start))
}

fn without_jinja(text: &str) -> Result<(), Fault> {
    let at = ["{{", "{%", "{#"].iter().filter_map(|mark| text.find(mark)).min();
    let Some(at) = at else { return Ok(()) };
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].rsplit('\n').next().map_or(1, |lead| lead.chars().count() + 1);
    Err(Fault::at(line, column, "No jinja in python model code is allowed")
        .help("set the value in the model's YAML config and read it with `dbt.config.get(\"key\")`"))
}

/// `dbt.config.get("key", default)` and `meta_get`, as the config remembers them for the run.
#[derive(Default)]
struct Asked {
    keys: Vec<String>,
    defaults: Vec<String>,
}

fn calls(tokens: &[Token]) -> Result<String, Fault> {
    let mut template = String::new();
    let [mut got, mut got_meta] = [Asked::default(), Asked::default()];
    let mut found: Vec<(usize, String)> = Vec::new();
    for at in 0..tokens.len() {
        let Some((callee, rest)) = callee(tokens, at) else { continue };
        let arguments = literals::arguments(rest)?;
        match callee {
            "config.get" => got.ask(tokens, at, &arguments, "dbt.config.get()")?,
            "config.meta_get" => got_meta.ask(tokens, at, &arguments, "dbt.config.meta_get()")?,
            _ => found.push((tokens[at].line, format!("{{{{ {callee}({}) }}}}", written(&arguments)))),
        }
    }
    found.sort_by_key(|(line, _)| *line);
    for (line, call) in found {
        let lines = template.matches('\n').count() + 1;
        template += &"\n".repeat(line.saturating_sub(lines));
        template += &call;
    }
    if !(got.keys.is_empty() && got_meta.keys.is_empty()) {
        let lists = [("config", &got), ("meta", &got_meta)].map(|(kind, asked)| {
            let (keys, defaults) = (asked.keys.join(", "), asked.defaults.join(", "));
            format!("{kind}_keys_used=[{keys}], {kind}_keys_defaults=[{defaults}]")
        });
        template += &format!("{{{{ config({}) }}}}", lists.join(", "));
    }
    Ok(template)
}

impl Asked {
    fn ask(&mut self, tokens: &[Token], at: usize, given: &[Argument], name: &str) -> Result<(), Fault> {
        let given: Vec<&Argument> = given.iter().filter(|argument| argument.name.is_none()).collect();
        let wrong = match given.len() {
            0 => format!("{name} requires at least one argument"),
            1 | 2 => {
                self.keys.push(given[0].value.clone());
                self.defaults.push(given.get(1).map_or("None", |default| &default.value).to_string());
                return Ok(());
            }
            count => format!("{name} takes at most 2 arguments ({count} given)"),
        };
        Err(Fault::at(tokens[at].line, tokens[at].column, wrong))
    }
}

fn written(arguments: &[Argument]) -> String {
    let each = arguments.iter().map(|argument| match &argument.name {
        Some(name) => format!("{name}={}", argument.value),
        None => argument.value.clone(),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// The name of dbt's function that is called at this token, and what follows the opening bracket.
fn callee(tokens: &[Token], at: usize) -> Option<(&'static str, &[Token])> {
    let is_name = |at: usize, name: &str| {
        tokens.get(at).is_some_and(|token| token.kind == Kind::Name && token.text == name)
    };
    let is_sign = |at: usize, sign| tokens.get(at).is_some_and(|token| token.kind == Kind::Sign(sign));
    if !is_name(at, "dbt") || at.checked_sub(1).is_some_and(|before| is_sign(before, '.')) {
        return None;
    }
    const NAMES: [&str; 5] = ["ref", "source", "config", "config.get", "config.meta_get"];
    NAMES.into_iter().find_map(|callee| {
        let parts: Vec<&str> = callee.split('.').collect();
        let named = (0..parts.len())
            .all(|part| is_sign(at + 1 + part * 2, '.') && is_name(at + 2 + part * 2, parts[part]));
        let open = at + 1 + parts.len() * 2;
        (named && is_sign(open, '(')).then(|| (callee, &tokens[open + 1..]))
    })
}
