//! `adapter` for a node that runs. Each method is a row of one of the families; the semantics are in
//! macros, so that projects can override them: the object asks the catalog by calling macros, keeps the
//! relation cache, and sends SQL.

mod catalog;
mod config;
mod constraints;
mod ddl;
mod execute;
mod files;
mod overrides;
mod snapshots;

pub use catalog::relations_of;

use super::objects::{no_method, none};
use super::scope::Scope;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, function, object_of, split_args};
use crate::jinja::{Value, context_of, dispatch_call, raise};
use crate::relation::quote_identifier;
use minijinja::State;
use minijinja::value::{Object, ObjectRepr};
use std::fmt;
use std::sync::Arc;

/// `adapter` in a template.
pub struct AdapterObject(Arc<Scope>);

impl fmt::Debug for AdapterObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<adapter {}>", self.0.run().session.adapter.name())
    }
}

/// What a family of methods answers; `None` where the method is not of that family.
type Answer = Option<Outcome>;

impl AdapterObject {
    /// The adapter of a scope.
    pub fn value(scope: &Arc<Scope>) -> Value {
        Value::from_object(AdapterObject(scope.clone()))
    }

    fn answer(&self, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
        plain(&self.0, state, method, args)
            .or_else(|| execute::call(&self.0, method, args))
            .or_else(|| catalog::call(&self.0, state, method, args))
            .or_else(|| ddl::call(&self.0, state, method, args))
            .or_else(|| constraints::call(&self.0, method, args))
            .or_else(|| snapshots::call(&self.0, state, method, args))
            .or_else(|| config::call(&self.0, state, method, args))
            .or_else(|| files::call(&self.0, method, args))
    }
}

/// Methods that need nothing but the adapter itself.
fn plain(scope: &Arc<Scope>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
    let adapter = &scope.run().session.adapter;
    Some(match method {
        "dispatch" => dispatch_call(state, args),
        "is_overridden" => overrides::is_overridden(scope, args),
        "type" => Ok(Value::from(adapter.name())),
        "quote" => quote(args),
        "literal" => literal(args),
        "quote_as_configured" => quote_as_configured(scope, args),
        "quote_seed_column" => quote_seed_column(args),
        "verify_database" => verify_database(scope, args),
        "warn_once" => execute::warn_once(scope, args),
        _ => return None,
    })
}

fn quote(args: &[Value]) -> Outcome {
    let args = Args::bind("quote", &["identifier"], args)?;
    Ok(Value::from(quote_identifier(&args.need(0)?.to_string())))
}

/// `literal(text)`: a text as SQL writes it.
fn literal(args: &[Value]) -> Outcome {
    let args = Args::bind("literal", &["text"], args)?;
    Ok(Value::from(crate::relation::quote_literal(&args.need(0)?.to_string())))
}

/// `quote_as_configured(identifier, 'schema')`: quoted where the project quotes that part.
fn quote_as_configured(scope: &Scope, args: &[Value]) -> Outcome {
    let args = Args::bind("quote_as_configured", &["identifier", "quote_key"], args)?;
    let quoting = scope.run().session.quoting;
    let quoted = match args.text(1)? {
        "database" => quoting.database,
        "schema" => quoting.schema,
        _ => quoting.identifier,
    };
    let name = args.text(0)?;
    Ok(Value::from(if quoted { quote_identifier(name) } else { name.to_string() }))
}

/// `quote_seed_column(column, quote_columns)`: quoted unless the seed's config says no.
fn quote_seed_column(args: &[Value]) -> Outcome {
    let args = Args::bind("quote_seed_column", &["column", "quote_config"], args)?;
    let column = args.need(0)?.to_string();
    match args.some(1) {
        None => Ok(Value::from(quote_identifier(&column))),
        Some(wanted) if wanted.kind() == minijinja::value::ValueKind::Bool => {
            Ok(Value::from(if wanted.is_true() { quote_identifier(&column) } else { column }))
        }
        Some(other) => Err(raise(Error::compilation(format!(
            "The seed configuration value of \"quote_columns\" has an invalid type {}",
            crate::jinja::value::python_type_name(other)
        )))),
    }
}

/// PostgreSQL reaches one database per session.
fn verify_database(scope: &Scope, args: &[Value]) -> Outcome {
    let args = Args::bind("verify_database", &["database"], args)?;
    let database = args.need(0)?.to_string().trim_matches('"').to_string();
    let own = scope.run().session.database();
    if database.eq_ignore_ascii_case(own) {
        return Ok(Value::from(""));
    }
    Err(raise(
        Error::compilation(format!(
            "Cross-db references not allowed in {} ({database} vs {own})",
            scope.run().session.adapter.name()
        ))
        .help(format!("leave `database` out of the config, or set it to `{own}`")),
    ))
}

impl Object for AdapterObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    /// `adapter.behavior.flag`, and methods as values (`adapter.load_csv` is true where it exists).
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "behavior" => Some(config::behavior(&self.0)),
            "Relation" => Some(super::objects::relation::relation_class()),
            "Column" => Some(super::objects::column::column_class()),
            "config" => Some(none()),
            "connections" => Some(object_of("connections", [], None)),
            "load_csv" if overrides::seeds(&self.0) => None,
            name @ ("load_csv" | "dispatch" | "quote" | "type") => {
                let (adapter, name) = (self.clone(), name.to_string());
                Some(function(name.clone(), move |state, args| adapter.call_method(state, &name, args)))
            }
            _ => None,
        }
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        self.answer(state, method, args).unwrap_or_else(|| Err(no_method("adapter", method)))
    }
}

/// Calls a macro by its name, as the adapter of dbt does: one of a package sees that package's macros.
fn call_macro(scope: &Scope, state: &mut State<'_, '_>, (name, args): (&str, &[Value])) -> Outcome {
    let engine = &scope.run().session.engine;
    let missing = || raise(Error::compilation(format!("the macro `{name}` was not found")));
    let found = engine.macro_called_outside(name, None).ok_or_else(missing)?;
    let context = context_of(state);
    let away = context.filter(|context| context.package() != found.source().package);
    match away.filter(|_| !engine.is_internal(&found.source().package)) {
        Some(context) => {
            let (args, named) = split_args(args)?;
            engine.call_at_home(&found, &context, (&args, &named)).map_err(raise)
        }
        None => Value::from_dyn_object(found).call(state, args),
    }
}
