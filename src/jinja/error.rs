//! Errors of minijinja as errors of karat: dbt's words, the user's file, line and column, and the
//! chain of macros.

use minijinja::ErrorKind;

use super::blocks::MacroSource;
use super::context::Root;
use super::desugar::{self, Output};
use super::engine::Template;
use super::scan::position;
use crate::error::{Error, Location};

/// What dbt adds where a name is not known.
const UNDEFINED_HINT: &str = "This can happen when calling a macro that does not exist. \
    Check for typos and/or install package dependencies with \"dbt deps\".";

/// The [`Error::code`] of faults about names that do not exist. dbt finds these when it compiles a
/// node, not when it parses it; whoever parses may put them off.
pub const UNDEFINED: &str = "undefined";

/// The [`Error::code`] of faults about templates that grow beyond what karat lets them.
pub const BEYOND: &str = "beyond";

/// A macro that an error left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// How many macros were being called around it.
    pub depth: usize,
    /// The macro.
    pub index: usize,
}

/// Makes a karat error one that a function called by a template can return. It comes out of the
/// render as it went in, with its place added.
pub fn raise(error: Error) -> minijinja::Error {
    let text = error.message().to_string();
    minijinja::Error::new(ErrorKind::InvalidOperation, text).with_source(error)
}

/// An error that leaves a macro. It goes on inside of another one, to which minijinja gives the place of
/// the call.
pub(crate) fn passed_on(error: minijinja::Error) -> minijinja::Error {
    minijinja::Error::new(error.kind(), error.detail().unwrap_or_default().to_string()).with_source(error)
}

/// The error as it was raised, and the calls that it went through, the innermost first.
fn innermost(error: &minijinja::Error) -> (&minijinja::Error, Vec<&minijinja::Error>) {
    let (mut at, mut calls) = (error, Vec::new());
    while let Some(inner) = std::error::Error::source(at).and_then(|it| it.downcast_ref::<minijinja::Error>())
    {
        calls.push(at);
        at = inner;
    }
    calls.reverse();
    (at, calls)
}

/// The error of a name that does not exist.
pub(crate) fn not_found(what: &str) -> minijinja::Error {
    raise(undefined(what))
}

pub(crate) fn undefined(what: &str) -> Error {
    Error::compilation(format!("{what}. {UNDEFINED_HINT}")).with_code(UNDEFINED)
}

/// Tells an error of a render as an error of the user's file.
pub(crate) fn explain(error: &minijinja::Error, root: &Root, template: Option<&Template>) -> Error {
    let (raised, calls) = innermost(error);
    let place = Place::find(raised, root, template);
    let known = known(raised).cloned();
    let mut told = known.unwrap_or_else(|| words(raised, place.as_ref()));
    if let Some(place) = &place
        && told.location().is_none()
    {
        told = told.located(place.location()).with_source(&place.lines());
    }
    if told.code() == Some(UNDEFINED)
        && let Some(help) = suggestion(told.message(), root)
    {
        told = told.help(help);
    }
    trace(root, template, &calls).into_iter().fold(told, Error::in_macro)
}

/// The chain of macros, innermost first, each but the first with the line of its call; at last the line
/// of the template. Calls that repeat themselves are told once.
fn trace(root: &Root, template: Option<&Template>, calls: &[&minijinja::Error]) -> Vec<String> {
    let line = |at: usize| {
        let place = Place::find(calls.get(at)?, root, template)?;
        place.location().line.map(|line| (place.file, line))
    };
    let frames = root.take_trace();
    let mut told: Vec<(String, usize)> = Vec::new();
    let tell = |frame: String, told: &mut Vec<(String, usize)>| match told.last_mut() {
        Some((last, count)) if *last == frame => *count += 1,
        _ => told.push((frame, 1)),
    };
    for (index, frame) in frames.iter().enumerate() {
        let source = root.shared.macros[frame.index].source();
        let built_in = root.shared.namespaces.is_internal(&source.package);
        let file =
            if built_in { format!("{}: {}", source.package, source.file) } else { source.file.clone() };
        let frame = match index.checked_sub(1).and_then(line) {
            Some((_, line)) => format!("called by macro {} ({file}:{line})", source.name),
            None if index == 0 => format!("in macro {} ({file})", source.name),
            None => format!("called by macro {} ({file})", source.name),
        };
        tell(frame, &mut told);
    }
    if let Some((file, line)) = frames.len().checked_sub(1).and_then(line) {
        tell(format!("called at {file}:{line}"), &mut told);
    }
    let times = |count: usize| if count > 1 { format!(", {count} times") } else { String::new() };
    told.into_iter().map(|(frame, count)| frame + &times(count)).collect()
}

/// A name that exists and may have been meant: one of another package, or one spelled alike.
fn suggestion(message: &str, root: &Root) -> Option<String> {
    let name = message
        .split('\'')
        .find(|part| !part.is_empty() && *part != "dict object" && !part.starts_with(' '))?;
    let elsewhere = root.shared.macros.iter().find(|one| one.source().name == name);
    if let Some(one) = elsewhere {
        return Some(format!("write `{}.{name}`; {} defines it", one.source().package, one.source().file));
    }
    let known = root.known_names();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let alike = similar::get_close_matches(name, &known, 1, 0.8);
    alike.first().map(|alike| format!("did you mean `{alike}`?"))
}

/// Tells a fault of a macro's own syntax that only minijinja found.
pub(crate) fn explain_macro(error: &minijinja::Error, source: &MacroSource) -> Error {
    let place = Place::of_macro(error, source);
    let told = words(error, place.as_ref());
    match &place {
        Some(place) => told.located(place.location()).with_source(&place.lines()),
        None => told.located(Location::at(&source.file, source.line, source.column)),
    }
}

/// The karat error inside, if a function of ours raised it.
fn known(error: &minijinja::Error) -> Option<&Error> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(found) = inner.downcast_ref::<Error>() {
            return Some(found);
        }
        source = inner.source();
    }
    None
}

/// The innermost message, in dbt's words.
fn words(error: &minijinja::Error, place: Option<&Place>) -> Error {
    let inner = std::error::Error::source(error).and_then(|e| e.downcast_ref::<minijinja::Error>());
    if let Some(inner) = inner {
        return words(inner, place);
    }
    let detail = error.detail().unwrap_or("").to_string();
    match error.kind() {
        ErrorKind::UnknownFunction => {
            let name = detail.split_whitespace().next().unwrap_or("?");
            undefined(&format!("'{name}' is undefined"))
        }
        ErrorKind::UndefinedError => {
            undefined(&format!("'{}' is undefined", place.and_then(Place::undefined_name).unwrap_or("value")))
        }
        // A macro knows its free names from when it was first called, the missing ones as undefined.
        ErrorKind::InvalidOperation if detail == "value of type undefined is not callable" => {
            undefined(&format!("'{}' is undefined", place.and_then(Place::path).unwrap_or("value")))
        }
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest => {
            let what = if error.kind() == ErrorKind::UnknownFilter { "filter" } else { "test" };
            let name = detail.split_whitespace().nth(1).unwrap_or(&detail);
            Error::compilation(format!("no {what} named '{name}'"))
        }
        ErrorKind::OutOfFuel => {
            Error::compilation("the template has no end: it was stopped after 200 million steps")
                .with_code(BEYOND)
                .help("look for loops within loops, and for ranges that grow with the data")
        }
        kind if detail.is_empty() => Error::compilation(kind.to_string()),
        ErrorKind::InvalidOperation | ErrorKind::SyntaxError | ErrorKind::UnknownMethod => {
            Error::compilation(detail)
        }
        kind => Error::compilation(format!("{kind}: {detail}")),
    }
}

/// Where an error is, in the text that the user wrote.
struct Place {
    file: String,
    /// The text of the file, or of the block.
    text: String,
    /// Line and column at which the text begins in the file.
    origin: (usize, usize),
    range: Option<(usize, usize)>,
    line: usize,
}

impl Place {
    fn find(error: &minijinja::Error, root: &Root, template: Option<&Template>) -> Option<Place> {
        let name = error.name()?;
        if let Some(one) = root.shared.macro_by_id(name) {
            return Place::of_macro(error, one.source());
        }
        let template = template.filter(|template| template.name() == name)?;
        let output = desugar::template(template.source(), template.mode()).ok()?.output;
        Some(Place {
            file: template.file().to_string(),
            text: template.source().to_string(),
            origin: template.origin(),
            range: range(error, &output),
            line: error.line()? + template.origin().0 - 1,
        })
    }

    fn of_macro(error: &minijinja::Error, source: &MacroSource) -> Option<Place> {
        let output = desugar::macro_block(&source.text, source.line).ok()?.output;
        // The block's text may begin with white space that its tag eats; places count from the tag.
        let text = source.text.trim_start();
        let eaten = source.text.len() - text.len();
        let inside = |(start, end): (usize, usize)| (start.saturating_sub(eaten), end.saturating_sub(eaten));
        Some(Place {
            file: source.file.clone(),
            text: text.to_string(),
            origin: (source.line, source.column),
            range: range(error, &output).map(inside),
            line: error.line()?,
        })
    }

    fn location(&self) -> Location {
        let Some((start, _)) = self.range else { return Location::line(&self.file, self.line) };
        // minijinja begins an attribute at its dot; the reader looks for the name before it.
        let dotted = self.text[start..].starts_with('.');
        let start = if dotted { self.path_start(start).unwrap_or(start) } else { start };
        let (line, column) = position(&self.text, start);
        let column = if line == 1 { column + self.origin.1 - 1 } else { column };
        Location::at(&self.file, line + self.origin.0 - 1, column)
    }

    /// The text with the lines that stand before it in the file.
    fn lines(&self) -> String {
        format!("{}{}{}", "\n".repeat(self.origin.0 - 1), " ".repeat(self.origin.1 - 1), self.text)
    }

    /// The dotted name at fault.
    fn path(&self) -> Option<&str> {
        let (start, end) = self.range?;
        let rest = self.text.get(start..end)?;
        let stop = start + rest.find(|c| !in_path(c)).unwrap_or(rest.len());
        self.text.get(self.path_start(stop)?..stop)
    }

    /// Where the dotted name that ends at an offset begins.
    fn path_start(&self, end: usize) -> Option<usize> {
        let before = self.text.get(..end)?.char_indices().rev();
        before.take_while(|(_, c)| in_path(*c)).last().map(|(start, _)| start)
    }

    /// The undefined part of the dotted name at fault: `a.b` of `a.b.c`.
    fn undefined_name(&self) -> Option<&str> {
        let path = self.path()?;
        let object = path.rsplit_once('.').map_or(path, |(object, _)| object);
        (!object.is_empty()).then_some(object)
    }
}

fn in_path(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// The range of an error in the source that `output` was made of.
fn range(error: &minijinja::Error, output: &Output) -> Option<(usize, usize)> {
    let range = error.range()?;
    let start = output.source_offset(range.start);
    Some((start, output.source_end(range.end).max(start)))
}
