//! One message as one line of a sink: text with a stamp, debug text with level and thread, or JSON.

use crate::manifest::Map;
use crate::ui::message::Message;
use crate::ui::options::Format;
use crate::ui::style::{RESET, resolve, resolve_visible};
use chrono::{DateTime, Utc};
use serde_json::json;

/// How a sink writes.
#[derive(Debug, Clone)]
pub struct LineStyle {
    /// The shape.
    pub format: Format,
    /// Colours?
    pub colours: bool,
    /// Is the sink a terminal? Then even bare output shows its control characters instead of using them.
    pub terminal: bool,
    /// Id of the invocation.
    pub invocation_id: String,
    /// `extra` of JSON lines.
    pub extra: Map,
}

impl LineStyle {
    /// The line, with its line end.
    pub fn line(&self, message: &Message, now: DateTime<Utc>) -> String {
        match self.format {
            Format::Json => self.json(message, now) + "\n",
            Format::Text => self.text(message, now) + "\n",
            Format::Debug => self.debug(message, now) + "\n",
        }
    }

    /// The words alone, with a line end: what a live view shows.
    pub fn unstamped(&self, message: &Message) -> String {
        self.words(message) + "\n"
    }

    fn text(&self, message: &Message, now: DateTime<Utc>) -> String {
        if message.bare {
            return match self.terminal {
                true => resolve_visible(&message.text, self.colours),
                false => resolve(&message.text, self.colours),
            };
        }
        format!("{}{}  {}", self.reset(), now.format("%H:%M:%S"), self.words(message))
    }

    fn debug(&self, message: &Message, now: DateTime<Utc>) -> String {
        let time = now.format("%H:%M:%S%.6f");
        let head = match message.name {
            "MainReportVersion" => {
                let rule = "=".repeat(30);
                format!("\n\n{rule} {time} | {} {rule}\n", self.invocation_id)
            }
            _ => String::new(),
        };
        let level = message.level.as_str();
        let thread: String = thread_name().chars().take(10).collect();
        format!("{head}{}{time} [{level:<5}] [{thread:<10}]: {}", self.reset(), self.words(message))
    }

    fn words(&self, message: &Message) -> String {
        resolve_visible(message.drawn.as_ref().unwrap_or(&message.text), self.colours)
    }

    fn reset(&self) -> &'static str {
        if self.colours { RESET } else { "" }
    }

    fn json(&self, message: &Message, now: DateTime<Utc>) -> String {
        let info = json!({
            "category": "",
            "code": message.code(),
            "extra": self.extra,
            "invocation_id": self.invocation_id,
            "level": message.level.as_str(),
            "msg": resolve(&message.text, self.colours),
            "name": message.name,
            "pid": std::process::id(),
            "thread": thread_name(),
            "ts": now.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        });
        json!({"data": message.data, "info": info}).to_string()
    }
}

/// The thread that speaks, by dbt's names: `MainThread`, `Thread-1 (worker)`.
fn thread_name() -> String {
    match std::thread::current().name() {
        Some("main") => "MainThread".into(),
        Some(name) => name.to_string(),
        None => "Thread".into(),
    }
}
