//! The profile's `attach`, as the SQL that attaches other databases.

use super::credentials::{is_address, mask_words, plain};
use crate::adapter::keys::{Keys, fault};
use crate::relation::{as_identifier, quote_literal};
use serde_json::{Map, Value as Json};
use std::path::Path;

const KNOWN: &[&str] = &["path", "type", "alias", "secret", "read_only", "options", "is_ducklake"];

/// Each database's name for messages, and its SQL. Paths of files begin at the project's folder.
pub fn all(keys: &Keys<'_>, root: &Path) -> Vec<(String, String)> {
    let each = |item: &Json| match item.as_object().filter(|map| map.contains_key("path")) {
        Some(map) => {
            for key in map.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
                keys.blame(
                    fault(format!("an item of `attach` in the profile's output has an unknown key `{key}`"))
                        .help(format!("the keys are: {}; others go under `options`", KNOWN.join(", "))),
                );
            }
            Some(one(map, root))
        }
        None => {
            keys.blame(fault("an item of `attach` in the profile's output lacks its `path`"));
            None
        }
    };
    keys.list("attach").iter().filter_map(each).collect()
}

fn one(map: &Map<String, Json>, root: &Path) -> (String, String) {
    let text = |key: &str| map.get(key).filter(|value| !value.is_null()).map(plain);
    let path = text("path").unwrap_or_default();
    let kind = text("type").or_else(|| map.get("options")?.get("type").map(plain));
    let is_file =
        matches!(kind.as_deref().map(str::to_ascii_lowercase).as_deref(), None | Some("duckdb" | "sqlite"));
    let place = match is_file && !is_address(&path) && path != ":memory:" {
        true => root.join(&path).display().to_string(),
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
    if own("read_only") == Some(&Json::Bool(true)) {
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
            assert_eq!(one(given.as_object().unwrap(), Path::new("/p")).1, expect);
        };
        check(json!({"path": "a.duckdb", "alias": "a"}), "attach if not exists '/p/a.duckdb' as a");
        check(
            json!({"path": "host=h", "type": "postgres", "read_only": true, "options": {"schema": "x"}}),
            "attach if not exists 'host=h' (type postgres, read_only, schema 'x')",
        );
        check(json!({"path": "md:x?t=1"}), "attach if not exists 'md:x'");
    }
}
