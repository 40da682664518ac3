//! Filters on texts: `capitalize center format indent lower replace title trim upper`.

use minijinja::{State, Value};

use super::Row;
use crate::jinja::methods;
use crate::jinja::value::{
    Args, Outcome, bounds, dict, format, print, split_args, tuple, type_error, value_error,
};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("capitalize", |state, args| by_method(state, "capitalize", args)),
    ("lower", |state, args| by_method(state, "lower", args)),
    ("upper", |state, args| by_method(state, "upper", args)),
    ("trim", trim),
    ("center", center),
    ("format", |_, args| formatted(args)),
    ("indent", |_, args| indent(args)),
    ("replace", |_, args| replace(args)),
    ("title", |_, args| title(args)),
];

fn by_method(state: &mut State<'_, '_>, name: &'static str, args: &[Value]) -> Outcome {
    let text = soft(Args::bind(name, &["s"], args)?.need(0)?);
    methods::call(state, &text, name, &[])
}

/// The value as a text; a safe one stays safe.
fn soft(value: &Value) -> Value {
    if value.is_safe() { value.clone() } else { Value::from(print::text(value)) }
}

fn trim(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("trim", &["value", "chars"], args)?;
    methods::call(state, &soft(args.need(0)?), "strip", &[args.or(1, ())])
}

fn center(state: &mut State<'_, '_>, args: &[Value]) -> Outcome {
    let args = Args::bind("center", &["value", "width"], args)?;
    methods::call(state, &soft(args.need(0)?), "center", &[args.or(1, 80)])
}

fn formatted(args: &[Value]) -> Outcome {
    let (mut positional, named) = split_args(args)?;
    if positional.is_empty() {
        return Err(type_error("format() missing 1 required positional argument: 'value'"));
    }
    let text = print::text(&positional.remove(0));
    if !positional.is_empty() && !named.is_empty() {
        return Err(value_error("can't handle positional and keyword arguments at the same time"));
    }
    let arguments = match named.is_empty() {
        true => tuple(positional),
        false => dict(named.into_iter().map(|(name, value)| (Value::from(name), value)).collect()),
    };
    format::printf(&text, &arguments).map(Value::from)
}

fn indent(args: &[Value]) -> Outcome {
    let args = Args::bind("indent", &["s", "width", "first", "blank"], args)?;
    let by = match args.get(1).and_then(Value::as_str) {
        Some(text) => text.to_string(),
        None => " ".repeat(bounds::width(args.whole_or(1, 4)?)?),
    };
    // The end that is added keeps an empty last line.
    let text = print::text(args.need(0)?) + "\n";
    bounds::text_fits(
        text.matches('\n').count().checked_mul(by.len()).and_then(|by| by.checked_add(text.len())),
    )?;
    let (first, blank) = (args.flag(2, false), args.flag(3, false));
    let lines = methods::line_texts(&text).enumerate().map(|(at, line)| {
        let indented = if at == 0 { first } else { blank || !line.is_empty() };
        if indented { format!("{by}{line}") } else { line.to_string() }
    });
    Ok(Value::from(lines.collect::<Vec<_>>().join("\n")))
}

fn replace(args: &[Value]) -> Outcome {
    let args = Args::bind("replace", &["s", "old", "new", "count"], args)?;
    let text = print::text(args.need(0)?);
    let (old, new) = (print::text(args.need(1)?), print::text(args.need(2)?));
    let most = usize::try_from(args.whole_or(3, -1)?).ok();
    bounds::replaced(&text, (&old, &new), most).map(Value::from)
}

/// Words begin after white space, hyphens and opening brackets; unlike `str.title`, an apostrophe
/// does not begin one.
fn title(args: &[Value]) -> Outcome {
    let text = print::text(Args::bind("title", &["s"], args)?.need(0)?);
    let mut begins = true;
    let mut out = String::new();
    for c in text.chars() {
        match begins {
            true => out.extend(c.to_uppercase()),
            false => out.extend(c.to_lowercase()),
        }
        begins = c.is_whitespace() || matches!(c, '-' | '(' | '{' | '[' | '<');
    }
    Ok(Value::from(out))
}
