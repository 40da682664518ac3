//! What kind of Python object a value stands for, and the errors that Python raises about kinds.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use super::datetime::Moment;
use super::decimal::PyDecimal;
use super::{PyDict, PyList, PySet};

/// What a built-in gives back.
pub type Outcome = Result<Value, Error>;

/// A fault that Python would raise as `TypeError`.
pub fn type_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// A fault that Python would raise as `ValueError` (or a close relative).
pub fn value_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// A key that is not there: `KeyError: 'name'`.
pub fn key_error(key: &Value) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("KeyError: {}", super::print::repr(key)))
}

/// The name that `type(x).__name__` has in Python.
pub fn python_type_name(value: &Value) -> &'static str {
    if let Some(object) = value.as_object() {
        if object.downcast_ref::<PySet>().is_some() {
            return "set";
        }
        if let Some(moment) = object.downcast_ref::<Moment>() {
            return moment.type_name();
        }
        if object.downcast_ref::<PyDecimal>().is_some() {
            return "Decimal";
        }
    }
    match value.kind() {
        ValueKind::None => "NoneType",
        ValueKind::Bool => "bool",
        ValueKind::Number if value.is_integer() => "int",
        ValueKind::Number => "float",
        ValueKind::String if value.is_safe() => "Markup",
        ValueKind::String => "str",
        ValueKind::Bytes => "bytes",
        ValueKind::Seq if value.is_tuple() => "tuple",
        ValueKind::Seq => "list",
        ValueKind::Map => "dict",
        ValueKind::Iterable => "generator",
        ValueKind::Undefined => "Undefined",
        _ => "object",
    }
}

/// An iterator of unknown length that gives so many items is held to be endless.
const ENDLESS: usize = 1_000_000;

/// The items of anything that Python can iterate: a string's characters, a dict's keys. An
/// undefined value has none.
///
/// # Errors
/// `'int' object is not iterable`, as Python says.
pub fn iterate(value: &Value) -> Result<Vec<Value>, Error> {
    match value.kind() {
        ValueKind::None | ValueKind::Bool | ValueKind::Number | ValueKind::Plain => {
            Err(type_error(format!("'{}' object is not iterable", python_type_name(value))))
        }
        ValueKind::Iterable if value.len().is_none() => {
            let mut items = value.try_iter()?.checked();
            let taken = items.by_ref().take(ENDLESS).collect();
            match items.next() {
                Some(_) => Err(value_error("the iterator has no end")),
                None => taken,
            }
        }
        _ => value.try_iter()?.checked().collect(),
    }
}

/// A whole number where Python asks for one; a bool counts as 0 or 1.
///
/// # Errors
/// `'str' object cannot be interpreted as an integer`.
pub fn index_of(value: &Value) -> Result<i64, Error> {
    let whole = match value.kind() {
        ValueKind::Bool => Some(i64::from(value.is_true())),
        ValueKind::Number if value.is_integer() => value.as_i64(),
        _ => None,
    };
    whole.ok_or_else(|| {
        type_error(format!("'{}' object cannot be interpreted as an integer", python_type_name(value)))
    })
}

/// The value as a float, if it is a number or a bool.
pub fn number_of(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    }
}

/// Checks that a value may be a dict's key or a set's item.
///
/// # Errors
/// `unhashable type: 'list'`.
pub fn hashable(value: &Value) -> Result<(), Error> {
    let Some(object) = value.as_object() else { return Ok(()) };
    let mutable = object.downcast_ref::<PyList>().is_some()
        || object.downcast_ref::<PyDict>().is_some()
        || object.downcast_ref::<PySet>().is_some();
    match mutable {
        true => Err(type_error(format!("unhashable type: '{}'", python_type_name(value)))),
        false if value.is_tuple() => iterate(value)?.iter().try_for_each(hashable),
        false => Ok(()),
    }
}
