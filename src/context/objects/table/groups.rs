//! A table in groups: what `group_by` gives, agate's `TableSet`.

use super::TableObject;
use super::output::say;
use super::print::pairs;
use super::sequence::at;
use crate::context::objects::none;
use crate::jinja::value::print::REPR;
use crate::jinja::value::{Args, Outcome, dict, tuple};
use indexmap::IndexMap;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{State, Value};
use std::fmt;
use std::sync::Arc;

/// Tables by a key. The keys are values of a column, or what a macro made of the rows.
#[derive(Debug)]
pub struct TableSet {
    /// The column of the keys.
    pub key_name: String,
    /// agate's word for its type.
    pub key_kind: &'static str,
    /// The tables.
    pub tables: IndexMap<Value, Arc<TableObject>>,
    /// The table that was grouped, for its columns.
    whole: TableObject,
}

/// The groups of a table by a column or a macro.
///
/// # Errors
/// There is no such column, or the macro fails.
pub fn group(table: &TableObject, state: &mut State<'_, '_>, args: &[Value]) -> Result<TableSet, Fault> {
    let args = Args::bind("group_by", &["key", "key_name", "key_type"], args)?;
    let key = args.need(0)?.clone();
    let column = table.index_of(&key);
    if column.is_none() && (key.as_str().is_some() || key.is_number()) {
        return Err(super::verbs::missing(&key));
    }
    let mut groups: IndexMap<Value, Vec<Vec<Value>>> = IndexMap::new();
    for (at, row) in table.rows.iter().enumerate() {
        let group = match column {
            Some(column) => row[column].clone(),
            None => key.call(state, &[table.row(at)])?,
        };
        groups.entry(group).or_default().push(row.clone());
    }
    let own = column.map_or("group", |at| table.names[at].as_str());
    Ok(TableSet {
        key_name: args.some(1).and_then(Value::as_str).unwrap_or(own).to_string(),
        key_kind: column.map_or("Text", |at| table.kinds[at]),
        tables: groups.into_iter().map(|(key, rows)| (key, Arc::new(table.with_rows(rows)))).collect(),
        whole: table.with_rows(Vec::new()),
    })
}

/// What goes wrong in a verb.
type Fault = minijinja::Error;

impl TableSet {
    fn keys(&self) -> Value {
        tuple(self.tables.keys().cloned().collect())
    }

    fn values(&self) -> Vec<Value> {
        self.tables.values().map(|table| Value::from_dyn_object(table.clone())).collect()
    }

    fn structure(&self) -> String {
        let rows = self.tables.iter().take(20);
        let rows = rows.map(|(key, table)| vec![key.clone(), Value::from(table.rows.len().to_string())]);
        pairs(["table", "rows"], rows.collect())
    }

    /// The tables as one again, with the key in front.
    fn merge(&self) -> Value {
        let mut names = vec![self.key_name.clone()];
        names.extend(self.whole.names.iter().filter(|name| **name != self.key_name).cloned());
        let own = self.whole.names.iter().position(|name| *name == self.key_name);
        let rows = self.tables.iter().flat_map(|(key, table)| {
            table.rows.iter().map(move |row| {
                let rest = row.iter().enumerate().filter(|(at, _)| Some(*at) != own);
                std::iter::once(key.clone()).chain(rest.map(|(_, cell)| cell.clone())).collect()
            })
        });
        let rest = self.whole.kinds.iter().enumerate().filter(|(at, _)| Some(*at) != own);
        let kinds = std::iter::once(self.key_kind).chain(rest.map(|(_, kind)| *kind)).collect();
        TableObject::new(names, kinds, rows.collect()).value()
    }

    /// A verb of tables on each of them.
    fn each(&self, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let mut tables = IndexMap::new();
        for (key, table) in &self.tables {
            tables.insert(key.clone(), table.call_method(state, method, args)?);
        }
        Ok(dict(tables))
    }
}

impl Object for TableSet {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let found = |key: &Value| self.tables.get(key).map(|it| Value::from_dyn_object(it.clone()));
        match key.as_str() {
            Some(REPR) => Some(Value::from(self.structure())),
            Some("key_name") => Some(Value::from(self.key_name.as_str())),
            Some("key_type") => Some(super::cells::type_object(self.key_kind)),
            Some("column_names" | "column_types") => Arc::new(self.whole.clone()).get_value(key),
            None => at(&self.values(), key).or_else(|| found(key)),
            Some(_) => found(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let items = || self.tables.keys().cloned().zip(self.values());
        Ok(match method {
            "keys" => self.keys(),
            "values" => tuple(self.values()),
            "items" => tuple(items().map(|(key, table)| tuple(vec![key, table])).collect()),
            "dict" => dict(items().collect()),
            "get" => {
                let args = Args::bind("get", &["key", "default"], args)?;
                let found = self.tables.get(args.need(0)?).cloned();
                found.map_or_else(|| args.or(1, ()), Value::from_dyn_object)
            }
            "merge" => self.merge(),
            "print_structure" => say(state, self.structure())?,
            "to_csv" | "to_json" | "print_table" => none(),
            _ => self.each(state, method, args)?,
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.structure())
    }
}
