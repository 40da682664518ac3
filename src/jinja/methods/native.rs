//! The methods of tuples, and of sequences and mappings that are minijinja's own or an object of
//! another part of karat: what only reads works on them, what changes them does not.

use minijinja::value::ValueKind;
use minijinja::{Error, State, Value};

use crate::jinja::value::{Outcome, PyDict, PyList, dict, iterate, list, occurrences, pairs, position};

/// `value.name(args)`; `None` if there is no such method.
pub fn call(state: &mut State<'_, '_>, value: &Value, (name, args): (&str, &[Value])) -> Option<Outcome> {
    let known =
        value.downcast_object_ref::<PyList>().is_some() || value.downcast_object_ref::<PyDict>().is_some();
    match (value.kind(), name) {
        _ if known => None,
        (ValueKind::Seq, "index") => Some(iterate(value).and_then(|items| position(&items, args))),
        (ValueKind::Seq, "count") => Some(iterate(value).and_then(|items| occurrences(&items, args))),
        (ValueKind::Seq, "copy") => Some(iterate(value).map(list)),
        (ValueKind::Map, "items" | "keys" | "values" | "get" | "copy") => {
            Some(snapshot(value).and_then(|copy| copy.call_method(state, name, args)))
        }
        _ => None,
    }
}

/// The mapping as a dict of ours.
fn snapshot(value: &Value) -> Result<Value, Error> {
    Ok(dict(pairs(value)?.into_iter().collect()))
}
