//! Names of generic tests: made of test, model and arguments, cut where they are too long for a relation.

use crate::jinja::value::print::write_text;
use crate::manifest::Map;
use crate::parse::json::python_str;
use md5::{Digest, Md5};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The name for file and relation, and the full one. They differ where the full one has 64 signs or more.
pub(super) fn synthesize(test: &str, target: &str, args: &Map) -> (String, String) {
    let sorted: BTreeMap<&String, &Json> = args.iter().filter(|(name, _)| *name != "model").collect();
    let parts = sorted.into_values().flat_map(|value| match value {
        Json::Object(entries) => entries.values().map(python_str).collect::<Vec<_>>(),
        Json::Array(items) => items.iter().map(python_str).collect(),
        one => vec![python_str(one)],
    });
    let unique = parts.map(|part| clean(&part)).collect::<Vec<_>>().join("__");
    let identifier = format!("{test}_{target}");
    let full = format!("{identifier}_{unique}");
    if full.chars().count() < 64 {
        return (full.clone(), full);
    }
    let start: String = identifier.chars().take(30).collect();
    (format!("{start}_{}", md5(&full)), full)
}

/// Runs of anything but letters, digits and underscores become one underscore.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut within = false;
    for c in text.chars() {
        let good = c.is_ascii_alphanumeric() || c == '_';
        if good || !within {
            clean.push(if good { c } else { '_' });
        }
        within = !good;
    }
    clean
}

/// The end of a test's id: a hash of its name and of all that it is made of.
pub(super) fn hash(name: &str, namespace: Option<&str>, (test, kwargs): (&str, &Map)) -> String {
    let mut text = format!("{name}{{'kwargs': ");
    write_entries(&mut text, kwargs);
    text.push_str(", 'name': ");
    write_text(&mut text, test);
    text.push_str(", 'namespace': ");
    write_text(&mut text, namespace.unwrap_or("None"));
    text.push('}');
    let digest = md5(&text);
    digest[digest.len() - 10..].to_string()
}

/// As Python prints it, mappings sorted by key, and everything in them as its text.
fn write_hashable(out: &mut String, value: &Json) {
    match value {
        Json::Object(entries) => write_entries(out, entries),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_hashable(out, item);
            }
            out.push(']');
        }
        Json::String(text) => write_text(out, text),
        other => write_text(out, &python_str(other)),
    }
}

fn write_entries(out: &mut String, entries: &Map) {
    let sorted: BTreeMap<&String, &Json> = entries.iter().collect();
    out.push('{');
    for (at, (key, value)) in sorted.into_iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        write_text(out, key);
        out.push_str(": ");
        write_hashable(out, value);
    }
    out.push('}');
}

fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn check(test: &str, target: &str, args: Json, expect: (&str, &str)) {
        let (short, full) = synthesize(test, target, args.as_object().unwrap());
        assert_eq!((short.as_str(), full.as_str()), expect);
    }

    #[test]
    fn names_are_dbts() {
        check(
            "unique",
            "a",
            json!({"column_name": "\"id\"", "model": "x"}),
            ("unique_a__id_", "unique_a__id_"),
        );
        check(
            "in_range",
            "a",
            json!({"lo": 1, "hi": "{{ var('start') }}", "other": {"x": 1, "y": ["a", "b\"c"]}, "column_name": "\"id\""}),
            ("in_range_a__id____var_start___1__1___a_b_c_", "in_range_a__id____var_start___1__1___a_b_c_"),
        );
        let long = "accepted_values_orders_status__placed__shipped__completed__return_pending__returned";
        check(
            "accepted_values",
            "orders",
            json!({"column_name": "status", "values": ["placed", "shipped", "completed", "return_pending", "returned"]}),
            ("accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758", long),
        );
    }

    #[test]
    fn ids_end_as_dbts_do() {
        let kwargs = json!({"column_name": "\"id\"", "model": "{{ get_where_subquery(ref('a')) }}"});
        assert_eq!(hash("not_null_a__id_", None, ("not_null", kwargs.as_object().unwrap())), "80d388f8d5");
        let kwargs = json!({
            "strict": true, "column_name": "\"id\"", "model": "{{ get_where_subquery(ref('a')) }}"
        });
        let hash =
            hash("util_positive_a__id___True", Some("util"), ("positive", kwargs.as_object().unwrap()));
        assert_eq!(hash, "9d920ac4c2");
    }
}
