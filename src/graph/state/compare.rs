//! Is a resource what it was? dbt's rules, for each kind: the text, the config as written, the name.

use super::alike::{alike, written_alike};
use crate::manifest::{Manifest, UniqueId};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Keys of a config that do not count: where a node stands and how it is grouped is compared elsewhere.
const NOT_COMPARED: [&str; 5] = ["alias", "schema", "database", "tags", "group"];
/// The keys of a test's config that count.
const OF_TESTS: [&str; 8] =
    ["severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as"];

/// A resource, then and now, as manifest.json shows it.
pub struct Pair<'a> {
    /// Then.
    pub old: &'a Json,
    /// Now.
    pub new: &'a Json,
}

/// A resource of the manifest as JSON.
pub fn as_json(manifest: &Manifest, id: &UniqueId) -> Json {
    if let Some(node) = manifest.node(id) {
        return node.to_json();
    }
    let json = manifest.sources.get(id).map(|it| serde_json::to_value(it.as_ref()));
    let json = json.or_else(|| manifest.exposures.get(id).map(|it| serde_json::to_value(it.as_ref())));
    let json = json.or_else(|| manifest.unit_tests.get(id).map(|it| serde_json::to_value(it.as_ref())));
    if let Some(Ok(json)) = json {
        return json;
    }
    let kept = [&manifest.metrics, &manifest.semantic_models, &manifest.saved_queries];
    kept.into_iter().find_map(|of| of.get(id)).cloned().unwrap_or_default()
}

/// Is this the kind of a model, seed, test and the like?
pub fn is_node_kind(kind: &str) -> bool {
    ["model", "seed", "snapshot", "test", "analysis", "operation", "function"].contains(&kind)
}

impl Pair<'_> {
    fn kind(&self) -> &str {
        self.new["resource_type"].as_str().unwrap_or_default()
    }

    pub fn is_node(&self) -> bool {
        is_node_kind(self.kind())
    }

    pub fn has_place(&self) -> bool {
        self.is_node() || self.kind() == "source"
    }

    pub fn has_contract(&self) -> bool {
        self.kind() == "model"
    }

    fn same(&self, pointer: &str) -> bool {
        let of = |json: &'_ Json| json.pointer(pointer).cloned().unwrap_or_default();
        alike(&of(self.old), &of(self.new))
    }

    fn all_same(&self, pointers: &[&str]) -> bool {
        pointers.iter().all(|pointer| self.same(pointer))
    }

    /// Everything that counts for this kind. `unrendered` compares places as written.
    pub fn same_contents(&self, unrendered: bool) -> bool {
        match self.kind() {
            "test" if self.new.get("test_metadata").is_some() => self.same_config() && self.same("/fqn"),
            "source" => {
                self.same_place(unrendered)
                    && self.same_config()
                    && self.all_same(&["/fqn", "/quoting", "/freshness", "/loaded_at_field", "/external"])
            }
            "unit_test" => self.same("/checksum"),
            "exposure" => {
                let own = ["/fqn", "/type", "/owner", "/maturity", "/url", "/description", "/label"];
                self.all_same(&own) && self.same_set("/depends_on/nodes") && self.same_config()
            }
            "metric" => self.all_same(&["/type", "/description", "/label"]) && self.same_config(),
            "semantic_model" => {
                let own = ["/model", "/description", "/defaults", "/entities", "/dimensions", "/measures"];
                self.all_same(&own)
                    && self.same("/primary_entity")
                    && self.same("/label")
                    && self.same_config()
            }
            "saved_query" => {
                let own = ["/query_params", "/exports", "/description", "/label"];
                self.all_same(&own) && self.same_config()
            }
            kind => {
                let own: &[&str] = match kind {
                    "model" => &["/latest_version", "/deprecation_date"],
                    "function" => &["/arguments", "/returns"],
                    _ => &[],
                };
                self.same_body()
                    && self.same_config()
                    && self.same_descriptions()
                    && self.same("/fqn")
                    && self.same_place(unrendered)
                    && (kind != "model" || self.same_access())
                    && self.all_same(own)
            }
        }
    }

    /// Models were protected before anybody could say so.
    fn same_access(&self) -> bool {
        let of = |json: &Json| json["access"].as_str().unwrap_or("protected").to_string();
        of(self.old) == of(self.new)
    }

    fn same_set(&self, pointer: &str) -> bool {
        let set = |json: &Json| -> BTreeSet<String> {
            let list = json.pointer(pointer).and_then(Json::as_array).into_iter().flatten();
            list.filter_map(Json::as_str).map(str::to_string).collect()
        };
        set(self.old) == set(self.new)
    }

    /// The text; of seeds the hash. Line ends do not count: they differ between checkouts.
    pub fn same_body(&self) -> bool {
        if self.kind() == "seed" {
            return self.same("/checksum");
        }
        let text = |json: &Json| {
            let code = json.get("raw_code").or_else(|| json.get("raw_sql")).and_then(Json::as_str);
            code.unwrap_or_default().replace("\r\n", "\n")
        };
        text(self.old) == text(self.new)
    }

    /// The config as written, before rendering, so that another target is no change.
    pub fn same_config(&self) -> bool {
        let is_test = self.kind() == "test";
        let config = |json: &Json| {
            json.get("unrendered_config").and_then(Json::as_object).cloned().unwrap_or_default()
        };
        let (old, new) = (config(self.old), config(self.new));
        let counts = |key: &str| if is_test { OF_TESTS.contains(&key) } else { !NOT_COMPARED.contains(&key) };
        old.keys().chain(new.keys()).filter(|key| counts(key)).all(|key| match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => written_alike(old, new),
            _ => false,
        })
    }

    /// Descriptions count where they are written into the database.
    pub fn same_descriptions(&self) -> bool {
        let persists = |part: &str| {
            let flag = self.new.pointer(&format!("/config/persist_docs/{part}"));
            flag.and_then(Json::as_bool).unwrap_or(false)
        };
        let of_columns = |json: &Json| -> Vec<(String, Json)> {
            let columns = json.get("columns").and_then(Json::as_object).into_iter().flatten();
            columns.map(|(name, column)| (name.clone(), column["description"].clone())).collect()
        };
        let sorted = |json: &Json| {
            let mut columns = of_columns(json);
            columns.sort_by(|a, b| a.0.cmp(&b.0));
            columns
        };
        (!persists("relation") || self.same("/description"))
            && (!persists("columns") || sorted(self.old) == sorted(self.new))
    }

    /// The place in the database: of nodes as configured, of sources as named.
    pub fn same_place(&self, unrendered: bool) -> bool {
        match (self.kind(), unrendered) {
            ("source", false) => self.all_same(&["/database", "/schema", "/identifier"]),
            ("source", true) => self.all_same(&["/unrendered_database", "/unrendered_schema", "/identifier"]),
            _ => ["database", "schema", "alias"].iter().all(|key| {
                let of = |json: &'_ Json| json["unrendered_config"][*key].clone();
                written_alike(&of(self.old), &of(self.new))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(old: Json, new: Json, expect: bool) {
        let pair = Pair { old: &old, new: &new };
        assert_eq!(pair.same_contents(false), expect, "{old} {new}");
    }

    fn model(change: Json) -> Json {
        let mut model = json!({"resource_type": "model", "raw_code": "select 1", "fqn": ["p", "a"]});
        if let (Some(model), Json::Object(change)) = (model.as_object_mut(), change) {
            model.extend(change);
        }
        model
    }

    #[test]
    fn models_are_compared_as_written() {
        let same = |change| check(model(json!({})), model(change), true);
        let differs = |change| check(model(json!({})), model(change), false);
        same(json!({"config": {"materialized": "table"}, "schema": "other", "description": "new"}));
        same(json!({"unrendered_config": {"tags": ["x"]}}));
        differs(json!({"unrendered_config": {"materialized": "table"}}));
        differs(json!({"unrendered_config": {"schema": "other"}}));
        differs(json!({"raw_code": "select 2"}));
        differs(json!({"fqn": ["p", "b", "a"]}));
        differs(json!({"access": "public"}));
        differs(json!({"description": "new", "config": {"persist_docs": {"relation": true}}}));
        check(model(json!({"raw_code": "a\r\nb"})), model(json!({"raw_code": "a\nb"})), true);
    }

    #[test]
    fn seeds_are_compared_by_hash() {
        let seed =
            |sum: &str| json!({"resource_type": "seed", "checksum": {"name": "sha256", "checksum": sum}});
        check(seed("a"), seed("a"), true);
        check(seed("a"), seed("b"), false);
    }
}
