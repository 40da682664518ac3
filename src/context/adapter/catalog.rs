//! Asking what exists: `get_relation`, `list_relations`, `get_columns_in_relation` and their kin.

use super::{Answer, call_macro};
use crate::context::objects::column::{column, column_of, described, labelled};
use crate::context::objects::relation::{need_relation, refuse_near_miss, relation, relation_of};
use crate::context::objects::table::TableObject;
use crate::context::objects::{none, optional_text};
use crate::context::scope::Scope;
use crate::error::{Error, ErrorKind};
use crate::event::Event;
use crate::jinja::value::{Args, Outcome, iterate, list};
use crate::jinja::{Value, raise};
use crate::relation::{Column, Relation, RelationKind};
use minijinja::State;
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "get_relation" => get_relation(scope, state, args),
        "load_relation" => get_relation(scope, state, args),
        "list_relations" => list_relations(scope, state, args),
        "list_relations_without_caching" => {
            call_macro(scope, state, (method, args)).and_then(|rows| as_relations(&rows))
        }
        "already_exists" => {
            outdated(scope, method, "get_relation");
            already_exists(scope, state, args)
        }
        "check_schema_exists" => check_schema_exists(scope, state, args),
        "list_schemas" => list_schemas(scope, state, args),
        "get_columns_in_relation" => get_columns(scope, state, args),
        "get_columns_in_table" => {
            outdated(scope, method, "get_columns_in_relation");
            get_columns_in_table(scope, state, args)
        }
        "get_missing_columns" => get_missing_columns(scope, state, args),
        "get_column_schema_from_query" => column_schema(scope, args),
        "convert_type" => convert_type(scope, args),
        "standardize_grants_dict" => standardize_grants(args),
        _ => return None,
    })
}

/// A method that dbt will drop.
fn outdated(scope: &Arc<Scope>, method: &str, instead: &str) {
    let error = Error::compilation(format!("`adapter.{method}` is deprecated"))
        .help(format!("use `adapter.{instead}`"))
        .with_field("old_name", method)
        .with_field("new_name", instead);
    scope.run().session.reporter.report(Event::Warning { name: "AdapterDeprecationWarning", error });
}

/// `get_relation(database, schema, identifier)`: from the cache; a schema that is not in it is listed.
fn get_relation(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_relation", &["database", "schema", "identifier"], args)?;
    if args.get(0).and_then(relation_of).is_some() {
        let wanted = need_relation("get_relation()", args.get(0))?;
        return find(scope, state, &wanted);
    }
    let (database, schema, identifier) =
        (optional_text(args.get(0))?, optional_text(args.get(1))?, optional_text(args.get(2))?);
    let database = database.or_else(|| Some(scope.run().session.database().to_string()));
    let wanted = Relation { database, schema, identifier, ..Relation::new(None, None, None) };
    find(scope, state, &wanted)
}

fn find(scope: &Arc<Scope>, state: &mut State<'_, '_>, wanted: &Relation) -> Outcome {
    fill(scope, state, &wanted.without_identifier())?;
    let found = scope.run().cache.get(wanted);
    let quoting = scope.run().session.quoting;
    if let Some(found) = &found {
        refuse_near_miss(found, &Relation { quoting, ..wanted.clone() })?;
    }
    Ok(found.map_or_else(none, |found| relation(Relation { quoting, ..found })))
}

/// Makes sure that the relations of a schema are known.
fn fill(scope: &Arc<Scope>, state: &mut State<'_, '_>, schema: &Relation) -> Result<(), minijinja::Error> {
    let cache = &scope.run().cache;
    if cache.knows(schema) {
        return Ok(());
    }
    let rows = call_macro(scope, state, ("list_relations_without_caching", &[relation(schema.clone())]))?;
    cache.fill(schema, relations_of(&rows)?);
    Ok(())
}

/// The relations that a listing macro gives: a table of database, name, schema, type; or relations.
pub fn relations_of(rows: &Value) -> Result<Vec<Relation>, minijinja::Error> {
    let Some(table) = rows.downcast_object_ref::<TableObject>() else {
        return Ok(iterate(rows)?.iter().filter_map(relation_of).collect());
    };
    let made = table.rows.iter().map(|row| {
        let text = |at: usize| row.get(at).filter(|v| !v.is_none()).map(ToString::to_string);
        let kind = text(3).and_then(|word| kind_of(&word));
        Relation {
            kind: kind.or(Some(RelationKind::External)),
            ..Relation::new(text(0).as_deref(), text(2).as_deref(), text(1).as_deref())
        }
    });
    Ok(made.collect())
}

/// The kind that a catalog's word means: `BASE TABLE`, `VIEW`, `table`.
fn kind_of(word: &str) -> Option<RelationKind> {
    let word = word.to_lowercase().replace(' ', "_");
    match word.as_str() {
        "base_table" | "local_temporary" => Some(RelationKind::Table),
        other => RelationKind::parse(other),
    }
}

fn as_relations(rows: &Value) -> Outcome {
    Ok(list(relations_of(rows)?.into_iter().map(relation).collect()))
}

fn list_relations(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("list_relations", &["database", "schema"], args)?;
    let (database, schema) = (optional_text(args.get(0))?, optional_text(args.get(1))?);
    let database = database.or_else(|| Some(scope.run().session.database().to_string()));
    let wanted = Relation { database, schema, ..Relation::new(None, None, None) }.without_identifier();
    fill(scope, state, &wanted)?;
    Ok(list(scope.run().cache.list(&wanted).into_iter().map(relation).collect()))
}

fn already_exists(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("already_exists", &["schema", "name"], args)?;
    let (schema, name) = (optional_text(args.get(0))?, optional_text(args.get(1))?);
    let database = Some(scope.run().session.database().to_string());
    let wanted = Relation { database, schema, identifier: name, ..Relation::new(None, None, None) };
    find(scope, state, &wanted).map(|found| Value::from(!found.is_none()))
}

fn check_schema_exists(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("check_schema_exists", &["database", "schema"], args)?;
    let schema = args.text(1)?.to_string();
    let known = list_schemas(scope, state, &[args.or(0, ())])?;
    let same = |name: &Value| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(&schema));
    Ok(Value::from(iterate(&known)?.iter().any(same)))
}

fn list_schemas(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let rows = call_macro(scope, state, ("list_schemas", args))?;
    match rows.downcast_object_ref::<TableObject>() {
        Some(table) => Ok(list(table.rows.iter().filter_map(|row| row.first().cloned()).collect())),
        None => Ok(rows),
    }
}

fn get_columns(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_columns_in_relation", &["relation"], args)?;
    let wanted = args.need(0)?.clone();
    let is_cte = relation_of(&wanted).is_some_and(|it| it.kind == Some(RelationKind::Cte));
    if is_cte {
        return Ok(list(Vec::new()));
    }
    let asked = call_macro(scope, state, ("get_columns_in_relation", &[wanted]));
    // An engine that cannot describe what is not there: such a relation has no columns.
    if asked.as_ref().is_err_and(is_absence) { Ok(list(Vec::new())) } else { asked }
}

/// Does an engine's fault say that a relation, or its schema, is not there?
fn is_absence(fault: &minijinja::Error) -> bool {
    let mut source = std::error::Error::source(fault);
    while let Some(inner) = source {
        if let Some(found) = inner.downcast_ref::<Error>() {
            return found.kind() == ErrorKind::Database && found.message().contains("does not exist");
        }
        source = inner.source();
    }
    false
}

fn get_columns_in_table(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_columns_in_table", &["schema_name", "table_name", "database"], args)?;
    let wanted = Relation::new(None, Some(args.text(0)?), Some(args.text(1)?));
    call_macro(scope, state, ("get_columns_in_relation", &[relation(wanted)]))
}

/// The columns of a relation, by the macro that knows.
pub fn columns_of(
    scope: &Arc<Scope>,
    state: &mut State<'_, '_>,
    of: &Relation,
) -> Result<Vec<Column>, minijinja::Error> {
    let columns = call_macro(scope, state, ("get_columns_in_relation", &[relation(of.clone())]))?;
    Ok(iterate(&columns)?.iter().filter_map(column_of).collect())
}

/// Columns of the first relation that the second does not have.
fn get_missing_columns(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_missing_columns", &["from_relation", "to_relation"], args)?;
    let from = columns_of(scope, state, &need_relation("get_missing_columns()", args.get(0))?)?;
    let to = columns_of(scope, state, &need_relation("get_missing_columns()", args.get(1))?)?;
    let missing = from.into_iter().filter(|c| !to.iter().any(|other| other.name == c.name));
    Ok(list(missing.map(column).collect()))
}

/// `get_column_schema_from_query(sql)`: columns of a query that is not run. Their types are the families
/// by which contracts compare.
fn column_schema(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("get_column_schema_from_query", &["sql"], args)?;
    let columns = scope.describe(&args.need(0)?.to_string()).map_err(raise)?;
    let adapter = &scope.run().session.adapter;
    let made = columns.iter().map(|(name, kind)| match adapter.type_family(kind) {
        family if family == *kind => described(name, kind).map(column),
        family => Ok(column(labelled(name, &family))),
    });
    let made: Result<Vec<Value>, _> = made.collect();
    Ok(list(made?))
}

/// `convert_type(agate_table, column_index)`: the SQL type for a column of a table.
fn convert_type(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("convert_type", &["agate_table", "col_idx"], args)?;
    let at = usize::try_from(args.whole(1)?).unwrap_or(0);
    let adapter = &scope.run().session.adapter;
    let table = args.need(0)?;
    if let Some(kind) = crate::context::seed::kind_in(table, at) {
        return Ok(Value::from(adapter.sql_type(kind)));
    }
    let table = table.downcast_object_ref::<TableObject>();
    let kind = table.and_then(|table| table.kinds.get(at).copied());
    let kind =
        kind.ok_or_else(|| raise(Error::compilation("convert_type() needs a table and a column's index")))?;
    let word = match kind {
        "Integer" => "integer",
        "Number" => "number",
        "Boolean" => "boolean",
        "Date" => "date",
        "DateTime" => "datetime",
        _ => "text",
    };
    Ok(Value::from(adapter.sql_type(word)))
}

/// `standardize_grants_dict(table)`: who may do what: privilege to grantees.
fn standardize_grants(args: &[Value]) -> Outcome {
    let args = Args::bind("standardize_grants_dict", &["grants_table"], args)?;
    let mut grants: indexmap::IndexMap<Value, Vec<Value>> = indexmap::IndexMap::new();
    if let Some(table) = args.need(0)?.downcast_object_ref::<TableObject>() {
        let (who, what) =
            (table.index_of(&Value::from("grantee")), table.index_of(&Value::from("privilege_type")));
        if let (Some(who), Some(what)) = (who, what) {
            for row in table.rows.iter() {
                grants.entry(row[what].clone()).or_default().push(row[who].clone());
            }
        }
    }
    Ok(crate::jinja::value::dict(grants.into_iter().map(|(k, v)| (k, list(v))).collect()))
}
