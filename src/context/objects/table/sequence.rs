//! Rows, columns and their collections: sequences whose items also have names, as in agate.

use crate::context::objects::{no_method, none};
use crate::jinja::value::{Args, Outcome, dict, list, occurrences, operators, position, print, tuple};
use minijinja::State;
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// What stands beside the items of a sequence.
#[derive(Debug)]
enum Kind {
    /// A row, or a collection of columns or rows.
    Plain(&'static str),
    /// A column of a table.
    Column { name: String, index: usize, kind: &'static str },
}

/// A sequence, perhaps with a name for each item: agate's `MappedSequence`.
#[derive(Debug)]
struct Named {
    kind: Kind,
    keys: Option<Arc<Vec<String>>>,
    values: Vec<Value>,
}

/// A row of a table.
pub fn row(keys: Arc<Vec<String>>, values: Vec<Value>) -> Value {
    Value::from_object(Named { kind: Kind::Plain("Row"), keys: Some(keys), values })
}

/// The columns of a table by their names, or its rows, which have none.
pub fn sequence(keys: Option<Arc<Vec<String>>>, values: Vec<Value>) -> Value {
    Value::from_object(Named { kind: Kind::Plain("MappedSequence"), keys, values })
}

/// A column with its cells, top to bottom.
pub fn column(name: String, index: usize, kind: &'static str, cells: Vec<Value>) -> Value {
    Value::from_object(Named { kind: Kind::Column { name, index, kind }, keys: None, values: cells })
}

/// `<agate.Row: (1, 'b', ...)>`: the first five items.
pub fn sample(class: &str, values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().take(5).map(print::repr).collect();
    let more = if values.len() > 5 { ", ..." } else { "" };
    format!("<agate.{class}: ({}{more})>", shown.join(", "))
}

/// The item at a place; negative ones count from the end.
pub fn at(values: &[Value], key: &Value) -> Option<Value> {
    let index = key.as_i64()?;
    let index = if index < 0 { index + values.len() as i64 } else { index };
    usize::try_from(index).ok().and_then(|index| values.get(index)).cloned()
}

/// Order of agate: `None` last.
pub fn null_last(a: &Value, b: &Value) -> Ordering {
    match (a.is_none(), b.is_none()) {
        (false, false) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (null, other) => null.cmp(&other),
    }
}

impl Named {
    fn class(&self) -> &'static str {
        match &self.kind {
            Kind::Plain(class) => class,
            Kind::Column { .. } => "Column",
        }
    }

    fn by_name(&self, name: &str) -> Option<Value> {
        let index = self.keys.as_ref()?.iter().position(|known| known == name)?;
        self.values.get(index).cloned()
    }

    fn member(&self, name: &str) -> Option<Value> {
        let Kind::Column { name: column, index, kind } = &self.kind else { return None };
        match name {
            "name" => Some(Value::from(column.as_str())),
            "index" => Some(Value::from(*index)),
            "data_type" => Some(super::cells::type_object(kind)),
            _ => None,
        }
    }

    fn items(&self) -> Vec<(Value, Value)> {
        let keys = self.keys.iter().flat_map(|keys| keys.iter());
        keys.map(|key| Value::from(key.as_str())).zip(self.values.iter().cloned()).collect()
    }

    fn column_verb(&self, method: &str) -> Option<Value> {
        let some = || self.values.iter().filter(|cell| !cell.is_none()).cloned();
        let sorted = |mut cells: Vec<Value>| {
            cells.sort_by(null_last);
            list(cells)
        };
        Some(match method {
            "values_without_nulls" => tuple(some().collect()),
            "values_distinct" => {
                let mut seen = HashSet::new();
                tuple(self.values.iter().filter(|cell| seen.insert((*cell).clone())).cloned().collect())
            }
            "values_sorted" => sorted(self.values.clone()),
            "values_without_nulls_sorted" => sorted(some().collect()),
            _ => return None,
        })
    }
}

impl Object for Named {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some(print::REPR) => Some(Value::from(sample(self.class(), &self.values))),
            Some(name) => self.by_name(name).or_else(|| self.member(name)),
            None => at(&self.values, key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values.clone())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        Ok(match method {
            "keys" if self.keys.is_none() => none(),
            "keys" => tuple(self.items().into_iter().map(|(key, _)| key).collect()),
            "values" => tuple(self.values.clone()),
            "items" => tuple(self.items().into_iter().map(|(k, v)| tuple(vec![k, v])).collect()),
            "dict" => dict(self.items().into_iter().collect()),
            "get" => {
                let args = Args::bind("get", &["key", "default"], args)?;
                let found = args.need(0)?.as_str().and_then(|name| self.by_name(name));
                found.unwrap_or_else(|| args.or(1, ()))
            }
            "index" => return position(&self.values, args),
            "count" => return occurrences(&self.values, args),
            _ => {
                let column = matches!(self.kind, Kind::Column { .. });
                let known = if column { self.column_verb(method) } else { None };
                known.ok_or_else(|| no_method(self.class(), method))?
            }
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Named>()?;
        let equal = self.values.len() == other.values.len()
            && self.values.iter().zip(&other.values).all(|(a, b)| operators::equal(a, b));
        if equal { Some(Ordering::Equal) } else { self.values.partial_cmp(&other.values) }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sample(self.class(), &self.values))
    }
}
