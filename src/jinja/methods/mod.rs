//! The methods of Python's built-in types that values of minijinja's own stand for.
//!
//! `PyList`, `PyDict`, `PySet`, dates and decimals bring their methods with them.

mod bytes;
mod native;
mod number;
mod text;
mod text_case;
mod text_split;

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, State, Value};

use super::value::{Outcome, list, python_type_name, tuple};

pub use text_split::line_texts;

/// `value.name(args)`, where the value has no such method of its own.
///
/// A method of an undefined value is undefined, as dbt's undefined values are callable.
///
/// # Errors
/// There is no such method, or it refuses its arguments.
pub fn call(state: &mut State<'_, '_>, value: &Value, name: &str, args: &[Value]) -> Outcome {
    let found = match value.kind() {
        ValueKind::Undefined => Some(Ok(Value::UNDEFINED)),
        ValueKind::String => text::call(value.as_str().unwrap_or_default(), name, args)
            .map(|result| result.map(|result| as_safe_as(value, result))),
        ValueKind::Bytes => bytes::call(value.as_bytes().unwrap_or_default(), name, args),
        ValueKind::Number | ValueKind::Bool => number::call(value, name, args),
        ValueKind::Seq | ValueKind::Map => native::call(state, value, (name, args)),
        _ => None,
    };
    found.unwrap_or_else(|| match value.as_object() {
        // minijinja goes on to look for a callable under this name.
        Some(_) => Err(Error::from(ErrorKind::UnknownMethod)),
        None => Err(Error::new(
            ErrorKind::UnknownMethod,
            format!("'{}' object has no attribute '{name}'", python_type_name(value)),
        )),
    })
}

/// What a method of a safe text (`Markup`) makes of it is safe as well.
fn as_safe_as(text: &Value, result: Value) -> Value {
    if !text.is_safe() {
        return result;
    }
    match result.as_str() {
        Some(changed) => Value::from_safe_string(changed.to_string()),
        None if result.kind() == ValueKind::Seq => {
            let parts = result.try_iter().into_iter().flatten().map(|part| as_safe_as(text, part)).collect();
            if result.is_tuple() { tuple(parts) } else { list(parts) }
        }
        None => result,
    }
}
