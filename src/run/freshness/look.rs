//! Asks the database when a source was last loaded, through macros that a project can override.

use super::Seen;
use crate::context::objects::relation::relation;
use crate::context::objects::response::response_of;
use crate::context::objects::table::TableObject;
use crate::context::scope::names::source_relation;
use crate::context::{Scope, Subject};
use crate::error::{Error, Location, Result};
use crate::event::{Event, NodeInfo};
use crate::jinja::Value;
use crate::jinja::value::from_json;
use crate::manifest::{Map, Source};
use crate::relation::Relation;
use crate::run::Job;
use chrono::{DateTime, NaiveDateTime, Utc};
use indexmap::IndexMap;
use std::sync::Arc;

/// Asks the database: by the query of the source, else by its column.
///
/// # Errors
/// The source has neither, a template fails, the database does not answer, or not with an instant.
pub fn look(job: &Job, source: &Arc<Source>, node: &Arc<NodeInfo>) -> Result<(Seen, Map)> {
    let run = &job.run;
    let place = source_relation(source, run.session.adapter.as_ref());
    let scope = Arc::new(scope(job, source, node, &place));
    let filter = source.freshness.as_ref().and_then(|it| it.filter.clone());
    let macro_name;
    let mut kwargs = IndexMap::from([("source".to_string(), relation(place))]);
    if let Some(query) = &source.loaded_at_query {
        let engine = &run.session.engine;
        let sql = engine.render_str(&source.original_file_path, query, &scope.context())?;
        macro_name = "collect_freshness_custom_sql";
        kwargs.insert("loaded_at_query".to_string(), Value::from(sql));
    } else if let Some(column) = &source.loaded_at_field {
        macro_name = "collect_freshness";
        kwargs.insert("loaded_at_field".to_string(), Value::from(column.as_str()));
        kwargs.insert("filter".to_string(), filter.map_or_else(|| Value::from(()), Value::from));
    } else {
        return Err(Error::runtime(format!(
            "Could not compute freshness for source {}: no 'loaded_at_field' provided and {} adapter does not \
             support metadata-based freshness checks.",
            source.name,
            run.session.adapter.name()
        ))
        .help("name the column that tells when a row was loaded as `loaded_at_field`"));
    }
    let answer = scope.call_macro(macro_name, &[], &kwargs);
    let _ = scope.rollback();
    scope.release();
    let answer = answer.map_err(|error| placed(error, source))?;
    if answer.downcast_object_ref::<TableObject>().is_some() {
        let said = "The 'collect_freshness' macro signature has changed to return the full query result, rather than \
                    just a table of values. See the v1.5 migration guide for details on how to update your custom macro";
        let error = Error::runtime(said).help("return `load_result('collect_freshness')`, without `.table`");
        run.session.reporter.report(Event::Warning { name: "CollectFreshnessReturnSignature", error });
    }
    let response = answer.get_item(&Value::from("response")).map(|it| response_of(&it));
    Ok((seen(macro_name, &answer)?, response.map(|it| it.to_json()).unwrap_or_default()))
}

/// The statement is the macro's: its lines are of no file that the user could open.
fn placed(error: Error, source: &Source) -> Error {
    match error.location() {
        Some(place) if place.is_in_file() => error,
        _ => error.located(Location::file(&source.original_file_path)),
    }
}

fn scope(job: &Job, source: &Arc<Source>, node: &Arc<NodeInfo>, place: &Relation) -> Scope {
    let json = serde_json::to_value(source.as_ref()).unwrap_or_default();
    let model = from_json(&json);
    Scope::new(&job.run, Subject::Operation(source.package_name.clone()), Some(node.clone()))
        .with_value("this", relation(place.clone()))
        .with_value("model", model.clone())
        .with_value("source_node", model)
}

/// One row of two instants, from the macro's table or from its stored result.
fn seen(macro_name: &str, answer: &Value) -> Result<Seen> {
    let stored = answer.get_item(&Value::from("table")).ok().filter(|it| !it.is_undefined());
    let bare = answer.downcast_object_ref::<TableObject>();
    let table = bare.or_else(|| stored.as_ref()?.downcast_object_ref::<TableObject>());
    let [row] = table.map_or(&[][..], |table| &table.rows[..]) else { return Err(wrong(macro_name)) };
    let [loaded, looked] = &row[..] else { return Err(wrong(macro_name)) };
    // A table without rows counts as loaded in the year 1 (dbt's rule).
    let never = DateTime::from_timestamp(-62_135_596_800, 0).unwrap_or_default();
    let max_loaded_at = if loaded.is_none() { never } else { instant(loaded)? };
    Ok(Seen { max_loaded_at, snapshotted_at: instant(looked)? })
}

fn wrong(macro_name: &str) -> Error {
    Error::runtime(format!("Got an invalid result from \"{macro_name}\" macro"))
        .help("it returns one row: the instant of the newest row, and the present one")
}

/// An instant without a zone is one of UTC.
fn instant(value: &Value) -> Result<DateTime<Utc>> {
    let text = value.to_string();
    let naive =
        |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").map(|at| at.and_utc());
    DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%:z")
        .map(|at| at.to_utc())
        .or_else(|_| naive(&text))
        .map_err(|_| {
            let kind = crate::jinja::value::python_type_name(value);
            Error::runtime(format!(
                "Expected a timestamp value but received `{text}`, a value of type '{kind}'"
            ))
            .help("cast it within `loaded_at_field`: `my_column::timestamp`")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_databases_give_them() {
        let check = |text: &str, expect: Option<&str>| {
            let got = instant(&Value::from(text)).ok().map(|at| at.to_rfc3339());
            assert_eq!(got.as_deref(), expect, "{text}");
        };
        check("2024-01-02 03:04:05", Some("2024-01-02T03:04:05+00:00"));
        check("2024-01-02 03:04:05.5+02:00", Some("2024-01-02T01:04:05.500+00:00"));
        check("2024-01-02", None);
    }
}
