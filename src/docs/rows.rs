//! The rows of a catalog query, one for each column of a relation, gathered into tables.

use crate::artifacts::{CatalogColumn, CatalogTable, Stat};
use crate::context::objects::table::TableObject;
use crate::error::{Error, Result};
use crate::jinja::value::to_json;
use crate::manifest::Map;
use crate::relation::Relation;
use indexmap::IndexMap;
use serde_json::Value as Json;

/// One row: column names (lower case) and values.
pub type Row = Map;

/// Database, schema and name of a relation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(Option<String>, String, String);

impl Key {
    /// The key without the case of its parts, as the project's names are compared with it.
    pub fn folded(&self) -> Key {
        Key(self.0.as_ref().map(|text| text.to_lowercase()), self.1.to_lowercase(), self.2.to_lowercase())
    }
}

/// The key of a relation of the project.
pub fn key_of(relation: &Relation) -> Key {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    Key(relation.database.clone(), text(&relation.schema), text(&relation.identifier)).folded()
}

/// The rows of a table, checked for what a catalog must have.
///
/// # Errors
/// A required column is missing.
pub fn read(table: &TableObject) -> Result<Vec<Row>> {
    let names: Vec<String> = table.names.iter().map(|name| name.to_lowercase()).collect();
    for needed in ["table_schema", "table_name", "column_name", "column_index"] {
        if !table.rows.is_empty() && !names.iter().any(|name| name == needed) {
            return Err(Error::compilation(format!("Catalog information missing required key '{needed}'"))
                .help("the macro `get_catalog` returns one row for each column, with that key"));
        }
    }
    let json = |value| to_json(value).unwrap_or(Json::Null);
    let rows = table.rows.iter();
    Ok(rows.map(|row| names.iter().cloned().zip(row.iter().map(json)).collect()).collect())
}

/// The relations of the rows, in the order in which they come.
pub fn tables(rows: &[Row]) -> IndexMap<Key, CatalogTable> {
    let mut tables: IndexMap<Key, CatalogTable> = IndexMap::new();
    for row in rows {
        let key = Key(text(row, "table_database"), need(row, "table_schema"), need(row, "table_name"));
        let table = tables.entry(key).or_insert_with(|| table(row));
        let column = column(row);
        table.columns.insert(column.name.clone(), column);
    }
    tables
}

fn table(row: &Row) -> CatalogTable {
    CatalogTable {
        kind: need(row, "table_type"),
        schema: need(row, "table_schema"),
        name: need(row, "table_name"),
        database: text(row, "table_database"),
        comment: text(row, "table_comment"),
        owner: text(row, "table_owner"),
        columns: IndexMap::new(),
        stats: stats(row),
    }
}

fn column(row: &Row) -> CatalogColumn {
    let index = row.get("column_index");
    let parsed = index.and_then(|at| at.as_f64().or_else(|| at.as_str()?.parse().ok()));
    CatalogColumn {
        kind: need(row, "column_type"),
        index: parsed.unwrap_or_default() as i64,
        name: need(row, "column_name"),
        comment: text(row, "column_comment"),
    }
}

/// `stats:size:label`, `stats:size:value`, ...: what some engines add.
fn stats(row: &Row) -> std::collections::BTreeMap<String, Stat> {
    let keys = row.keys().filter_map(|key| key.strip_prefix("stats:")?.split_once(':').map(|(id, _)| id));
    let stat = |id: &str| {
        let of = |part: &str| row.get(&format!("stats:{id}:{part}")).cloned().unwrap_or(Json::Null);
        Stat {
            id: id.to_string(),
            label: of("label").as_str().unwrap_or_default().to_string(),
            value: of("value"),
            include: of("include").as_bool().unwrap_or(false),
            description: of("description").as_str().map(str::to_string),
        }
    };
    keys.map(|id| (id.to_string(), stat(id))).filter(|(_, stat)| stat.include).collect()
}

fn text(row: &Row, key: &str) -> Option<String> {
    match row.get(key)? {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn need(row: &Row, key: &str) -> String {
    text(row, key).unwrap_or_default()
}
