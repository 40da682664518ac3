//! manifest.json, version 12: the parsed project, joined with what was compiled of it.

use super::metadata::Invocation;
use super::write_json;
use crate::error::Result;
use crate::manifest::{Manifest, Map, Node, ResourceType, UniqueId};
use md5::{Digest, Md5};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::path::Path;

/// What compiling and running added to a node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compiled {
    /// The compiled SQL, ephemeral models put in; `None` for what was not compiled (seeds).
    pub code: Option<String>,
    /// Where it lies, relative to the project.
    pub path: Option<String>,
    /// Where the SQL that ran lies, relative to the project.
    pub build_path: Option<String>,
    /// The ephemeral models that were put in, in order.
    pub extra_ctes: Vec<ExtraCte>,
    /// The relation, where compiling changed it (a test that stores its failures).
    pub relation_name: Option<String>,
    /// The calls in `to:` of its foreign keys, each with the relation that it names.
    pub foreign_keys: Vec<(String, String)>,
    /// Macros that compiling called, beyond those that were known after parsing.
    pub macros: Vec<String>,
}

/// An ephemeral model put into a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtraCte {
    /// The model.
    pub id: UniqueId,
    /// ` __dbt__cte__x as (...)`.
    pub sql: String,
}

/// Writes manifest.json. `compiled` holds what was compiled so far; other nodes stand as parsed.
///
/// # Errors
/// The disk refuses.
pub fn write_manifest(
    path: &Path,
    manifest: &Manifest,
    compiled: &HashMap<UniqueId, Compiled>,
    invocation: &Invocation,
) -> Result<()> {
    write_json(path, &Written { manifest, compiled, invocation })
}

/// The file, serialized node by node: the whole is never held as JSON.
struct Written<'a> {
    manifest: &'a Manifest,
    compiled: &'a HashMap<UniqueId, Compiled>,
    invocation: &'a Invocation,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let all = self.manifest;
        let (parents, children) = edges(all);
        let mut file = to.serialize_map(Some(17))?;
        file.serialize_entry("metadata", &metadata(all, self.invocation))?;
        file.serialize_entry(
            "nodes",
            &Section(|| {
                all.nodes.iter().map(|(id, node)| (id, Shown { node, compiled: self.compiled.get(id) }))
            }),
        )?;
        file.serialize_entry("sources", &Section(|| all.sources.iter()))?;
        file.serialize_entry("macros", &Section(|| all.macros.iter()))?;
        file.serialize_entry("docs", &Section(|| all.docs.iter()))?;
        file.serialize_entry("exposures", &Section(|| all.exposures.iter()))?;
        file.serialize_entry("metrics", &Section(|| all.metrics.iter()))?;
        file.serialize_entry("groups", &Section(|| all.groups.iter()))?;
        file.serialize_entry("selectors", &all.selectors)?;
        file.serialize_entry("disabled", &Section(|| all.disabled.iter()))?;
        file.serialize_entry("parent_map", &Section(|| parents.iter().map(|(id, of)| (*id, of))))?;
        file.serialize_entry("child_map", &Section(|| children.iter().map(|(id, of)| (*id, of))))?;
        file.serialize_entry("group_map", &group_map(all))?;
        file.serialize_entry("saved_queries", &Section(|| all.saved_queries.iter()))?;
        file.serialize_entry("semantic_models", &Section(|| all.semantic_models.iter()))?;
        file.serialize_entry("unit_tests", &Section(|| all.unit_tests.iter()))?;
        file.serialize_entry(
            "functions",
            &Section(|| {
                all.functions.iter().map(|(id, node)| (id, Shown { node, compiled: self.compiled.get(id) }))
            }),
        )?;
        file.end()
    }
}

/// Entries by id, made one by one while they are written.
struct Section<F>(F);

impl<'a, F, I, V> Serialize for Section<F>
where
    F: Fn() -> I,
    I: Iterator<Item = (&'a UniqueId, V)>,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map((self.0)())
    }
}

fn metadata(manifest: &Manifest, invocation: &Invocation) -> Map {
    let mut metadata = invocation.metadata("manifest/v12");
    // dbt has a fourth kind of quoting, which is never set.
    let mut quoting = manifest.quoting.clone();
    quoting.insert("column".into(), Json::Null);
    let own = [
        ("project_name", json!(manifest.project_name)),
        ("project_id", json!(hex::encode(Md5::digest(&manifest.project_name)))),
        ("user_id", Json::Null),
        ("send_anonymous_usage_stats", json!(false)),
        ("adapter_type", json!(manifest.adapter_type)),
        ("quoting", json!(quoting)),
        ("run_started_at", json!(invocation.started_at.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string())),
    ];
    metadata.extend(own.map(|(key, value)| (key.to_string(), value)));
    metadata
}

/// A node with what was compiled of it. Most have nothing compiled, and are written as they are.
struct Shown<'a> {
    node: &'a Node,
    compiled: Option<&'a Compiled>,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.compiled {
            Some(compiled) => joined(self.node, compiled).serialize(to),
            None if self.node.resource_type == ResourceType::Seed => self.node.to_json().serialize(to),
            None => self.node.serialize(to),
        }
    }
}

/// The keys of both in dbt's order.
fn joined(node: &Node, compiled: &Compiled) -> Json {
    let Json::Object(fields) = node.to_json() else { return Json::Null };
    let mut joined = Map::new();
    for (key, value) in fields {
        let value = match (key.as_str(), &compiled.path, &compiled.build_path, &compiled.relation_name) {
            ("compiled_path", Some(path), ..) => json!(path),
            ("build_path", _, Some(path), _) => json!(path),
            ("relation_name", .., Some(name)) => json!(name),
            ("constraints" | "columns", ..) => pointed(value, &compiled.foreign_keys),
            ("depends_on", ..) => called(value, &compiled.macros),
            _ => value,
        };
        let before_these = key == "compiled_path";
        joined.insert(key, value);
        if let (true, Some(code)) = (before_these, &compiled.code) {
            joined.insert("compiled".into(), json!(true));
            joined.insert("compiled_code".into(), json!(code));
            joined.insert("extra_ctes_injected".into(), json!(true));
            joined.insert("extra_ctes".into(), json!(compiled.extra_ctes));
        }
    }
    Json::Object(joined)
}

/// `depends_on`, with more macros.
fn called(mut depends_on: Json, macros: &[String]) -> Json {
    if let Some(Json::Array(known)) = depends_on.get_mut("macros") {
        for id in macros.iter().map(|id| json!(id)) {
            if !known.contains(&id) {
                known.push(id);
            }
        }
    }
    depends_on
}

/// Constraints, or columns with theirs: `to` of a foreign key becomes the relation that its call names.
fn pointed(value: Json, foreign_keys: &[(String, String)]) -> Json {
    if foreign_keys.is_empty() {
        return value;
    }
    match value {
        Json::Array(all) => all.into_iter().map(|one| pointed(one, foreign_keys)).collect(),
        Json::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| {
                let call = value.as_str().filter(|_| key == "to");
                match foreign_keys.iter().find(|(known, _)| Some(known.as_str()) == call) {
                    Some((_, relation)) => (key, json!(relation)),
                    None if value.is_string() => (key, value),
                    None => (key, pointed(value, foreign_keys)),
                }
            })
            .collect(),
        other => other,
    }
}

type Edges<'a> = Vec<(&'a UniqueId, Vec<UniqueId>)>;

/// Parents and children of every id, each list sorted, as dbt writes them.
fn edges(manifest: &Manifest) -> (Edges<'_>, Edges<'_>) {
    let sorted = |mut ids: Vec<UniqueId>| {
        ids.sort_unstable();
        ids
    };
    let parents: Edges<'_> = manifest.ids().map(|id| (id, sorted(manifest.parents(id)))).collect();
    let mut children: HashMap<&UniqueId, Vec<UniqueId>> = HashMap::with_capacity(parents.len());
    for (id, of) in &parents {
        of.iter().for_each(|parent| children.entry(parent).or_default().push((*id).clone()));
    }
    let of = |id| (id, sorted(children.get(id).cloned().unwrap_or_default()));
    let children = manifest.ids().map(of).collect();
    (parents, children)
}

/// The members of each group, by its name.
fn group_map(manifest: &Manifest) -> Map {
    let mut map: Map = manifest.groups.values().map(|group| (group.name.clone(), json!([]))).collect();
    let nodes = manifest.nodes.iter().map(|(id, node)| (id, node.group.as_deref()));
    let others = [&manifest.saved_queries, &manifest.semantic_models, &manifest.metrics];
    let others =
        others.into_iter().flatten().map(|(id, json)| (id, json.get("group").and_then(Json::as_str)));
    for (id, group) in nodes.chain(others) {
        if let Some(Json::Array(members)) = group.and_then(|group| map.get_mut(group)) {
            members.push(json!(id));
        }
    }
    map
}
