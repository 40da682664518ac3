//! Rows, columns and their collections: sequences whose items also have names, as in agate.

use crate::context::objects::no_method;
use crate::jinja::value::{Args, Outcome, dict, list, tuple};
use minijinja::State;
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// A sequence with a name for each item: agate's `MappedSequence`.
#[derive(Debug)]
pub struct Named {
    /// `Row` or `Columns`.
    pub kind: &'static str,
    /// The names.
    pub keys: Arc<Vec<String>>,
    /// The items.
    pub values: Vec<Value>,
}

/// A row, or the columns, of a table.
pub fn named_sequence(kind: &'static str, keys: Arc<Vec<String>>, values: Vec<Value>) -> Value {
    Value::from_object(Named { kind, keys, values })
}

/// The rows of a table: a sequence without names.
pub fn plain(values: Vec<Value>) -> Value {
    Value::from_object(Named { kind: "Rows", keys: Arc::new(Vec::new()), values })
}

fn at(values: &[Value], key: &Value) -> Option<Value> {
    let index = key.as_i64()?;
    let index = if index < 0 { index + values.len() as i64 } else { index };
    usize::try_from(index).ok().and_then(|index| values.get(index)).cloned()
}

impl Object for Named {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some(name) => {
                let index = self.keys.iter().position(|known| known == name)?;
                self.values.get(index).cloned()
            }
            None => at(&self.values, key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values.clone())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let keys = || self.keys.iter().map(|key| Value::from(key.as_str()));
        Ok(match method {
            "keys" => list(keys().collect()),
            "values" => tuple(self.values.clone()),
            "items" => list(keys().zip(&self.values).map(|(k, v)| tuple(vec![k, v.clone()])).collect()),
            "dict" => dict(keys().zip(self.values.iter().cloned()).collect()),
            "get" => {
                let args = Args::bind("get", &["key", "default"], args)?;
                self.get_value(args.need(0)?).unwrap_or_else(|| args.or(1, ()))
            }
            "index" => {
                let wanted = args.first().cloned().unwrap_or_default();
                let found = self.values.iter().position(|value| *value == wanted);
                found.map(Value::from).ok_or_else(|| crate::jinja::value::type_error("not in the row"))?
            }
            "count" => Value::from(self.values.iter().filter(|value| Some(*value) == args.first()).count()),
            _ => return Err(no_method(self.kind, method)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Named>()?;
        self.values.partial_cmp(&other.values)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = tuple(self.values.iter().take(5).cloned().collect());
        let text = shown.to_string();
        match self.values.len() > 5 {
            true => write!(f, "<agate.{}: {}, ...)>", self.kind, text.trim_end_matches(')')),
            false => write!(f, "<agate.{}: {text}>", self.kind),
        }
    }
}

/// A column of a table.
#[derive(Debug)]
struct ColumnCells {
    name: String,
    index: usize,
    kind: &'static str,
    cells: Vec<Value>,
}

/// A column with its cells, top to bottom.
pub fn column(name: String, index: usize, kind: &'static str, cells: Vec<Value>) -> Value {
    Value::from_object(ColumnCells { name, index, kind, cells })
}

impl Object for ColumnCells {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("name") => Some(Value::from(self.name.as_str())),
            Some("index") => Some(Value::from(self.index)),
            Some("data_type") => Some(super::cells::type_object(self.kind)),
            Some(_) => None,
            None => at(&self.cells, key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.cells.clone())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, _: &[Value]) -> Outcome {
        let some = || self.cells.iter().filter(|cell| !cell.is_none()).cloned();
        Ok(match method {
            "values" => tuple(self.cells.clone()),
            "values_without_nulls" => tuple(some().collect()),
            "values_distinct" => {
                let mut seen = HashSet::new();
                tuple(self.cells.iter().filter(|cell| seen.insert((*cell).clone())).cloned().collect())
            }
            "values_sorted" => {
                let mut sorted: Vec<Value> = some().collect();
                sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
                sorted.extend(self.cells.iter().filter(|cell| cell.is_none()).cloned());
                tuple(sorted)
            }
            _ => return Err(no_method("Column", method)),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.cells.iter().take(5).map(Value::to_string).collect::<Vec<_>>().join(", ");
        let more = if self.cells.len() > 5 { ", ..." } else { "" };
        write!(f, "<agate.Column: ({shown}{more})>")
    }
}
