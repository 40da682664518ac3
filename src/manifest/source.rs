//! A source: one table that others load.

use super::{ColumnInfo, Config, Map, ResourceType, UniqueId};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One table of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// Database of the table.
    pub database: Option<String>,
    /// Schema of the table.
    pub schema: String,
    /// The table's name in the project.
    pub name: String,
    /// Always `source`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path of the property file below the package's root.
    pub path: String,
    /// The same path.
    pub original_file_path: String,
    /// Its id: `source.package.source.table`.
    pub unique_id: UniqueId,
    /// Package, folders, source, table.
    pub fqn: Vec<String>,
    /// The source's name.
    pub source_name: String,
    /// The source's description.
    pub source_description: String,
    /// Who loads it.
    pub loader: String,
    /// The table's name in the database.
    pub identifier: String,
    /// Quoting of the parts of its name, as declared.
    pub quoting: Map,
    /// The column that tells when a row was loaded.
    pub loaded_at_field: Option<String>,
    /// A query that tells when the table was loaded.
    pub loaded_at_query: Option<String>,
    /// When it is stale.
    pub freshness: Option<FreshnessThreshold>,
    /// A file outside the database, as declared.
    pub external: Option<Json>,
    /// The table's description.
    pub description: String,
    /// Declared columns by name.
    pub columns: IndexMap<String, ColumnInfo>,
    /// Free data of the user on the table.
    pub meta: Map,
    /// Free data of the user on the source.
    pub source_meta: Map,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its merged config.
    pub config: Config,
    /// Always null: sources are not patched.
    pub patch_path: Option<String>,
    /// The config as written.
    pub unrendered_config: Map,
    /// The full quoted name.
    pub relation_name: Option<String>,
    /// Seconds since 1970 when it was parsed.
    pub created_at: f64,
    /// The database as written, where it was a template.
    pub unrendered_database: Option<String>,
    /// The schema as written, where it was a template.
    pub unrendered_schema: Option<String>,
    /// Docs blocks that the description uses.
    pub doc_blocks: Vec<String>,
}

/// When a source counts as stale.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FreshnessThreshold {
    /// `{count, period}` for a warning.
    pub warn_after: Option<Json>,
    /// `{count, period}` for an error.
    pub error_after: Option<Json>,
    /// SQL condition on the rows that are looked at.
    pub filter: Option<String>,
}

/// Keys of a source's config that are dbt's own.
const OWN_CONFIGS: [&str; 8] =
    ["enabled", "event_time", "freshness", "loaded_at_field", "loaded_at_query", "meta", "tags", "quoting"];

impl Source {
    /// The source as placeholders of its place see it: its names, then the keys of `meta` and of the config.
    pub fn fields(&self) -> Map {
        let mut fields = Map::new();
        fields.insert("name".into(), self.name.clone().into());
        fields.insert("identifier".into(), self.identifier.clone().into());
        fields.insert("schema".into(), self.schema.clone().into());
        fields.insert("database".into(), self.database.clone().into());
        fields.insert("tags".into(), self.tags.clone().into());
        let configs = self.config.0.iter().filter(|(key, _)| !OWN_CONFIGS.contains(&key.as_str()));
        fields.extend(self.meta.iter().chain(configs).map(|(key, value)| (key.clone(), value.clone())));
        fields
    }
}
