//! `overrides: package` of a source: what a project says over the source of a package.

use crate::error::Error;
use crate::parse::findings::Findings;
use crate::parse::properties::{Entry, Spot};
use crate::project::yaml::{Yaml, YamlValue};
use std::borrow::Cow;

/// Keys of an overriding entry that stay its own.
const OWN: [&str; 3] = ["name", "overrides", "tables"];

/// The sources as they stand: those of packages with what overrides them, without the overriding entries.
pub(super) fn settled<'p>(
    entries: impl Iterator<Item = &'p Entry>,
    findings: &mut Findings,
) -> Vec<Cow<'p, Entry>> {
    let (overriding, plain): (Vec<_>, Vec<_>) = entries.partition(|entry| overridden(entry).is_some());
    for (at, entry) in overriding.iter().enumerate() {
        let same = |other: &&&Entry| other.name == entry.name && overridden(other) == overridden(entry);
        if let Some(first) = overriding[..at].iter().find(same) {
            findings.error(twice(first, entry));
        }
        let meant = |other: &&Entry| is_meant(entry, other);
        if !plain.iter().copied().any(|other| meant(&other)) {
            let package = overridden(entry).unwrap_or_default();
            let message = format!("there is no source `{}` in package `{package}` to override", entry.name);
            findings.warn("UnusedTables", Spot::of(&entry.file.yaml, &entry.node).fault(message));
        }
    }
    plain
        .into_iter()
        .map(|entry| match overriding.iter().find(|patch| is_meant(patch, entry)) {
            Some(patch) => Cow::Owned(patched(entry, patch)),
            None => Cow::Borrowed(entry),
        })
        .collect()
}

/// dbt's words: which of two entries is meant cannot be told.
fn twice(first: &Entry, second: &Entry) -> Error {
    let message = format!(
        "dbt found two schema.yml entries for the same source named {} in package {}, in {} and {}",
        second.name,
        overridden(second).unwrap_or_default(),
        first.file.yaml.path,
        second.file.yaml.path,
    );
    let fault = Spot::of(&second.file.yaml, &second.node).mark(Error::compilation(message));
    fault.help("let one of these files alone override it")
}

/// The package that an entry means, if it overrides one.
fn overridden(entry: &Entry) -> Option<&str> {
    entry.node.get("overrides").and_then(Yaml::as_str)
}

fn is_meant(patch: &Entry, entry: &Entry) -> bool {
    patch.name == entry.name && overridden(patch) == Some(&*entry.file.package)
}

fn patched(entry: &Entry, patch: &Entry) -> Entry {
    let (node, raw) = (overlaid(&entry.node, &patch.node), overlaid(&entry.raw, &patch.raw));
    let data = node.to_json().as_object().cloned().unwrap_or_default();
    Entry { node, raw, data, ..entry.clone() }
}

/// A source under what is said over it; its tables by their names.
fn overlaid(source: &Yaml, patch: &Yaml) -> Yaml {
    let over = over(source, patch);
    let Some(tables) = patch.get("tables") else { return over };
    let table = |own: &Yaml| {
        let name = own.get("name").and_then(Yaml::as_str);
        match tables.items().iter().find(|table| table.get("name").and_then(Yaml::as_str) == name) {
            Some(patch) => self::over(own, patch),
            None => own.clone(),
        }
    };
    let entries = over.entries().iter().map(|(key, value)| match key.as_str() {
        Some("tables") => {
            (key.clone(), value.with(YamlValue::List(value.items().iter().map(table).collect())))
        }
        _ => (key.clone(), value.clone()),
    });
    over.with(YamlValue::Map(entries.collect()))
}

/// The keys of one mapping over those of another.
fn over(own: &Yaml, patch: &Yaml) -> Yaml {
    let said = patch.entries().iter().filter(|(key, _)| !OWN.contains(&key.as_str().unwrap_or_default()));
    let kept = own.entries().iter().filter(|(key, _)| {
        let key = key.as_str().unwrap_or_default();
        OWN.contains(&key) || patch.get(key).is_none()
    });
    own.with(YamlValue::Map(kept.chain(said).cloned().collect()))
}
