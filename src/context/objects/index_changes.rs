//! What changed in the indexes of a materialized view: `relation.get_materialized_view_config_change_collection`.

use super::none;
use super::table::TableObject;
use crate::jinja::Value;
use crate::jinja::value::{Args, Outcome, dict_of, iterate, list, object_of};
use std::collections::BTreeSet;

/// An index as it is compared: its name does not count, nor the order of its columns (dbt's rule).
#[derive(Debug, Clone)]
struct Index {
    name: Option<String>,
    columns: BTreeSet<String>,
    unique: bool,
    method: String,
}

impl Index {
    fn is_like(&self, other: &Index) -> bool {
        self.columns == other.columns && self.unique == other.unique && self.method == other.method
    }

    fn value(&self) -> Value {
        let columns = list(self.columns.iter().map(|name| Value::from(name.as_str())).collect());
        let unique = Value::from(self.unique);
        let method = Value::from(self.method.as_str());
        let config =
            dict_of([("columns", columns.clone()), ("unique", unique.clone()), ("type", method.clone())]);
        let name = self.name.as_deref().map_or_else(none, Value::from);
        let members = [
            ("name", name),
            ("column_names", columns),
            ("unique", unique),
            ("method", method),
            ("as_node_config", config),
        ];
        object_of("IndexConfig", members, None)
    }
}

/// `get_materialized_view_config_change_collection(relation_results, relation_config)`: `None` where the
/// relation is as its config wants it; else its `indexes`, each with an `action` (`drop` before `create`)
/// and a `context`, and `requires_full_refresh`.
///
/// # Errors
/// The arguments have other shapes than dbt's.
pub fn changes(args: &[Value]) -> Outcome {
    let name = "get_materialized_view_config_change_collection";
    let args = Args::bind(name, &["relation_results", "relation_config"], args)?;
    let (present, wanted) = (present(args.need(0)?), wanted(args.need(1)?)?);
    let surplus = present.iter().filter(|index| !wanted.iter().any(|other| other.is_like(index)));
    let absent = wanted.iter().filter(|index| !present.iter().any(|other| other.is_like(index)));
    let changes: Vec<Value> = surplus
        .map(|index| change("drop", index))
        .chain(absent.map(|index| change("create", index)))
        .collect();
    if changes.is_empty() {
        return Ok(none());
    }
    let members = [
        ("indexes", list(changes)),
        ("requires_full_refresh", Value::from(false)),
        ("has_changes", Value::from(true)),
    ];
    Ok(object_of("MaterializedViewConfigChangeCollection", members, None))
}

fn change(action: &'static str, index: &Index) -> Value {
    let members = [
        ("action", Value::from(action)),
        ("context", index.value()),
        ("requires_full_refresh", Value::from(false)),
    ];
    object_of("IndexConfigChange", members, None)
}

fn field(of: &Value, key: &str) -> Value {
    of.get_item(&Value::from(key)).unwrap_or_default()
}

/// The indexes that a query of the catalog found: name, method, unique, column_names.
fn present(results: &Value) -> Vec<Index> {
    let indexes = field(results, "indexes");
    let Some(table) = indexes.downcast_object_ref::<TableObject>() else { return Vec::new() };
    let read = |row: &Vec<Value>| {
        let cell = |name: &str| table.index_of(&Value::from(name)).and_then(|at| row.get(at).cloned());
        let text = |name: &str| cell(name).map(|value| value.to_string()).unwrap_or_default();
        Index {
            name: Some(text("name")),
            columns: text("column_names").split(',').map(str::to_lowercase).collect(),
            unique: cell("unique").is_some_and(|value| value.is_true()),
            method: text("method"),
        }
    };
    table.rows.iter().map(read).collect()
}

/// The indexes of a model's config, each once.
fn wanted(model: &Value) -> Result<Vec<Index>, minijinja::Error> {
    let indexes = field(&field(model, "config"), "indexes");
    if indexes.is_none() || indexes.is_undefined() {
        return Ok(Vec::new());
    }
    let mut all: Vec<Index> = Vec::new();
    for raw in iterate(&indexes)? {
        let columns = iterate(&field(&raw, "columns"))?;
        let index = Index {
            name: None,
            columns: columns.iter().map(|column| column.to_string().to_lowercase()).collect(),
            unique: field(&raw, "unique").is_true(),
            method: field(&raw, "type").as_str().unwrap_or("btree").to_string(),
        };
        if !all.iter().any(|known| known.is_like(&index)) {
            all.push(index);
        }
    }
    Ok(all)
}
