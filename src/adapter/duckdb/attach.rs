//! The profile's `attach`, as the SQL that attaches other databases.

use super::credentials::{Places, is_address, mask_words, plain};
use crate::adapter::keys::{KEY, Keys, fault};
use crate::adapter::shapes::{Kind, Shape};
use crate::relation::{as_identifier, quote_literal};
use serde_json::{Map, Value as Json};

const SHAPE: Shape = Shape {
    fields: &[
        ("path", Kind::Text),
        ("type", Kind::Text),
        ("alias", Kind::Text),
        ("secret", Kind::Text),
        ("read_only", Kind::Truth),
        ("options", Kind::Mapping),
        ("is_ducklake", Kind::Truth),
    ],
    first_is_required: true,
};

/// Each database's name for messages, and its SQL. Paths of files begin at the project's folder.
pub fn all(keys: &Keys<'_>, places: &Places) -> Vec<(String, String)> {
    SHAPE.check_each(keys, "attach");
    let maps: Vec<_> = keys.list("attach").iter().filter_map(Json::as_object).collect();
    maps.iter().for_each(|map| said_twice(keys, map));
    maps.iter().map(|map| one(map, places)).collect()
}

/// What stands beside `options` and within them is a fault: nobody knows which of the two is meant.
fn said_twice(keys: &Keys<'_>, map: &Map<String, Json>) {
    let Some(options) = map.get("options").and_then(Json::as_object) else { return };
    let is_said = |key: &&&str| {
        options.contains_key(**key)
            && map.get(**key).is_some_and(|value| !matches!(value, Json::Null | Json::Bool(false)))
    };
    for key in ["type", "secret", "read_only"].iter().filter(is_said) {
        let said = format!("`{key}` of an item of `attach` in the profile's output is in its `options` too");
        keys.blame(fault(said).with_field(KEY, "attach").help("leave one of them out"));
    }
}

/// The list with all keys of each item, as templates see it.
pub fn shown(list: &Json) -> Json {
    let filled = |item: &Json| {
        let default = |key: &str| if key == "read_only" { Json::Bool(false) } else { Json::Null };
        let value = |key: &str| item.get(key).filter(|value| !value.is_null()).cloned();
        let pair = |(key, _): &(&str, Kind)| (key.to_string(), value(key).unwrap_or_else(|| default(key)));
        Json::Object(SHAPE.fields.iter().map(pair).collect())
    };
    list.as_array().map_or(Json::Null, |items| items.iter().map(filled).collect())
}

fn one(map: &Map<String, Json>, places: &Places) -> (String, String) {
    let text = |key: &str| map.get(key).filter(|value| !value.is_null()).map(plain);
    let path = text("path").unwrap_or_default();
    let kind = text("type").or_else(|| map.get("options")?.get("type").map(plain));
    let is_file =
        matches!(kind.as_deref().map(str::to_ascii_lowercase).as_deref(), None | Some("duckdb" | "sqlite"));
    let place = match is_file && !is_address(&path) && path != ":memory:" {
        true => places.file(&path).display().to_string(),
        // A question mark starts MotherDuck's parameters, which attach does not take.
        false if path.starts_with("md:") || path.starts_with("motherduck:") => {
            path.split('?').next().unwrap_or_default().to_string()
        }
        false => path.clone(),
    };
    let alias = text("alias");
    let mut sql = format!("attach if not exists {}", quote_literal(&place));
    if let Some(alias) = &alias {
        sql += &format!(" as {}", as_identifier(alias));
    }
    let options = options(map);
    if !options.is_empty() {
        sql += &format!(" ({})", options.join(", "));
    }
    (alias.unwrap_or_else(|| mask_words(&path)), sql)
}

/// The item's own keys first, then `options`, which do not repeat them.
fn options(map: &Map<String, Json>) -> Vec<String> {
    let empty = Map::new();
    let more = map.get("options").and_then(Json::as_object).unwrap_or(&empty);
    let own = |key: &str| map.get(key).or_else(|| more.get(key)).filter(|value| !value.is_null());
    let mut found = Vec::new();
    found.extend(own("type").map(|value| format!("type {}", as_identifier(&plain(value)))));
    found.extend(own("secret").map(|value| format!("secret {}", as_identifier(&plain(value)))));
    if own("read_only").is_some_and(|value| plain(value).eq_ignore_ascii_case("true")) {
        found.push("read_only".to_string());
    }
    let rest = more
        .iter()
        .filter(|(key, value)| !value.is_null() && !["type", "secret", "read_only"].contains(&key.as_str()));
    found.extend(rest.filter_map(|(key, value)| match value {
        Json::Bool(true) => Some(as_identifier(key)),
        Json::Bool(false) => None,
        Json::String(text) if is_quoted(text) => Some(format!("{} {text}", as_identifier(key))),
        Json::String(text) => Some(format!("{} {}", as_identifier(key), quote_literal(text))),
        other => Some(format!("{} {other}", as_identifier(key))),
    }));
    found
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 2 && ['\'', '"'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn databases_become_sql() {
        let check = |given: Json, expect: &str| {
            let places = Places { root: "/p".into(), home: Some("/h".into()) };
            assert_eq!(one(given.as_object().unwrap(), &places).1, expect);
        };
        check(json!({"path": "a.duckdb", "alias": "a"}), "attach if not exists '/p/a.duckdb' as a");
        check(
            json!({"path": "host=h", "type": "postgres", "read_only": true, "options": {"schema": "x"}}),
            "attach if not exists 'host=h' (type postgres, read_only, schema 'x')",
        );
        check(
            json!({"path": "~/a.duckdb", "read_only": "True"}),
            "attach if not exists '/h/a.duckdb' (read_only)",
        );
        check(json!({"path": "md:x?t=1"}), "attach if not exists 'md:x'");
    }
}
