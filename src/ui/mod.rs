//! All that karat shows: reporters turn the events of the inside into lines, a live view, a log file.
//!
//! The way of an event: `translate` words it as dbt does ([`Message`]s with name, code, level, fields);
//! `line` makes a message a line of text or JSON; `console`, `log_file` and `live` are the sinks, each with
//! its own threshold; `Environment::scrub` takes the secrets out at the very end. [`errors`] draws faults, [`table`]
//! prints rows, `style` holds colours as marks, so that data can never pass for a colour.

pub mod diff;
pub mod errors;
mod message;
mod options;
mod sinks;
mod style;
pub mod table;
mod timing;
mod translate;

#[cfg(test)]
mod tests;

pub use message::{Level, Message};
pub use options::{Format, LogFileOptions, UiOptions};
pub use style::{resolve, resolve_visible};
pub use translate::DBT_VERSION;

use crate::event::{Reporter, Tee};
use sinks::{console, live, log_file};
use std::sync::Arc;

/// The reporter for these options: a live view on a terminal, otherwise lines; the log file beside it.
/// A log file that cannot be opened is done without.
pub fn reporter(options: &UiOptions) -> Arc<dyn Reporter> {
    let mut all: Vec<Arc<dyn Reporter>> = Vec::new();
    if let Some(threshold) = options.threshold() {
        all.push(match live::fits(options) {
            true => Arc::new(live::Live::new(options)),
            false => Arc::new(console::Console::new(std::io::stdout(), options, threshold)),
        });
    }
    for log in options.log_file.iter().chain(&options.events) {
        if let Some(log) = log_file::LogFile::open(log, options) {
            all.push(Arc::new(log));
        }
    }
    Arc::new(Tee(all))
}

/// Writes a text to standard output as it is: help, versions, completions. Nobody reading is no fault.
pub fn print(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a text to standard error: usage errors.
pub fn print_error(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
