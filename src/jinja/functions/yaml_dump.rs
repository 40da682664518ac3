//! Writes YAML as PyYAML's safe dumper does: block style, 80 columns, strings plain where they can be.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::yaml_scalar;
use crate::jinja::value::{
    PySet, datetime, iterate, operators, pairs, print, python_type_name, tuple, type_error,
};

const WIDTH: usize = 80;

/// A value as one document.
///
/// # Errors
/// Values that a safe dumper does not know: decimals, functions.
pub fn dump(value: &Value, sort_keys: bool) -> Result<String, Error> {
    let mut dumper = Dumper { out: String::new(), sort_keys, depth: 0 };
    if let Some(short) = dumper.inline(value, 2)? {
        let plain = !short.starts_with(['\'', '"', '[', '{'])
            && !matches!(value.kind(), ValueKind::Seq | ValueKind::Map);
        return Ok(if plain { format!("{short}\n...\n") } else { format!("{short}\n") });
    }
    if value.kind() == ValueKind::Iterable {
        dumper.out.push_str("!!set\n");
    }
    dumper.block(value, 0)?;
    Ok(dumper.out)
}

struct Dumper {
    out: String,
    sort_keys: bool,
    depth: usize,
}

impl Dumper {
    /// What fits behind a key or a dash: scalars and empty containers.
    fn inline(&self, value: &Value, indent: usize) -> Result<Option<String>, Error> {
        let column = self.out.chars().rev().take_while(|c| *c != '\n').count();
        Ok(Some(match value.kind() {
            ValueKind::None => "null".to_string(),
            ValueKind::Bool => value.is_true().to_string(),
            ValueKind::Number if value.is_integer() => print::text(value),
            ValueKind::Number => float(value),
            ValueKind::String => text(value.as_str().unwrap_or_default(), Room { column, indent }),
            ValueKind::Seq if value.len() == Some(0) => "[]".to_string(),
            ValueKind::Map if value.len() == Some(0) => "{}".to_string(),
            ValueKind::Seq | ValueKind::Map => return Ok(None),
            ValueKind::Iterable if value.downcast_object_ref::<PySet>().is_some() => return Ok(None),
            ValueKind::Plain if datetime::of(value).is_some() => print::text(value),
            _ => {
                return Err(type_error(format!(
                    "cannot represent an object of type {}",
                    python_type_name(value)
                )));
            }
        }))
    }

    fn block(&mut self, value: &Value, indent: usize) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > 200 {
            return Err(type_error("the value is nested too deeply"));
        }
        match value.kind() {
            ValueKind::Map => self.mapping(pairs(value)?, indent)?,
            ValueKind::Iterable => {
                let items = iterate(value)?.into_iter().map(|item| (item, Value::from(())));
                self.mapping(items.collect(), indent)?;
            }
            _ => self.sequence(value, indent)?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn pad(&mut self, indent: usize) {
        if self.out.is_empty() || self.out.ends_with('\n') {
            self.out.push_str(&" ".repeat(indent));
        }
    }

    fn mapping(&mut self, entries: Vec<(Value, Value)>, indent: usize) -> Result<(), Error> {
        let entries = if self.sort_keys { sorted(entries)? } else { entries };
        for (key, value) in entries {
            self.pad(indent);
            let key = self.inline(&key, indent)?.ok_or_else(|| type_error("a key must be a scalar"))?;
            self.out.push_str(&key);
            self.out.push(':');
            if let ValueKind::Iterable = value.kind() {
                self.out.push_str(" !!set");
            }
            self.out.push(' ');
            match self.inline(&value, indent + 2)? {
                Some(short) => {
                    self.out.push_str(&short);
                    self.out.push('\n');
                }
                None => {
                    self.out.truncate(self.out.trim_end_matches(' ').len());
                    self.out.push('\n');
                    // A list stands below its key without an indent of its own.
                    let deeper = if value.kind() == ValueKind::Seq { 0 } else { 2 };
                    self.block(&value, indent + deeper)?;
                }
            }
        }
        Ok(())
    }

    fn sequence(&mut self, value: &Value, indent: usize) -> Result<(), Error> {
        for item in iterate(value)? {
            self.pad(indent);
            self.out.push_str("- ");
            match self.inline(&item, indent + 2)? {
                Some(short) => {
                    self.out.push_str(&short);
                    self.out.push('\n');
                }
                None => {
                    if item.kind() == ValueKind::Iterable {
                        self.out.push_str("!!set\n");
                    }
                    self.block(&item, indent + 2)?;
                }
            }
        }
        Ok(())
    }
}

fn sorted(entries: Vec<(Value, Value)>) -> Result<Vec<(Value, Value)>, Error> {
    let keyed = entries.into_iter().map(|(key, value)| (key.clone(), tuple(vec![key, value]))).collect();
    pairs(&crate::jinja::value::list(operators::sorted_by_key(keyed, false)?))
}

fn float(value: &Value) -> String {
    let text = print::text(value);
    match text.as_str() {
        "inf" => ".inf".to_string(),
        "-inf" => "-.inf".to_string(),
        "nan" => ".nan".to_string(),
        // Without a point YAML 1.1 would read a text.
        text if !text.contains('.') && text.contains('e') => text.replacen('e', ".0e", 1),
        _ => text,
    }
}

/// A text as one scalar that begins at `column`; its further lines begin at `indent`.
pub fn yaml_text(value: &str, column: usize, indent: usize) -> String {
    text(value, Room { column, indent })
}

/// Where a scalar begins, and where its further lines do.
#[derive(Clone, Copy)]
struct Room {
    column: usize,
    indent: usize,
}

fn text(text: &str, room: Room) -> String {
    let special = text.chars().any(|c| c != '\n' && !matches!(c, ' '..='~'));
    if special || text.contains(" \n") || text.contains("\n ") {
        return double_quoted(text);
    }
    if can_be_plain(text) {
        return folded(text, room);
    }
    let body = folded(&text.replace('\'', "''"), Room { column: room.column + 1, ..room });
    format!("'{}'", broken(&body, text.contains('\n'), room.indent))
}

/// A line break of the text is an empty line in quotes.
fn broken(body: &str, has_breaks: bool, indent: usize) -> String {
    if !has_breaks {
        return body.to_string();
    }
    let mut out = String::new();
    let mut rest = body;
    while let Some(at) = rest.find('\n') {
        let breaks = rest[at..].chars().take_while(|c| *c == '\n').count();
        out.push_str(&rest[..at]);
        out.push_str(&"\n".repeat(breaks + 1));
        rest = &rest[at + breaks..];
        out.push_str(&" ".repeat(indent));
    }
    out + rest
}

fn can_be_plain(text: &str) -> bool {
    let indicator = |c: char| "#,[]{}&*!|>'\"%@`".contains(c);
    let mut chars = text.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else { return false };
    let spaced = second.is_none_or(|c| c == ' ');
    let bad_start = indicator(first) || (matches!(first, '?' | ':' | '-') && spaced);
    let document = text.starts_with("---") || text.starts_with("...");
    let bad_inside = text.contains(": ") || text.ends_with(':') || text.contains(" #") || text.contains('\n');
    let edges = text.starts_with(' ') || text.ends_with(' ');
    !(bad_start || document || bad_inside || edges) && yaml_scalar::is_text(text)
}

/// Breaks a long line at single spaces.
fn folded(text: &str, room: Room) -> String {
    let (mut out, mut column) = (String::new(), room.column);
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let inner = at > 0 && at + 1 < chars.len();
        let lone =
            *c == ' ' && inner && chars[at - 1] != ' ' && chars[at + 1] != ' ' && chars[at + 1] != '\n';
        if lone && column > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(room.indent));
            column = room.indent;
        } else {
            out.push(*c);
            column += 1;
        }
    }
    out
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x1b' => out.push_str("\\e"),
            '\u{a0}' => out.push_str("\\_"),
            ' '..='~' => out.push(c),
            _ if (c as u32) <= 0xff => out.push_str(&format!("\\x{:02X}", c as u32)),
            _ if (c as u32) <= 0xffff => out.push_str(&format!("\\u{:04X}", c as u32)),
            _ => out.push_str(&format!("\\U{:08X}", c as u32)),
        }
    }
    out + "\""
}
