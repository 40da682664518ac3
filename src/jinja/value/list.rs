//! Python's `list`: mutable, shared by reference; and the maker of tuples.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Tuple, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::bounds::Extent;
use super::{Args, Outcome, Shared, index_of, iterate, operators, print, value_error};

/// A list. Loops and filters see a snapshot of it.
#[derive(Debug, Default)]
pub struct PyList(Shared<Vec<Value>>, Extent);

/// A new mutable list.
pub fn list(items: Vec<Value>) -> Value {
    let extent = Extent::of(&items);
    Value::from_object(PyList(Shared::new(items), extent))
}

/// A tuple.
pub fn tuple(items: Vec<Value>) -> Value {
    Value::from(Tuple::from(items))
}

/// A plain sequence or iterator of minijinja's, as a mutable list; everything else as it is.
pub fn own(value: Value) -> Value {
    let foreign = match value.kind() {
        ValueKind::Seq => !value.is_tuple() && value.downcast_object_ref::<PyList>().is_none(),
        ValueKind::Iterable => value.downcast_object_ref::<super::PySet>().is_none(),
        _ => false,
    };
    match value.try_iter() {
        Ok(items) if foreign => list(items.map(own).collect()),
        _ => value,
    }
}

impl PyList {
    /// The items as they are now.
    pub fn items(&self) -> Vec<Value> {
        self.0.read().clone()
    }

    /// How much it holds.
    pub(super) fn extent(&self) -> &Extent {
        &self.1
    }

    fn insert(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("insert", &["index", "object"], args)?;
        let (at, item) = (args.whole(0)?, args.need(1)?.clone());
        self.1.grow(&item)?;
        let mut items = self.0.write();
        let length = items.len() as i64;
        let at = if at < 0 { (at + length).max(0) } else { at.min(length) };
        items.insert(at as usize, item);
        Ok(Value::from(()))
    }

    fn pop(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("pop", &["index"], args)?;
        let at = args.get(0).map_or(Ok(-1), index_of)?;
        let mut items = self.0.write();
        let length = items.len() as i64;
        let at = if at < 0 { at + length } else { at };
        match (0..length).contains(&at) {
            true => Ok(items.remove(at as usize)),
            false if length == 0 => Err(value_error("pop from empty list")),
            false => Err(value_error("pop index out of range")),
        }
    }

    fn remove(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("remove", &["value"], args)?;
        let wanted = args.need(0)?;
        match self.items().iter().position(|item| item == wanted) {
            Some(at) => {
                self.0.write().remove(at);
                Ok(Value::from(()))
            }
            None => Err(value_error("list.remove(x): x not in list")),
        }
    }

    fn sort(&self, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
        let args = Args::bind("sort", &["key", "reverse"], args)?;
        let sorted = operators::sorted(state, self.items(), args.some(0), args.flag(1, false))?;
        *self.0.write() = sorted;
        Ok(Value::from(()))
    }
}

/// `x.index(value, start, stop)` of lists and tuples.
pub fn position(items: &[Value], args: &[Value]) -> Outcome {
    let args = Args::bind("index", &["value", "start", "stop"], args)?;
    let (wanted, length) = (args.need(0)?, items.len() as i64);
    let clamp = |at: i64| (if at < 0 { at + length } else { at }).clamp(0, length) as usize;
    let (start, stop) = (clamp(args.whole_or(1, 0)?), clamp(args.whole_or(2, length)?));
    let found = (start..stop).find(|at| &items[*at] == wanted);
    found.map(Value::from).ok_or_else(|| value_error(format!("{} is not in list", print::repr(wanted))))
}

/// `x.count(value)` of lists and tuples.
pub fn occurrences(items: &[Value], args: &[Value]) -> Outcome {
    let args = Args::bind("count", &["value"], args)?;
    let wanted = args.need(0)?;
    Ok(Value::from(items.iter().filter(|item| *item == wanted).count()))
}

impl Object for PyList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let items = self.0.read();
        let at = index_of(key).ok()?;
        let at = if at < 0 { at + items.len() as i64 } else { at };
        items.get(usize::try_from(at).ok()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items())
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<PyList>()?;
        Some(operators::lexical(&self.items(), &other.items(), 0))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.read().len())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "append" => {
                let item = Args::bind("append", &["object"], args)?.need(0)?.clone();
                self.1.grow(&item)?;
                self.0.write().push(item);
            }
            "extend" => {
                let items = iterate(Args::bind("extend", &["iterable"], args)?.need(0)?)?;
                items.iter().try_for_each(|item| self.1.grow(item))?;
                self.0.write().extend(items);
            }
            "insert" => return self.insert(args),
            "pop" => return self.pop(args),
            "remove" => return self.remove(args),
            "sort" => return self.sort(state, args),
            "index" => return position(&self.items(), args),
            "count" => return occurrences(&self.items(), args),
            "copy" => return Ok(list(self.items())),
            "reverse" => self.0.write().reverse(),
            "clear" => {
                self.1.clear();
                drop(std::mem::take(&mut *self.0.write()));
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        }
        Ok(Value::from(()))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::repr(&Value::from_dyn_object(self.clone())))
    }
}
