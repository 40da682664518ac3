//! Python's `set`, in insertion order (Python's order is that of hashes).

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexSet;
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::{Args, Outcome, Shared, hashable, iterate, key_error, print, split_args, value_error};

type Items = IndexSet<Value>;

/// A set. Loops and filters see a snapshot of it.
#[derive(Debug, Default)]
pub struct PySet(Shared<Items>);

/// A new mutable set. Whether the items are hashable is the caller's to check
/// ([`hashable`]).
pub fn set(items: impl IntoIterator<Item = Value>) -> Value {
    Value::from_object(PySet(Shared::new(items.into_iter().collect())))
}

/// What an operation makes of a set and another one.
type Combine = fn(&Items, &Items) -> Items;

fn union(a: &Items, b: &Items) -> Items {
    a.union(b).cloned().collect()
}

fn intersection(a: &Items, b: &Items) -> Items {
    a.intersection(b).cloned().collect()
}

fn difference(a: &Items, b: &Items) -> Items {
    a.difference(b).cloned().collect()
}

fn symmetric_difference(a: &Items, b: &Items) -> Items {
    a.symmetric_difference(b).cloned().collect()
}

/// The set that `set(x)` makes, as plain data.
fn items_of(value: &Value) -> Result<Items, Error> {
    let items = iterate(value)?;
    items.iter().try_for_each(hashable)?;
    Ok(items.into_iter().collect())
}

impl PySet {
    /// The items as they are now.
    pub fn items(&self) -> IndexSet<Value> {
        self.0.read().clone()
    }

    /// `a - b`, the one operator of sets that Jinja's grammar has.
    pub fn minus(&self, other: &PySet) -> Value {
        set(difference(&self.items(), &other.items()))
    }

    fn combined(&self, combine: Combine, args: &[Value]) -> Result<Items, Error> {
        let (others, _) = split_args(args)?;
        others.iter().try_fold(self.items(), |so_far, other| Ok(combine(&so_far, &items_of(other)?)))
    }

    fn become_combined(&self, combine: Combine, args: &[Value]) -> Outcome {
        let items = self.combined(combine, args)?;
        *self.0.write() = items;
        Ok(Value::from(()))
    }

    fn related(&self, args: &[Value], holds: fn(&Items, &Items) -> bool) -> Outcome {
        let other = items_of(Args::bind("issubset", &["other"], args)?.need(0)?)?;
        Ok(Value::from(holds(&self.items(), &other)))
    }

    fn change(&self, name: &str, args: &[Value]) -> Outcome {
        let item = Args::bind("add", &["item"], args)?.need(0)?.clone();
        hashable(&item)?;
        let mut items = self.0.write();
        match name {
            "add" => drop(items.insert(item)),
            _ if items.shift_remove(&item) || name == "discard" => {}
            _ => return Err(key_error(&item)),
        }
        Ok(Value::from(()))
    }
}

impl Object for PySet {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items().into_iter().collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.read().len())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "add" | "discard" | "remove" => self.change(name, args),
            "union" => self.combined(union, args).map(set),
            "intersection" => self.combined(intersection, args).map(set),
            "difference" => self.combined(difference, args).map(set),
            "symmetric_difference" => self.combined(symmetric_difference, args).map(set),
            "update" => self.become_combined(union, args),
            "intersection_update" => self.become_combined(intersection, args),
            "difference_update" => self.become_combined(difference, args),
            "symmetric_difference_update" => self.become_combined(symmetric_difference, args),
            "issubset" => self.related(args, Items::is_subset),
            "issuperset" => self.related(args, Items::is_superset),
            "isdisjoint" => self.related(args, Items::is_disjoint),
            "copy" => Ok(set(self.items())),
            "pop" => {
                let first = self.0.write().shift_remove_index(0);
                first.ok_or_else(|| value_error("pop from an empty set"))
            }
            "clear" => {
                drop(std::mem::take(&mut *self.0.write()));
                Ok(Value::from(()))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    /// Sets are equal whatever their order, and less than those that contain them.
    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let (mine, theirs) = (self.items(), other.downcast_ref::<PySet>()?.items());
        match (mine.is_subset(&theirs), theirs.is_subset(&mine)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Less),
            _ => Some(Ordering::Greater),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::repr(&Value::from_dyn_object(self.clone())))
    }
}
