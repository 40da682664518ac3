//! What dbt-duckdb's macros ask of their adapter beyond the rest: file locations, seeds' files.

use super::Answer;
use crate::context::objects::nothing;
use crate::context::objects::relation::need_relation;
use crate::context::scope::Scope;
use crate::context::seed::SeedFile;
use crate::error::Error;
use crate::event::Event;
use crate::jinja::value::{Args, Outcome, PyDict, iterate, pairs};
use crate::jinja::{Value, raise};
use crate::relation::quote_literal;
use indexmap::IndexMap;
use std::sync::Arc;

/// The family; `None` for other methods. A question that only one engine's macros ask is answered for
/// both: no name of an engine decides here.
pub fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "get_binding_char" => Ok(Value::from("?")),
        "get_seed_file_path" => seed_path(scope),
        "convert_datetimes_to_strs" => Ok(args.first().cloned().unwrap_or_default()),
        "is_motherduck" | "is_ducklake" | "disable_transactions" => Ok(answer(scope, method, args)),
        "external_root" => Ok(Value::from(external_root(scope))),
        "store_relation" => store_relation(scope, args),
        "location_exists" => location_exists(scope, args),
        "external_write_options" => write_options(args),
        "external_read_location" => read_location(args),
        _ => return None,
    })
}

/// Of the relation's database, where one is given.
fn answer(scope: &Arc<Scope>, question: &str, args: &[Value]) -> Value {
    let relation = args.first().and_then(|it| need_relation(question, Some(it)).ok());
    let database = relation.as_ref().and_then(|relation| relation.database.as_deref());
    Value::from(scope.run().session.adapter.answer(question, database))
}

fn seed_path(scope: &Arc<Scope>) -> Outcome {
    let file = SeedFile::of(scope).map_err(raise)?;
    Ok(Value::from(file.path().display().to_string()))
}

/// `external_root` of the profile, or the project's folder.
fn external_root(scope: &Scope) -> String {
    let session = &scope.run().session;
    session.target.get("external_root").and_then(|root| root.as_str()).unwrap_or(".").to_string()
}

/// A file that a Python plugin would hand on: it is written, and the rest is left to others. Said aloud.
fn store_relation(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    const NAMES: [&str; 6] = ["plugin_name", "relation", "column_list", "path", "format", "config"];
    let args = Args::bind("store_relation", &NAMES, args)?;
    let (plugin, path) = (args.text(0)?, args.need(3)?.to_string());
    let error = Error::runtime(format!("`{path}` is written, but not handed on to the plugin `{plugin}`"))
        .located(scope.place().unwrap_or_default())
        .help(scope.run().session.adapter.instead_of_plugin(plugin));
    scope.run().session.reporter.report(Event::Warning { name: "AdapterEventWarning", error });
    nothing()
}

fn location_exists(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("location_exists", &["location"], args)?;
    let sql = format!("select 1 from {} where 1=0", quote_literal(args.text(0)?));
    Ok(Value::from(scope.describe(&sql).is_ok()))
}

/// What `copy ... to` is told: the given options, and what the file's name says where they are silent. The
/// options learn of it, so that the file is read as it was written.
fn write_options(args: &[Value]) -> Outcome {
    let args = Args::bind("external_write_options", &["write_location", "rendered_options"], args)?;
    let given = args.need(1)?;
    let mut options: IndexMap<String, Value> =
        pairs(given)?.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
    let mut learned = |key: &str, value: Value| {
        if let Some(dict) = given.downcast_object_ref::<PyDict>() {
            dict.insert(Value::from(key), value.clone());
        }
        options.insert(key.to_string(), value);
    };
    if !has(given, "format") {
        let (format, compression) = named_format(args.text(0)?, has(given, "delimiter"));
        learned("format", Value::from(format));
        if let Some(compression) = compression.filter(|_| !has(given, "compression")) {
            learned("compression", Value::from(compression));
        }
    }
    let is = |options: &IndexMap<String, Value>, format: &str| {
        options.get("format").is_some_and(|value| value.to_string() == format)
    };
    if is(&options, "csv") && !has(given, "header") {
        options.insert("header".into(), Value::from(1));
    }
    let text: Vec<String> =
        options.iter().map(|(key, value)| write_option(key, &value.to_string())).collect();
    Ok(Value::from(text.join(", ")))
}

fn has(options: &Value, key: &str) -> bool {
    options.get_item(&Value::from(key)).is_ok_and(|value| !value.is_undefined())
}

/// `a.csv.gz` is CSV, gzipped; without an ending, a delimiter speaks for CSV.
fn named_format(location: &str, delimited: bool) -> (String, Option<&'static str>) {
    let name = location.rsplit('/').next().unwrap_or(location);
    let ending = |name: &str| match name.rfind('.') {
        Some(at) if at > 0 => name[at + 1..].to_ascii_lowercase(),
        _ => String::new(),
    };
    let compression = match ending(name).as_str() {
        "gz" => Some("gzip"),
        "zst" => Some("zstd"),
        _ => None,
    };
    let stem = if compression.is_some() { &name[..name.rfind('.').unwrap_or(0)] } else { name };
    match (ending(stem), delimited) {
        (format, _) if !format.is_empty() => (format, compression),
        (_, true) => ("csv".to_string(), None),
        _ => ("parquet".to_string(), None),
    }
}

/// Is this in single quotes already, with those inside doubled?
fn is_literal(value: &str) -> bool {
    let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

fn write_option(key: &str, value: &str) -> String {
    let lower = key.to_ascii_lowercase();
    match lower.as_str() {
        "delimiter" | "quote" | "escape" | "null" if !is_literal(value) => {
            format!("{key} {}", quote_literal(value))
        }
        "partition_by" if value.contains(',') && !value.starts_with('(') => format!("{key} ({value})"),
        _ => format!("{key} {value}"),
    }
}

/// The glob that reads back what was written with these options.
fn read_location(args: &[Value]) -> Outcome {
    let args = Args::bind("external_read_location", &["write_location", "rendered_options"], args)?;
    let location = args.text(0)?.to_string();
    let option = |name: &str| {
        let found = args.some(1).and_then(|options| options.get_item(&Value::from(name)).ok());
        found.filter(|value| value.is_true())
    };
    if option("partition_by").is_none() && option("per_thread_output").is_none() {
        return Ok(Value::from(location));
    }
    let mut parts = vec![location.trim_end_matches('/').to_string()];
    if let Some(columns) = option("partition_by") {
        let count = match columns.as_str() {
            Some(text) => text.split(',').count(),
            None => iterate(&columns)?.len(),
        };
        parts.extend(vec!["*".to_string(); count]);
    }
    let format = option("format").map_or("parquet".to_string(), |f| f.to_string());
    if format.contains('/') {
        return Err(raise(Error::compilation(format!("`{format}` is no format of a file"))));
    }
    parts.push(format!("*.{format}"));
    Ok(Value::from(parts.join("/")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::jinja::value::dict_of;

    #[test]
    fn files_say_how_they_are_written() {
        let check = |location: &str, given: &[(&str, &str)], expect: &str| {
            let options = dict_of(given.iter().map(|(key, value)| (*key, Value::from(*value))));
            let made = write_options(&[Value::from(location), options.clone()]).unwrap();
            assert_eq!(made.to_string(), expect, "{location}");
            assert!(has(&options, "format"), "the options learn the format");
        };
        check("a", &[], "format parquet");
        check("a.CSV", &[("delimiter", "|")], "delimiter '|', format csv, header 1");
        check("a.csv.GZ", &[], "format csv, compression gzip, header 1");
        check("x.y/a", &[("delimiter", ",")], "delimiter ',', format csv, header 1");
        check("a.json", &[("partition_by", "x, y")], "partition_by (x, y), format json");
        check("a", &[("format", "csv"), ("header", "0"), ("null", "'-'")], "format csv, header 0, null '-'");
    }
}
