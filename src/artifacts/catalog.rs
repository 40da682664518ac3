//! catalog.json, version 1: what the database holds of the project's relations.

use super::metadata::Invocation;
use super::write_json;
use crate::error::Result;
use crate::manifest::UniqueId;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The relations of a project as the database describes them.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Models, seeds, snapshots.
    pub nodes: BTreeMap<UniqueId, CatalogTable>,
    /// Source tables.
    pub sources: BTreeMap<UniqueId, CatalogTable>,
    /// What went wrong while the database was asked.
    pub errors: Vec<String>,
}

/// A relation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CatalogTable {
    /// The engine's word: `BASE TABLE`, `VIEW`.
    pub kind: String,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its database.
    pub database: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its columns by name, in order.
    pub columns: IndexMap<String, CatalogColumn>,
    /// Its statistics, for engines that have some.
    pub stats: BTreeMap<String, Stat>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CatalogColumn {
    /// Its SQL type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its place.
    pub index: i64,
    /// Its name.
    pub name: String,
    /// Its comment.
    pub comment: Option<String>,
}

/// A statistic of a relation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stat {
    /// Its key.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its value: a truth, a number or a text.
    pub value: Json,
    /// Is it shown?
    pub include: bool,
    /// What it means.
    pub description: Option<String>,
}

impl Catalog {
    /// Writes catalog.json.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&self, path: &Path, invocation: &Invocation) -> Result<()> {
        let all = |of: &BTreeMap<UniqueId, CatalogTable>| -> BTreeMap<String, Json> {
            of.iter().map(|(id, table)| (id.to_string(), table.to_json(id))).collect()
        };
        let errors = (!self.errors.is_empty()).then_some(&self.errors);
        write_json(
            path,
            &json!({
                "metadata": invocation.metadata("catalog/v1"),
                "nodes": all(&self.nodes),
                "sources": all(&self.sources),
                "errors": errors,
            }),
        )
    }
}

impl CatalogTable {
    fn to_json(&self, id: &UniqueId) -> Json {
        json!({
            "metadata": {
                "type": self.kind,
                "schema": self.schema,
                "name": self.name,
                "database": self.database,
                "comment": self.comment,
                "owner": self.owner,
            },
            "columns": self.columns,
            "stats": self.all_stats(),
            "unique_id": id,
        })
    }

    /// The statistics, and the one that says whether there are any: dbt always writes it.
    fn all_stats(&self) -> BTreeMap<&str, Stat> {
        let has = Stat {
            id: "has_stats".into(),
            label: "Has Stats?".into(),
            value: json!(!self.stats.is_empty()),
            include: false,
            description: Some("Indicates whether there are statistics for this table".into()),
        };
        let own = self.stats.iter().map(|(key, stat)| (key.as_str(), stat.clone()));
        own.chain([("has_stats", has)]).collect()
    }
}
