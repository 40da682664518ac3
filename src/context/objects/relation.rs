//! A relation as templates see it: `this`, what `ref` and `source` give, `api.Relation.create(...)`.

use super::{no_method, none, optional_text};
use crate::jinja::value::{Args, Outcome, from_json, function, object_of, split_args, type_error};
use crate::relation::{Policy, Relation, RelationKind, quote_identifier};
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, State};
use serde_json::json;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A relation in a template. It is a mapping, as dbt's is (dbt_utils asks `is mapping`).
#[derive(Debug, Clone)]
pub struct RelationObject(pub Relation);

/// A relation as a template's value.
pub fn relation(relation: Relation) -> Value {
    Value::from_object(RelationObject(relation))
}

/// The relation that a value is, if it is one.
pub fn relation_of(value: &Value) -> Option<Relation> {
    value.downcast_object_ref::<RelationObject>().map(|object| object.0.clone())
}

/// A relation among the arguments of a call.
///
/// # Errors
/// The value is something else.
pub fn need_relation(what: &str, value: Option<&Value>) -> Result<Relation, Error> {
    value.and_then(relation_of).ok_or_else(|| {
        let got = value.map_or("nothing".to_string(), |v| format!("`{v}`"));
        type_error(format!("{what} needs a relation, got {got}"))
    })
}

const KEYS: [&str; 9] = [
    "metadata",
    "database",
    "schema",
    "identifier",
    "type",
    "path",
    "quote_policy",
    "include_policy",
    "quote_character",
];

impl RelationObject {
    fn attribute(&self, key: &str) -> Option<Value> {
        let it = &self.0;
        let text = |part: &Option<String>| part.as_deref().map_or_else(none, Value::from);
        let is = |kind: RelationKind| Value::from(it.kind == Some(kind));
        Some(match key {
            "database" => text(&it.database),
            "schema" => text(&it.schema),
            "identifier" | "name" | "table" => text(&it.identifier),
            "type" => it.kind.map_or_else(none, |kind| Value::from(kind.as_str())),
            "is_table" => is(RelationKind::Table),
            "is_view" => is(RelationKind::View),
            "is_cte" => is(RelationKind::Cte),
            "is_materialized_view" => is(RelationKind::MaterializedView),
            "is_pointer" => Value::from(false),
            "is_function" => is(RelationKind::Function),
            "can_be_renamed" | "can_be_replaced" => {
                Value::from(matches!(it.kind, Some(RelationKind::Table | RelationKind::View)))
            }
            "path" => {
                from_json(&json!({"database": it.database, "schema": it.schema, "identifier": it.identifier}))
            }
            "dbt_created" => Value::from(false),
            "require_alias" => Value::from(true),
            "event_time_filter" | "catalog" => none(),
            "metadata" => from_json(&json!({"type": "Relation"})),
            "quote_policy" => policy(it.quoting),
            "include_policy" => policy(it.include),
            "quote_character" => Value::from("\""),
            // Macros of projects ask by it whether a value is a relation.
            "View" => Value::from("view"),
            "Table" => Value::from("table"),
            "CTE" => Value::from("cte"),
            "MaterializedView" => Value::from("materialized_view"),
            "External" => Value::from("external"),
            "Function" => Value::from("function"),
            "limit" => it.limit.map_or_else(none, Value::from),
            _ => return None,
        })
    }

    /// `relation.replace_path(identifier='x')`: other parts stay.
    fn replace_path(&self, args: &[Value]) -> Result<Relation, Error> {
        let mut changed = self.0.clone();
        for (part, value) in split_args(args)?.1 {
            let value = optional_text(Some(&value))?;
            match part.as_str() {
                "database" => changed.database = value,
                "schema" => changed.schema = value,
                "identifier" => changed.identifier = value,
                // dbt forgets parts that it does not know; packages name a `table`.
                _ => {}
            }
        }
        Ok(changed)
    }

    /// `relation.incorporate(path={...}, type='view', ...)`.
    fn incorporate(&self, args: &[Value]) -> Result<Relation, Error> {
        let mut changed = self.0.clone();
        for (key, value) in split_args(args)?.1 {
            match key.as_str() {
                "path" => {
                    let parts = crate::jinja::value::pairs(&value)?;
                    let named = parts.into_iter().map(|(k, v)| (k.to_string(), v));
                    changed = RelationObject(changed).replace_path(&[kwargs(named)])?;
                }
                "type" => changed.kind = kind_of(&value)?,
                "quote_policy" => apply_policy(&mut changed.quoting, &value)?,
                "include_policy" => apply_policy(&mut changed.include, &value)?,
                _ => {}
            }
        }
        Ok(changed)
    }

    fn matches(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("matches", &["database", "schema", "identifier"], args)?;
        let wanted = Relation::new(None, None, None);
        let (database, schema, identifier) =
            (optional_text(args.get(0))?, optional_text(args.get(1))?, optional_text(args.get(2))?);
        let wanted = Relation { database, schema, identifier, ..wanted };
        if self.0.same_place(&wanted) {
            return Ok(Value::from(true));
        }
        refuse_near_miss(&self.0, &Relation { quoting: self.0.quoting, ..wanted })?;
        Ok(Value::from(false))
    }

    /// `relation.information_schema('tables')`: the catalog view of its database.
    fn information_schema(&self, args: &[Value]) -> Outcome {
        let args = Args::bind("information_schema", &["view_name"], args)?;
        let view = optional_text(args.get(0))?;
        Ok(Value::from_object(InformationSchema { relation: self.0.clone(), view }))
    }
}

/// An error where a search has found a relation whose name differs in the case of its letters: to replace
/// or drop that one may lose what nobody meant.
///
/// # Errors
/// It has.
pub fn refuse_near_miss(found: &Relation, wanted: &Relation) -> Result<(), minijinja::Error> {
    if !found.is_near_miss(wanted) {
        return Ok(());
    }
    let message = format!(
        "When searching for a relation, dbt found an approximate match\nSearched for: {wanted}\nFound: {found}"
    );
    Err(super::raise(crate::error::Error::compilation(message).help(format!(
        "the two differ only in upper and lower case: drop or rename {found}, or write its name as it is"
    ))))
}

impl Object for RelationObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.attribute(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&KEYS)
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match method {
            "include" | "quote" => {
                let mut changed = self.0.clone();
                let part = if method == "include" { &mut changed.include } else { &mut changed.quoting };
                for (name, value) in split_args(args)?.1 {
                    set_policy(part, &name, value.is_true())?;
                }
                Ok(relation(changed))
            }
            "incorporate" => self.incorporate(args).map(relation),
            "replace_path" => self.replace_path(args).map(relation),
            "without_identifier" => Ok(relation(self.0.without_identifier())),
            "information_schema" => self.information_schema(args),
            "information_schema_only" => self.information_schema(&[]),
            // As in dbt, a name that is rendered by hand is the bare one.
            "render" => Ok(Value::from(self.0.name())),
            "render_limited" => Ok(Value::from(self.0.render())),
            "quoted" => Ok(Value::from(quote_identifier(args.first().and_then(Value::as_str).unwrap_or("")))),
            "matches" => self.matches(args),
            "get" => {
                let key = args.first().and_then(Value::as_str).unwrap_or("");
                let known = KEYS.contains(&key).then(|| self.attribute(key)).flatten();
                Ok(known.or_else(|| args.get(1).cloned()).unwrap_or_else(none))
            }
            "to_dict" | "items" | "keys" | "values" => {
                let entries = KEYS.map(|key| (key, self.attribute(key).unwrap_or_else(none)));
                let dict = crate::jinja::value::dict_of(entries);
                if method == "to_dict" { Ok(dict) } else { dict.call_method(state, method, args) }
            }
            "create" => create(args),
            "get_function_config" => super::function_config::config(args),
            "get_function_macro_name" => super::function_config::macro_name(args),
            "get_materialized_view_config_change_collection" => super::index_changes::changes(args),
            "add_ephemeral_prefix" => {
                let args = Args::bind("add_ephemeral_prefix", &["name"], args)?;
                Ok(Value::from(format!("__dbt__cte__{}", args.text(0)?)))
            }
            "relation_max_name_length" => Ok(Value::from(63)),
            _ => Err(no_method("Relation", method)),
        }
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<RelationObject>()?;
        Some(self.0.render().cmp(&other.0.render()))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.render())
    }
}

/// The information schema of a relation's database, as catalog macros are given it.
pub fn information_schema(relation: Relation) -> Value {
    Value::from_object(InformationSchema { relation, view: None })
}

/// A catalog view: `"db".INFORMATION_SCHEMA.tables`.
#[derive(Debug)]
struct InformationSchema {
    relation: Relation,
    view: Option<String>,
}

impl Object for InformationSchema {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "schema" => Some(Value::from("information_schema")),
            "identifier" | "name" | "information_schema_view" => {
                Some(self.view.as_deref().map_or_else(none, Value::from))
            }
            "database" => Some(self.relation.database.as_deref().map_or_else(none, Value::from)),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["database", "schema", "identifier"])
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match method {
            "include" | "quote" => Ok(Value::from_dyn_object(self.clone())),
            "replace" => {
                let args = Args::bind("replace", &["information_schema_view"], args)?;
                let view = optional_text(args.get(0))?;
                Ok(Value::from_object(InformationSchema { relation: self.relation.clone(), view }))
            }
            "render" => Ok(Value::from(self.text())),
            _ => Err(no_method("InformationSchema", method)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl InformationSchema {
    fn text(&self) -> String {
        let database = self.relation.database.as_deref().filter(|_| self.relation.include.database);
        let database = database.map(|name| match self.relation.quoting.database {
            true => quote_identifier(name),
            false => name.to_string(),
        });
        let parts = [database, Some("INFORMATION_SCHEMA".to_string()), self.view.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(".")
    }
}

/// `api.Relation`: a class with `create` and the names of kinds.
pub fn relation_class() -> Value {
    let kinds = ["Table", "View", "CTE", "MaterializedView", "External", "Function"];
    let words = ["table", "view", "cte", "materialized_view", "external", "function"];
    let mut members: Vec<(&'static str, Value)> =
        kinds.into_iter().zip(words).map(|(name, word)| (name, Value::from(word))).collect();
    members.push(("create", function("create", |_, args| create(args))));
    members.push(("scd_args", function("scd_args", |_, args| scd_args(args))));
    object_of("Relation", members, Some(function("Relation", |_, args| create(args))))
}

/// dbt's `Relation.scd_args(primary_key, updated_at)`: the columns of a snapshot's hash.
fn scd_args(args: &[Value]) -> Outcome {
    let (mut keys, _) = split_args(args)?;
    let updated_at = keys.pop().unwrap_or_else(none);
    let mut columns = match keys.pop() {
        Some(many) if many.as_str().is_none() => crate::jinja::value::iterate(&many)?,
        one => one.into_iter().collect(),
    };
    columns.push(updated_at);
    Ok(crate::jinja::value::list(columns))
}

/// `api.Relation.create(database, schema, identifier, type, quote_policy, ...)`.
fn create(args: &[Value]) -> Outcome {
    let (positional, named) = split_args(args)?;
    let mut made = Relation::new(None, None, None);
    let names = ["database", "schema", "identifier", "type"];
    let positional = positional.into_iter().zip(names).map(|(value, name)| (name.to_string(), value));
    for (name, value) in positional.chain(named) {
        match name.as_str() {
            "database" => made.database = optional_text(Some(&value))?,
            "schema" => made.schema = optional_text(Some(&value))?,
            "identifier" => made.identifier = optional_text(Some(&value))?,
            "type" => made.kind = kind_of(&value)?,
            "quote_policy" => apply_policy(&mut made.quoting, &value)?,
            "include_policy" => apply_policy(&mut made.include, &value)?,
            _ => {}
        }
    }
    Ok(relation(made))
}

fn kind_of(value: &Value) -> Result<Option<RelationKind>, Error> {
    let Some(word) = optional_text(Some(value))? else { return Ok(None) };
    let kind = RelationKind::parse(&word.to_lowercase());
    kind.map(Some).ok_or_else(|| type_error(format!("'{word}' is not a valid RelationType")))
}

fn policy(policy: Policy) -> Value {
    from_json(&serde_json::to_value(policy).unwrap_or_default())
}

fn apply_policy(policy: &mut Policy, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    for (part, on) in crate::jinja::value::pairs(value)? {
        if !on.is_none() {
            set_policy(policy, &part.to_string(), on.is_true())?;
        }
    }
    Ok(())
}

fn set_policy(policy: &mut Policy, part: &str, on: bool) -> Result<(), Error> {
    match part {
        "database" => policy.database = on,
        "schema" => policy.schema = on,
        "identifier" => policy.identifier = on,
        _ => return Err(type_error(format!("a relation has no part '{part}'"))),
    }
    Ok(())
}

fn kwargs(named: impl Iterator<Item = (String, Value)>) -> Value {
    Value::from(minijinja::value::Kwargs::from_iter(named))
}
