//! Contracts and constraints of models.

use crate::error::{Error, Result};
use crate::manifest::{Constraint, Node, NodeKind};
use crate::parse::properties::{Patch, python_constraints};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Checks what a contract needs and gives it its checksum.
///
/// # Errors
/// A contract without columns, or on Python; a primary key that is declared twice.
pub(super) fn settle(node: &mut Node, patch: Option<&Patch>) -> Result<()> {
    let NodeKind::Model { constraints, .. } = &node.kind else { return Ok(()) };
    if patch.is_none() {
        return Ok(());
    }
    let faults: Vec<Error> =
        [primary_keys(node, constraints), prerequisites(node)].into_iter().flatten().collect();
    if let Some(error) = Error::all(faults) {
        return Err(error);
    }
    if node.contract.enforced {
        node.contract.checksum = Some(checksum(node, constraints));
    }
    Ok(())
}

fn primary_keys(node: &Node, constraints: &[Constraint]) -> Option<Error> {
    let is_key = |constraint: &Constraint| constraint.kind == "primary_key";
    let columns: Vec<String> = node
        .columns
        .values()
        .filter(|column| column.constraints.iter().any(is_key))
        .map(|column| format!("'{}'", column.name))
        .collect();
    let mut told = Vec::new();
    if columns.len() > 1 {
        told.push(format!(
            "Found {} columns ([{}]) with primary key constraints defined. Primary keys for multiple columns must be \
             defined as a model level constraint.",
            columns.len(),
            columns.join(", ")
        ));
    }
    if !columns.is_empty() && constraints.iter().any(is_key) {
        told.push(
            "Primary key constraints defined at the model level and the columns level. Primary keys can be defined at \
             the model level or the column level, not both."
                .to_string(),
        );
    }
    let path = &node.original_file_path;
    (!told.is_empty())
        .then(|| Error::parsing(format!("Primary key constraint error: ({path})\n{}", told.join("\n"))))
}

fn prerequisites(node: &Node) -> Option<Error> {
    if !node.contract.enforced {
        return None;
    }
    let mut told = Vec::new();
    if node.columns.is_empty() {
        told.push(
            "Constraints must be defined in a `yml` schema configuration file like `schema.yml`.".to_string(),
        );
    }
    if let Some(language) = node.language.as_deref().filter(|language| *language != "sql") {
        told.push(format!("Language Error: Expected 'sql' but found '{language}'"));
    }
    let path = &node.original_file_path;
    (!told.is_empty())
        .then(|| Error::parsing(format!("Contract enforcement failed for: ({path})\n{}", told.join("\n"))))
}

/// dbt's hash of a contract: columns by name with types and constraints, then those of the model.
fn checksum(node: &Node, constraints: &[Constraint]) -> String {
    let mut columns: Vec<_> = node.columns.values().collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    let mut state = String::new();
    for column in columns {
        let kind = column.data_type.as_deref().unwrap_or("None");
        state += &format!("|{}{kind}{}", column.name, python_constraints(&column.constraints));
    }
    let materialized = node.config.0.get("materialized").and_then(Json::as_str).unwrap_or_default();
    if ["table", "incremental"].contains(&materialized) {
        state += &format!("{materialized}{}", python_constraints(constraints));
    }
    hex::encode(Sha256::digest(state))
}
