//! One criterion: `[@][N+][method[.argument]:]value[+[N]]`.

use super::Method;
use crate::error::{Error, Result};
use crate::project::flags::IndirectSelection;
use crate::project::yaml::suggestion;
use serde_json::Value as Json;

/// One criterion of a selection, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// As written.
    pub raw: String,
    /// How nodes are found.
    pub method: Method,
    /// What follows the method's name: `materialized` of `config.materialized`.
    pub arguments: Vec<String>,
    /// What is looked for. A text, unless selectors.yml says otherwise.
    pub value: Json,
    /// `@`: add the children, and all parents of those.
    pub childrens_parents: bool,
    /// `+x`: add parents, up to a depth (`None`: all).
    pub parents: Option<Option<usize>>,
    /// `x+`: add children, up to a depth (`None`: all).
    pub children: Option<Option<usize>>,
    /// Which tests come along.
    pub indirect: IndirectSelection,
}

impl Criterion {
    /// Reads one word of the command line.
    ///
    /// # Errors
    /// A method that does not exist, `@` together with a trailing `+`, a depth that is no number.
    pub fn parse(raw: &str, indirect: IndirectSelection) -> Result<Criterion> {
        let (childrens_parents, rest) = match raw.strip_prefix('@') {
            Some(rest) => (true, rest),
            None => (false, raw),
        };
        let (parents, rest) = leading_plus(rest).map_or((None, rest), |(digits, rest)| (Some(digits), rest));
        let (method, rest) = method_prefix(rest).map_or((None, rest), |(name, rest)| (Some(name), rest));
        let (children, value) = trailing_plus(rest).map_or((None, rest), |(value, n)| (Some(n), value));
        let (method, arguments) = match method {
            Some(name) => parse_method(name).map_err(|error| drawn(error, raw, name))?,
            None => (default_method(value), Vec::new()),
        };
        if childrens_parents && children.is_some() {
            return Err(drawn(clash(raw), raw, "@"));
        }
        let depth = |digits: Option<&str>| digits.map(|digits| depth(digits, raw)).transpose();
        let (parents, children) = (depth(parents)?, depth(children)?);
        let value = Json::String(value.to_string());
        Ok(Criterion {
            raw: raw.to_string(),
            method,
            arguments,
            value,
            childrens_parents,
            parents,
            children,
            indirect,
        })
    }

    /// What is looked for, as text.
    pub fn text(&self) -> String {
        match &self.value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// `config.materialized` is the method `config` with the argument `materialized`.
pub(super) fn parse_method(name: &str) -> Result<(Method, Vec<String>)> {
    let mut parts = name.split('.').map(str::to_string);
    let first = parts.next().unwrap_or_default();
    let method = Method::parse(&first).ok_or_else(|| {
        let names: Vec<_> = Method::names().collect();
        let fault = Error::runtime(format!("'{first}' is not a valid method name"));
        let near = suggestion(&first, &names).map(|near| format!("did you mean `{near}`?"));
        near.into_iter().fold(fault, Error::help).help(format!("the methods are {}", names.join(", ")))
    })?;
    Ok((method, parts.collect()))
}

/// Which method a bare value means: a path, a file or a name.
pub(super) fn default_method(value: &str) -> Method {
    let lower = value.to_lowercase();
    if value.contains(std::path::is_separator) {
        Method::Path
    } else if [".sql", ".py", ".csv"].iter().any(|ending| lower.ends_with(ending)) {
        Method::File
    } else {
        Method::Fqn
    }
}

/// `@` and a trailing `+` do not go together.
pub(super) fn clash(raw: &str) -> Error {
    Error::runtime(format!("Invalid node spec {raw} - \"@\" prefix and \"+\" suffix are incompatible"))
        .help("`@x` already takes all children of `x`: leave the last `+` out")
}

fn leading_plus(text: &str) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_once('+')?;
    digits.bytes().all(|b| b.is_ascii_digit()).then_some((digits, rest))
}

fn trailing_plus(text: &str) -> Option<(&str, &str)> {
    let (value, digits) = text.rsplit_once('+')?;
    digits.bytes().all(|b| b.is_ascii_digit()).then_some((value, digits))
}

fn method_prefix(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(':')?;
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    (!name.is_empty() && name.chars().all(word)).then_some((name, rest))
}

fn depth(digits: &str, raw: &str) -> Result<Option<usize>> {
    if digits.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Error::runtime(format!("Invalid node spec - could not handle depth {digits}"));
    digits.parse().map(Some).map_err(|e| drawn(wrong(e), raw, digits))
}

/// Draws the word at fault: its place within the criterion.
fn drawn(error: Error, raw: &str, word: &str) -> Error {
    let column = raw.find(word).map_or(1, |at| raw[..at].chars().count() + 1);
    error.at("--select", 1, column).with_source(raw)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A criterion in one line: `@ parents method.args=value children`.
    fn check(raw: &str, expect: &str) {
        let depth = |d: Option<Option<usize>>| match d {
            None => "-".to_string(),
            Some(None) => "all".to_string(),
            Some(Some(n)) => n.to_string(),
        };
        let told = match Criterion::parse(raw, IndirectSelection::Eager) {
            Ok(c) => {
                let method = std::iter::once(c.method.name().to_string()).chain(c.arguments.clone());
                let method = method.collect::<Vec<_>>().join(".");
                let at = if c.childrens_parents { "@" } else { "" };
                format!("{at}{} {method}={} {}", depth(c.parents), c.text(), depth(c.children))
            }
            Err(error) => {
                let place = error.location().unwrap().to_string();
                format!("{} ({place})", error.message())
            }
        };
        assert_eq!(told, expect, "{raw}");
    }

    #[test]
    fn reads_the_grammar() {
        for (raw, expect) in [
            ("x", "- fqn=x -"),
            ("+x", "all fqn=x -"),
            ("x+", "- fqn=x all"),
            ("2+x+3", "2 fqn=x 3"),
            ("0+x", "0 fqn=x -"),
            ("@x", "@- fqn=x -"),
            ("@2+tag:x", "@2 tag=x -"),
            ("tag:x", "- tag=x -"),
            ("config.materialized:table", "- config.materialized=table -"),
            ("config.meta.a.b:c:d", "- config.meta.a.b=c:d -"),
            ("models/a", "- path=models/a -"),
            ("a.SQL", "- file=a.SQL -"),
            ("seed.csv", "- file=seed.csv -"),
            ("a.b.c", "- fqn=a.b.c -"),
            ("a+b", "- fqn=a+b -"),
            ("1+2", "1 fqn=2 -"),
            ("path:a+b/c+1", "- path=a+b/c 1"),
            ("foo:x", "'foo' is not a valid method name (--select:1:1)"),
            ("2+foo:x", "'foo' is not a valid method name (--select:1:3)"),
            ("@x+", "Invalid node spec @x+ - \"@\" prefix and \"+\" suffix are incompatible (--select:1:1)"),
            (
                "99999999999999999999999+x",
                "Invalid node spec - could not handle depth 99999999999999999999999 (--select:1:1)",
            ),
        ] {
            check(raw, expect);
        }
    }
}
