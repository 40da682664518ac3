//! The one error type: what went wrong, where in the user's files, and how to mend it.
//!
//! An [`Error`] is worded where the fault is known. A stage that finds several faults reports
//! them together ([`Error::all`]). Nothing here prints: `ui/` draws an error with its source line.

use crate::packed::{Packed, Reader, Writer, packed};
use serde_json::Value as Json;
use std::fmt;
use std::path::Path;

/// What a fallible function of karat returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The family of a fault. Its [`header`](ErrorKind::header) is the line that dbt prints above the
/// message, which tools look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Jinja that does not render, a `ref` that leads nowhere, a config that makes no sense.
    Compilation,
    /// A property file, a test definition or a block that cannot be read.
    Parsing,
    /// The engine refused a statement or the connection failed.
    Database,
    /// dbt_project.yml, selectors or the command line name something that is not there.
    Runtime,
    /// dbt_project.yml itself is missing or wrong.
    Project,
    /// profiles.yml, a profile or a target is missing or wrong.
    Profile,
    /// A package cannot be found or does not fit.
    Dependency,
    /// The command line is not understood.
    Usage,
    /// Data does not satisfy a contract or a fail-fast stop was asked for.
    FailFast,
    /// A model no longer keeps what its contract promised in an earlier state of the project.
    BreakingChange,
    /// The run was interrupted by the user or the system.
    Interrupted,
    /// A fault of karat itself.
    Internal,
}

impl ErrorKind {
    /// The header line that dbt Core prints for this family.
    pub fn header(self) -> &'static str {
        match self {
            ErrorKind::Compilation => "Compilation Error",
            ErrorKind::Parsing => "Parsing Error",
            ErrorKind::Database => "Database Error",
            ErrorKind::Runtime | ErrorKind::Project | ErrorKind::Profile | ErrorKind::Dependency => {
                "Runtime Error"
            }
            ErrorKind::Usage => "Usage Error",
            ErrorKind::FailFast => "FailFast Error",
            ErrorKind::BreakingChange => "Breaking change to contract Error",
            ErrorKind::Interrupted => "Interrupted",
            ErrorKind::Internal => "Internal Error",
        }
    }
}

impl ErrorKind {
    const ALL: [ErrorKind; 12] = [
        ErrorKind::Compilation,
        ErrorKind::Parsing,
        ErrorKind::Database,
        ErrorKind::Runtime,
        ErrorKind::Project,
        ErrorKind::Profile,
        ErrorKind::Dependency,
        ErrorKind::Usage,
        ErrorKind::FailFast,
        ErrorKind::BreakingChange,
        ErrorKind::Interrupted,
        ErrorKind::Internal,
    ];
}

impl Packed for ErrorKind {
    fn pack(&self, to: &mut Writer) {
        ErrorKind::ALL.iter().position(|kind| kind == self).unwrap_or_default().pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        ErrorKind::ALL.get(usize::unpack(from)?).copied()
    }
}

/// A place in a user's file. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Location {
    /// Path as it is shown: relative to the project where that is possible. Empty for a text that stands in
    /// no file of the user's: a statement of a macro or of karat itself.
    pub path: String,
    /// Line, where known.
    pub line: Option<usize>,
    /// Column, where known.
    pub column: Option<usize>,
}
packed!(Location { path, line, column });

impl Location {
    /// A place of which only the file is known.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Location { path: path.as_ref().display().to_string(), line: None, column: None }
    }

    /// A line of a file.
    pub fn line(path: impl AsRef<Path>, line: usize) -> Self {
        Location { line: Some(line), ..Location::file(path) }
    }

    /// Is it a place that the user can open?
    pub fn is_in_file(&self) -> bool {
        !self.path.is_empty()
    }

    /// An exact place.
    pub fn at(path: impl AsRef<Path>, line: usize, column: usize) -> Self {
        Location { line: Some(line), column: Some(column), ..Location::file(path) }
    }
}

impl fmt::Display for Location {
    /// `models/a.sql:12:5`, as editors and terminals make it clickable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// One fault, or several of one stage. Cheap to move: one pointer.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    location: Option<Location>,
    source_line: Option<String>,
    subject: Option<String>,
    help: Vec<String>,
    trace: Vec<String>,
    code: Option<String>,
    fields: Vec<(&'static str, Json)>,
    others: Vec<Error>,
}
packed!(Inner { kind, message, location, source_line, subject, help, trace, code, fields, others });

impl Packed for Error {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        Inner::unpack(from).map(|inner| Error(Box::new(inner)))
    }
}

impl Error {
    /// A fault of a family, told in one sentence without a final stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            location: None,
            source_line: None,
            subject: None,
            help: Vec::new(),
            trace: Vec::new(),
            code: None,
            fields: Vec::new(),
            others: Vec::new(),
        }))
    }

    /// [`ErrorKind::Compilation`].
    pub fn compilation(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Compilation, message)
    }

    /// [`ErrorKind::Parsing`].
    pub fn parsing(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Parsing, message)
    }

    /// [`ErrorKind::Database`].
    pub fn database(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Database, message)
    }

    /// [`ErrorKind::Runtime`].
    pub fn runtime(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Runtime, message)
    }

    /// [`ErrorKind::Internal`].
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal, message)
    }

    /// Many faults as one error; `None` where there is none. The first one leads.
    pub fn all(mut errors: Vec<Error>) -> Option<Error> {
        if errors.is_empty() {
            return None;
        }
        let mut first = errors.remove(0);
        first.0.others.extend(errors);
        Some(first)
    }

    /// Each fault by itself.
    pub fn apart(mut self) -> Vec<Error> {
        let others = std::mem::take(&mut self.0.others);
        std::iter::once(self).chain(others.into_iter().flat_map(Error::apart)).collect()
    }

    /// Says where: file, line, column (from 1).
    pub fn at(self, path: impl AsRef<Path>, line: usize, column: usize) -> Self {
        self.located(Location::at(path, line, column))
    }

    /// Says where; an earlier, more exact location is kept.
    pub fn or_located(self, location: Location) -> Self {
        if self.0.location.is_some() { self } else { self.located(location) }
    }

    /// Says where, replacing what was said before.
    pub fn located(mut self, location: Location) -> Self {
        self.0.location = Some(location);
        self
    }

    /// Gives the text of the line at fault, so that it can be drawn. `text` is the whole file.
    pub fn with_source(self, text: &str) -> Self {
        let line = self.0.location.as_ref().and_then(|place| place.line);
        let text = line.and_then(|n| text.lines().nth(n.saturating_sub(1))).map(str::to_string);
        self.with_source_line(text)
    }

    /// The same, where the line is at hand.
    pub fn with_source_line(mut self, line: Option<String>) -> Self {
        self.0.source_line = line;
        self
    }

    /// Names the node at fault as dbt does: `model my_model (models/my_model.sql)`.
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.0.subject.get_or_insert(subject.into());
        self
    }

    /// Adds one way to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help.push(help.into());
        self
    }

    /// Adds one frame of the chain of macro calls, innermost first.
    pub fn in_macro(mut self, frame: impl Into<String>) -> Self {
        self.0.trace.push(frame.into());
        self
    }

    /// Gives the engine's own code of the fault (an SQLSTATE), for those who decide on it.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds a fact for those who read JSON logs: `model_name` of a deprecated model.
    pub fn with_field(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.0.fields.push((name, value.into()));
        self
    }

    /// The facts for JSON logs.
    pub fn fields(&self) -> &[(&'static str, Json)] {
        &self.0.fields
    }

    /// The same fault under another family.
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same fault, told in other words.
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// The same faults with every text changed: secrets taken out of them, say.
    pub fn with_texts(mut self, change: &dyn Fn(&str) -> String) -> Self {
        let inner = &mut self.0;
        inner.message = change(&inner.message);
        inner.source_line = inner.source_line.take().map(|line| change(&line));
        inner.help.iter_mut().for_each(|help| *help = change(help));
        if let Some(place) = &mut inner.location {
            place.path = change(&place.path);
        }
        inner.others = std::mem::take(&mut inner.others).into_iter().map(|e| e.with_texts(change)).collect();
        self
    }

    /// The family.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where, if known.
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// The text of the line at fault, if known.
    pub fn source_line(&self) -> Option<&str> {
        self.0.source_line.as_deref()
    }

    /// The node at fault, if known.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// The ways to mend it.
    pub fn helps(&self) -> &[String] {
        &self.0.help
    }

    /// The chain of macro calls, innermost first.
    pub fn trace(&self) -> &[String] {
        &self.0.trace
    }

    /// The engine's own code (an SQLSTATE), if any.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// This fault and those found with it.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        std::iter::once(self).chain(self.0.others.iter().flat_map(|e| e.flatten()))
    }

    fn flatten(&self) -> Vec<&Error> {
        self.iter().collect()
    }

    /// The whole fault as plain text in dbt's layout: header, body indented by two spaces, place,
    /// helps. Used for `message` in run_results.json and by logs.
    pub fn full_text(&self) -> String {
        let each = |e: &Error| {
            let mut text = e.0.kind.header().to_string();
            if let Some(subject) = &e.0.subject {
                text += &format!(" in {subject}");
            }
            for line in e.0.message.lines() {
                text += &format!("\n  {line}");
            }
            for frame in &e.0.trace {
                text += &format!("\n  > {frame}");
            }
            if let Some(place) = e.0.location.as_ref().filter(|place| place.is_in_file()) {
                text += &format!("\n  --> {place}");
            }
            for help in &e.0.help {
                text += &format!("\n  help: {help}");
            }
            text
        };
        self.iter().map(each).collect::<Vec<_>>().join("\n\n")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.location {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
