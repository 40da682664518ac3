//! The words for a name that means nothing, and the names that may have been meant.

use super::names::Asker;
use crate::manifest::{Manifest, ResourceType, version_text};
use crate::project::yaml::suggestion;
use serde_json::Value as Json;

/// What was named.
pub(super) struct Target<'a> {
    /// `node`, `source`, `metric`, `function`.
    pub kind: &'static str,
    /// Its name; `source.table` for a source.
    pub name: String,
    /// The package, if named.
    pub package: Option<&'a str>,
    /// The version, if named.
    pub version: Option<&'a Json>,
}

/// A name that means nothing.
pub(super) struct Missing<'a> {
    /// Who asks.
    pub asker: &'a Asker<'a>,
    /// For what.
    pub target: &'a Target<'a>,
    /// Is it there and switched off?
    pub disabled: bool,
}

/// Every name that could have been meant.
#[derive(Debug)]
pub(super) struct Known {
    nodes: Vec<String>,
    sources: Vec<String>,
    versions: Vec<String>,
}

impl Known {
    /// The names of a manifest.
    pub fn new(manifest: &Manifest) -> Self {
        use ResourceType::{Model, Seed, Snapshot};
        let nodes =
            || manifest.nodes.values().filter(|node| matches!(node.resource_type, Model | Seed | Snapshot));
        let versions = nodes().filter_map(|node| Some(format!("{}.v{}", node.name, node.version()?)));
        Known {
            nodes: nodes().map(|node| node.name.clone()).collect(),
            sources: manifest.sources.values().map(|s| format!("{}.{}", s.source_name, s.name)).collect(),
            versions: versions.collect(),
        }
    }
}

impl Missing<'_> {
    /// dbt's sentence.
    pub fn message(&self) -> String {
        let (asker, target) = (self.asker, self.target);
        let word = asker.kind.as_str();
        let title: String = word[..1].to_uppercase() + &word[1..];
        let version =
            target.version.map(|v| format!("with version '{}' ", version_text(v))).unwrap_or_default();
        let place = if asker.kind == ResourceType::Test { "package" } else { "package or project" };
        let package = target.package.map(|p| format!("in {place} '{p}' ")).unwrap_or_default();
        let reason = if self.disabled { "is disabled" } else { "was not found" };
        format!(
            "{title} '{}' ({}) depends on a {} named '{}' {version}{package}which {reason}",
            asker.id, asker.path, target.kind, target.name
        )
    }

    /// Ways to mend it.
    pub fn helps(&self, known: &Known) -> Vec<String> {
        let name = &self.target.name;
        if self.disabled {
            return vec![format!("enable `{name}` (`enabled: true`), or take the reference out")];
        }
        if self.target.kind == "source" {
            return vec![self.source_help(known)];
        }
        let versions: Vec<&str> =
            known.versions.iter().filter_map(|one| one.strip_prefix(&format!("{name}.v"))).collect();
        match (self.target.version.is_some(), known.nodes.contains(name)) {
            (true, _) if !versions.is_empty() => {
                return vec![format!("`{name}` has the versions {}", versions.join(", "))];
            }
            (true, true) => return vec![format!("`{name}` has no versions: write `ref('{name}')`")],
            _ => {}
        }
        let nodes: Vec<&str> = known.nodes.iter().map(String::as_str).collect();
        let table = known.sources.iter().find(|source| source.rsplit('.').next() == Some(name));
        match (suggestion(name, &nodes), table) {
            (_, Some(source)) => {
                let (source, table) = source.split_once('.').unwrap_or_default();
                vec![format!("`{name}` is a source: write `source('{source}', '{table}')`")]
            }
            (Some(near), None) => vec![format!("did you mean `{near}`?")],
            (None, None) => Vec::new(),
        }
    }

    fn source_help(&self, known: &Known) -> String {
        let name = &self.target.name;
        let sources: Vec<&str> = known.sources.iter().map(String::as_str).collect();
        match suggestion(name, &sources) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let (source, table) = name.split_once('.').unwrap_or((name, ""));
                format!("add table `{table}` to source `{source}` under `sources:` in a property file")
            }
        }
    }
}
