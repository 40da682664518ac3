//! `exceptions.*`: how macros raise errors and warnings. dbt's names; each raises in its family.

use super::objects::{none, nothing, optional_text};
use crate::error::{Error, ErrorKind, Location};
use crate::event::{Event, Reporter};
use crate::jinja::value::{Args, Outcome, function, object_of, split_args};
use crate::jinja::{Value, raise};
use std::sync::Arc;

/// Makes the `exceptions` object. `place` is the node's file, for warnings.
pub fn exceptions(reporter: Arc<dyn Reporter>, place: Option<Location>) -> Value {
    let mut members: Vec<(&'static str, Value)> = raising().into_iter().collect();
    members.extend([
        ("warn", warn("JinjaLogWarning", reporter.clone(), place.clone())),
        ("warn_snapshot_timestamp_data_types", warn_snapshot_types(reporter, place)),
    ]);
    object_of("exceptions", members, None)
}

fn warn(name: &'static str, reporter: Arc<dyn Reporter>, place: Option<Location>) -> Value {
    function("warn", move |_, args| {
        let args = Args::bind("warn", &["msg", "node"], args)?;
        let message = optional_text(args.get(0))?.unwrap_or_default();
        let mut error = Error::compilation(message);
        if let Some(place) = &place {
            error = error.located(place.clone());
        }
        if reporter.refuses(name) {
            return Err(raise(error));
        }
        reporter.report(Event::Warning { name, error });
        nothing()
    })
}

fn warn_snapshot_types(reporter: Arc<dyn Reporter>, place: Option<Location>) -> Value {
    function("warn_snapshot_timestamp_data_types", move |_, args| {
        let args = Args::bind(
            "warn_snapshot_timestamp_data_types",
            &["snapshot_time_data_type", "updated_at_data_type"],
            args,
        )?;
        let text = |at: usize| args.get(at).map(ToString::to_string).unwrap_or_default();
        let message = format!(
            "data type of the snapshot table's timestamp columns ({}) does not match the type of `updated_at` ({}). Please \
             update snapshot config `updated_at`.",
            text(0),
            text(1)
        );
        let error = Error::compilation(message).help("cast the `updated_at` column to the first type");
        let error = place.iter().fold(error, |error, place| error.located(place.clone()));
        let name = "SnapshotTimestampWarning";
        if reporter.refuses(name) {
            return Err(raise(error));
        }
        reporter.report(Event::Warning { name, error });
        nothing()
    })
}

type Worded = fn(&[Value]) -> Result<Error, minijinja::Error>;

/// The exceptions that only raise: name, and how their arguments become a fault.
fn raising() -> Vec<(&'static str, Value)> {
    let table: [(&'static str, Worded); 22] = [
        ("raise_compiler_error", |a| plain(ErrorKind::Compilation, a)),
        ("raise_database_error", |a| plain(ErrorKind::Database, a)),
        ("raise_dependency_error", |a| plain(ErrorKind::Dependency, a)),
        ("raise_fail_fast_error", |a| plain(ErrorKind::FailFast, a)),
        ("raise_not_implemented", |a| plain(ErrorKind::Compilation, a)),
        ("raise_parsing_error", |a| plain(ErrorKind::Parsing, a)),
        ("raise_invalid_property_yml_version", |a| {
            let (args, _) = split_args(a)?;
            let text = |at: usize| args.get(at).map(ToString::to_string).unwrap_or_default();
            Ok(Error::parsing(format!("the property file at {} is invalid because {}", text(0), text(1))))
        }),
        ("missing_config", |a| {
            let args = Args::bind("missing_config", &["model", "name"], a)?;
            let (model, name) = (args.or(0, ()), args.or(1, ""));
            let id = model.get_attr("unique_id").unwrap_or_default();
            Ok(Error::compilation(format!(
                "Model '{id}' does not define a required config parameter '{name}'."
            )))
        }),
        ("missing_materialization", |a| {
            let (args, _) = split_args(a)?;
            let text = |at: usize| args.get(at).map(ToString::to_string).unwrap_or_default();
            Ok(Error::compilation(format!(
                "No materialization '{}' was found for adapter {}!",
                text(0),
                text(1)
            )))
        }),
        ("missing_relation", |a| {
            let (args, _) = split_args(a)?;
            let relation = args.first().map(ToString::to_string).unwrap_or_default();
            Ok(Error::compilation(format!("Relation {relation} not found!")))
        }),
        ("relation_wrong_type", |a| {
            let args = Args::bind("relation_wrong_type", &["relation", "expected_type", "model"], a)?;
            let relation = args.or(0, ());
            let kind = relation.get_attr("type").unwrap_or_else(|_| none());
            let expected = args.or(1, "");
            Ok(Error::compilation(format!(
                "Trying to create {expected} {relation}, but it currently exists as a {kind}. Either drop {relation} \
                 manually, or run dbt with `--full-refresh` and dbt will drop it for you."
            )))
        }),
        ("raise_contract_error", contract),
        ("column_type_missing", |a| {
            let args = Args::bind("column_type_missing", &["column_names"], a)?;
            let names = crate::jinja::value::iterate(args.need(0)?)?;
            let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
            let names = names.join(", ");
            Ok(Error::compilation(format!(
                "Contracted models require data_type to be defined for each column. Please ensure that the column \
                 name and data_type are defined within the YAML configuration for the [{names}] column(s)."
            )))
        }),
        ("raise_duplicate_resource_name", two_nodes),
        ("raise_duplicate_alias", two_nodes),
        ("raise_duplicate_macro_name", two_nodes),
        ("raise_duplicate_patch_name", two_nodes),
        ("raise_duplicate_macro_patch_name", two_nodes),
        ("raise_duplicate_source_patch_name", two_nodes),
        ("raise_ambiguous_alias", two_nodes),
        ("raise_ambiguous_catalog_match", two_nodes),
        ("doc_target_not_found", |a| plain(ErrorKind::Compilation, a)),
    ];
    table
        .into_iter()
        .map(|(name, worded)| (name, function(name, move |_, args| -> Outcome { Err(raise(worded(args)?)) })))
        .collect()
}

fn plain(kind: ErrorKind, args: &[Value]) -> Result<Error, minijinja::Error> {
    let (positional, named) = split_args(args)?;
    let message = positional.first().or_else(|| named.get("msg"));
    Ok(Error::new(kind, message.map(ToString::to_string).unwrap_or_default()))
}

fn two_nodes(args: &[Value]) -> Result<Error, minijinja::Error> {
    let (positional, named) = split_args(args)?;
    let all: Vec<String> = positional.iter().chain(named.values()).map(ToString::to_string).collect();
    Ok(Error::compilation(format!("the names of these two meet: {}", all.join(", "))))
}

/// The contract and the query disagree: the columns side by side, as dbt draws them.
fn contract(args: &[Value]) -> Result<Error, minijinja::Error> {
    let args = Args::bind("raise_contract_error", &["yaml_columns", "sql_columns"], args)?;
    if !args.need(0)?.is_true() {
        let message = "This model has an enforced contract, and its 'columns' specification is missing";
        return Ok(Error::compilation(message)
            .help("name each column with its `data_type` under the model's `columns:`"));
    }
    let columns = |at: usize| -> Result<Vec<(String, String)>, minijinja::Error> {
        let field =
            |value: &Value, key: &str| value.get_item(&Value::from(key)).unwrap_or_default().to_string();
        let items = crate::jinja::value::iterate(&args.or(at, ()))?;
        Ok(items.iter().map(|c| (field(c, "name"), field(c, "formatted"))).map(split_formatted).collect())
    };
    let (yaml, sql) = (columns(0)?, columns(1)?);
    Ok(Error::compilation(format!(
        "This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns \
         in your contract match the columns in your model's definition.\n\n{}",
        mismatches(&yaml, &sql)
    )))
}

/// The macros give `formatted` as `name TYPE`.
fn split_formatted((name, formatted): (String, String)) -> (String, String) {
    let kind = formatted.strip_prefix(&name).unwrap_or(&formatted).trim().to_string();
    (name, kind)
}

fn mismatches(yaml: &[(String, String)], sql: &[(String, String)]) -> String {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let mut rows: Vec<[String; 4]> = Vec::new();
    for (name, kind) in sql {
        match yaml.iter().find(|(other, _)| same(other, name)) {
            None => rows.push([name.clone(), kind.clone(), String::new(), "missing in contract".into()]),
            Some((_, promised)) if !same(promised, kind) => {
                rows.push([name.clone(), kind.clone(), promised.clone(), "data type mismatch".into()]);
            }
            Some(_) => {}
        }
    }
    for (name, promised) in yaml.iter().filter(|(name, _)| !sql.iter().any(|(other, _)| same(other, name))) {
        rows.push([name.clone(), String::new(), promised.clone(), "missing in definition".into()]);
    }
    rows.sort();
    let head = ["column_name", "definition_type", "contract_type", "mismatch_reason"].map(str::to_string);
    let widths: Vec<usize> =
        (0..4).map(|at| rows.iter().chain([&head]).map(|r| r[at].len()).max().unwrap_or(0)).collect();
    let line = |row: &[String; 4]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>();
    let mut lines = vec![line(&head), format!("| {} |", rule.join(" | "))];
    lines.extend(rows.iter().map(line));
    lines.join("\n")
}
