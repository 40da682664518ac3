//! A quote that nobody closed: CSV readers swallow the rest of the file with it.

use std::io::{BufRead, Result};

/// Line and column (from 1) of the quote that is still open at the end of the text.
///
/// # Errors
/// The text cannot be read.
pub fn open_quote(mut text: impl BufRead, delimiter: u8) -> Result<Option<(usize, usize)>> {
    let mut opened = None;
    let (mut line, mut column) = (1, 0);
    let (mut at_start, mut closing) = (true, false);
    loop {
        let chunk = text.fill_buf()?;
        if chunk.is_empty() {
            return Ok(opened.filter(|_| !closing));
        }
        for byte in chunk {
            column += 1;
            match (opened, *byte) {
                // Within quotes: a quote closes, unless another follows.
                (Some(_), b'"') => closing = !closing,
                (Some(_), _) if closing => (opened, closing, at_start) = (None, false, false),
                (None, b'"') if at_start => opened = Some((line, column)),
                _ => {}
            }
            if opened.is_none() {
                at_start = *byte == delimiter || matches!(byte, b'\n' | b'\r');
            }
            if *byte == b'\n' {
                (line, column) = (line + 1, 0);
            }
        }
        let read = chunk.len();
        text.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_where_it_was_opened() {
        let check = |text: &str, expect: Option<(usize, usize)>| {
            assert_eq!(open_quote(text.as_bytes(), b',').unwrap_or(None), expect, "{text}");
        };
        check("a,b\n1,\"x\ny\n", Some((2, 3)));
        check("a,b\n1,\"x\ny\"\n", None);
        check("a\n\"x\"\"y\"", None);
        check("a\n5\" pipe\n", None);
        check("a\n\"x\",\"", Some((2, 5)));
    }
}
