//! Values that behave as Python's do: mutable containers shared by reference, tuples, sets,
//! decimals, dates, and the printing and arithmetic that go with them.
//!
//! Everything that Rust hands to a template is one of these ([`list`], [`dict`], [`from_json`]),
//! never a plain `Vec`: a plain one has no `.append`.

mod args;
pub mod bounds;
mod callable;
pub mod datetime;
pub mod decimal;
mod dict;
pub mod format;
mod json;
mod kind;
mod list;
pub mod operators;
pub mod print;
mod set;

pub use args::{Args, split_args};
pub use callable::{Function, bound, function, object_of};
pub use dict::{PyDict, dict, dict_of, pairs, put};
pub use json::{from_json, to_json, write_json};
pub use kind::{
    Outcome, hashable, index_of, iterate, key_error, number_of, python_type_name, type_error, value_error,
};
pub use list::{PyList, list, occurrences, own, position, tuple};
pub use set::{PySet, set};

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The inside of a mutable container.
///
/// A guard is held for the shortest of times: never while a template function runs, and never while
/// a value is printed or compared that may hold the container itself.
#[derive(Debug, Default)]
pub struct Shared<T>(RwLock<T>);

impl<T> Shared<T> {
    /// Puts `inner` behind a lock.
    pub fn new(inner: T) -> Self {
        Shared(RwLock::new(inner))
    }

    /// To look at it. A panic elsewhere does not spoil the data: each change is one call.
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// To change it.
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
