//! Before the first node: the schemas exist, and what is in them is known. A few statements for a run
//! of any size.

use super::fuse::stores_failures;
use super::guard::is_conflict;
use super::operation::call_in;
use super::{Job, Mode};
use crate::adapter::is_lost;
use crate::context::objects::relation::relation;
use crate::context::objects::table::TableObject;
use crate::context::{Run, Scope, Subject};
use crate::error::Result;
use crate::jinja::Value;
use crate::jinja::value::list;
use crate::manifest::{Node, ResourceType};
use crate::relation::Relation;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Creates the schemas that are missing and fills the relation cache; once more where the session was lost on
/// the way, as nothing of it is done twice.
///
/// # Errors
/// The engine cannot be reached or refuses.
pub fn prepare(job: &Job) -> Result<()> {
    match prepare_once(job) {
        Err(fault) if is_lost(&fault) && !job.run.sessions.is_stopped() => prepare_once(job),
        outcome => outcome,
    }
}

fn prepare_once(job: &Job) -> Result<()> {
    let run = &job.run;
    let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
    scope.connect()?;
    if let Some(journal) = &job.journal {
        let kept = list(journal.marks().into_iter().map(Value::from).collect());
        call_in(&scope, "karat__forget_stray_commits", &[kept])?;
    }
    let needed = schemas_of(run, job.graph.ids().filter_map(|id| run.manifest.node(id)));
    create_missing(&scope, &needed)?;
    let mut cached = match run.session.flags.cache_selected_only {
        true => needed,
        false => schemas_of(run, run.manifest.nodes.values()),
    };
    if job.mode == Mode::Clone {
        add_deferred(run, &mut cached);
    }
    if run.session.flags.populate_cache {
        fill(&scope, &cached)?;
    }
    Ok(())
}

/// Fills the relation cache without creating anything: which nodes exist decides what is deferred.
///
/// # Errors
/// The engine cannot be reached or refuses.
pub fn look(job: &Job) -> Result<()> {
    let run = &job.run;
    let scope = Arc::new(Scope::new(run, Subject::Operation(run.session.project_name.clone()), None));
    fill(&scope, &schemas_of(run, run.manifest.nodes.values()))
}

/// The schemas of another environment, from which relations are cloned.
fn add_deferred(run: &Run, schemas: &mut Vec<Relation>) {
    let key = |relation: &Relation| (relation.database.clone(), relation.schema.clone());
    let mut seen: HashSet<_> = schemas.iter().map(key).collect();
    for relation in run.deferred.values().map(Relation::without_identifier) {
        if seen.insert(key(&relation)) {
            schemas.push(relation);
        }
    }
}

/// The schemas that nodes put relations into, each once.
fn schemas_of<'a>(run: &Run, nodes: impl Iterator<Item = &'a Arc<Node>>) -> Vec<Relation> {
    let mut seen = HashSet::new();
    let mut schemas = Vec::new();
    for node in nodes.filter(|node| needs_schema(run, node)) {
        let schema = run.relation_of(node).without_identifier();
        if seen.insert((schema.database.clone(), schema.schema.clone())) {
            schemas.push(schema);
        }
    }
    schemas
}

fn needs_schema(run: &Run, node: &Node) -> bool {
    node.is_relational()
        || node.resource_type == ResourceType::Function
        || node.resource_type == ResourceType::Test && stores_failures(run, node)
}

fn create_missing(scope: &Arc<Scope>, needed: &[Relation]) -> Result<()> {
    let mut by_database: BTreeMap<Option<String>, Vec<&Relation>> = BTreeMap::new();
    for schema in needed {
        by_database.entry(schema.database.clone()).or_default().push(schema);
    }
    for (database, schemas) in by_database {
        let present = present_schemas(scope, database.as_deref())?;
        for schema in schemas {
            let name = schema.schema.as_deref().unwrap_or_default().to_lowercase();
            if !present.contains(&name) {
                create(scope, schema)?;
            }
        }
        // A transaction of DuckDB writes to one database.
        scope.commit()?;
    }
    Ok(())
}

/// Another run may be creating the same schema at the same moment: then it is there the next time.
fn create(scope: &Arc<Scope>, schema: &Relation) -> Result<()> {
    let made = call_in(scope, "create_schema", &[relation(schema.clone())]);
    match made {
        Err(fault) if is_conflict(&fault) => {
            scope.rollback()?;
            call_in(scope, "create_schema", &[relation(schema.clone())]).map(drop)
        }
        made => made.map(drop),
    }
}

fn present_schemas(scope: &Arc<Scope>, database: Option<&str>) -> Result<HashSet<String>> {
    let database = database.unwrap_or_else(|| scope.run().session.database());
    let quoted = crate::relation::quote_identifier(database);
    let quoted = if scope.run().session.quoting.database { quoted } else { database.to_string() };
    let rows = call_in(scope, "list_schemas", &[Value::from(quoted)])?;
    let rows = rows.downcast_object_ref::<TableObject>().cloned().unwrap_or_default();
    Ok(rows.rows.iter().filter_map(|row| row.first()).map(|name| name.to_string().to_lowercase()).collect())
}

/// One query for all schemas of the run.
fn fill(scope: &Arc<Scope>, schemas: &[Relation]) -> Result<()> {
    let cache = &scope.run().cache;
    let wanted = list(schemas.iter().cloned().map(relation).collect());
    let rows = call_in(scope, "karat__list_relations", &[wanted])?;
    scope.commit()?;
    let found = crate::context::adapter::relations_of(&rows)
        .map_err(|fault| crate::error::Error::internal(fault.to_string()))?;
    for schema in schemas {
        cache.fill(schema, []);
    }
    found
        .into_iter()
        .filter(|relation| cache.knows(&relation.without_identifier()))
        .for_each(|r| cache.add(r));
    scope.release();
    Ok(())
}
