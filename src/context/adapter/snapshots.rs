//! What snapshots ask: is the target a snapshot's table, what becomes of deleted rows.

use super::Answer;
use super::catalog::columns_of;
use crate::context::objects::nothing;
use crate::context::objects::relation::need_relation;
use crate::context::scope::Scope;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome};
use crate::jinja::{Value, raise};
use minijinja::State;
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
    Some(match method {
        "valid_snapshot_target" => check(scope, state, args),
        "assert_valid_snapshot_target_given_strategy" => check(scope, state, args),
        "get_hard_deletes_behavior" => hard_deletes(args),
        _ => return None,
    })
}

/// Columns that every snapshot has, by the keys under which they can be renamed.
const COLUMNS: [&str; 3] = ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"];

/// `assert_valid_snapshot_target_given_strategy(relation, column_names, strategy)`.
fn check(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("assert_valid_snapshot_target", &["relation", "column_names", "strategy"], args)?;
    let target = need_relation("a snapshot", args.get(0))?;
    let present = columns_of(scope, state, &target)?;
    let named = |key: &str| {
        let renamed = args.some(1).and_then(|names| names.get_item(&Value::from(key)).ok());
        renamed.and_then(|name| name.as_str().map(str::to_string)).unwrap_or_else(|| key.to_string())
    };
    let mut wanted: Vec<String> = COLUMNS.map(named).to_vec();
    let marks_deleted =
        args.some(2).and_then(|strategy| strategy.get_item(&Value::from("hard_deletes")).ok());
    if marks_deleted.is_some_and(|word| word.as_str() == Some("new_record")) {
        wanted.push(named("dbt_is_deleted"));
    }
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|name| !present.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
        .collect();
    if missing.is_empty() {
        return nothing();
    }
    Err(raise(
        Error::compilation(format!(
            "Snapshot target is missing configured columns (missing {})",
            missing.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
        ))
        .help(
            "add the columns to the snapshot's table, or name its columns with `snapshot_meta_column_names`",
        ),
    ))
}

/// `get_hard_deletes_behavior(config)`: `ignore`, `invalidate`, `new_record`.
fn hard_deletes(args: &[Value]) -> Outcome {
    let args = Args::bind("get_hard_deletes_behavior", &["config"], args)?;
    let config = args.need(0)?;
    let read = |key: &str| {
        let found = config.get_item(&Value::from(key)).unwrap_or_default();
        (!found.is_none() && !found.is_undefined()).then_some(found)
    };
    let (old, new) = (read("invalidate_hard_deletes"), read("hard_deletes"));
    match (old.filter(Value::is_true), new) {
        (Some(_), Some(_)) => Err(raise(
            Error::compilation("You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.")
                .help("keep `hard_deletes`"),
        )),
        (Some(_), None) => Ok(Value::from("invalidate")),
        (None, None) => Ok(Value::from("ignore")),
        (None, Some(word)) => match word.as_str() {
            Some("ignore" | "invalidate" | "new_record") => Ok(word),
            _ => Err(raise(Error::compilation("Invalid setting for property hard_deletes.").help("write ignore, invalidate or new_record"))),
        },
    }
}
