//! Filters that cut and count words: `truncate wordcount wordwrap`.

use minijinja::Value;

use super::Row;
use crate::jinja::methods;
use crate::jinja::value::{Args, Outcome, bounds, print, value_error};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("truncate", |_, args| truncate(args)),
    ("wordcount", |_, args| word_count(args)),
    ("wordwrap", |_, args| word_wrap(args)),
];

fn truncate(args: &[Value]) -> Outcome {
    let args = Args::bind("truncate", &["s", "length", "killwords", "end", "leeway"], args)?;
    let text = print::text(args.need(0)?);
    let (length, leeway, end) = (args.whole_or(1, 255)?, args.whole_or(4, 5)?, args.text_or(3, "...")?);
    let tail = end.chars().count() as i64;
    if length < tail {
        return Err(value_error(format!("expected length >= {tail}, got {length}")));
    }
    if leeway < 0 {
        return Err(value_error(format!("expected leeway >= 0, got {leeway}")));
    }
    if text.chars().count() as i64 <= length + leeway {
        return Ok(Value::from(text));
    }
    let kept: String = text.chars().take((length - tail) as usize).collect();
    let kept = match kept.rfind(' ') {
        Some(at) if !args.flag(2, false) => &kept[..at],
        _ => &kept,
    };
    Ok(Value::from(format!("{kept}{end}")))
}

fn word_count(args: &[Value]) -> Outcome {
    let text = print::text(Args::bind("wordcount", &["s"], args)?.need(0)?);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    Ok(Value::from(words.count()))
}

/// How lines are cut.
struct Cut {
    width: usize,
    break_long: bool,
    at_hyphens: bool,
}

fn word_wrap(args: &[Value]) -> Outcome {
    const NAMES: &[&str] = &["s", "width", "break_long_words", "wrapstring", "break_on_hyphens"];
    let args = Args::bind("wordwrap", NAMES, args)?;
    let width = usize::try_from(args.whole_or(1, 79)?).ok().filter(|width| *width > 0);
    let width = width.ok_or_else(|| value_error("invalid width (must be > 0)"))?;
    let cut = Cut { width, break_long: args.flag(2, true), at_hyphens: args.flag(4, true) };
    let joint = if args.some(3).is_some() { args.text(3)? } else { "\n" };
    let text = print::text(args.need(0)?);
    let lines = methods::line_texts(&text).map(|line| bounds::joined(&cut.wrapped(line), joint));
    bounds::joined(&lines.collect::<Result<Vec<_>, _>>()?, joint).map(Value::from)
}

impl Cut {
    /// One line as the lines it becomes. White space at a cut is dropped.
    fn wrapped(&self, line: &str) -> Vec<String> {
        let mut chunks = self.chunks(line);
        chunks.reverse();
        let mut lines: Vec<String> = Vec::new();
        while !chunks.is_empty() {
            let (mut current, mut length) = (Vec::new(), 0);
            if !lines.is_empty() && chunks.last().is_some_and(|chunk| chunk.trim().is_empty()) {
                chunks.pop();
            }
            while let Some(chunk) = chunks.pop() {
                let size = chunk.chars().count();
                if length + size > self.width {
                    chunks.push(chunk);
                    break;
                }
                length += size;
                current.push(chunk);
            }
            if chunks.last().is_some_and(|chunk| chunk.chars().count() > self.width) {
                self.take_long(&mut chunks, &mut current, length);
            }
            if current.last().is_some_and(|chunk: &String| chunk.trim().is_empty()) {
                current.pop();
            }
            if !current.is_empty() {
                lines.push(current.concat());
            }
        }
        lines
    }

    /// Puts what fits of a word that is longer than a line.
    fn take_long(&self, chunks: &mut Vec<String>, current: &mut Vec<String>, length: usize) {
        let Some(word) = chunks.pop() else { return };
        if !self.break_long {
            match current.is_empty() {
                true => current.push(word),
                false => chunks.push(word),
            }
            return;
        }
        let mut room = self.width.saturating_sub(length);
        let head: String = word.chars().take(room).collect();
        if let Some(at) =
            head.rfind('-').filter(|at| self.at_hyphens && !head[..*at].trim_matches('-').is_empty())
        {
            room = head[..=at].chars().count();
        }
        current.push(word.chars().take(room).collect());
        chunks.push(word.chars().skip(room).collect());
    }

    /// Words, the white space between them, and the parts of words up to a hyphen.
    fn chunks(&self, line: &str) -> Vec<String> {
        let mut chunks: Vec<String> = Vec::new();
        let mut rest = line;
        while !rest.is_empty() {
            let space = rest.starts_with(char::is_whitespace);
            let end = rest.find(|c: char| c.is_whitespace() != space).unwrap_or(rest.len());
            match space || !self.at_hyphens {
                true => chunks.push(rest[..end].to_string()),
                false => chunks.extend(hyphenated(&rest[..end])),
            }
            rest = &rest[end..];
        }
        chunks
    }
}

/// `well-known` as `well-` and `known`: at a hyphen between letters, two before and two behind.
/// Dashes (`--`) between words stand alone.
fn hyphenated(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphabetic() || *c == '_');
    let wordy = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric() || "_!\"'&.,?".contains(*c));
    let mut parts = vec![String::new()];
    let mut at = 0;
    while at < chars.len() {
        let dashes = chars[at..].iter().take_while(|c| **c == '-').count();
        if dashes >= 2
            && at > 0
            && wordy(at - 1)
            && chars.get(at + dashes).is_some_and(|c| c.is_alphanumeric() || *c == '_')
        {
            parts.extend(["-".repeat(dashes), String::new()]);
            at += dashes;
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(chars[at]);
        }
        let before = at >= 2 && letter(at - 1) && letter(at - 2);
        if dashes == 1 && before && letter(at + 1) && (letter(at + 2) || chars.get(at + 2) == Some(&'-')) {
            parts.push(String::new());
        }
        at += 1;
    }
    parts.retain(|part| !part.is_empty());
    parts
}
