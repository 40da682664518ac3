//! Changing the warehouse through macros, with the relation cache kept right: `drop_relation`,
//! `rename_relation`, `create_schema` and their kin.

use super::catalog::columns_of;
use super::{Answer, call_macro};
use crate::context::objects::relation::{need_relation, relation};
use crate::context::objects::{none, nothing};
use crate::context::scope::Scope;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome};
use crate::jinja::{Value, raise};
use minijinja::State;
use std::sync::Arc;

/// The family; `None` for other methods.
pub fn call(scope: &Arc<Scope>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Answer {
    let cache = &scope.run().cache;
    Some(match method {
        "cache_added" => one(args).map(|it| cache.add(it)).and_then(|()| nothing()),
        "cache_dropped" => one(args).map(|it| cache.remove(&it)).and_then(|()| nothing()),
        "cache_renamed" => two(args).map(|(from, to)| cache.rename(&from, &to)).and_then(|()| nothing()),
        "drop_relation" => drop_relation(scope, state, args),
        "rename_relation" => rename_relation(scope, state, args),
        "truncate_relation" => call_macro(scope, state, (method, args)).map(|_| none()),
        "create_schema" => create_schema(scope, state, args),
        "drop_schema" => drop_schema(scope, state, args),
        "built_later" => built_later(scope, args),
        "expand_target_column_types" => expand(scope, state, args),
        "expand_column_types" => {
            two(args).and_then(|(goal, current)| widen(scope, state, &goal, &current)).map(|()| none())
        }
        _ => return None,
    })
}

fn one(args: &[Value]) -> Result<crate::relation::Relation, minijinja::Error> {
    need_relation("the cache", args.first())
}

fn two(args: &[Value]) -> Result<(crate::relation::Relation, crate::relation::Relation), minijinja::Error> {
    let (positional, named) = crate::jinja::value::split_args(args)?;
    let mut all = positional.iter().chain(named.values());
    Ok((need_relation("the adapter", all.next())?, need_relation("the adapter", all.next())?))
}

fn drop_relation(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("drop_relation", &["relation"], args)?;
    let doomed = need_relation("drop_relation()", args.get(0))?;
    if doomed.kind.is_none() {
        let message = format!("Tried to drop relation {doomed}, but its type is null.");
        return Err(raise(Error::compilation(message)));
    }
    scope.run().cache.remove(&doomed);
    call_macro(scope, state, ("drop_relation", &[relation(doomed)]))?;
    Ok(none())
}

fn rename_relation(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("rename_relation", &["from_relation", "to_relation"], args)?;
    let (from, to) =
        (need_relation("rename_relation()", args.get(0))?, need_relation("rename_relation()", args.get(1))?);
    call_macro(scope, state, ("rename_relation", &[relation(from.clone()), relation(to.clone())]))?;
    scope.run().cache.rename(&from, &to);
    Ok(none())
}

fn create_schema(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("create_schema", &["relation"], args)?;
    let wanted = need_relation("create_schema()", args.get(0))?.without_identifier();
    call_macro(scope, state, ("create_schema", &[relation(wanted)]))?;
    // As dbt: a schema is there, or gone, for good.
    scope.commit().map_err(raise)?;
    Ok(none())
}

fn drop_schema(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("drop_schema", &["relation"], args)?;
    let doomed = need_relation("drop_schema()", args.get(0))?.without_identifier();
    call_macro(scope, state, ("drop_schema", &[relation(doomed.clone())]))?;
    scope.commit().map_err(raise)?;
    scope.run().cache.remove_schema(&doomed);
    Ok(none())
}

/// `built_later(schema, identifier)`: does this run build that relation after the current node?
fn built_later(scope: &Arc<Scope>, args: &[Value]) -> Outcome {
    let args = Args::bind("built_later", &["schema", "identifier"], args)?;
    Ok(Value::from(scope.is_built_later(args.text(0)?, args.text(1)?)))
}

/// `expand_target_column_types(from_relation, to_relation)`: text columns of the target grow to hold
/// what the new rows hold.
fn expand(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("expand_target_column_types", &["from_relation", "to_relation"], args)?;
    let what = "expand_target_column_types()";
    let (from, to) = (need_relation(what, args.get(0))?, need_relation(what, args.get(1))?);
    widen(scope, state, &from, &to)?;
    Ok(none())
}

fn widen(
    scope: &Arc<Scope>,
    state: &mut State<'_, '_>,
    goal: &crate::relation::Relation,
    current: &crate::relation::Relation,
) -> Result<(), minijinja::Error> {
    let (goal, have) = (columns_of(scope, state, goal)?, columns_of(scope, state, current)?);
    for wanted in &goal {
        let Some(column) = have.iter().find(|c| c.name == wanted.name) else { continue };
        if column.can_expand_to(wanted) {
            let size = wanted.string_size().unwrap_or(256);
            let new_type = format!("character varying({size})");
            let args = [relation(current.clone()), Value::from(column.name.as_str()), Value::from(new_type)];
            call_macro(scope, state, ("alter_column_type", &args))?;
        }
    }
    Ok(())
}
