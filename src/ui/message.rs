//! What a sink writes: an event put into dbt's words, with dbt's name, code, level and fields.

use super::translate::code_of;
use crate::manifest::Map;
use serde_json::Value as Json;

/// How much a message matters. Ordered: `Debug < Info < Warn < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For the log file.
    Debug,
    /// What happens.
    Info,
    /// What should be looked at.
    Warn,
    /// What failed.
    Error,
}

impl Level {
    /// dbt's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        }
    }

    /// The level that a word of `--log-level` names; `None` for `none` and for words that name none.
    pub fn parse(word: &str) -> Option<Level> {
        [Level::Debug, Level::Info, Level::Warn, Level::Error].into_iter().find(|l| l.as_str() == word)
    }
}

/// One line (or block of lines) for a sink.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// dbt's event class: `LogModelResult`.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// The words, with colours as marks (see `style`).
    pub text: String,
    /// What the text sinks write where it says more than `text`: a fault with its source line.
    pub drawn: Option<String>,
    /// The fields, as JSON logs show them.
    pub data: Map,
    /// Is it written without a stamp, even under `--quiet`?
    pub bare: bool,
}

impl Message {
    /// A message without fields.
    pub fn new(name: &'static str, level: Level, text: impl Into<String>) -> Self {
        Message { name, level, text: text.into(), drawn: None, data: Map::new(), bare: false }
    }

    /// An information whose only field is its text.
    pub fn note(name: &'static str, level: Level, text: &str) -> Self {
        Message::new(name, level, text).with("msg", text)
    }

    /// The empty line that sets groups of lines apart.
    pub fn blank() -> Self {
        Message::note("Formatting", Level::Info, "")
    }

    /// Adds a field.
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.data.insert(key.to_string(), value.into());
        self
    }

    /// Written as it is: no stamp, not silenced by `--quiet`.
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// Gives the text sinks more to show.
    pub fn drawn(mut self, text: String) -> Self {
        self.drawn = Some(text);
        self
    }

    /// dbt's code of the event.
    pub fn code(&self) -> &'static str {
        code_of(self.name)
    }

    /// Does a sink of this level write it?
    pub fn passes(&self, threshold: Level) -> bool {
        self.bare || self.level >= threshold
    }
}
