//! The merged config of a node: every key that dbt knows and every key that users add.

use super::Map;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::sync::Arc;

/// A node's config, after merging: dbt_project.yml, property files, `config()`. Keeps unknown keys,
/// as dbt does. Reading a key of the wrong type gives its default: `parse` has reported it by then. Nodes of
/// one folder mostly have equal configs, which they share.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Config(pub Arc<Map>);

impl From<Map> for Config {
    fn from(map: Map) -> Self {
        Config(Arc::new(map))
    }
}

impl Config {
    /// Sets a key.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        Arc::make_mut(&mut self.0).insert(key.into(), value.into());
    }

    /// A key's value; `None` where it is absent or null.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// A text.
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_str)
    }

    /// A truth value, or `default`.
    pub fn bool(&self, key: &str, default: bool) -> bool {
        self.get(key).and_then(Json::as_bool).unwrap_or(default)
    }

    /// A list of texts; a lone text is a list of one.
    pub fn strings(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Json::String(one)) => vec![one.clone()],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).map(str::to_string).collect(),
            _ => Vec::new(),
        }
    }

    /// Is the node switched on? (`enabled`, true unless said otherwise)
    pub fn enabled(&self) -> bool {
        self.bool("enabled", true)
    }

    /// The materialization's name: `view`, `table`, `seed`, `test`.
    pub fn materialized(&self) -> &str {
        self.str("materialized").unwrap_or("view")
    }

    /// The tags.
    pub fn tags(&self) -> Vec<String> {
        self.strings("tags")
    }

    /// `full_refresh` where it is set: it overrules the command line.
    pub fn full_refresh(&self) -> Option<bool> {
        self.get("full_refresh").and_then(Json::as_bool)
    }

    /// `error` or `warn`, lower case (tests).
    pub fn severity(&self) -> String {
        self.str("severity").unwrap_or("error").to_lowercase()
    }
}
