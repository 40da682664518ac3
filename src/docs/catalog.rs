//! The catalog: one query for each database, through macros that a project can override.

use super::rows::{self, Row};
use crate::artifacts::Catalog;
use crate::context::objects::relation::{information_schema, relation};
use crate::context::objects::table::TableObject;
use crate::context::scope::names::source_relation;
use crate::context::{Run, Scope, Subject};
use crate::error::{Error, Result};
use crate::jinja::Value;
use crate::jinja::value::list;
use crate::manifest::UniqueId;
use crate::relation::Relation;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// More relations than this are asked for by schema (dbt's number).
const BY_RELATION: usize = 100;

/// What the catalog is to hold: everything, or some nodes and sources.
pub enum Wanted {
    /// All relations of the project.
    All,
    /// Those of these ids.
    Only(HashSet<UniqueId>),
}

impl Wanted {
    fn holds(&self, id: &UniqueId) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Only(ids) => ids.contains(id),
        }
    }
}

/// Asks the engine. A database that does not answer is noted in `errors`, the others are in.
pub fn collect(run: &Arc<Run>, wanted: &Wanted) -> Result<Catalog> {
    let places = places(run);
    let relations: Vec<Relation> =
        places.iter().filter(|(id, _)| wanted.holds(id)).map(|(_, relation)| relation.clone()).collect();
    let mut catalog = Catalog::default();
    let mut found = Vec::new();
    for (database, relations) in by_database(&relations) {
        match ask(run, database.as_deref(), &relations).and_then(|table| rows::read(&table)) {
            Ok(rows) => found.extend(rows),
            Err(fault) => catalog.errors.push(fault.full_text()),
        }
    }
    let kept: Vec<(UniqueId, Relation)> = places.into_iter().filter(|(id, _)| wanted.holds(id)).collect();
    fill(&mut catalog, &kept, &found)?;
    Ok(catalog)
}

/// Every relation that the project knows, by the id of its node or source.
fn places(run: &Run) -> Vec<(UniqueId, Relation)> {
    let nodes = run.manifest.nodes.values().filter(|node| node.is_relational());
    let nodes = nodes.map(|node| (node.unique_id.clone(), run.relation_of(node)));
    let adapter = run.session.adapter.as_ref();
    let sources = run.manifest.sources.values();
    nodes.chain(sources.map(|it| (it.unique_id.clone(), source_relation(it, adapter)))).collect()
}

fn by_database(relations: &[Relation]) -> BTreeMap<Option<String>, Vec<Relation>> {
    let mut all: BTreeMap<Option<String>, Vec<Relation>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for relation in relations.iter().filter(|relation| seen.insert(rows::key_of(relation))) {
        all.entry(relation.database.clone()).or_default().push(relation.clone());
    }
    all
}

/// Calls the macro of the catalog: with the relations where they are few, else with their schemas.
fn ask(run: &Arc<Run>, database: Option<&str>, relations: &[Relation]) -> Result<TableObject> {
    let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
    let info = information_schema(Relation::new(database, None, None));
    let rows = if relations.len() <= BY_RELATION {
        let relations = list(relations.iter().cloned().map(relation).collect());
        scope.call_macro("get_catalog_relations", &[info, relations], &IndexMap::new())
    } else {
        let schemas: BTreeSet<&str> = relations.iter().filter_map(|it| it.schema.as_deref()).collect();
        let schemas = list(schemas.into_iter().map(Value::from).collect());
        scope.call_macro("get_catalog", &[info, schemas], &IndexMap::new())
    };
    scope.release();
    let rows = rows?;
    let table = rows.downcast_object_ref::<TableObject>().cloned();
    table.ok_or_else(|| Error::compilation(format!("the catalog macro returned `{rows}`, which is no table")))
}

/// Puts the rows where they belong. Two relations that differ in nothing but the case of their names
/// cannot both be one source (dbt's rule).
fn fill(catalog: &mut Catalog, places: &[(UniqueId, Relation)], found: &[Row]) -> Result<()> {
    let tables = rows::tables(found);
    for (id, relation) in places {
        let matches: Vec<_> =
            tables.iter().filter(|(key, _)| key.folded() == rows::key_of(relation)).collect();
        match &matches[..] {
            [] => continue,
            [.., (_, last)] if id.as_str().starts_with("source.") => {
                if let [(_, first), (_, second), ..] = &matches[..] {
                    return Err(ambiguous(id, &first.name, &second.name));
                }
                catalog.sources.insert(id.clone(), (*last).clone());
            }
            [.., (_, last)] => {
                catalog.nodes.insert(id.clone(), (*last).clone());
            }
        }
    }
    Ok(())
}

fn ambiguous(id: &UniqueId, first: &str, second: &str) -> Error {
    Error::compilation(format!(
        "dbt found two relations in your warehouse with similar database identifiers. dbt is unable to \
         determine which of these relations was created by the model \"{id}\": `{first}` and `{second}`"
    ))
    .help("rename or drop one of them")
}
