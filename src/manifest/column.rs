//! Columns and constraints as property files declare them.

use super::{Config, Map};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A column of a model, seed, snapshot or source, as a property file declares it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnInfo {
    /// Its name as written.
    pub name: String,
    /// Its description, rendered.
    pub description: String,
    /// Free data of the user.
    pub meta: Map,
    /// Its SQL type, where declared.
    pub data_type: Option<String>,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Is its name to be quoted?
    pub quote: Option<bool>,
    /// Its config: `meta` and `tags`.
    pub config: Config,
    /// Its tags; tests on it inherit them.
    pub tags: Vec<String>,
    /// Granularity, for time spines.
    pub granularity: Option<String>,
    /// Docs blocks that the description uses.
    pub doc_blocks: Vec<String>,
    /// Keys that dbt does not know, kept.
    #[serde(flatten)]
    pub extra: Map,
}

/// A constraint of a column or a model: as written, with dbt's keys.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Constraint {
    /// `not_null`, `unique`, `primary_key`, `foreign_key`, `check`, `custom`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name, where given.
    pub name: Option<String>,
    /// The expression of a check, or SQL added to the constraint.
    pub expression: Option<String>,
    /// Is a warning wanted where the engine does not enforce it?
    pub warn_unenforced: bool,
    /// Is a warning wanted where the engine does not know it?
    pub warn_unsupported: bool,
    /// The relation that a foreign key points to.
    pub to: Option<String>,
    /// The columns that a foreign key points to.
    pub to_columns: Vec<String>,
    /// The columns of a constraint of a model; absent for one of a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
}

impl ColumnInfo {
    /// The column as JSON with dbt's keys.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or(Json::Null)
    }
}
