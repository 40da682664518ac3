//! What macros ask about configs: incremental strategies, indexes, behaviour flags.

use super::Answer;
use crate::context::objects::{no_method, none};
use crate::context::scope::Scope;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, dict_of, function, iterate, list, object_of};
use crate::jinja::{Value, raise};
use md5::{Digest, Md5};
use minijinja::State;
use minijinja::value::{Object, ObjectRepr, ValueKind};
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "get_incremental_strategy_macro" => strategy_macro(scope, state, args),
        "valid_incremental_strategies" => Ok(list(VALID.map(Value::from).to_vec())),
        "builtin_incremental_strategies" => Ok(list(BUILT_IN.map(Value::from).to_vec())),
        "parse_index" => parse_index(args),
        "build_catalog_relation" | "get_catalog_integration" | "get_partitions_metadata" => Ok(none()),
        _ => return None,
    })
}

/// Strategies that PostgreSQL and DuckDB know.
const VALID: [&str; 4] = ["append", "delete+insert", "merge", "microbatch"];
/// Strategies that dbt has a word for.
const BUILT_IN: [&str; 5] = ["append", "delete+insert", "merge", "insert_overwrite", "microbatch"];

/// `get_incremental_strategy_macro(context, strategy)`: the macro that makes a strategy's SQL.
fn strategy_macro(scope: &Scope, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_incremental_strategy_macro", &["model_context", "strategy"], args)?;
    let strategy = args.or(1, "default").to_string();
    let refused = BUILT_IN.contains(&strategy.as_str()) && !VALID.contains(&strategy.as_str());
    if refused {
        let adapter = scope.run().session.adapter.name();
        let message = format!("The incremental strategy '{strategy}' is not valid for this adapter");
        return Err(raise(
            Error::runtime(message)
                .help(format!("{adapter} knows {}", VALID.map(|s| format!("`{s}`")).join(", "))),
        ));
    }
    let name = format!("get_incremental_{}_sql", strategy.replace('+', "_"));
    let found = state.lookup(&name).filter(|value| !value.is_undefined());
    found.ok_or_else(|| {
        let project = &scope.run().session.project_name;
        let message =
            format!("dbt could not find an incremental strategy macro with the name \"{name}\" in {project}");
        let help = format!("use one of {}, or write that macro", VALID.map(|s| format!("`{s}`")).join(", "));
        raise(Error::runtime(message).help(help))
    })
}

/// An index of a table's config (PostgreSQL).
#[derive(Debug)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    kind: Option<String>,
}

/// `parse_index(raw)`: checks `{columns, unique, type}`; `None` stays `None`.
fn parse_index(args: &[Value]) -> Outcome {
    let args = Args::bind("parse_index", &["raw_index"], args)?;
    let Some(raw) = args.some(0) else { return Ok(none()) };
    let wrong = |why: &str| {
        raise(
            Error::compilation(format!("Could not parse index config: {why}"))
                .help("write `{'columns': ['a'], 'unique': true, 'type': 'btree'}`"),
        )
    };
    let mut index = Index { columns: Vec::new(), unique: false, kind: None };
    for (key, value) in crate::jinja::value::pairs(raw).map_err(|_| wrong("an index must be a mapping"))? {
        match key.as_str().unwrap_or_default() {
            "columns" if value.as_str().is_none() => {
                index.columns = iterate(&value)?.iter().map(ToString::to_string).collect();
            }
            "columns" => return Err(wrong(&format!("columns: '{value}' is not of type 'array'"))),
            "unique" if value.kind() == ValueKind::Bool => index.unique = value.is_true(),
            "unique" => return Err(wrong(&format!("unique: '{value}' is not of type 'boolean'"))),
            "type" if value.is_none() => {}
            "type" if value.as_str().is_some() => index.kind = value.as_str().map(str::to_string),
            "type" => return Err(wrong(&format!("type: '{value}' is not of type 'string'"))),
            other => return Err(wrong(&format!("`{other}` is no key of an index"))),
        }
    }
    if index.columns.is_empty() {
        return Err(wrong("'columns' is a required property"));
    }
    Ok(index.value())
}

impl Index {
    fn value(self) -> Value {
        let index = Arc::new(self);
        let text = |text: &Option<String>| text.as_deref().map_or_else(none, Value::from);
        let columns = list(index.columns.iter().map(|c| Value::from(c.as_str())).collect());
        let named = index.clone();
        let render = function("render", move |_, args| {
            let relation = args.first().map(ToString::to_string).unwrap_or_default();
            Ok(Value::from(named.name(&relation)))
        });
        let config = dict_of([
            ("columns", columns.clone()),
            ("unique", Value::from(index.unique)),
            ("type", text(&index.kind)),
        ]);
        let members = [
            ("columns", columns),
            ("unique", Value::from(index.unique)),
            ("type", text(&index.kind)),
            ("render", render),
            ("as_node_config", config),
        ];
        object_of("IndexConfig", members, None)
    }

    /// A name that is new each time, since an old table's index keeps its own until it is dropped.
    fn name(&self, relation: &str) -> String {
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
        let parts = [
            self.columns.join("_"),
            relation.to_string(),
            self.unique.to_string(),
            format!("{:?}", self.kind),
            now,
        ];
        hex::encode(Md5::digest(parts.join("_")))
    }
}

/// `adapter.behavior`: the project's behaviour flags.
pub fn behavior(scope: &Arc<Scope>) -> Value {
    Value::from_object(Behavior(scope.clone()))
}

struct Behavior(Arc<Scope>);

impl std::fmt::Debug for Behavior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<behavior>")
    }
}

impl Object for Behavior {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let on = self.0.run().session.flags.behaviour.get(name).copied().unwrap_or(false);
        Some(Value::from_object(BehaviorFlag(on)))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, _: &[Value]) -> Outcome {
        Err(no_method("Behavior", method))
    }
}

/// One flag: true or false, and `no_warn` beside it.
#[derive(Debug)]
struct BehaviorFlag(bool);

impl Object for BehaviorFlag {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        matches!(key.as_str()?, "no_warn" | "setting").then(|| Value::from(self.0))
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0 { "True" } else { "False" })
    }
}
