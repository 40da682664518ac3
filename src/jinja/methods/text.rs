//! `str`: searching, replacing, padding, encoding. Positions count characters, as in Python.

use minijinja::{Error, Value};

use super::{text_case, text_split};
use crate::jinja::value::{
    Args, Outcome, bounds, dict, format, index_of, iterate, key_error, pairs, python_type_name, split_args,
    type_error, value_error,
};

/// `text.name(args)`; `None` if there is no such method.
pub fn call(text: &str, name: &str, args: &[Value]) -> Option<Outcome> {
    let found = match name {
        "find" | "rfind" => found(text, name, args).map(|at| Value::from(at.unwrap_or(-1))),
        "index" | "rindex" => found(text, name, args)
            .and_then(|at| at.map(Value::from).ok_or_else(|| value_error("substring not found"))),
        "count" => count(text, args),
        "startswith" => has_edge(text, args, |text, edge| text.starts_with(edge)),
        "endswith" => has_edge(text, args, |text, edge| text.ends_with(edge)),
        "replace" => replace(text, args),
        "removeprefix" => one_text("removeprefix", args, |prefix| text.strip_prefix(prefix).unwrap_or(text)),
        "removesuffix" => one_text("removesuffix", args, |suffix| text.strip_suffix(suffix).unwrap_or(text)),
        "strip" => stripped(text, args, (true, true)),
        "lstrip" => stripped(text, args, (true, false)),
        "rstrip" => stripped(text, args, (false, true)),
        "center" => padded(text, args, |missing, width| missing / 2 + (missing & width & 1)),
        "ljust" => padded(text, args, |_, _| 0),
        "rjust" => padded(text, args, |missing, _| missing),
        "zfill" => zero_filled(text, args),
        "expandtabs" => expanded(text, args),
        "join" => join(text, args),
        "format" => formatted(text, args),
        "format_map" => Args::bind("format_map", &["mapping"], args)
            .and_then(|args| {
                format::str_format(text, &[], &|name| args.need(0)?.get_item(&Value::from(name)))
            })
            .map(Value::from),
        "encode" => Ok(Value::from_bytes(text.as_bytes().to_vec())),
        "translate" => translated(text, args),
        "maketrans" => translation(args),
        _ => return text_case::call(text, name, args).or_else(|| text_split::call(text, name, args)),
    };
    Some(found)
}

fn one_text<'t>(name: &'static str, args: &[Value], change: impl Fn(&str) -> &'t str) -> Outcome {
    let args = Args::bind(name, &["text"], args)?;
    Ok(Value::from(change(args.text(0)?)))
}

/// The part of a text between two positions (negative ones count from the end), and how many
/// characters stand before it; `None` where the start lies beyond the end.
fn part<'t>(text: &'t str, args: &Args) -> Result<Option<(&'t str, usize)>, Error> {
    if args.some(1).is_none() && args.some(2).is_none() {
        return Ok(Some((text, 0)));
    }
    let length = text.chars().count() as i64;
    let place = |at: i64| if at < 0 { (at + length).max(0) } else { at };
    let (start, stop) = (place(args.whole_or(1, 0)?), place(args.whole_or(2, length)?).min(length));
    if start > stop {
        return Ok(None);
    }
    let byte = |at: i64| text.char_indices().nth(at as usize).map_or(text.len(), |(byte, _)| byte);
    Ok(Some((&text[byte(start)..byte(stop)], start as usize)))
}

const SEARCH: &[&str] = &["sub", "start", "end"];

fn found(text: &str, name: &str, args: &[Value]) -> Result<Option<i64>, Error> {
    let args = Args::bind("find", SEARCH, args)?;
    let wanted = args.text(0)?;
    let Some((part, before)) = part(text, &args)? else { return Ok(None) };
    let byte = if name.starts_with('r') { part.rfind(wanted) } else { part.find(wanted) };
    Ok(byte.map(|byte| (before + part[..byte].chars().count()) as i64))
}

fn count(text: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("count", SEARCH, args)?;
    let wanted = args.text(0)?;
    Ok(Value::from(part(text, &args)?.map_or(0, |(part, _)| part.matches(wanted).count())))
}

fn has_edge(text: &str, args: &[Value], has: fn(&str, &str) -> bool) -> Outcome {
    let args = Args::bind("startswith", &["prefix", "start", "end"], args)?;
    let wanted = args.need(0)?;
    let edges = if wanted.is_tuple() { iterate(wanted)? } else { vec![wanted.clone()] };
    let Some((part, _)) = part(text, &args)? else { return Ok(Value::from(false)) };
    for edge in &edges {
        let edge = edge.as_str().ok_or_else(|| {
            let kind = python_type_name(edge);
            type_error(format!("startswith first arg must be str or a tuple of str, not {kind}"))
        })?;
        if has(part, edge) {
            return Ok(Value::from(true));
        }
    }
    Ok(Value::from(false))
}

fn replace(text: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("replace", &["old", "new", "count"], args)?;
    let (old, new) = (args.text(0)?, args.text(1)?);
    let most = usize::try_from(args.whole_or(2, -1)?).ok();
    bounds::replaced(text, (old, new), most).map(Value::from)
}

fn stripped(text: &str, args: &[Value], (left, right): (bool, bool)) -> Outcome {
    let args = Args::bind("strip", &["chars"], args)?;
    let chars = if args.some(0).is_some() { Some(args.text(0)?) } else { None };
    let drop = |c: char| chars.map_or_else(|| text_split::is_space(c), |chars| chars.contains(c));
    let text = if left { text.trim_start_matches(drop) } else { text };
    Ok(Value::from(if right { text.trim_end_matches(drop) } else { text }))
}

/// Pads to a width; `before` says how many of the missing characters go to the left.
fn padded(text: &str, args: &[Value], before: fn(usize, usize) -> usize) -> Outcome {
    let args = Args::bind("center", &["width", "fillchar"], args)?;
    let fill = args.text_or(1, " ")?;
    if fill.chars().count() != 1 {
        return Err(type_error("The fill character must be exactly one character long"));
    }
    let width = bounds::width(args.whole(0)?)?;
    let missing = width.saturating_sub(text.chars().count());
    let left = before(missing, width);
    Ok(Value::from([&fill.repeat(left), text, &fill.repeat(missing - left)].concat()))
}

fn zero_filled(text: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("zfill", &["width"], args)?;
    let width = bounds::width(args.whole(0)?)?;
    let zeros = "0".repeat(width.saturating_sub(text.chars().count()));
    let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
    Ok(Value::from([sign, &zeros, digits].concat()))
}

fn expanded(text: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("expandtabs", &["tabsize"], args)?;
    let size = bounds::width(args.whole_or(0, 8)?)?;
    bounds::text_fits(text.matches('\t').count().checked_mul(size))?;
    let (mut out, mut column) = (String::new(), 0);
    for c in text.chars() {
        match c {
            '\t' if size > 0 => {
                let width = size - column % size;
                out.push_str(&" ".repeat(width));
                column += width;
            }
            '\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(Value::from(out))
}

fn join(separator: &str, args: &[Value]) -> Outcome {
    let items = iterate(Args::bind("join", &["iterable"], args)?.need(0)?)?;
    let texts = items.iter().enumerate().map(|(at, item)| {
        item.as_str().ok_or_else(|| {
            let kind = python_type_name(item);
            type_error(format!("sequence item {at}: expected str instance, {kind} found"))
        })
    });
    bounds::joined(&texts.collect::<Result<Vec<_>, Error>>()?, separator).map(Value::from)
}

fn formatted(text: &str, args: &[Value]) -> Outcome {
    let (positional, named) = split_args(args)?;
    let lookup = |name: &str| named.get(name).cloned().ok_or_else(|| key_error(&Value::from(name)));
    format::str_format(text, &positional, &lookup).map(Value::from)
}

/// `str.maketrans`: a dict from code points.
fn translation(args: &[Value]) -> Outcome {
    let args = Args::bind("maketrans", &["x", "y", "z"], args)?;
    let code = |c: char| Value::from(c as u32);
    if args.get(1).is_none() {
        let entries = pairs(args.need(0)?)?;
        let key = |key: Value| key.as_str().and_then(|key| key.chars().next()).map_or(key.clone(), code);
        return Ok(dict(entries.into_iter().map(|(from, to)| (key(from), to)).collect()));
    }
    let (from, to) = (args.text(0)?, args.text(1)?);
    if from.chars().count() != to.chars().count() {
        return Err(value_error("the first two maketrans arguments must have equal length"));
    }
    let pairs = from.chars().zip(to.chars()).map(|(from, to)| (code(from), code(to)));
    let dropped = args.text_or(2, "")?.chars().map(|c| (code(c), Value::from(())));
    Ok(dict(pairs.chain(dropped).collect()))
}

fn translated(text: &str, args: &[Value]) -> Outcome {
    let args = Args::bind("translate", &["table"], args)?;
    let table = args.need(0)?;
    let mut out = String::new();
    for c in text.chars() {
        let to = table.get_item(&Value::from(c as u32))?;
        match to.as_str() {
            Some(to) => {
                bounds::text_fits(Some(out.len() + to.len()))?;
                out.push_str(to);
            }
            None if to.is_undefined() => out.push(c),
            None if to.is_none() => {}
            None => out.extend(u32::try_from(index_of(&to)?).ok().and_then(char::from_u32)),
        }
    }
    Ok(Value::from(out))
}
