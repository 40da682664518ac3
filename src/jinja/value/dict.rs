//! Python's `dict`: mutable, ordered by insertion, shared by reference.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::bounds::Extent;
use super::{
    Args, Outcome, Shared, hashable, iterate, key_error, list, operators, print, split_args, tuple,
    type_error, value_error,
};

/// A dict. Loops and filters see a snapshot of it.
#[derive(Debug, Default)]
pub struct PyDict(Shared<IndexMap<Value, Value>>, Extent);

/// A new mutable dict.
pub fn dict(entries: IndexMap<Value, Value>) -> Value {
    let extent = Extent::of(entries.values());
    Value::from_object(PyDict(Shared::new(entries), extent))
}

/// A new mutable dict with text keys.
pub fn dict_of<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    dict(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

/// The entries that `dict(x)` and `d.update(x)` take from a mapping or from an iterable of pairs.
///
/// # Errors
/// The value is neither.
pub fn pairs(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    if let (ValueKind::Map, Some(object)) = (value.kind(), value.as_object()) {
        return Ok(object.try_iter_pairs().into_iter().flatten().collect());
    }
    let pair = |(at, item): (usize, Value)| {
        let parts = iterate(&item).map_err(|_| {
            type_error(format!("cannot convert dictionary update sequence element #{at} to a sequence"))
        })?;
        match <[Value; 2]>::try_from(parts) {
            Ok([key, value]) => hashable(&key).map(|()| (key, value)),
            Err(parts) => Err(value_error(format!(
                "dictionary update sequence element #{at} has length {}; 2 is required",
                parts.len()
            ))),
        }
    };
    iterate(value)?.into_iter().enumerate().map(pair).collect()
}

/// Puts an entry into a dict. To Python `1` and `True` are one key, and the one that came first stays.
pub fn put(entries: &mut IndexMap<Value, Value>, key: Value, value: Value) {
    let held = entries.get_key_value(&key).or_else(|| entries.get_key_value(&twin(&key)?));
    let key = held.map(|(held, _)| held.clone()).unwrap_or(key);
    entries.insert(key, value);
}

/// `True` for `1`, `1` for `True`, likewise for zero.
fn twin(key: &Value) -> Option<Value> {
    match key.kind() {
        ValueKind::Bool => Some(Value::from(i64::from(key.is_true()))),
        ValueKind::Number => match key.as_i64() {
            Some(number @ (0 | 1)) => Some(Value::from(number == 1)),
            _ => None,
        },
        _ => None,
    }
}

impl PyDict {
    /// The entries as they are now.
    pub fn entries(&self) -> IndexMap<Value, Value> {
        self.0.read().clone()
    }

    /// How much it holds.
    pub(super) fn extent(&self) -> &Extent {
        &self.1
    }

    /// Puts one entry in, as `d[key] = value` does in Python. For Rust only.
    pub fn insert(&self, key: Value, value: Value) {
        put(&mut self.0.write(), key, value);
    }

    fn find(&self, key: &Value) -> Option<Value> {
        let entries = self.0.read();
        entries.get(key).or_else(|| entries.get(&twin(key)?)).cloned()
    }

    fn update(&self, args: &[Value]) -> Outcome {
        let (positional, named) = split_args(args)?;
        let mut added = Vec::new();
        for source in &positional {
            added.extend(pairs(source)?);
        }
        added.extend(named.into_iter().map(|(name, value)| (Value::from(name), value)));
        added.iter().try_for_each(|(_, value)| self.1.grow(value))?;
        let mut entries = self.0.write();
        added.into_iter().for_each(|(key, value)| put(&mut entries, key, value));
        Ok(Value::from(()))
    }

    fn pop(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("pop", &["key", "default"], args)?;
        let key = args.need(0)?;
        let taken = self.0.write().shift_remove(key);
        taken.or_else(|| args.get(1).cloned()).ok_or_else(|| key_error(key))
    }

    fn set_default(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("setdefault", &["key", "default"], args)?;
        let key = args.need(0)?;
        hashable(key)?;
        if self.find(key).is_none() {
            self.1.grow(&args.or(1, ()))?;
        }
        Ok(self.0.write().entry(key.clone()).or_insert_with(|| args.or(1, ())).clone())
    }

    fn get(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("get", &["key", "default"], args)?;
        let key = args.need(0)?;
        hashable(key)?;
        Ok(self.find(key).unwrap_or_else(|| args.or(1, ())))
    }

    fn pop_item(&self) -> Outcome {
        let last = self.0.write().pop();
        let (key, value) = last.ok_or_else(|| value_error("popitem(): dictionary is empty"))?;
        Ok(tuple(vec![key, value]))
    }
}

impl Object for PyDict {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.find(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::KeyValueIter(Box::new(self.entries().into_iter()))
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<PyDict>()?;
        Some(operators::by_keys(&self.entries(), &other.entries(), 0))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.read().len())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "items" => {
                Ok(list(self.entries().into_iter().map(|(key, value)| tuple(vec![key, value])).collect()))
            }
            "keys" => Ok(list(self.0.read().keys().cloned().collect())),
            "values" => Ok(list(self.0.read().values().cloned().collect())),
            "get" => self.get(args),
            "update" => self.update(args),
            "pop" => self.pop(args),
            "setdefault" => self.set_default(args),
            "popitem" => self.pop_item(),
            "copy" => Ok(dict(self.entries())),
            "clear" => {
                self.1.clear();
                drop(std::mem::take(&mut *self.0.write()));
                Ok(Value::from(()))
            }
            "fromkeys" => from_keys(args),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::repr(&Value::from_dyn_object(self.clone())))
    }
}

/// `dict.fromkeys(iterable, value=None)`.
pub fn from_keys(args: &[Value]) -> Outcome {
    let args = Args::bind("fromkeys", &["iterable", "value"], args)?;
    let keys = iterate(args.need(0)?)?;
    keys.iter().try_for_each(hashable)?;
    Ok(dict(keys.into_iter().map(|key| (key, args.or(1, ()))).collect()))
}
