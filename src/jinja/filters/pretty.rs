//! `pprint`: Python's `pprint.pformat`, 80 columns wide, keys sorted.

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::jinja::value::{PySet, dict, iterate, list, operators, pairs, print, set, tuple};

const WIDTH: usize = 80;

/// A value over as many lines as it needs.
pub fn pretty(value: &Value) -> String {
    written(&sorted(value, 0), 0, 0)
}

/// The same with the keys of its dicts and the items of its sets in order.
fn sorted(value: &Value, depth: usize) -> Value {
    if depth > 100 {
        return value.clone();
    }
    let inner = |items: Vec<Value>| items.iter().map(|item| sorted(item, depth + 1)).collect::<Vec<_>>();
    match value.kind() {
        ValueKind::Map if print::is_container(value) => {
            let entries = pairs(value).unwrap_or_default();
            let keyed = entries
                .into_iter()
                .map(|(key, item)| (key.clone(), tuple(vec![key, sorted(&item, depth + 1)])));
            let keyed: Vec<_> = keyed.collect();
            let in_order = operators::sorted_by_key(keyed.clone(), false)
                .unwrap_or_else(|_| keyed.into_iter().map(|(_, entry)| entry).collect());
            dict(pairs(&list(in_order)).unwrap_or_default().into_iter().collect())
        }
        ValueKind::Seq if value.is_tuple() => tuple(inner(iterate(value).unwrap_or_default())),
        ValueKind::Seq if print::is_container(value) => list(inner(iterate(value).unwrap_or_default())),
        ValueKind::Iterable if value.downcast_object_ref::<PySet>().is_some() => {
            let items = iterate(value).unwrap_or_default();
            let keyed = items.iter().map(|item| (item.clone(), item.clone())).collect();
            set(operators::sorted_by_key(keyed, false).unwrap_or(items))
        }
        _ => value.clone(),
    }
}

/// `column` is where the value begins, `after` how much must still fit behind it.
fn written(value: &Value, column: usize, after: usize) -> String {
    let short = print::repr(value);
    if short.chars().count() + column + after <= WIDTH || !print::is_container(value) {
        return short;
    }
    let (open, close) = match value.kind() {
        ValueKind::Map | ValueKind::Iterable => ("{", "}"),
        _ if value.is_tuple() => ("(", ")"),
        _ => ("[", "]"),
    };
    let inside = column + 1;
    let parts: Vec<String> = match value.kind() {
        ValueKind::Map => {
            let entries = pairs(value).unwrap_or_default();
            let last = entries.len().saturating_sub(1);
            let entry = |(at, (key, item)): (usize, &(Value, Value))| {
                let key = print::repr(key);
                let start = inside + key.chars().count() + 2;
                format!("{key}: {}", written(item, start, if at == last { after + 1 } else { 1 }))
            };
            entries.iter().enumerate().map(entry).collect()
        }
        _ => {
            let items = iterate(value).unwrap_or_default();
            let last = items.len().saturating_sub(1);
            let item =
                |(at, item): (usize, &Value)| written(item, inside, if at == last { after + 1 } else { 1 });
            items.iter().enumerate().map(item).collect()
        }
    };
    let comma = if value.is_tuple() && parts.len() == 1 { "," } else { "" };
    format!("{open}{}{comma}{close}", parts.join(&format!(",\n{}", " ".repeat(inside))))
}
