//! How Python prints values: `str(x)` as [`text`], `repr(x)` as [`repr`].

use std::fmt::Write;

use minijinja::value::{Tuple, Value, ValueKind};

use super::bounds::Extent;
use super::{PyDict, PyList, PySet};

/// The member by which an object says its `repr`, where that differs from its text.
pub const REPR: &str = "__repr__";

/// `str(x)`: a text as it is, everything else as [`repr`] writes it (dates and decimals have a
/// short form of their own).
pub fn text(value: &Value) -> String {
    match value.kind() {
        ValueKind::String => value.as_str().unwrap_or_default().to_string(),
        ValueKind::Undefined => String::new(),
        ValueKind::Number if !value.is_integer() => float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
        ValueKind::Bytes => repr(value),
        _ if is_container(value) => repr(value),
        _ => value.to_string(),
    }
}

/// `repr(x)`. A container that holds itself is written `[...]` or `{...}` where it recurs.
pub fn repr(value: &Value) -> String {
    let mut out = String::new();
    write_repr(&mut out, value, &mut Vec::new());
    out
}

/// `ascii(x)`: [`repr`] with all but ASCII escaped.
pub fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for c in repr(value).chars() {
        match c {
            c if c.is_ascii() => out.push(c),
            c => write_escape(&mut out, c),
        }
    }
    out
}

/// `\xe9`, `\u65e5`, `\U0001f600`.
fn write_escape(out: &mut String, c: char) {
    let _ = match c as u32 {
        code @ 0..=0xff => write!(out, "\\x{code:02x}"),
        code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}

/// Whether this file prints the items itself. Other objects print as they say.
pub fn is_container(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    object.downcast_ref::<PyList>().is_some()
        || object.downcast_ref::<PyDict>().is_some()
        || object.downcast_ref::<PySet>().is_some()
        || object.downcast_ref::<Tuple>().is_some()
        || object.downcast_ref::<Vec<Value>>().is_some()
        || object.downcast_ref::<indexmap::IndexMap<Value, Value>>().is_some()
        || value.is_kwargs()
}

fn write_repr(out: &mut String, value: &Value, open: &mut Vec<usize>) {
    match value.kind() {
        ValueKind::String if value.is_safe() => {
            out.push_str("Markup(");
            write_text(out, value.as_str().unwrap_or_default());
            out.push(')');
        }
        ValueKind::String => write_text(out, value.as_str().unwrap_or_default()),
        ValueKind::Undefined => out.push_str("Undefined"),
        ValueKind::Number if !value.is_integer() => out.push_str(&text(value)),
        _ if is_container(value) => write_container(out, value, open),
        _ => match super::datetime::repr(value).or_else(|| super::decimal::repr(value)) {
            Some(own) => out.push_str(&own),
            None => match own_repr(value) {
                Some(own) => out.push_str(&own),
                None => drop(write!(out, "{value:?}")),
            },
        },
    }
}

/// What an object says of itself by [`REPR`].
pub fn own_repr(value: &Value) -> Option<String> {
    let said = value.as_object()?.get_value(&Value::from(REPR))?;
    said.as_str().map(str::to_string)
}

/// Deeper than this nothing is written out.
const DEEPEST: usize = 1_100;

fn write_container(out: &mut String, value: &Value, open: &mut Vec<usize>) {
    let is_map = value.kind() == ValueKind::Map;
    let address = address(value);
    let is_endless = open.is_empty() && value.is_tuple() && Extent::check_ref(value).is_err();
    if is_endless || open.len() > DEEPEST || address.is_some_and(|address| open.contains(&address)) {
        out.push_str(if is_map { "{...}" } else { "[...]" });
        return;
    }
    // A tuple holds itself by way of another only.
    open.push(address.unwrap_or_default());
    if is_map {
        write_entries(out, value, open);
    } else {
        write_items(out, value, open);
    }
    open.pop();
}

/// Where a mutable container lives; only such a one can hold itself.
fn address(value: &Value) -> Option<usize> {
    let list = value.downcast_object_ref::<PyList>().map(|it| std::ptr::from_ref(it) as usize);
    list.or_else(|| value.downcast_object_ref::<PyDict>().map(|it| std::ptr::from_ref(it) as usize))
        .or_else(|| value.downcast_object_ref::<PySet>().map(|it| std::ptr::from_ref(it) as usize))
}

fn write_items(out: &mut String, value: &Value, open: &mut Vec<usize>) {
    let items: Vec<Value> = value.try_iter().into_iter().flatten().collect();
    let (left, right) = match value.kind() {
        ValueKind::Iterable if items.is_empty() => ("set(", ")"),
        ValueKind::Iterable => ("{", "}"),
        _ if value.is_tuple() && items.len() == 1 => ("(", ",)"),
        _ if value.is_tuple() => ("(", ")"),
        _ => ("[", "]"),
    };
    out.push_str(left);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_repr(out, item, open);
    }
    out.push_str(right);
}

fn write_entries(out: &mut String, value: &Value, open: &mut Vec<usize>) {
    out.push('{');
    let entries = value.as_object().and_then(|object| object.try_iter_pairs());
    for (at, (key, item)) in entries.into_iter().flatten().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_repr(out, &key, open);
        out.push_str(": ");
        write_repr(out, &item, open);
    }
    out.push('}');
}

/// `repr` of a text: in single quotes, unless it holds those and no double ones.
pub fn write_text(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c == quote => out.extend(['\\', c]),
            _ if is_printable(c) => out.push(c),
            _ => write_escape(out, c),
        }
    }
    out.push(quote);
}

/// `str.isprintable` of one character: no control, format, private or separator character but the
/// space.
pub fn is_printable(c: char) -> bool {
    let format = matches!(c as u32,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe000..=0xf8ff | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff);
    c == ' ' || !(c.is_control() || c.is_whitespace() || format)
}

/// `repr` of a float: the shortest digits that read back, with an exponent from 1e16 up and below
/// 1e-4.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_string();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_string();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let short = format!("{number:e}");
        let (digits, exponent) = short.split_once('e').unwrap_or((&short, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{number:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja::value::{dict_of, list, tuple};

    fn check(value: Value, expect: &str) {
        assert_eq!(repr(&value), expect);
    }

    #[test]
    fn writes_as_python_does() {
        check(Value::from(1e16), "1e+16");
        check(Value::from(1e-5), "1e-05");
        check(Value::from(100.0), "100.0");
        check(Value::from("it's"), r#""it's""#);
        check(Value::from("\u{200b}\u{e9}"), "'\\u200b\u{e9}'");
        check(tuple(vec![Value::from(1)]), "(1,)");
        check(dict_of([("a", list(vec![Value::from(())]))]), "{'a': [None]}");
    }

    #[test]
    fn writes_a_list_that_holds_itself() {
        let outer = list(Vec::new());
        let env = minijinja::Environment::new();
        outer.call_method(&mut env.empty_state(), "append", &[tuple(vec![outer.clone()])]).expect("append");
        check(outer.clone(), "[([...],)]");
        assert_eq!(outer.to_string(), "[([...],)]");
        assert_eq!(outer, outer.clone());
    }
}
