//! A YAML file that was read: its tree, its path and its text, and the wording of faults in it.

use super::load;
use super::node::{Yaml, YamlValue};
use super::suggest::suggestion;
use super::text::{Lines, decode};
use crate::error::{Error, ErrorKind, Location, Result};
use std::path::Path;
use std::sync::Arc;

/// A file with its tree. Cheap to clone but for the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct YamlFile {
    /// Path as messages show it.
    pub path: Arc<str>,
    /// The whole text, without a byte order mark; in profiles.yml without what may be a secret.
    pub text: Arc<str>,
    /// The same, by lines.
    pub lines: Lines,
    /// The family of the faults found in it.
    pub kind: ErrorKind,
    /// The document; null for an empty file.
    pub root: Yaml,
}

/// How a help begins that names the word that was meant.
const NEARLY: &str = "did you mean";

fn bytes_of(path: &Path, shown: &str, kind: ErrorKind) -> Result<Vec<u8>> {
    crate::disk::read(path).map_err(|why| {
        Error::new(kind, format!("cannot read `{shown}`: {why}")).located(Location::file(shown))
    })
}

impl YamlFile {
    /// Reads text that stands at `path`. White space at its end is no part of a last block of text (dbt's rule).
    ///
    /// # Errors
    /// Bytes that are no UTF-8, syntax, tabs, duplicated keys, unknown tags, several documents, too deep
    /// nesting, aliases that expand to too much: each with its place.
    pub fn parse(path: &str, bytes: &[u8], kind: ErrorKind) -> Result<Self> {
        let (file, doubled) = YamlFile::load(path, bytes, kind)?;
        doubled.first().map_or(Ok(()), |it| Err(file.placed(it.refused())))?;
        Ok(file)
    }

    /// The same, where the last value of a duplicated key counts: gives a warning of each such key.
    ///
    /// # Errors
    /// As [`YamlFile::parse`].
    pub fn parse_doubled(path: &str, bytes: &[u8], kind: ErrorKind) -> Result<(Self, Vec<Error>)> {
        let (file, doubled) = YamlFile::load(path, bytes, kind)?;
        let told = doubled.iter().map(|it| file.placed(it.told(&file.text, path))).collect();
        Ok((file, told))
    }

    fn load(path: &str, bytes: &[u8], kind: ErrorKind) -> Result<(Self, Vec<load::Doubled>)> {
        let read = decode(path, bytes).map_err(|fault| fault.with_kind(kind))?;
        let text: Arc<str> = if kind == ErrorKind::Profile { mask(read).into() } else { read.into() };
        let empty = Yaml { value: YamlValue::Null, line: 1, column: 1 };
        let lines = Lines::new(text.clone());
        let mut file = YamlFile { path: path.into(), text, lines, kind, root: empty };
        if let Some(at) = read.find('\0') {
            return Err(file.placed(load::nul(&read[..at])));
        }
        let (root, doubled) = load::load(read.trim_end()).map_err(|fault| file.placed(fault))?;
        file.root = root;
        Ok((file, doubled))
    }

    /// A fault that knows only line and column.
    fn placed(&self, fault: Error) -> Error {
        let place = fault.location().cloned().unwrap_or_default();
        let place = Location { path: self.path.to_string(), ..place };
        self.lines.draw(fault.with_kind(self.kind).located(place))
    }

    /// Reads a file; `shown` is its path in messages.
    ///
    /// # Errors
    /// As [`YamlFile::parse`], and a file that cannot be read.
    pub fn read(path: &Path, shown: &str, kind: ErrorKind) -> Result<Self> {
        YamlFile::parse(shown, &bytes_of(path, shown, kind)?, kind)
    }

    /// The same, where the last value of a duplicated key counts: gives a warning of each such key.
    ///
    /// # Errors
    /// As [`YamlFile::read`].
    pub fn read_doubled(path: &Path, shown: &str, kind: ErrorKind) -> Result<(Self, Vec<Error>)> {
        YamlFile::parse_doubled(shown, &bytes_of(path, shown, kind)?, kind)
    }

    /// A fault at a node, with its line drawn.
    pub fn fault(&self, at: &Yaml, message: impl Into<String>) -> Error {
        self.lines.draw(Error::new(self.kind, message).located(self.place(at)))
    }

    /// Where a node stands.
    pub fn place(&self, at: &Yaml) -> Location {
        Location::at(&*self.path, at.line, at.column)
    }

    /// The text of a node; `what` names it in the fault: `name`, `version of a package`.
    ///
    /// # Errors
    /// The node is no text.
    pub fn expect_str<'a>(&self, node: &'a Yaml, what: &str) -> Result<&'a str> {
        node.as_str().ok_or_else(|| self.wrong(node, what, "a text"))
    }

    /// The truth value of a node.
    ///
    /// # Errors
    /// The node is none.
    pub fn expect_bool(&self, node: &Yaml, what: &str) -> Result<bool> {
        node.as_bool().ok_or_else(|| self.wrong(node, what, "`true` or `false`"))
    }

    /// The whole number of a node.
    ///
    /// # Errors
    /// The node is none.
    pub fn expect_int(&self, node: &Yaml, what: &str) -> Result<i64> {
        node.as_int().ok_or_else(|| self.wrong(node, what, "a whole number"))
    }

    /// The items of a list.
    ///
    /// # Errors
    /// The node is no list.
    pub fn expect_list<'a>(&self, node: &'a Yaml, what: &str) -> Result<&'a [Yaml]> {
        match &node.value {
            YamlValue::List(items) => Ok(items),
            _ => Err(self
                .wrong(node, what, "a list")
                .help(format!("'{what}' is not a list: write `{what}:` and then lines with `- `"))),
        }
    }

    /// The pairs of a mapping.
    ///
    /// # Errors
    /// The node is no mapping.
    pub fn expect_map<'a>(&self, node: &'a Yaml, what: &str) -> Result<&'a [(Yaml, Yaml)]> {
        match &node.value {
            YamlValue::Map(entries) => Ok(entries),
            _ => Err(self.wrong(node, what, "a mapping")),
        }
    }

    /// The keys of a mapping are all known. What is no mapping has none.
    ///
    /// # Errors
    /// Every other key, at once.
    pub fn expect_keys(&self, node: &Yaml, known: &[&str], what: &str) -> Result<()> {
        let stranger = |(key, _): &(Yaml, Yaml)| {
            let name = key.as_str().filter(|name| !known.contains(name))?;
            let fault = self.fault(key, format!("{what} has no key `{name}`"));
            Some(match super::suggestion(name, known) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help(format!("its keys are {}", known.join(", "))),
            })
        };
        Error::all(node.entries().iter().filter_map(stranger).collect()).map_or(Ok(()), Err)
    }

    /// A list of texts.
    ///
    /// # Errors
    /// The node is no list, or an item of it no text.
    pub fn expect_strings(&self, node: &Yaml, what: &str) -> Result<Vec<String>> {
        let item = |item| self.expect_str(item, &format!("item of {what}")).map(str::to_string);
        self.expect_list(node, what)?.iter().map(item).collect()
    }

    /// The fault of a node of a wrong type.
    pub fn wrong(&self, node: &Yaml, what: &str, expected: &str) -> Error {
        self.fault(node, format!("`{what}` must be {expected}, not {}", node.kind_name()))
    }

    /// A fault for each key of a mapping that is not among `known`, with the nearest known one. `what`
    /// names the mapping: `dbt_project.yml`, `a column`.
    pub fn unknown_keys(&self, map: &Yaml, known: &[&str], what: &str) -> Vec<Error> {
        let unknown = map.entries().iter().map(|(key, _)| key);
        let unknown = unknown.filter(|key| !key.as_str().is_some_and(|key| known.contains(&key)));
        unknown.map(|key| self.unknown_key(key, known, what)).collect()
    }

    /// The same for keys that are nearly known ones: other unknown keys are the user's own.
    pub fn slips(&self, map: &Yaml, known: &[&str], what: &str) -> Vec<Error> {
        let mut slips = self.unknown_keys(map, known, what);
        slips.retain(|fault| fault.helps().iter().any(|help| help.starts_with(NEARLY)));
        slips
    }

    /// The fault of a mapping that lacks a key: at a key that was nearly it, or else at `at`.
    pub fn lacks(&self, (at, map): (&Yaml, &Yaml), key: &str, message: impl Into<String>) -> Error {
        let nearly = |written: &&Yaml| {
            written.as_str().is_some_and(|written| written != key && suggestion(written, &[key]).is_some())
        };
        match map.entries().iter().map(|(written, _)| written).find(nearly) {
            Some(written) => self.fault(written, message).help(format!("{NEARLY} `{key}`?")),
            None => self.fault(at, message),
        }
    }

    fn unknown_key(&self, key: &Yaml, known: &[&str], what: &str) -> Error {
        let name = key.key_text();
        let fault = self.fault(key, format!("{what} has no key `{name}`"));
        match suggestion(&name, known) {
            Some(near) => fault.help(format!("{NEARLY} `{near}`?")),
            None => fault.help(format!("known keys: {}", known.join(", "))),
        }
    }
}

/// The text with what follows the colon of every `pass`, `secret`, `token` and `key` hidden: a drawn line
/// must not show a password.
fn mask(text: &str) -> String {
    let hide = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let secret = ["pass", "secret", "token", "key"].iter().filter_map(|word| lower.find(word)).min();
        match secret.and_then(|at| lower[at..].find(':').map(|colon| at + colon)) {
            Some(colon) if !line.contains("{{") => format!("{}: *****", &line[..colon]),
            _ => line.to_string(),
        }
    };
    text.lines().map(hide).collect::<Vec<_>>().join("\n")
}
