//! The objects that templates hold: relations, columns, result tables, and lazily made dicts.

pub mod column;
pub mod config;

mod function_config;
pub mod index_changes;
pub mod lazy;
pub mod relation;
pub mod response;
pub mod runtime_config;
pub mod table;

use crate::error::Error;
use crate::jinja::value::{Outcome, python_type_name, type_error};
use minijinja::{Error as JinjaError, ErrorKind, Value};

/// Carries a fault of karat through the template engine, which hands it back whole.
pub fn raise(error: Error) -> JinjaError {
    JinjaError::new(ErrorKind::InvalidOperation, error.message().to_string()).with_source(error)
}

/// A method that an object does not have.
pub fn no_method(kind: &str, method: &str) -> JinjaError {
    JinjaError::new(ErrorKind::UnknownMethod, format!("'{kind}' object has no attribute '{method}'"))
}

/// The text of an argument; `None`, undefined and absent are no text.
pub fn optional_text(value: Option<&Value>) -> Result<Option<String>, JinjaError> {
    match value {
        None => Ok(None),
        Some(value) if value.is_none() || value.is_undefined() => Ok(None),
        Some(value) => match value.as_str() {
            Some(text) => Ok(Some(text.to_string())),
            None if value.is_number() || value.as_object().is_some() => Ok(Some(value.to_string())),
            None => Err(type_error(format!("expected a str, got {}", python_type_name(value)))),
        },
    }
}

/// `None` in Python.
pub fn none() -> Value {
    Value::from(())
}

/// The empty string, which most context functions print.
pub fn nothing() -> Outcome {
    Ok(Value::from(""))
}
