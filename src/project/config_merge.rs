//! How configs add up: from dbt_project.yml over property files to `config()`.
//!
//! A later value takes the place of an earlier one, but `tags`, hooks and `packages` are lists that grow,
//! `meta` and the like are mappings of which single keys are replaced, and `grants` grow where a key says
//! so with `+`.

use super::Map;
use crate::error::{Error, Result};
use serde_json::{Value as Json, json};

/// How a later value meets an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Takes its place.
    Clobber,
    /// Is put behind it; each may be a list or a lone item.
    Append,
    /// Its keys take the place of the same keys.
    Update,
    /// As [`Rule::Update`], every value a list; a key with `+` is put behind.
    Grants,
}

fn rule(key: &str) -> Rule {
    match key {
        "pre-hook" | "post-hook" | "tags" | "packages" => Rule::Append,
        "quoting" | "column_types" | "meta" | "docs" | "contract" | "snapshot_meta_column_names" => {
            Rule::Update
        }
        "grants" => Rule::Grants,
        _ => Rule::Clobber,
    }
}

/// Does a key add up over the levels, rather than that the last one takes the place of the others?
pub fn adds_up(key: &str) -> bool {
    rule(canonical(key)) != Rule::Clobber
}

/// dbt's own spelling of a config: `pre_hook` is `pre-hook`.
pub fn canonical(key: &str) -> &str {
    match key {
        "pre_hook" => "pre-hook",
        "post_hook" => "post-hook",
        other => other,
    }
}

/// Puts the configs of a level over those of the levels before it. Hooks come out as dbt's manifest
/// shows them.
///
/// # Errors
/// A value that is no mapping where the rule needs one: `meta: 1`.
pub fn merge(base: &mut Map, over: &Map) -> Result<()> {
    let faults =
        over.iter().filter_map(|(key, value)| merge_key(base, canonical(key), value, true).err()).collect();
    Error::all(faults).map_or(Ok(()), Err)
}

/// Puts one `config()` call over an earlier one of the same file: as [`merge`], but hooks stay as written
/// and a `+` of `grants` stays for [`merge`] to see.
///
/// # Errors
/// As [`merge`].
pub fn merge_call(base: &mut Map, over: &Map) -> Result<()> {
    let faults =
        over.iter().filter_map(|(key, value)| merge_key(base, canonical(key), value, false).err()).collect();
    Error::all(faults).map_or(Ok(()), Err)
}

fn merge_key(base: &mut Map, key: &str, value: &Json, last: bool) -> Result<()> {
    let before = base.get(key).filter(|value| !value.is_null());
    let merged = match rule(key) {
        Rule::Clobber => value.clone(),
        Rule::Append => {
            let items = [before.map_or(Vec::new(), items), items(value)].concat();
            let hook = last && key.ends_with("-hook");
            Json::Array(if hook { items.iter().map(normalize_hook).collect() } else { items })
        }
        Rule::Update if value.is_null() => return Ok(()),
        Rule::Update => {
            let mut map = before.map_or_else(|| Ok(Map::new()), |before| mapping(key, before))?;
            map.extend(mapping(key, value)?);
            Json::Object(map)
        }
        Rule::Grants if value.is_null() => return Ok(()),
        Rule::Grants => {
            let before = before.map_or_else(|| Ok(Map::new()), |before| mapping(key, before))?;
            Json::Object(grants(before, mapping(key, value)?, last))
        }
    };
    base.insert(key.to_string(), merged);
    Ok(())
}

fn grants(before: Map, over: Map, last: bool) -> Map {
    let mut merged: Map = before.into_iter().map(|(key, value)| (key, Json::Array(items(&value)))).collect();
    for (key, value) in over {
        // Between calls of one file the `+` stays: `+select` must still extend what the project says.
        let bare = key.trim_start_matches('+');
        let name = if last { bare } else { key.as_str() };
        let before = merged.get(name).filter(|_| bare != key).map_or(Vec::new(), items);
        merged.insert(name.to_string(), Json::Array([before, items(&value)].concat()));
    }
    merged
}

fn items(value: &Json) -> Vec<Json> {
    match value {
        Json::Array(items) => items.clone(),
        Json::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

fn mapping(key: &str, value: &Json) -> Result<Map> {
    value.as_object().cloned().ok_or_else(|| {
        Error::compilation(format!("config `{key}` must be a mapping, not `{value}`"))
            .help(format!("write `{key}: {{name: value}}`"))
    })
}

/// A hook as dbt's manifest shows it: `{"sql": .., "transaction": true, "index": null}`. Takes a text, a
/// text that is itself JSON, or a mapping.
pub fn normalize_hook(hook: &Json) -> Json {
    let parsed = hook.as_str().and_then(|text| serde_json::from_str::<Map>(text).ok());
    let fields = match (hook, parsed) {
        (_, Some(fields)) => fields,
        (Json::Object(fields), None) => fields.clone(),
        (other, None) => {
            let sql = other.as_str().map_or_else(|| other.to_string(), str::to_string);
            Map::from_iter([("sql".to_string(), Json::String(sql))])
        }
    };
    let field = |key: &str, usual: Json| fields.get(key).cloned().unwrap_or(usual);
    json!({"sql": field("sql", "".into()), "transaction": field("transaction", true.into()), "index": field("index", Json::Null)})
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(levels: &[Json], expect: Result<Json, &str>) {
        let mut base = Map::new();
        let merged = levels.iter().try_for_each(|level| merge(&mut base, level.as_object().unwrap()));
        match expect {
            Ok(expect) => assert_eq!(merged.map(|()| Json::Object(base)).unwrap(), expect),
            Err(message) => assert_eq!(merged.unwrap_err().message(), message),
        }
    }

    #[test]
    fn each_config_by_its_rule() {
        check(
            &[json!({"alias": "a"}), json!({"alias": "b", "schema": null})],
            Ok(json!({"alias": "b", "schema": null})),
        );
        check(&[json!({"tags": "a"}), json!({"tags": ["b", "a"]})], Ok(json!({"tags": ["a", "b", "a"]})));
        check(
            &[json!({"meta": {"a": 1, "b": {"c": 1}}}), json!({"meta": {"b": {"d": 2}}})],
            Ok(json!({"meta": {"a": 1, "b": {"d": 2}}})),
        );
        check(
            &[json!({"persist_docs": {"relation": true}}), json!({"persist_docs": {}})],
            Ok(json!({"persist_docs": {}})),
        );
        check(
            &[json!({"contract": {"enforced": true}}), json!({"contract": null})],
            Ok(json!({"contract": {"enforced": true}})),
        );
        check(&[json!({"meta": 1})], Err("config `meta` must be a mapping, not `1`"));
    }

    #[test]
    fn hooks_add_up_under_one_name() {
        let hook =
            |sql: &str, transaction: bool| json!({"sql": sql, "transaction": transaction, "index": null});
        check(
            &[
                json!({"pre_hook": "a"}),
                json!({"pre-hook": ["b", {"sql": "c", "transaction": false}]}),
                json!({"pre_hook": "{\"sql\": \"d\", \"transaction\": false}"}),
            ],
            Ok(json!({"pre-hook": [hook("a", true), hook("b", true), hook("c", false), hook("d", false)]})),
        );
    }

    #[test]
    fn grants_grow_where_they_say_so() {
        check(
            &[json!({"grants": {"select": "ann"}}), json!({"grants": {"select": "bob"}})],
            Ok(json!({"grants": {"select": ["bob"]}})),
        );
        check(
            &[
                json!({"grants": {"select": ["ann"]}}),
                json!({"grants": {"+select": ["bob"], "+insert": "eve"}}),
            ],
            Ok(json!({"grants": {"select": ["ann", "bob"], "insert": ["eve"]}})),
        );
    }

    #[test]
    fn calls_of_one_file_keep_the_plus() {
        let mut base = Map::new();
        for call in [
            json!({"tags": "a", "grants": {"+select": "ann"}}),
            json!({"pre_hook": "x", "grants": {"+select": "bob"}}),
        ] {
            merge_call(&mut base, call.as_object().unwrap()).unwrap();
        }
        let expect = json!({"tags": ["a"], "grants": {"+select": ["ann", "bob"]}, "pre-hook": ["x"]});
        assert_eq!(Json::Object(base), expect);
    }
}
