//! Sources that are files: `external_location` in a source's `meta` or `config`, with its placeholders.

mod plugins;

pub use plugins::instead_of;

use crate::error::{Error, Result};
use serde_json::{Map, Value as Json};

type Fields = Map<String, Json>;

/// What a query reads of such a source: `'data/x.parquet'`, or a call as it is written.
///
/// # Errors
/// An unknown `formatter`, a placeholder that names nothing.
pub fn place(fields: &Fields) -> Result<Option<String>> {
    let Some(template) = fields.get("external_location").and_then(Json::as_str) else { return Ok(None) };
    if fields.contains_key("plugin") {
        return Ok(None);
    }
    let place = match fields.get("formatter").and_then(Json::as_str).unwrap_or("newstyle") {
        "newstyle" => newstyle(template, fields)?,
        "oldstyle" => oldstyle(template, fields)?,
        "template" => dollars(template, fields)?,
        other => {
            return Err(Error::parsing(format!(
                "Formatter {other} not recognized. Must be one of 'newstyle', 'oldstyle', or 'template'."
            )));
        }
    };
    let bare = !place.contains('(') && !place.starts_with('\'');
    Ok(Some(if bare { format!("'{place}'") } else { place }))
}

/// A source that a Python plugin of dbt-duckdb would load.
pub fn plugin(fields: &Fields) -> Result<()> {
    let Some(name) = fields.get("plugin").and_then(Json::as_str) else { return Ok(()) };
    let source = fields.get("name").and_then(Json::as_str).unwrap_or_default();
    Err(Error::runtime(format!(
        "the source table `{source}` is to be loaded by the plugin `{name}`, which is a Python module of dbt-duckdb"
    ))
    .help(instead_of(name))
    .help("a Python model can read it too: `def model(dbt, session): return pandas.read_excel(...)`"))
}

fn missing(key: &str, template: &str) -> Error {
    Error::parsing(format!("`external_location: {template}` names `{key}`, which the source does not have"))
        .help("the names are `name`, `identifier`, `schema`, `database`, `tags` and the keys of `meta` and `config`")
        .help("write a brace that stands for itself twice: `{{`")
}

fn found(key: &str, template: &str, fields: &Fields) -> Result<String> {
    // `meta_key[sub]` looks into a mapping or a list, as Python's format does.
    let mut parts = key.split(['[', '.']).map(|part| part.trim_end_matches(']'));
    let first = parts.next().unwrap_or_default();
    let start = fields.get(first).ok_or_else(|| missing(key, template))?;
    let value = parts.try_fold(start, |value, part| match value {
        Json::Array(items) => items.get(part.parse::<usize>().ok()?),
        value => value.get(part),
    });
    Ok(match value.ok_or_else(|| missing(key, template))? {
        Json::String(text) => text.clone(),
        Json::Null => "None".to_string(),
        Json::Bool(true) => "True".to_string(),
        Json::Bool(false) => "False".to_string(),
        other => other.to_string(),
    })
}

/// `data/{name}.csv`
fn newstyle(template: &str, fields: &Fields) -> Result<String> {
    let (mut made, mut rest) = (String::new(), template);
    while let Some(at) = rest.find(['{', '}']) {
        made += &rest[..at];
        let mark = &rest[at..at + 1];
        if rest[at + 1..].starts_with(mark) {
            made += mark;
            rest = &rest[at + 2..];
            continue;
        }
        let end = rest[at..].find('}').filter(|_| mark == "{").map(|end| at + end);
        let end = end.ok_or_else(|| {
            Error::parsing(format!("`external_location: {template}` has a single `{mark}`"))
                .help("write a brace that stands for itself twice: `{{`")
        })?;
        let key = rest[at + 1..end].split(['!', ':']).next().unwrap_or_default();
        made += &found(key, template, fields)?;
        rest = &rest[end + 1..];
    }
    Ok(made + rest)
}

/// `data/%(name)s.csv`
fn oldstyle(template: &str, fields: &Fields) -> Result<String> {
    let (mut made, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('%') {
        made += &rest[..at];
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('%') {
            made.push('%');
            rest = tail;
            continue;
        }
        let named = rest.strip_prefix('(').and_then(|tail| tail.split_once(')'));
        let (key, tail) = named.ok_or_else(|| missing(rest, template))?;
        made += &found(key, template, fields)?;
        rest = tail.get(1..).unwrap_or_default();
    }
    Ok(made + rest)
}

/// `data/$name.csv`, `data/${name}.csv`
fn dollars(template: &str, fields: &Fields) -> Result<String> {
    let (mut made, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('$') {
        made += &rest[..at];
        rest = &rest[at + 1..];
        let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (key, tail) = match rest.strip_prefix('{') {
            _ if rest.starts_with('$') => {
                made.push('$');
                rest = &rest[1..];
                continue;
            }
            Some(inner) => inner.split_once('}').ok_or_else(|| missing(inner, template))?,
            None => rest.split_at(word(rest)),
        };
        made += &found(key, template, fields)?;
        rest = tail;
    }
    Ok(made + rest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn given(location: &str, formatter: &str) -> Result<Option<String>> {
        let fields = json!({"name": "t", "identifier": "i", "schema": "s", "year": 2024, "m": {"k": ["v"]},
            "external_location": location, "formatter": formatter});
        place(fields.as_object().unwrap())
    }

    #[test]
    fn placeholders_are_filled() {
        let check = |formatter: &str, location: &str, expect: &str| {
            assert_eq!(given(location, formatter).unwrap().as_deref(), Some(expect), "{location}");
        };
        check("newstyle", "d/{name}-{year:04d}-{m[k][0]}/{{x}}.csv", "'d/t-2024-v/{x}.csv'");
        check("newstyle", "read_csv('{identifier}.csv')", "read_csv('i.csv')");
        check("newstyle", "'d/{schema}'", "'d/s'");
        check("oldstyle", "d/%(name)s-100%%", "'d/t-100%'");
        check("template", "d/$name/${year}$$", "'d/t/2024$'");
    }

    #[test]
    fn faults_are_told() {
        for (formatter, location) in [
            ("x", "a"),
            ("newstyle", "{nope}"),
            ("newstyle", "{name"),
            ("oldstyle", "%s"),
            ("template", "$nope"),
        ] {
            assert!(given(location, formatter).is_err(), "{location}");
        }
    }
}
