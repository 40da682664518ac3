//! The console: lines of text or JSON on standard output, one event at a time.

use super::line::LineStyle;
use crate::event::{Event, Reporter};
use crate::project::Environment;
use crate::ui::message::Level;
use crate::ui::options::UiOptions;
use crate::ui::translate::{Wording, loudest, messages};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// A reporter that writes lines to a stream. When nobody reads any more (`| head -1`) it falls silent; the
/// run goes on.
pub struct Console<W: Write + Send> {
    out: Mutex<Option<W>>,
    style: LineStyle,
    wording: Wording,
    threshold: Level,
    secrets: Arc<Environment>,
}

impl<W: Write + Send> Console<W> {
    /// A console on a stream. A level of none is for the caller to mind.
    pub fn new(out: W, options: &UiOptions, threshold: Level) -> Self {
        let style = LineStyle {
            format: options.format,
            colours: options.colours,
            terminal: options.terminal,
            invocation_id: options.invocation_id.clone(),
            extra: options.extra.clone(),
        };
        let wording = options.wording(options.quiet);
        Console { out: Mutex::new(Some(out)), style, wording, threshold, secrets: options.secrets.clone() }
    }
}

impl<W: Write + Send> Reporter for Console<W> {
    fn report(&self, event: Event) {
        if loudest(&event) < self.threshold {
            return;
        }
        let now = chrono::Utc::now();
        let written = messages(&event, &self.wording).into_iter().filter(|m| m.passes(self.threshold));
        let text: String = written.map(|m| self.style.line(&m, now)).collect();
        let text = self.secrets.scrub(text);
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = match out.as_mut() {
            Some(out) => out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err(),
            None => false,
        };
        if failed {
            *out = None;
        }
    }
}
