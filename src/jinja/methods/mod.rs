//! The methods of Python's built-in types.

use minijinja::{Error, ErrorKind, State, Value};

use super::value::Outcome;

/// `value.name(args)`, where the value has no such method of its own.
///
/// # Errors
/// There is no such method, or it refuses its arguments.
pub fn call(state: &mut State<'_, '_>, value: &Value, name: &str, args: &[Value]) -> Outcome {
    if value.is_undefined() {
        return Ok(Value::UNDEFINED);
    }
    let _ = (state, name, args);
    Err(Error::from(ErrorKind::UnknownMethod))
}
