//! The values that every template sees: `target`, `flags`, `env_var`, `log`, `invocation_id`, ...

use super::objects::column::column_class;
use super::objects::relation::relation_class;
use super::objects::{none, nothing, optional_text};
use super::session::Invocation;
use crate::error::Error;
use crate::event::{Event, Reporter};
use crate::jinja::value::datetime;
use crate::jinja::value::{Args, Outcome, dict, dict_of, from_json, function, object_of, split_args};
use crate::jinja::{Value, raise};
use crate::manifest::Map;
use crate::project::{Environment, Flags, Secrets};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The version of dbt that karat is compatible with, as templates and artifacts see it.
pub const DBT_VERSION: &str = "1.11.16";

/// What the base values are made of.
pub struct BaseParts<'a> {
    /// The root project's name.
    pub project_name: &'a str,
    /// `target` as templates see it.
    pub target: &'a Map,
    /// The flags.
    pub flags: &'a Flags,
    /// What the command was given beyond them, by dbt's names.
    pub own_args: &'a Map,
    /// The environment.
    pub environment: Arc<Environment>,
    /// This call.
    pub invocation: &'a Invocation,
    /// Who listens to `log` and `print`.
    pub reporter: Arc<dyn Reporter>,
}

/// Makes the base values, by name.
pub fn base_values(parts: &BaseParts) -> HashMap<String, Value> {
    let target = from_json(&Json::Object(parts.target.clone()));
    let custom = parts.environment.custom();
    let custom = custom.iter().map(|(name, value)| (Value::from(name.as_str()), Value::from(value.as_str())));
    let values = [
        ("target", target.clone()),
        ("env", target),
        ("flags", flags_object(parts.flags)),
        ("invocation_id", Value::from(parts.invocation.id.as_str())),
        ("run_started_at", datetime::utc(parts.invocation.started_at.naive_utc())),
        ("dbt_version", Value::from(DBT_VERSION)),
        ("project_name", Value::from(parts.project_name)),
        ("invocation_args_dict", from_json(&Json::Object(invocation_args(parts)))),
        ("dbt_metadata_envs", dict(custom.collect())),
        ("api", dict_of([("Relation", relation_class()), ("Column", column_class())])),
        ("column", column_class()),
        ("env_var", env_var(parts.environment.clone())),
        ("log", log(parts.reporter.clone())),
        ("print", print(parts.reporter.clone(), parts.flags.print)),
        ("try_or_compiler_error", function("try_or_compiler_error", try_or)),
        ("validation", object_of("validation", [("any", function("any", |_, args| validator(args)))], None)),
        ("adapter_macro", function("adapter_macro", |_, _| adapter_macro())),
        ("debug", function("debug", |_, _| nothing())),
        ("pre_hooks", none()),
        ("post_hooks", none()),
        ("sql", none()),
        ("compiled_code", none()),
        ("defer_relation", none()),
    ];
    values.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// `env_var(name, default)`; a default of any type is given back as it is.
pub fn env_var(environment: Arc<Environment>) -> Value {
    function("env_var", move |_, args| {
        let args = Args::bind("env_var", &["var", "default"], args)?;
        let name = args.text(0)?;
        let default = args.some(1);
        match (environment.env_var(name, default.map(|_| ""), Secrets::Refused), default) {
            (Ok(value), Some(default)) if value.is_empty() && environment.get(name).is_none() => {
                Ok(default.clone())
            }
            (Ok(value), _) => Ok(Value::from(value)),
            (Err(error), _) => Err(raise(error)),
        }
    })
}

fn log(reporter: Arc<dyn Reporter>) -> Value {
    function("log", move |_, args| {
        let args = Args::bind("log", &["msg", "info"], args)?;
        let message = crate::jinja::value::print::text(args.need(0)?);
        reporter.report(Event::Log { message, info: args.flag(1, false), node: None });
        nothing()
    })
}

fn print(reporter: Arc<dyn Reporter>, enabled: bool) -> Value {
    function("print", move |_, args| {
        let args = Args::bind("print", &["msg"], args)?;
        let message = crate::jinja::value::print::text(args.need(0)?);
        if enabled {
            reporter.report(Event::Print { message });
        }
        nothing()
    })
}

/// `try_or_compiler_error(message, function, *args, **kwargs)`.
fn try_or(state: &mut minijinja::State<'_, '_>, args: &[Value]) -> Outcome {
    let (positional, _) = split_args(args)?;
    let message = optional_text(positional.first())?.unwrap_or_default();
    let callee = positional.get(1).cloned().unwrap_or_default();
    let rest: Vec<Value> = args.iter().skip(2).cloned().collect();
    callee.call(state, &rest).map_err(|_| raise(Error::compilation(message)))
}

/// `validation.any(a, b, ...)`: a check that a config value is one of these.
fn validator(allowed: &[Value]) -> Outcome {
    let allowed = allowed.to_vec();
    Ok(function("validate_any", move |_, args| {
        let value = args.first().cloned().unwrap_or_default();
        let of_type = |class: &Value| class.to_string().contains("string") && value.as_str().is_some();
        if allowed.iter().any(|one| *one == value || of_type(one)) {
            return Ok(none());
        }
        let words: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let message = format!("Expected value \"{value}\" to be one of {}", words.join(","));
        Err(raise(Error::compilation(message)))
    }))
}

fn adapter_macro() -> Outcome {
    Err(raise(
        Error::compilation("`adapter_macro` is gone since dbt 0.18")
            .help("write `adapter.dispatch('name', 'package')(arguments)`"),
    ))
}

/// `flags`: dbt's names, upper case.
fn flags_object(flags: &Flags) -> Value {
    let upper = args_dict(flags).into_iter().map(|(name, value)| (name.to_uppercase(), value));
    let mut all: Map = upper.collect();
    for (name, on) in &flags.behaviour {
        all.insert(name.to_uppercase(), json!(on));
        all.insert(name.clone(), json!(on));
    }
    from_json(&Json::Object(all))
}

/// `invocation_args_dict`: what was given or has a value, with the switches of behaviour.
fn invocation_args(parts: &BaseParts) -> Map {
    let mut all = args_dict(parts.flags);
    all.extend(parts.own_args.clone());
    all.extend(parts.flags.behaviour.iter().map(|(name, on)| (name.clone(), json!(on))));
    all.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    all
}

/// `args` of run_results.json: every flag by dbt's name.
pub fn args_dict(flags: &Flags) -> Map {
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|p| p.display().to_string());
    let all = [
        ("which", json!(flags.which)),
        ("invocation_command", json!(flags.invocation_command)),
        ("select", json!(flags.select)),
        ("exclude", json!(flags.exclude)),
        ("selector", json!(flags.selector)),
        ("full_refresh", json!(flags.full_refresh.unwrap_or(false))),
        ("store_failures", json!(flags.store_failures)),
        ("fail_fast", json!(flags.fail_fast)),
        ("empty", json!(flags.empty)),
        ("vars", json!(flags.vars)),
        ("target", json!(flags.target)),
        ("profile", json!(flags.profile)),
        ("threads", json!(flags.threads)),
        ("project_dir", json!(path(&flags.project_dir))),
        ("profiles_dir", json!(path(&flags.profiles_dir))),
        ("target_path", json!(flags.target_path)),
        ("log_path", json!(flags.log_path)),
        ("log_format", json!(flags.log_format.as_str())),
        ("log_format_file", json!(flags.log_format_file.as_str())),
        ("log_level", json!(flags.log_level.as_str())),
        ("log_level_file", json!(flags.log_level_file.as_str())),
        ("log_file_max_bytes", json!(flags.log_file_max_bytes)),
        ("log_cache_events", json!(flags.log_cache_events)),
        ("use_colors", json!(flags.use_colors.unwrap_or(true))),
        ("use_colors_file", json!(flags.use_colors_file)),
        ("printer_width", json!(flags.printer_width)),
        ("debug", json!(flags.debug)),
        ("quiet", json!(flags.quiet)),
        ("print", json!(flags.print)),
        ("warn_error", json!(flags.warn_error)),
        (
            "warn_error_options",
            json!({
                "error": flags.warn_error_options.error,
                "warn": flags.warn_error_options.warn,
                "silence": flags.warn_error_options.silence,
            }),
        ),
        ("write_json", json!(flags.write_json)),
        ("partial_parse", json!(flags.partial_parse)),
        ("static_parser", json!(flags.static_parser)),
        ("version_check", json!(flags.version_check)),
        ("introspect", json!(flags.introspect)),
        ("indirect_selection", json!(flags.indirect_selection.as_str())),
        ("populate_cache", json!(flags.populate_cache)),
        ("cache_selected_only", json!(flags.cache_selected_only)),
        ("defer", json!(flags.defer)),
        ("state", json!(path(&flags.state))),
        ("defer_state", json!(path(&flags.defer_state))),
        ("favor_state", json!(flags.favor_state)),
        ("resource_types", json!(flags.resource_types)),
        ("exclude_resource_types", json!(flags.exclude_resource_types)),
        ("event_time_start", json!(flags.event_time_start)),
        ("event_time_end", json!(flags.event_time_end)),
        ("sample", json!(flags.sample)),
        ("macro_debugging", json!(flags.macro_debugging)),
        ("send_anonymous_usage_stats", json!(flags.send_anonymous_usage_stats)),
        ("show_resource_report", json!(false)),
        ("upload_to_artifacts_ingest_api", json!(false)),
        ("use_fast_test_edges", json!(false)),
    ];
    all.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}
