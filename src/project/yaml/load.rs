//! From saphyr's events to a tree: anchors, merge keys, duplicated keys, and the bounds.

use super::indent;
use super::node::{ScalarStyle, Yaml, YamlValue};
use super::scalar::resolve;
use crate::error::{Error, Result};
use saphyr_parser::{Event, Parser, ScalarStyle as Written, ScanError, Span, Tag};
use std::collections::HashMap;

/// Deeper nesting is refused.
const DEEPEST: usize = 128;
/// More nodes than this out of aliases are refused.
const MOST_EXPANDED: usize = 250_000;

/// The document of a text, and the keys that are written twice, of which the last value counts. Faults carry
/// line and column but no path yet.
///
/// A text whose brackets or quotes go on too far to the left is read once more with these lines indented.
pub(super) fn load(text: &str) -> Result<(Yaml, Vec<Doubled>)> {
    match read(text, &[]) {
        Err(fault) if fault.message().contains("invalid indentation") => {
            let padded = indent::pad(text);
            read(&padded.text, &padded.pads).map_err(|_| fault)
        }
        done => done,
    }
}

/// `pads`: columns that were added to each line, which are taken off the places again.
fn read(text: &str, pads: &[usize]) -> Result<(Yaml, Vec<Doubled>)> {
    let mut loader = Loader { pads, ..Loader::default() };
    if !text.ends_with('\n') {
        loader.open_end = Some(text.chars().count());
    }
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|fault| syntax(text, &fault))?;
        loader.take(event, span)?;
    }
    let root = loader.root.unwrap_or(Yaml { value: YamlValue::Null, line: 1, column: 1 });
    Ok((root, loader.doubled))
}

fn fault(line: usize, column: usize, message: impl Into<String>) -> Error {
    Error::parsing(message).at("", line, column)
}

/// A NUL, which would end the document unseen.
pub(super) fn nul(before: &str) -> Error {
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    fault(before.matches('\n').count() + 1, column, "a NUL character cannot stand in YAML")
        .help("remove it; in a text in double quotes it is written `\\0`")
}

/// saphyr's fault; one that a tab in the indentation explains is told so.
fn syntax(text: &str, found: &ScanError) -> Error {
    let (line, column) = (found.marker().line(), found.marker().col() + 1);
    let tabbed = |n: usize| {
        let line = text.lines().nth(n.checked_sub(1)?)?;
        let indent = &line[..line.len() - line.trim_start().len()];
        indent.find('\t').map(|at| (n, indent[..at].chars().count() + 1))
    };
    let after = || found.info().contains("tab").then(|| tabbed(line + 1)).flatten();
    match tabbed(line).or_else(|| tabbed(line.saturating_sub(1))).or_else(after) {
        Some((line, column)) => {
            fault(line, column, "a tab indents this line").help("indent YAML with spaces, not with tabs")
        }
        None => fault(line, column, format!("invalid YAML: {}", found.info())).help(hint(found.info())),
    }
}

fn hint(info: &str) -> &'static str {
    match info {
        info if info.contains("mapping values") || info.contains("simple key") || info.contains("':'") => {
            "check the indentation of this line and the one above; quote a text that holds `: `"
        }
        info if info.contains("valid YAML whitespace") => "put a space after `:`; a tab does not do",
        info if info.contains("quoted scalar") => "close the quotes",
        info if info.contains("flow") => "close the bracket or brace",
        _ => "quote texts with special signs such as `{`, `*`, `&`, `@`, `: `",
    }
}

/// A key that is written twice: where it is, and where it was before, as line and column.
pub(super) struct Doubled {
    pub key: String,
    pub place: (usize, usize),
    pub first: (usize, usize),
}

impl Doubled {
    /// The fault where this is none that can be passed over.
    pub fn refused(&self) -> Error {
        let (Doubled { key, place: (line, column), .. }, (first_line, first_column)) = (self, self.first);
        let message =
            format!("key `{key}` is written twice; first at line {first_line}, column {first_column}");
        fault(*line, *column, message).help("keep one of them, or merge the two")
    }

    /// dbt's warning of it, which counts lines from the first one that is not blank.
    pub fn told(&self, text: &str, path: &str) -> Error {
        let (line, column) = self.place;
        let blank = text[..text.len() - text.trim_start().len()].matches('\n').count();
        let counted = line.saturating_sub(blank);
        let message = format!(
            "Duplicate key '{}' in \"<unicode string>\", line {counted}, column {column} in file `{path}`",
            self.key
        );
        let (first_line, first_column) = self.first;
        let help =
            format!("keep one of them; the first, at {path}:{first_line}:{first_column}, has no effect");
        fault(line, column, message).help(help)
    }
}

/// A collection that is still open.
struct Frame {
    node: Yaml,
    anchor: usize,
    /// The key that waits for its value.
    key: Option<Yaml>,
    /// Own keys, by their text, and where they are.
    seen: HashMap<String, (usize, usize)>,
    /// Is one of them written twice?
    has_doubled: bool,
    /// Pairs that merge keys bring; own keys win over them.
    merged: Vec<(Yaml, Yaml)>,
}

/// A finished node that aliases may repeat.
struct Anchor {
    node: Yaml,
    nodes: usize,
    height: usize,
}

#[derive(Default)]
struct Loader<'a> {
    pads: &'a [usize],
    /// Length of a text whose last line has no end: a block there gets none either.
    open_end: Option<usize>,
    open: Vec<Frame>,
    anchors: HashMap<usize, Anchor>,
    root: Option<Yaml>,
    documents: usize,
    expanded: usize,
    doubled: Vec<Doubled>,
}

impl Loader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<()> {
        let line = span.start.line();
        let pad = self.pads.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let place = (line, (span.start.col() + 1).saturating_sub(pad));
        match event {
            Event::DocumentStart(_) => self.document(place),
            Event::Scalar(text, style, anchor, tag) => {
                let open = self.open_end.is_some_and(|end| span.end.index() >= end);
                let block = matches!(style, Written::Literal | Written::Folded);
                let text = if open && block { text.strip_suffix('\n').unwrap_or(&text) } else { &text };
                let node = scalar(text, style, tag.as_deref(), place)?;
                self.keep(anchor, &node);
                self.add(node)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(YamlValue::List(Vec::new()), anchor, tag.as_deref(), place)
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(YamlValue::Map(Vec::new()), anchor, tag.as_deref(), place)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(id) => self.alias(id, place),
            _ => Ok(()),
        }
    }

    fn document(&mut self, (line, column): (usize, usize)) -> Result<()> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(fault(line, column, "expected a single document, but another one begins here")
                .help("remove the line `---`, or put the second document into a file of its own"));
        }
        Ok(())
    }

    fn begin(
        &mut self,
        value: YamlValue,
        anchor: usize,
        tag: Option<&Tag>,
        place: (usize, usize),
    ) -> Result<()> {
        let (line, column) = place;
        let name = if matches!(value, YamlValue::List(_)) { "seq" } else { "map" };
        if let Some(tag) = tag.filter(|tag| !is_core(tag, name) && !is_plain(tag)) {
            return Err(unknown_tag(tag, place));
        }
        if self.open.len() >= DEEPEST {
            return Err(too_deep(place));
        }
        let node = Yaml { value, line, column };
        let (seen, merged) = (HashMap::new(), Vec::new());
        self.open.push(Frame { node, anchor, key: None, seen, has_doubled: false, merged });
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let Some(mut frame) = self.open.pop() else { return Ok(()) };
        if let YamlValue::Map(own) = &mut frame.node.value {
            merge(own, std::mem::take(&mut frame.merged));
        }
        self.keep(frame.anchor, &frame.node);
        self.add(frame.node)
    }

    fn keep(&mut self, anchor: usize, node: &Yaml) {
        if anchor > 0 {
            let (nodes, height) = measure(node);
            self.anchors.insert(anchor, Anchor { node: node.clone(), nodes, height });
        }
    }

    fn alias(&mut self, id: usize, place: (usize, usize)) -> Result<()> {
        let (line, column) = place;
        let Some(anchor) = self.anchors.get(&id) else {
            return Err(fault(line, column, "this alias stands within its own anchor")
                .help("a YAML value cannot contain itself"));
        };
        self.expanded += anchor.nodes;
        if self.expanded > MOST_EXPANDED {
            let message = format!("aliases expand to more than {MOST_EXPANDED} values");
            return Err(fault(line, column, message).help("write fewer nested `*aliases`"));
        }
        if self.open.len() + anchor.height > DEEPEST {
            return Err(too_deep(place));
        }
        let node = anchor.node.clone();
        self.add(node)
    }

    /// Puts a finished node where it belongs: the document, a list, a key or its value.
    fn add(&mut self, node: Yaml) -> Result<()> {
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut frame.node.value, frame.key.take()) {
            (YamlValue::List(items), _) => items.push(node),
            (YamlValue::Map(_), None) => {
                self.doubled.extend(frame.doubled(&node)?);
                frame.key = Some(node);
            }
            (YamlValue::Map(_), Some(key)) if is_merge(&key) => frame.merge_from(node)?,
            (YamlValue::Map(_), Some(key)) => frame.set(key, node),
            _ => {}
        }
        Ok(())
    }
}

impl Frame {
    /// Notes a key; gives it back where it stands here already.
    fn doubled(&mut self, key: &Yaml) -> Result<Option<Doubled>> {
        if key.is_map() || key.is_list() {
            return Err(fault(key.line, key.column, format!("{} cannot be a key", key.kind_name()))
                .help("quote the key, or a template: `\"{{ ... }}\"`"));
        }
        if is_merge(key) {
            return Ok(None);
        }
        let (text, place) = (key.key_text(), (key.line, key.column));
        let first = self.seen.insert(text.clone(), place);
        self.has_doubled |= first.is_some();
        Ok(first.map(|first| Doubled { key: text, place, first }))
    }

    /// The last value of a key counts, at the place of the first.
    fn set(&mut self, key: Yaml, node: Yaml) {
        let YamlValue::Map(own) = &mut self.node.value else { return };
        let text = self.has_doubled.then(|| key.key_text());
        match text.and_then(|text| own.iter_mut().find(|(known, _)| known.key_text() == text)) {
            Some((_, value)) => *value = node,
            None => own.push((key, node)),
        }
    }

    fn merge_from(&mut self, node: Yaml) -> Result<()> {
        let refuse = |node: &Yaml| {
            let message = format!("`<<` must name a mapping or a list of mappings, not {}", node.kind_name());
            Err(fault(node.line, node.column, message).help("write `<<: *anchor`"))
        };
        match node.value {
            YamlValue::Map(pairs) => self.merged.extend(pairs),
            YamlValue::List(nodes) => {
                for node in nodes {
                    match node.value {
                        YamlValue::Map(pairs) => self.merged.extend(pairs),
                        _ => return refuse(&node),
                    }
                }
            }
            _ => return refuse(&node),
        }
        Ok(())
    }
}

/// Merged pairs first, in their order; own values win, and so does the first of several merged ones.
fn merge(own: &mut Vec<(Yaml, Yaml)>, merged: Vec<(Yaml, Yaml)>) {
    if merged.is_empty() {
        return;
    }
    let mut result: Vec<(Yaml, Yaml)> = Vec::with_capacity(own.len() + merged.len());
    let mut at: HashMap<String, usize> = HashMap::new();
    for (key, value) in merged {
        at.entry(key.key_text()).or_insert_with(|| {
            result.push((key, value));
            result.len() - 1
        });
    }
    for (key, value) in own.drain(..) {
        match at.get(&key.key_text()) {
            Some(&place) => result[place] = (key, value),
            None => result.push((key, value)),
        }
    }
    *own = result;
}

fn is_merge(key: &Yaml) -> bool {
    matches!(&key.value, YamlValue::String(text, ScalarStyle::Plain) if text == "<<")
}

/// How many nodes, and how many levels of collections.
fn measure(node: &Yaml) -> (usize, usize) {
    let grow = |(nodes, height): (usize, usize), child: &Yaml| {
        let (more, level) = measure(child);
        (nodes + more, height.max(level + 1))
    };
    match &node.value {
        YamlValue::List(items) => items.iter().fold((1, 1), grow),
        YamlValue::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).fold((1, 1), grow),
        _ => (1, 0),
    }
}

fn scalar(text: &str, style: Written, tag: Option<&Tag>, place: (usize, usize)) -> Result<Yaml> {
    let style = match style {
        Written::Plain => ScalarStyle::Plain,
        Written::SingleQuoted | Written::DoubleQuoted => ScalarStyle::Quoted,
        Written::Literal | Written::Folded => ScalarStyle::Block,
    };
    let as_text = || YamlValue::String(text.to_string(), style);
    let value = match tag {
        None if style == ScalarStyle::Plain => resolve(text),
        None => as_text(),
        Some(tag) if is_plain(tag) || is_core(tag, "str") || is_core(tag, "timestamp") => as_text(),
        Some(tag) if ["int", "float", "bool", "null"].iter().any(|name| is_core(tag, name)) => resolve(text),
        Some(tag) => return Err(unknown_tag(tag, place)),
    };
    Ok(Yaml { value, line: place.0, column: place.1 })
}

fn is_core(tag: &Tag, name: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == name
}

/// The lone `!`: a text, whatever it looks like.
fn is_plain(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!" || tag.handle == "!" && tag.suffix.is_empty()
}

fn unknown_tag(tag: &Tag, (line, column): (usize, usize)) -> Error {
    fault(line, column, format!("unknown tag `{}{}`", tag.handle, tag.suffix))
        .help("remove the tag, or quote a text that begins with `!`")
}

fn too_deep((line, column): (usize, usize)) -> Error {
    fault(line, column, format!("nested deeper than {DEEPEST} levels")).help("flatten this part of the file")
}
