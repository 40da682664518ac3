//! `str`: taking apart.

use minijinja::Value;

use crate::jinja::value::{Args, Outcome, list, tuple, value_error};

/// `text.name(args)`; `None` if there is no such method.
pub fn call(text: &str, name: &str, args: &[Value]) -> Option<Outcome> {
    match name {
        "split" | "rsplit" => Some(split(text, name == "rsplit", args)),
        "splitlines" => Some(split_lines(text, args)),
        "partition" => Some(partition(text, args, false)),
        "rpartition" => Some(partition(text, args, true)),
        _ => None,
    }
}

/// What `str.isspace` holds for: Unicode's white space and ASCII's separators.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

fn texts<'t>(parts: impl IntoIterator<Item = &'t str>) -> Value {
    list(parts.into_iter().map(Value::from).collect())
}

fn split(text: &str, from_right: bool, args: &[Value]) -> Outcome {
    let args = Args::bind("split", &["sep", "maxsplit"], args)?;
    let most = usize::try_from(args.whole_or(1, -1)?).map_or(usize::MAX, |most| most.saturating_add(1));
    if args.some(0).is_none() {
        return Ok(texts(words(text, from_right, most)));
    }
    let separator = args.text(0)?;
    if separator.is_empty() {
        return Err(value_error("empty separator"));
    }
    if from_right {
        let mut parts: Vec<&str> = text.rsplitn(most, separator).collect();
        parts.reverse();
        return Ok(texts(parts));
    }
    Ok(texts(text.splitn(most, separator)))
}

/// Splits at runs of white space into at most `most` parts. The last part keeps the white space at
/// its far end, if `most` cut it short.
fn words(text: &str, from_right: bool, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        rest = if from_right { rest.trim_end_matches(is_space) } else { rest.trim_start_matches(is_space) };
        if rest.is_empty() {
            break;
        }
        let cut = if from_right { rest.rfind(is_space) } else { rest.find(is_space) };
        let Some(at) = cut.filter(|_| parts.len() + 1 < most) else {
            parts.push(rest);
            break;
        };
        let width = rest[at..].chars().next().map_or(1, char::len_utf8);
        let (word, left) =
            if from_right { (&rest[at + width..], &rest[..at]) } else { (&rest[..at], &rest[at..]) };
        parts.push(word);
        rest = left;
    }
    if from_right {
        parts.reverse();
    }
    parts
}

fn split_lines(text: &str, args: &[Value]) -> Outcome {
    let keep = Args::bind("splitlines", &["keepends"], args)?.flag(0, false);
    Ok(texts(lines(text).map(|(line, end)| &text[line.start..if keep { end } else { line.end }])))
}

/// Each line's range without its end, and where its end ends.
fn lines(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let rest = &text[start..];
        let end = rest.char_indices().find(|(_, c)| is_line_end(*c));
        let (length, width) = match end {
            Some((at, '\r')) if rest[at..].starts_with("\r\n") => (at, 2),
            Some((at, c)) => (at, c.len_utf8()),
            None => (rest.len(), 0),
        };
        let line = start..start + length;
        start = line.end + width;
        Some((line, start))
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text without their ends, as `str.splitlines()` gives them.
pub fn line_texts(text: &str) -> impl Iterator<Item = &str> {
    lines(text).map(|(line, _)| &text[line])
}

fn partition(text: &str, args: &[Value], from_right: bool) -> Outcome {
    let args = Args::bind("partition", &["sep"], args)?;
    let separator = args.text(0)?;
    if separator.is_empty() {
        return Err(value_error("empty separator"));
    }
    let at = if from_right { text.rfind(separator) } else { text.find(separator) };
    let parts = match at {
        Some(at) => [&text[..at], separator, &text[at + separator.len()..]],
        None if from_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(tuple(parts.map(Value::from).to_vec()))
}
