//! The profile's `secrets`, as the SQL that makes them.

use super::credentials::plain;
use crate::adapter::keys::{Keys, fault};
use crate::relation::{as_identifier, quote_literal};
use serde_json::{Map, Value as Json, json};

/// Keys whose values are words of SQL.
const BARE: &[&str] = &["type", "provider", "extra_http_headers"];

/// Each secret's name and SQL. The names are dbt's where none is given: `_dbt_secret_1` and on.
pub fn all(keys: &Keys<'_>) -> Vec<(String, String)> {
    let mut given: Vec<Json> = keys.list("secrets").to_vec();
    match keys.text("use_credential_provider").as_deref() {
        None | Some("") => {}
        Some("aws") => given.push(json!({"type": "s3", "provider": "credential_chain"})),
        Some(other) => keys
            .blame(fault(format!("`use_credential_provider: {other}` is not known")).help("it can be `aws`")),
    }
    let each = |(at, item): (usize, &Json)| match item.as_object().filter(|map| map.contains_key("type")) {
        Some(map) => Some(one(at, map)),
        None => {
            keys.blame(fault("an item of `secrets` in the profile's output lacks its `type`"));
            None
        }
    };
    given.iter().enumerate().filter_map(each).collect()
}

fn one(at: usize, map: &Map<String, Json>) -> (String, String) {
    let name = map.get("name").map_or_else(|| format!("_dbt_secret_{}", at + 1), plain);
    let persistent = if map.get("persistent") == Some(&json!(true)) { " persistent" } else { "" };
    let given =
        map.iter().filter(|(key, value)| !value.is_null() && !["name", "persistent"].contains(&key.as_str()));
    let fields: Vec<_> = given.flat_map(|(key, value)| field(key, value)).collect();
    let sql =
        format!("create or replace{persistent} secret {} ({})", as_identifier(&name), fields.join(", "));
    (name, sql)
}

fn field(key: &str, value: &Json) -> Vec<String> {
    let literal = |value: &Json| quote_literal(&plain(value));
    match value {
        Json::Array(scopes) if key == "scope" => {
            scopes.iter().map(|scope| format!("scope {}", literal(scope))).collect()
        }
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            vec![format!("{} array [{}]", as_identifier(key), items.join(", "))]
        }
        Json::Object(map) => {
            let items: Vec<_> =
                map.iter().map(|(k, v)| format!("{}: {}", quote_literal(k), literal(v))).collect();
            vec![format!("{} map {{{}}}", as_identifier(key), items.join(", "))]
        }
        value if BARE.contains(&key) => vec![format!("{key} {}", word(key, &plain(value)))],
        value => vec![format!("{} {}", as_identifier(key), literal(value))],
    }
}

/// A word of SQL; a map of headers is written as SQL's own.
fn word(key: &str, value: &str) -> String {
    if key == "extra_http_headers" { value.to_string() } else { as_identifier(value) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_become_sql() {
        let check = |given: Json, expect: &str| assert_eq!(one(0, given.as_object().unwrap()).1, expect);
        check(
            json!({"type": "s3", "key_id": "a'b", "scope": ["s3://x", "s3://y"]}),
            "create or replace secret _dbt_secret_1 (type s3, key_id 'a''b', scope 's3://x', scope 's3://y')",
        );
        check(
            json!({"type": "http", "name": "n", "persistent": true, "extra_http_headers": {"a": "b"}}),
            "create or replace persistent secret n (type http, extra_http_headers map {'a': 'b'})",
        );
    }
}
