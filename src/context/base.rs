//! The values that every template sees: `target`, `flags`, `env_var`, `log`, `invocation_id`, ...

use super::arguments::{all_flags, args_dict};
use super::objects::column::column_class;
use super::objects::relation::relation_class;
use super::objects::{none, nothing, optional_text};
use super::session::Invocation;
use crate::error::Error;
use crate::event::{Event, NodeInfo, Reporter};
use crate::jinja::value::datetime;
use crate::jinja::value::{Args, Outcome, dict, dict_of, from_json, function, object_of, split_args};
use crate::jinja::{Value, raise, watched_modules};
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
        ("invocation_args_dict", from_json(&Json::Object(args_dict(parts.flags)))),
        ("dbt_metadata_envs", dict(custom.collect())),
        ("api", dict_of([("Relation", relation_class()), ("Column", column_class())])),
        ("column", column_class()),
        ("env_var", env_var(parts.environment.clone())),
        ("modules", modules(parts.reporter.clone())),
        ("log", log(parts.reporter.clone(), None)),
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

/// `modules`; calls of `itertools` are told of.
fn modules(reporter: Arc<dyn Reporter>) -> Value {
    const SAID: &str = "Usage of itertools modules is deprecated. Please use the built-in functions instead.";
    watched_modules(Arc::new(move || {
        let error = Error::runtime(SAID);
        reporter.report(Event::Warning { name: "ModulesItertoolsUsageDeprecation", error });
    }))
}

/// `log(message, info=false)`; of a node, what is said carries it.
pub fn log(reporter: Arc<dyn Reporter>, node: Option<Arc<NodeInfo>>) -> Value {
    function("log", move |_, args| {
        let args = Args::bind("log", &["msg", "info"], args)?;
        let message = crate::jinja::value::print::text(args.need(0)?);
        reporter.report(Event::Log { message, info: args.flag(1, false), node: node.clone() });
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
        Error::compilation("The \"adapter_macro\" macro has been deprecated, and is gone since dbt 0.18")
            .help("write `adapter.dispatch('name', 'package')(arguments)`"),
    ))
}

/// `flags`: dbt's names, upper case.
fn flags_object(flags: &Flags) -> Value {
    from_json(&Json::Object(flag_values(flags)))
}

/// The values of `flags` by the names that templates read.
pub fn flag_values(flags: &Flags) -> Map {
    let upper = all_flags(flags).into_iter().map(|(name, value)| (name.to_uppercase(), value));
    let mut all: Map = upper.collect();
    all.insert("STORE_FAILURES".into(), json!(flags.store_failures.unwrap_or(false)));
    for (name, on) in &flags.behaviour {
        all.insert(name.to_uppercase(), json!(on));
        all.insert(name.clone(), json!(on));
    }
    all
}
