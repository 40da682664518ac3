//! What the user asked of the output, once all sources of flags are settled.

use super::message::Level;
use super::translate::Wording;
use crate::manifest::Map;
use crate::project::Environment;
use std::path::PathBuf;
use std::sync::Arc;

/// The shape of the lines of a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `HH:MM:SS  message`.
    Text,
    /// `HH:MM:SS.ffffff [level] [thread]: message`.
    Debug,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// The format that a word of `--log-format` names; `default` and unknown words give the other one.
    pub fn parse(word: &str, default: Format) -> Format {
        match word.to_ascii_lowercase().as_str() {
            "text" => Format::Text,
            "debug" => Format::Debug,
            "json" => Format::Json,
            _ => default,
        }
    }
}

/// Everything a reporter needs to know.
#[derive(Debug, Clone)]
pub struct UiOptions {
    /// Shape of console lines.
    pub format: Format,
    /// Least level on the console; none silences it altogether.
    pub level: Option<Level>,
    /// `--quiet`: only faults, and what the command is for.
    pub quiet: bool,
    /// `--print`: are `print()`s of Jinja shown?
    pub print: bool,
    /// Colours on the console.
    pub colours: bool,
    /// Is standard output a terminal on which a live view may be drawn?
    pub terminal: bool,
    /// Where dots end.
    pub width: usize,
    /// Does every deprecation name its class?
    pub event_names: bool,
    /// The log file; none for commands that keep none.
    pub log_file: Option<LogFileOptions>,
    /// A second log file, for a program that called this one: every event as a JSON line.
    pub events: Option<LogFileOptions>,
    /// Id of the invocation.
    pub invocation_id: String,
    /// `DBT_ENV_CUSTOM_ENV_*`, without the prefix: `extra` of JSON lines.
    pub extra: Map,
    /// What must never be written.
    pub secrets: Arc<Environment>,
}

/// The log file.
#[derive(Debug, Clone)]
pub struct LogFileOptions {
    /// `logs/dbt.log`.
    pub path: PathBuf,
    /// Shape of its lines.
    pub format: Format,
    /// Least level in it.
    pub level: Level,
    /// Colours in it.
    pub colours: bool,
    /// Size at which a new file is begun; 0 for no limit.
    pub max_bytes: u64,
}

impl Default for UiOptions {
    /// dbt's defaults, without a log file.
    fn default() -> Self {
        UiOptions {
            format: Format::Text,
            level: Some(Level::Info),
            quiet: false,
            print: true,
            colours: true,
            terminal: false,
            width: 80,
            event_names: false,
            log_file: None,
            events: None,
            invocation_id: String::new(),
            extra: Map::new(),
            secrets: Arc::default(),
        }
    }
}

impl UiOptions {
    /// What the wording of a sink depends on.
    pub fn wording(&self, quiet: bool) -> Wording {
        Wording { width: self.width, print: self.print, quiet, event_names: self.event_names }
    }

    /// The least level on the console, `--quiet` considered.
    pub fn threshold(&self) -> Option<Level> {
        self.level.map(|level| if self.quiet { Level::Error } else { level })
    }
}
