//! `--add-package`: one more entry in packages.yml, written into its text, so that comments and layout stay.

use super::fetch::{refused, written};
use super::options::{AddPackage, AddSource};
use super::read::{self, Lister};
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::jinja::yaml_text;
use crate::project::yaml::{Yaml, YamlFile};
use std::fs;
use std::path::PathBuf;

/// A file that was changed, and how it was.
pub(super) struct Added {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl Added {
    /// Puts the file back, where the new package cannot be had.
    pub(super) fn undo(&self) -> Result<()> {
        match &self.before {
            Some(bytes) => written(&self.path, bytes),
            None => fs::remove_file(&self.path).map_err(|why| refused(&self.path, &why)),
        }
    }
}

/// Adds an entry in place of those of the same package.
///
/// # Errors
/// The file cannot be read, or has a form that cannot be added to; it is then as it was.
pub(super) fn add(session: &Session<'_>, add: &AddPackage) -> Result<Added> {
    let (name, _) = read::listed(session.options.first.root(), "", &session.renderer, Lister::Project)?;
    let path = session.path(name);
    let before = if path.is_file() {
        Some(
            crate::disk::read(&path)
                .map_err(|why| Error::new(ErrorKind::Dependency, format!("cannot read `{name}`: {why}")))?,
        )
    } else {
        session.voice.note("Formatting", format!("Created {name}"));
        None
    };
    let file = YamlFile::parse(name, before.as_deref().unwrap_or(b"packages: []\n"), ErrorKind::Dependency)?;
    let items = file.root.get("packages").map(Yaml::items).unwrap_or_default();
    let (twins, others): (Vec<&Yaml>, Vec<&Yaml>) = items.iter().partition(|item| is_same(item, &add.name));
    let text = edited(&file, items, &twins, add).filter(|text| holds(text, &others, add));
    let text = text.ok_or_else(|| by_hand(&file, add))?;
    for twin in twins {
        let message = format!("Found duplicate package in packages.yml, removing: {}", shown(twin));
        session.voice.note("DepsFoundDuplicatePackage", message);
    }
    written(&path, text.as_bytes())?;
    let what = match &add.version {
        Some(version) => format!("{}@{version}", add.name),
        None => add.name.clone(),
    };
    session.voice.note("DepsAddPackage", format!("Added new package {what} to {}", path.display()));
    Ok(Added { path, before })
}

/// Is an entry another one of the package? Names are compared as words of the URL, `_` as `-`, with and
/// without the namespace.
fn is_same(item: &Yaml, name: &str) -> bool {
    let keys = ["package", "git", "local", "tarball", "private"];
    let Some(known) = keys.iter().find_map(|key| item.get(key)?.as_str()) else { return false };
    let short = name.rsplit('/').next().unwrap_or(name);
    let known = known.replace('_', "-");
    [name, short].iter().map(|name| name.replace('_', "-")).filter(|name| !name.is_empty()).any(|name| {
        known.match_indices(&name).any(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| c == '/' || c == '.');
            edge(known[..at].chars().next_back()) && edge(known[at + name.len()..].chars().next())
        })
    })
}

/// The lines of the new entry, without indent.
fn lines(add: &AddPackage) -> Vec<String> {
    let (key, version) = match add.source {
        AddSource::Hub => ("package", "version"),
        AddSource::Git => ("git", "revision"),
        AddSource::Local => ("local", ""),
    };
    let mut lines = vec![format!("- {key}: {}", yaml_text(&add.name, 0, 4))];
    match &add.version {
        Some(range) if range.contains(',') => {
            lines.push(format!("  {version}:"));
            lines.extend(range.split(',').map(|part| format!("    - {}", yaml_text(part.trim(), 0, 6))));
        }
        Some(one) => lines.push(format!("  {version}: {}", yaml_text(one, 0, 4))),
        None => {}
    }
    lines
}

/// The text with the entry in it; `None` where its form is another than a plain list.
fn edited(file: &YamlFile, items: &[Yaml], twins: &[&Yaml], add: &AddPackage) -> Option<String> {
    let mut text: Vec<String> = file.text.lines().map(str::to_string).collect();
    let (at, indent) = match items.last() {
        Some(last) => (end_of(&text, last)?, dash(&text, last)?),
        None => (open_list(file, &mut text)?, 2),
    };
    let new = lines(add).into_iter().map(|line| format!("{}{line}", " ".repeat(indent)));
    let mut gone = Vec::new();
    for twin in twins {
        dash(&text, twin)?;
        gone.push(twin.line - 1..end_of(&text, twin)?);
    }
    let keep = |from: usize, to: usize| {
        let (text, gone) = (&text, &gone);
        (from..to)
            .filter(move |line| !gone.iter().any(|range| range.contains(line)))
            .map(|line| text[line].clone())
    };
    let all: Vec<String> = keep(0, at).chain(new).chain(keep(at, text.len())).collect();
    Some(all.join("\n") + "\n")
}

/// Where the dash of an item stands, if it stands alone before it.
fn dash(text: &[String], item: &Yaml) -> Option<usize> {
    let before: String = text.get(item.line.checked_sub(1)?)?.chars().take(item.column - 1).collect();
    (before.trim() == "-").then(|| before.len() - before.trim_start().len())
}

/// The line behind an item: what is indented deeper belongs to it, but not empty lines and comments at its
/// end.
fn end_of(text: &[String], item: &Yaml) -> Option<usize> {
    let indent = dash(text, item)?;
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let deeper = |line: &str| line.len() - line.trim_start().len() > indent;
    let rest = text.iter().enumerate().skip(item.line).take_while(|(_, line)| blank(line) || deeper(line));
    Some(rest.filter(|(_, line)| !blank(line)).last().map_or(item.line, |(at, _)| at + 1))
}

/// Makes `packages: []` a list that can be added to, and gives the line behind it.
fn open_list(file: &YamlFile, text: &mut Vec<String>) -> Option<usize> {
    let Some((key, _)) = file.root.entry("packages") else {
        text.push("packages:".into());
        return Some(text.len());
    };
    let line = text.get_mut(key.line - 1)?;
    let value = line.split('#').next()?.trim().strip_prefix("packages:")?.trim();
    if !["", "[]", "~", "null"].contains(&value) {
        return None;
    }
    *line = "packages:".into();
    Some(key.line)
}

/// Does a text list these entries and the new one, and nothing else?
fn holds(text: &str, others: &[&Yaml], add: &AddPackage) -> bool {
    let read = |text: &str| YamlFile::parse("packages.yml", text.as_bytes(), ErrorKind::Dependency).ok();
    let new = read(&lines(add).join("\n")).and_then(|file| Some(file.root.items().first()?.to_json()));
    let expect: Vec<_> = others.iter().map(|item| item.to_json()).chain(new).collect();
    let found = read(text).and_then(|file| file.root.get("packages").map(Yaml::to_json));
    found == Some(expect.into())
}

fn by_hand(file: &YamlFile, add: &AddPackage) -> Error {
    let message = format!("the list of packages in {} has a form that cannot be added to", file.path);
    file.fault(file.root.get("packages").unwrap_or(&file.root), message).help(format!(
        "write its items one below the other, each with a dash, or add this one:\n{}",
        lines(add).join("\n")
    ))
}

/// An entry as Python prints it, without lists and flags.
fn shown(item: &Yaml) -> String {
    let pairs = item.entries().iter().filter_map(|(key, value)| {
        let text = value.as_str().map(|text| format!("'{text}'"));
        let text = text.or_else(|| value.to_json().as_number().map(ToString::to_string))?;
        Some(format!("'{}': {text}", key.as_str()?))
    });
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}
