//! From bytes to text: UTF-8, with or without a byte order mark.

use crate::error::{Error, Location, Result};
use std::sync::{Arc, OnceLock};

/// The text of a file that knows where its lines begin once it is asked: a large file can have many faults.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    text: Arc<str>,
    starts: Arc<OnceLock<Vec<usize>>>,
}

impl Lines {
    pub(super) fn new(text: Arc<str>) -> Self {
        Lines { text, starts: Arc::default() }
    }

    /// A fault with its line drawn.
    pub fn draw(&self, fault: Error) -> Error {
        let number = fault.location().and_then(|place| place.line);
        fault.with_source_line(number.and_then(|number| self.line(number)))
    }

    /// A line, counted from 1.
    fn line(&self, number: usize) -> Option<String> {
        let starts = self.starts.get_or_init(|| {
            let after = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(after).collect()
        });
        let start = *starts.get(number.saturating_sub(1))?;
        self.text[start..].lines().next().map(str::to_string)
    }
}

/// The text of a file without its byte order mark.
///
/// # Errors
/// Bytes that are no UTF-8: says which byte, in which line and column.
pub(in crate::project) fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|fault| no_utf8(path, bytes, fault.valid_up_to()))
}

fn no_utf8(path: &str, bytes: &[u8], at: usize) -> Error {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Error::parsing("the file is UTF-16, not UTF-8")
            .located(Location::at(path, 1, 1))
            .help("save the file as UTF-8");
    }
    let byte = bytes.get(at).copied().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    Error::parsing(format!("byte 0x{byte:02x} at offset {at} is not UTF-8"))
        .located(Location::at(path, line, column))
        .with_source(&text)
        .help("save the file as UTF-8")
}
