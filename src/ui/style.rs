//! Colours, dots and plurals of console lines, and the guard against control characters in data.
//!
//! A text under way carries its colours as marks: characters which Unicode keeps for use inside programs.
//! Only when a sink writes it do they become escape sequences or nothing, so that whatever else looks like
//! an escape sequence is known to come from data, and is shown instead of obeyed.

/// How a piece of text is to look. The words alone must tell the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A failure.
    Red,
    /// Success.
    Green,
    /// A warning.
    Yellow,
    /// A place or a rule.
    Blue,
    /// What matters less.
    Dim,
    /// What matters more.
    Bold,
}

const END: char = '\u{FDD6}';

impl Tone {
    const ALL: [Tone; 6] = [Tone::Red, Tone::Green, Tone::Yellow, Tone::Blue, Tone::Dim, Tone::Bold];

    fn mark(self) -> char {
        match self {
            Tone::Red => '\u{FDD0}',
            Tone::Green => '\u{FDD1}',
            Tone::Yellow => '\u{FDD2}',
            Tone::Blue => '\u{FDD3}',
            Tone::Dim => '\u{FDD4}',
            Tone::Bold => '\u{FDD5}',
        }
    }

    fn sequence(self) -> &'static str {
        match self {
            Tone::Red => "\x1b[31m",
            Tone::Green => "\x1b[32m",
            Tone::Yellow => "\x1b[33m",
            Tone::Blue => "\x1b[34m",
            Tone::Dim => "\x1b[2m",
            Tone::Bold => "\x1b[1m",
        }
    }

    /// The text under this tone.
    pub fn paint(self, text: impl AsRef<str>) -> String {
        format!("{}{}{END}", self.mark(), text.as_ref())
    }
}

/// Resets every attribute.
pub const RESET: &str = "\x1b[0m";

/// Turns marks into escape sequences, or into nothing. Everything else is left as it is.
pub fn resolve(text: &str, colours: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match sequence_of(c) {
            Some(sequence) if colours => out.push_str(sequence),
            Some(_) => {}
            None => out.push(c),
        }
    }
    out
}

/// As [`resolve`], with control characters written out: `\x1b` instead of ESC. Line ends and tabs stay.
pub fn resolve_visible(text: &str, colours: bool) -> String {
    if !text.contains(is_control) {
        return resolve(text, colours);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.replace("\r\n", "\n").chars() {
        match is_control(c) {
            true => safe.push_str(&escaped(c)),
            false => safe.push(c),
        }
    }
    resolve(&safe, colours)
}

/// The text without its marks, for counting and for data.
pub fn plain(text: &str) -> String {
    resolve(text, false)
}

fn sequence_of(c: char) -> Option<&'static str> {
    if c == END {
        return Some(RESET);
    }
    Tone::ALL.into_iter().find(|tone| tone.mark() == c).map(Tone::sequence)
}

/// Control characters, and those which turn the direction of writing around.
fn is_control(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n' && c != '\t')
}

fn escaped(c: char) -> String {
    match c as u32 {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code => format!("\\u{{{code:x}}}"),
    }
}

/// `1 error`, `2 errors`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// One of dbt's lines with dots: `1 of 28 START sql table model main.x ....... [RUN]`.
pub struct Dotted {
    /// What is said.
    pub message: String,
    /// What stands in the brackets, painted.
    pub status: String,
    /// Which of how many.
    pub place: Option<(usize, usize)>,
    /// Seconds.
    pub seconds: Option<f64>,
    /// Cut at the width?
    pub cut: bool,
}

impl Dotted {
    /// The line, padded with dots to the width.
    pub fn draw(&self, width: usize) -> String {
        let place = self.place.map(|(index, total)| format!("{index} of {total} ")).unwrap_or_default();
        let mut text = format!("{place}{} ", self.message);
        let length = text.chars().count();
        text.extend(std::iter::repeat_n('.', width.saturating_sub(length)));
        if self.cut && text.chars().count() > width.saturating_sub(3) {
            text = text.chars().take(width.saturating_sub(3)).collect::<String>() + "...";
        }
        let time = self.seconds.map(|s| format!(" in {s:.2}s")).unwrap_or_default();
        format!("{text} [{}{time}]", self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_marks_until_written() {
        let text = format!("a {} b", Tone::Red.paint("x"));
        assert_eq!(resolve(&text, true), "a \x1b[31mx\x1b[0m b");
        assert_eq!(resolve(&text, false), "a x b");
    }

    #[test]
    fn control_characters_of_data_are_shown() {
        assert_eq!(resolve_visible("a\x1b[2Jb\x07\r\n\tc\rd", true), "a\\x1b[2Jb\\x07\n\tc\\x0dd");
        assert_eq!(resolve_visible("x\u{202E}y", true), "x\\u{202e}y");
    }
}
