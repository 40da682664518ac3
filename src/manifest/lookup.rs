//! Finding what a `ref` or `source` names, in dbt's order of packages.

use super::{Manifest, Node, NodeKind, ResourceType, Source, UniqueId};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// The answer to a `ref` or `source`.
#[derive(Debug, Clone)]
pub enum Found<T> {
    /// It is there.
    Enabled(T),
    /// It is there and switched off.
    Disabled(UniqueId),
    /// Nothing has that name.
    Missing,
}

/// An index of a manifest by the names that `ref` and `source` use.
#[derive(Debug, Default)]
pub struct RefIndex {
    /// Name, or `name.v2`, to package and id.
    nodes: HashMap<String, Vec<(String, UniqueId)>>,
    sources: HashMap<(String, String), Vec<(String, UniqueId)>>,
    functions: HashMap<String, Vec<(String, UniqueId)>>,
}

/// Who asks: decides which packages are searched.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The root project.
    pub root: &'a str,
    /// The package of the node that asks.
    pub package: &'a str,
    /// Is that package searched before the root project?
    /// (`require_ref_searches_node_package_before_root`)
    pub own_first: bool,
}

impl<'a> Asking<'a> {
    /// The packages that are searched first, in their order.
    fn order(&self) -> [&'a str; 2] {
        if self.own_first { [self.package, self.root] } else { [self.root, self.package] }
    }
}

impl RefIndex {
    /// Indexes a manifest.
    pub fn new(manifest: &Manifest) -> Self {
        let mut index = RefIndex::default();
        for node in manifest.nodes.values() {
            index.add_node(node);
        }
        for source in manifest.sources.values() {
            let key = (source.source_name.clone(), source.name.clone());
            let entry = (source.package_name.clone(), source.unique_id.clone());
            index.sources.entry(key).or_default().push(entry);
        }
        for function in manifest.functions.values() {
            let entry = (function.package_name.clone(), function.unique_id.clone());
            index.functions.entry(function.name.clone()).or_default().push(entry);
        }
        index
    }

    fn add_node(&mut self, node: &Node) {
        use ResourceType::*;
        if !matches!(node.resource_type, Model | Seed | Snapshot) {
            return;
        }
        let entry = (node.package_name.clone(), node.unique_id.clone());
        let mut names = vec![];
        match (&node.kind, node.version()) {
            (NodeKind::Model { version, latest_version, .. }, Some(own)) => {
                names.push(versioned(&node.name, &own));
                if version == latest_version {
                    names.push(node.name.clone());
                }
            }
            _ => names.push(node.name.clone()),
        }
        for name in names {
            self.nodes.entry(name).or_default().push(entry.clone());
        }
    }

    /// The node that `ref(package?, name, version?)` means.
    pub fn node<'m>(
        &self,
        manifest: &'m Manifest,
        asking: Asking,
        r: &super::RefArgs,
    ) -> Found<&'m Arc<Node>> {
        let key = match &r.version {
            Some(version) => versioned(&r.name, &version_text(version)),
            None => r.name.clone(),
        };
        let entries = self.nodes.get(&key).map_or(&[][..], Vec::as_slice);
        if let Some(node) = pick(entries, asking, r.package.as_deref()).and_then(|id| manifest.nodes.get(id))
        {
            return Found::Enabled(node);
        }
        disabled(manifest, asking, r.package.as_deref(), &r.name)
    }

    /// The source table that `source(source, table)` means.
    pub fn source<'m>(
        &self,
        manifest: &'m Manifest,
        asking: Asking,
        name: (&str, &str),
    ) -> Found<&'m Arc<Source>> {
        let key = (name.0.to_string(), name.1.to_string());
        let entries = self.sources.get(&key).map_or(&[][..], Vec::as_slice);
        if let Some(source) = pick(entries, asking, None).and_then(|id| manifest.sources.get(id)) {
            return Found::Enabled(source);
        }
        disabled(manifest, asking, None, &format!("{}.{}", name.0, name.1))
    }

    /// The function that `function(package?, name)` means.
    pub fn function<'m>(
        &self,
        manifest: &'m Manifest,
        asking: Asking,
        name: (Option<&str>, &str),
    ) -> Found<&'m Arc<Node>> {
        let entries = self.functions.get(name.1).map_or(&[][..], Vec::as_slice);
        if let Some(node) = pick(entries, asking, name.0).and_then(|id| manifest.functions.get(id)) {
            return Found::Enabled(node);
        }
        disabled(manifest, asking, name.0, name.1)
    }

    /// Names that somebody may have meant.
    pub fn node_names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }

    /// Source tables that somebody may have meant, as `source.table`.
    pub fn source_names(&self) -> impl Iterator<Item = String> {
        self.sources.keys().map(|(source, table)| format!("{source}.{table}"))
    }
}

/// A version as text: `2`, `preview`.
pub fn version_text(version: &Json) -> String {
    version.as_str().map_or_else(|| version.to_string(), str::to_string)
}

fn versioned(name: &str, version: &str) -> String {
    format!("{name}.v{version}")
}

/// dbt's order: the named package alone; else the root project and the asking package, then any.
fn pick<'a>(entries: &'a [(String, UniqueId)], asking: Asking, named: Option<&str>) -> Option<&'a UniqueId> {
    let within = |package: &str| entries.iter().find(|(owner, _)| owner == package).map(|(_, id)| id);
    match named {
        Some(package) => within(package),
        None => asking.order().into_iter().find_map(within).or_else(|| entries.first().map(|(_, id)| id)),
    }
}

fn disabled<T>(manifest: &Manifest, asking: Asking, named: Option<&str>, name: &str) -> Found<T> {
    let within = |package: &str| manifest.disabled_names.get(&(package.to_string(), name.to_string()));
    let found = match named {
        Some(package) => within(package),
        None => asking.order().into_iter().find_map(within).or_else(|| {
            manifest.disabled_names.iter().find(|((_, known), _)| known == name).map(|(_, id)| id)
        }),
    };
    found.cloned().map_or(Found::Missing, Found::Disabled)
}
