//! `model`, `graph`, `config`: a node's own data in templates.

use super::{Run, Scope};
use crate::context::objects::column::labelled;
use crate::context::objects::lazy::LazyDict;
use crate::context::objects::{no_method, none, nothing};
use crate::error::Error;
use crate::event::{Event, Reporter};
use crate::jinja::value::{Args, Outcome, datetime, dict, dict_of, from_json, pairs};
use crate::jinja::{Value, raise};
use crate::manifest::{Batch, Config, Constraint, Node, NodeKind, ResourceType};
use minijinja::State;
use minijinja::value::{Object, ObjectRepr};
use serde_json::{Map, Value as Json, json};
use std::fmt;
use std::sync::Arc;

/// `model`: the node as dbt's JSON, with its compiled SQL once it has one.
pub fn model(scope: &Arc<Scope>) -> Value {
    let Some(node) = scope.node().cloned() else { return none() };
    let (compiled, scope) = (scope.compiled.clone(), scope.clone());
    LazyDict::value(move || {
        let mut json = node.to_json();
        point_foreign_keys(&scope, &mut json);
        declare_types(&mut json);
        if let (Some(fields), Some(compiled)) = (json.as_object_mut(), &compiled) {
            fields.insert("compiled".into(), json!(true));
            fields.insert("compiled_code".into(), json!(compiled.sql));
            fields.insert("compiled_sql".into(), json!(compiled.sql));
            fields.insert("compiled_path".into(), json!(compiled.path));
        }
        let value = from_json(&without_nulls(json));
        match &node.batch {
            Some(batch) => with_batch(&value, batch),
            None => value,
        }
    })
}

/// The relations that foreign keys point to: `to: ref('x')` becomes the relation's name.
fn point_foreign_keys(scope: &Arc<Scope>, node: &mut Json) {
    let Some(fields) = node.as_object_mut() else { return };
    let mut lists: Vec<&mut Json> = Vec::new();
    for (name, value) in fields.iter_mut() {
        match name.as_str() {
            "constraints" => lists.push(value),
            "columns" => {
                let columns = value.as_object_mut().into_iter().flat_map(Map::values_mut);
                lists.extend(columns.filter_map(|column| column.get_mut("constraints")));
            }
            _ => {}
        }
    }
    let all = lists.into_iter().filter_map(Json::as_array_mut).flatten();
    for to in all.filter_map(|constraint| constraint.get_mut("to")) {
        let found = to.as_str().and_then(|call| named_relation(scope, call));
        if let Some(found) = found {
            *to = json!(found);
        }
    }
}

/// The calls that the foreign keys of the scope's node point with, each with the relation that it names.
pub fn foreign_keys(scope: &Arc<Scope>) -> Vec<(String, String)> {
    let Some(node) = scope.node() else { return Vec::new() };
    let of_model: &[Constraint] = match &node.kind {
        NodeKind::Model { constraints, .. } => constraints,
        _ => &[],
    };
    let all = node.columns.values().flat_map(|column| &column.constraints).chain(of_model);
    let calls = all.filter(|constraint| constraint.kind == "foreign_key").filter_map(|one| one.to.clone());
    calls.filter_map(|call| named_relation(scope, &call).map(|relation| (call, relation))).collect()
}

/// The types of columns: those that nobody declared are left out, and an enforced contract knows dbt's
/// aliases for types unless `alias_types` is off.
fn declare_types(node: &mut Json) {
    let contract = node.pointer("/config/contract").cloned().unwrap_or_default();
    let on = |key: &str, default: bool| contract.get(key).and_then(Json::as_bool).unwrap_or(default);
    let aliased = on("enforced", false) && on("alias_types", true);
    let columns = node.get_mut("columns").and_then(Json::as_object_mut);
    for column in columns.into_iter().flat_map(Map::values_mut).filter_map(Json::as_object_mut) {
        match column.get("data_type").map(|kind| kind.as_str()) {
            Some(None) => drop(column.shift_remove("data_type")),
            Some(Some(label)) if aliased => {
                let kind = labelled("", label).dtype;
                column.insert("data_type".into(), json!(kind));
            }
            _ => {}
        }
    }
}

/// What `ref('x')` or `source('s', 't')` names; nothing for a text that calls neither. That it names
/// something was checked when the project was parsed.
fn named_relation(scope: &Arc<Scope>, call: &str) -> Option<String> {
    let call = call.trim();
    let is_call = ["ref", "source"].iter().any(|name| {
        call.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('(') && rest.ends_with(')'))
    });
    let engine = &scope.run.session.engine;
    let file = &scope.node()?.original_file_path;
    is_call.then(|| engine.render_str(file, &format!("{{{{ {call} }}}}"), &scope.context()).ok())?
}

/// `model.batch`, and its bounds in the config, where dbt had them before.
fn with_batch(model: &Value, batch: &Batch) -> Value {
    let [start, end] = [batch.start, batch.end].map(|at| datetime::utc(at.naive_utc()));
    let own = dict_of([
        ("id", Value::from(batch.id.as_str())),
        ("event_time_start", start.clone()),
        ("event_time_end", end.clone()),
    ]);
    let config = model.get_attr("config").unwrap_or_default();
    let bounds = [
        ("__dbt_internal_microbatch_event_time_start", start),
        ("__dbt_internal_microbatch_event_time_end", end),
    ];
    with_entries(model, [("batch", own), ("config", with_entries(&config, bounds))])
}

fn with_entries<const N: usize>(value: &Value, more: [(&str, Value); N]) -> Value {
    let mut entries: indexmap::IndexMap<Value, Value> =
        pairs(value).unwrap_or_default().into_iter().collect();
    entries.extend(more.map(|(name, value)| (Value::from(name), value)));
    dict(entries)
}

/// dbt gives templates no null fields (`omit_none`), except within what users wrote.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(fields) => Json::Object(fields.into_iter().filter(|(_, v)| !v.is_null()).collect()),
        other => other,
    }
}

impl Run {
    /// `graph`: every node by id, in dbt's groups.
    pub fn graph(self: &Arc<Self>) -> Value {
        let run = self.clone();
        LazyDict::value(move || run.graph.get_or_init(|| from_json(&run.graph_json())).clone())
    }

    fn graph_json(&self) -> Json {
        let manifest = &self.manifest;
        let of_nodes = |nodes: &indexmap::IndexMap<_, Arc<Node>>| -> Map<String, Json> {
            nodes
                .iter()
                .map(|(id, node): (&crate::manifest::UniqueId, _)| (id.to_string(), node.to_json()))
                .collect()
        };
        json!({
            "nodes": of_nodes(&manifest.nodes),
            "functions": of_nodes(&manifest.functions),
            "sources": manifest.sources,
            "exposures": manifest.exposures,
            "groups": manifest.groups,
            "metrics": manifest.metrics,
            "semantic_models": manifest.semantic_models,
            "saved_queries": manifest.saved_queries,
            "unit_tests": manifest.unit_tests,
        })
    }
}

/// The columns that a snapshot adds, by dbt's names of them.
const SNAPSHOT_COLUMNS: [&str; 5] =
    ["dbt_valid_from", "dbt_valid_to", "dbt_scd_id", "dbt_updated_at", "dbt_is_deleted"];

/// `config` while a node runs: calls do nothing, `get` and `require` read the merged config.
pub struct ConfigObject {
    config: Config,
    reporter: Arc<dyn Reporter>,
    unique_id: String,
    model: Value,
}

impl ConfigObject {
    /// The config of a scope's node; empty for operations.
    pub fn value(scope: &Arc<Scope>) -> Value {
        let (config, unique_id) = match scope.node() {
            Some(node) => (node.config.clone(), node.unique_id.to_string()),
            None => (Config::default(), String::new()),
        };
        let reporter = scope.run().session.reporter.clone();
        Value::from_object(ConfigObject { config, reporter, unique_id, model: model(scope) })
    }

    /// dbt's own keys are there even where they are unset; `pre_hook` is spelled with a hyphen inside.
    fn look_up(&self, name: &str) -> Option<Value> {
        let hyphened = name.replace('_', "-");
        let known = self.config.0.get(name).or_else(|| match name {
            "pre_hook" | "post_hook" => self.config.0.get(&hyphened),
            _ => None,
        });
        if name == "snapshot_table_column_names" {
            return self.snapshot_columns();
        }
        known.map(from_json)
    }

    /// The names of a snapshot's own columns, each as `snapshot_meta_column_names` renames it.
    fn snapshot_columns(&self) -> Option<Value> {
        let renamed = self.config.get("snapshot_meta_column_names")?.as_object()?;
        let name = |key: &str| renamed.get(key).and_then(Json::as_str).unwrap_or(key).to_string();
        Some(dict_of(SNAPSHOT_COLUMNS.map(|key| (key, Value::from(name(key))))))
    }

    fn meta(&self) -> Map<String, Json> {
        self.config.get("meta").and_then(Json::as_object).cloned().unwrap_or_default()
    }

    fn persist(&self, what: &str) -> Outcome {
        let wanted = self.config.get("persist_docs").and_then(|docs| docs.get(what));
        Ok(Value::from(wanted.and_then(Json::as_bool).unwrap_or(false)))
    }

    fn read(&self, state: &mut State<'_, '_>, required: bool, meta: bool, args: &[Value]) -> Outcome {
        let names: &'static [&'static str] =
            if required { &["name", "validator"] } else { &["name", "default", "validator"] };
        let args = Args::bind(if required { "require" } else { "get" }, names, args)?;
        let name = args.text(0)?;
        let found = if meta { self.meta().get(name).map(from_json) } else { self.look_up(name) };
        if found.is_none() && !meta && self.meta().contains_key(name) {
            self.point_to_meta(name);
        }
        let value = match (found, required) {
            (Some(value), _) if !value.is_none() || required => value,
            (_, false) => args.or(1, ()),
            _ => return Err(self.missing(name)),
        };
        if let Some(validator) = args.some(if required { 1 } else { 2 }).filter(|_| !value.is_none()) {
            validator.call(state, std::slice::from_ref(&value))?;
        }
        Ok(value)
    }

    /// What stands below `meta` is not found by `get`: said, since earlier versions found it.
    fn point_to_meta(&self, name: &str) {
        let error = Error::compilation(format!(
            "The key '{name}' was not found using config.get('{name}'), but stands under `meta` in the config of \
             '{}'",
            self.unique_id
        ))
        .help(format!("read it with `config.meta_get('{name}')` or `config.meta_require('{name}')`"));
        self.reporter.report(Event::Warning { name: "GetMetaKeyWarning", error });
    }

    fn missing(&self, name: &str) -> minijinja::Error {
        raise(
            Error::compilation(format!(
                "Model '{}' does not define a required config parameter '{name}'.",
                self.unique_id
            ))
            .help(format!("add `{name}` to the model's config")),
        )
    }
}

impl fmt::Debug for ConfigObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigObject").field("unique_id", &self.unique_id).finish_non_exhaustive()
    }
}

impl Object for ConfigObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "model" => Some(self.model.clone()),
            name => self.look_up(name),
        }
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Outcome {
        nothing()
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match method {
            "get" => self.read(state, false, false, args),
            "require" => self.read(state, true, false, args),
            "meta_get" => self.read(state, false, true, args),
            "meta_require" => self.read(state, true, true, args),
            "set" => nothing(),
            "persist_relation_docs" => self.persist("relation"),
            "persist_column_docs" => self.persist("columns"),
            _ => Err(no_method("config", method)),
        }
    }
}

/// `pre_hooks` and `post_hooks`: lists of `{sql, transaction, index}`; tests have none.
pub fn hooks(node: &Node, key: &str) -> Value {
    let none =
        matches!(node.resource_type, ResourceType::Test | ResourceType::UnitTest | ResourceType::Source);
    let hooks = node.config.get(key).filter(|_| !none).cloned().unwrap_or_else(|| json!([]));
    from_json(&hooks)
}
