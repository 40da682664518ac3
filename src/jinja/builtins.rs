//! Registers everything of this half of `jinja/` with an environment.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, Output, State, Value};

use super::macro_::Render;
use super::value::print;
use super::{filters, functions, methods, tests_};

/// Adds filters, tests, pure functions, the methods of Python's types, the printing of values and
/// the support functions that the desugarer's output calls (`__karat_add` and its kin).
pub fn register(env: &mut Environment<'static>) {
    env.set_undefined_behavior(minijinja::UndefinedBehavior::Chainable);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_unknown_method_callback(methods::call);
    env.set_formatter(write_value);
    filters::register(env);
    tests_::register(env);
    functions::register(env);
}

/// Prints a value where `{{ }}` stands.
fn write_value(out: &mut Output, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let is_float = value.kind() == ValueKind::Number && !value.is_integer();
    if let Some(text) = value.as_str() {
        Render::of(state).map_or(Ok(()), |render| render.wrote(text.len()))?;
    }
    if is_float || print::is_container(value) || value.kind() == ValueKind::Bytes {
        return out.write_str(&print::text(value)).map_err(Error::from);
    }
    minijinja::escape_formatter(out, state, value)
}
