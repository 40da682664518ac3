//! `modules.re`: regular expressions in Python's syntax, with look-around and back-references.

mod found;
mod pattern;
mod syntax;
mod template;

use minijinja::value::Value;
use minijinja::{Error, State};

use super::{Row, members};
use crate::jinja::value::{Outcome, dict_of, split_args, type_error};
use pattern::Pattern;

/// The module: its functions and its flags.
pub fn module() -> Value {
    let flags = syntax::FLAGS
        .iter()
        .flat_map(|flag| [(flag.short, Value::from(flag.bit)), (flag.long, Value::from(flag.bit))]);
    dict_of(members(ROWS).chain(flags))
}

const ROWS: &[Row] = &[
    ("compile", |_, args| {
        let (pattern, _) = compiled(args, "compile", 1)?;
        Ok(Value::from_object(pattern))
    }),
    ("match", |state, args| apply(state, "match", args, 2)),
    ("search", |state, args| apply(state, "search", args, 2)),
    ("fullmatch", |state, args| apply(state, "fullmatch", args, 2)),
    ("findall", |state, args| apply(state, "findall", args, 2)),
    ("finditer", |state, args| apply(state, "finditer", args, 2)),
    ("split", |state, args| apply(state, "split", args, 3)),
    ("sub", |state, args| apply(state, "sub", args, 4)),
    ("subn", |state, args| apply(state, "subn", args, 4)),
    ("escape", |_, args| match split_args(args)?.0.first().and_then(Value::as_str) {
        Some(text) => Ok(Value::from(syntax::escape(text))),
        None => Err(type_error("re.escape() takes a str")),
    }),
    ("purge", |_, _| Ok(Value::from(()))),
];

/// Compiles the first argument with the `flags` among the others (at this place, or by name), and
/// gives what is left for the method of the same name.
fn compiled(args: &[Value], name: &str, flags_at: usize) -> Result<(Pattern, Vec<Value>), Error> {
    let (mut positional, mut named) = split_args(args)?;
    let mut flags = named.shift_remove("flags");
    if positional.len() > flags_at {
        flags = Some(positional.remove(flags_at));
    }
    let source = match positional.is_empty() {
        true => named.shift_remove("pattern"),
        false => Some(positional.remove(0)),
    };
    let source = source
        .ok_or_else(|| type_error(format!("{name}() missing 1 required positional argument: 'pattern'")))?;
    let flags = flags.map_or(Ok(0), |flags| crate::jinja::value::index_of(&flags))?;
    if !named.is_empty() {
        positional.push(named.into_iter().collect::<minijinja::value::Kwargs>().into());
    }
    if let Some(pattern) = source.downcast_object_ref::<Pattern>() {
        return Ok((pattern.clone(), positional));
    }
    let text =
        source.as_str().ok_or_else(|| type_error("first argument must be string or compiled pattern"))?;
    Ok((Pattern::new(text, flags)?, positional))
}

fn apply(state: &mut State<'_, '_>, name: &str, args: &[Value], flags_at: usize) -> Outcome {
    let (pattern, rest) = compiled(args, name, flags_at)?;
    pattern.method(state, name, &rest)
}
