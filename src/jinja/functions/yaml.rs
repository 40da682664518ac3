//! `fromyaml` and `toyaml`: YAML 1.1, as PyYAML's safe loader and dumper have it.

use std::collections::HashMap;

use indexmap::IndexMap;
use minijinja::{Error, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Row, yaml_dump, yaml_scalar};
use crate::jinja::value::{
    Args, Outcome, PyDict, dict, hashable, iterate, list, pairs, put, python_type_name, set, type_error,
    value_error,
};

/// The family's table.
pub const ROWS: &[Row] = &[("fromyaml", |_, args| read(args)), ("toyaml", |_, args| write(args))];

fn read(args: &[Value]) -> Outcome {
    let args = Args::bind("fromyaml", &["value", "default"], args)?;
    let text = match args.need(0)? {
        value if value.as_str().is_some() => args.text(0)?,
        value => return Err(type_error(format!("fromyaml() takes a str, not {}", python_type_name(value)))),
    };
    load(text).or_else(|_| Ok(args.or(1, ())))
}

fn write(args: &[Value]) -> Outcome {
    let args = Args::bind("toyaml", &["value", "default", "sort_keys"], args)?;
    let text = yaml_dump::dump(args.need(0)?, args.flag(2, false));
    Ok(text.map_or_else(|_| args.or(1, ()), Value::from))
}

/// Reads one document.
///
/// # Errors
/// Text that is no YAML, more than one document, tags that a safe loader does not know.
pub fn load(text: &str) -> Outcome {
    let mut loader = Loader { parser: Parser::new_from_str(text), anchors: HashMap::new(), depth: 0 };
    let mut document = None;
    loop {
        match loader.next()? {
            Event::StreamEnd => return Ok(document.unwrap_or_else(|| Value::from(()))),
            Event::StreamStart | Event::Nothing | Event::DocumentStart(_) | Event::DocumentEnd => {}
            _ if document.is_some() => return Err(value_error("expected a single document in the stream")),
            event => document = Some(loader.node(event)?),
        }
    }
}

struct Loader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    anchors: HashMap<usize, Value>,
    depth: usize,
}

type Entries = Vec<(Value, Value)>;

impl<'t> Loader<'t> {
    fn next(&mut self) -> Result<Event<'t>, Error> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(value_error(error.to_string())),
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: Event<'t>) -> Outcome {
        self.depth += 1;
        if self.depth > 200 {
            return Err(value_error("the document is nested too deeply"));
        }
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                (0, known.ok_or_else(|| value_error("found undefined alias"))?)
            }
            Event::Scalar(text, style, anchor, tag) => (anchor, scalar(&text, style, tag.as_deref())?),
            Event::SequenceStart(anchor, tag) => {
                known_tag(tag.as_deref(), &["seq", "omap", "pairs"])?;
                (anchor, self.sequence()?)
            }
            Event::MappingStart(anchor, tag) => {
                known_tag(tag.as_deref(), &["map", "set"])?;
                let entries = self.mapping()?;
                let is_set = tag.is_some_and(|tag| tag.suffix == "set");
                (anchor, if is_set { set(entries.into_keys()) } else { dict(entries) })
            }
            _ => return Err(value_error("unexpected end of the document")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        self.depth -= 1;
        Ok(value)
    }

    fn sequence(&mut self) -> Outcome {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(list(items)),
                event => items.push(self.node(event)?),
            }
        }
    }

    /// What `<<` merges in comes first and gives way to the mapping's own entries.
    fn mapping(&mut self) -> Result<IndexMap<Value, Value>, Error> {
        let (mut own, mut merged): (Entries, Entries) = (Vec::new(), Vec::new());
        loop {
            let event = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node(event)?;
            let event = self.next()?;
            let value = self.node(event)?;
            if is_merge {
                merged.splice(0..0, merge(&value)?);
            } else {
                hashable(&key)?;
                own.push((key, value));
            }
        }
        let mut entries = IndexMap::new();
        merged.into_iter().chain(own).for_each(|(key, value)| put(&mut entries, key, value));
        Ok(entries)
    }
}

/// The entries of a mapping, or of several, of which the first has the last word.
fn merge(value: &Value) -> Result<Entries, Error> {
    if value.downcast_object_ref::<PyDict>().is_some() {
        return pairs(value);
    }
    let mut entries = Vec::new();
    for part in iterate(value)?.iter().rev() {
        match part.downcast_object_ref::<PyDict>() {
            Some(_) => entries.extend(pairs(part)?),
            None => return Err(value_error("expected a mapping for merging")),
        }
    }
    Ok(entries)
}

fn known_tag(tag: Option<&Tag>, known: &[&str]) -> Result<(), Error> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && known.contains(&tag.suffix.as_str())) => {
            Err(value_error(format!(
                "could not determine a constructor for the tag '{}{}'",
                tag.handle, tag.suffix
            )))
        }
        _ => Ok(()),
    }
}

/// A plain scalar. A safe loader has no meaning for a lone `=`, and no 31st of February.
fn plain(text: &str) -> Outcome {
    let value = yaml_scalar::resolve(text);
    if text == "=" || (yaml_scalar::looks_like_date(text) && value.as_str().is_some()) {
        return Err(value_error(format!("could not construct a value of '{text}'")));
    }
    Ok(value)
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Outcome {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { plain(text) } else { Ok(Value::from(text)) };
    };
    known_tag(Some(tag), &["str", "int", "float", "bool", "null", "timestamp", "binary"])?;
    let wrong = || value_error(format!("invalid {}: '{text}'", tag.suffix));
    match tag.suffix.as_str() {
        "str" => Ok(Value::from(text)),
        "null" => Ok(Value::from(())),
        "int" => yaml_scalar::integer(text).map(Value::from).ok_or_else(wrong),
        "bool" => yaml_scalar::boolean(text).map(Value::from).ok_or_else(wrong),
        "float" => {
            let whole = || yaml_scalar::integer(text).map(|whole| whole as f64);
            yaml_scalar::float(text)
                .or_else(whole)
                .or_else(|| text.parse().ok())
                .map(Value::from)
                .ok_or_else(wrong)
        }
        "binary" => {
            use base64::Engine;
            let text: String = text.split_whitespace().collect();
            base64::engine::general_purpose::STANDARD.decode(text).map(Value::from_bytes).map_err(|_| wrong())
        }
        _ => Ok(yaml_scalar::resolve(text)),
    }
}
