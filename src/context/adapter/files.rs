//! What dbt-duckdb's macros ask of their adapter beyond the rest: file locations, seeds' files.

use super::Answer;
use crate::context::scope::Scope;
use crate::context::seed::SeedFile;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, iterate};
use crate::jinja::{Value, raise};
use std::sync::Arc;

/// The family; `None` for other methods. A question that only one engine's macros ask is answered for
/// both: no name of an engine decides here.
pub fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "get_binding_char" => Ok(Value::from("?")),
        "get_seed_file_path" => seed_path(scope),
        "convert_datetimes_to_strs" => Ok(args.first().cloned().unwrap_or_default()),
        "is_motherduck" | "is_ducklake" | "disable_transactions" => Ok(Value::from(false)),
        "external_root" => Ok(Value::from(external_root(scope))),
        "location_exists" => location_exists(scope, args),
        "external_read_location" => read_location(args),
        _ => return None,
    })
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

fn location_exists(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("location_exists", &["location"], args)?;
    let sql = format!("select 1 from {} where 1=0", crate::relation::quote_literal(args.text(0)?));
    Ok(Value::from(scope.describe(&sql).is_ok()))
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
