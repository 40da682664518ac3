//! Python's syntax of regular expressions, put into that of the engine.

/// A flag of the `re` module.
pub struct Flag {
    /// `I`.
    pub short: &'static str,
    /// `IGNORECASE`.
    pub long: &'static str,
    /// Its bit.
    pub bit: i64,
    /// The engine's letter, if the engine has such a mode.
    letter: Option<char>,
}

/// All flags.
pub const FLAGS: [Flag; 8] = [
    Flag { short: "I", long: "IGNORECASE", bit: 2, letter: Some('i') },
    Flag { short: "L", long: "LOCALE", bit: 4, letter: None },
    Flag { short: "M", long: "MULTILINE", bit: MULTILINE, letter: Some('m') },
    Flag { short: "S", long: "DOTALL", bit: 16, letter: Some('s') },
    Flag { short: "U", long: "UNICODE", bit: UNICODE, letter: None },
    Flag { short: "X", long: "VERBOSE", bit: VERBOSE, letter: Some('x') },
    Flag { short: "A", long: "ASCII", bit: 256, letter: None },
    Flag { short: "NOFLAG", long: "NOFLAG", bit: 0, letter: None },
];
const MULTILINE: i64 = 8;
/// The flag of patterns with comments.
pub const VERBOSE: i64 = 64;
/// The flag that every pattern of a str has.
pub const UNICODE: i64 = 32;

/// The pattern for the engine.
pub fn translate(pattern: &str, flags: i64) -> String {
    let letters: String =
        FLAGS.iter().filter(|flag| flags & flag.bit != 0).filter_map(|flag| flag.letter).collect();
    let mut out = if letters.is_empty() { String::new() } else { format!("(?{letters})") };
    let multiline = flags & MULTILINE != 0 || pattern.starts_with("(?m") || pattern.starts_with("(?im");
    let mut in_class = false;
    let mut rest = pattern.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => match rest.next() {
                // The very end, which the engine calls `\z`.
                Some((_, 'Z')) => out.push_str("\\z"),
                // No boundaries of words in Python.
                Some((_, c @ ('<' | '>'))) => out.push(c),
                Some((_, escaped)) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if let Some((_, '^')) = rest.peek() {
                    rest.next();
                    out.push('^');
                }
                // A bracket right at the start is a member.
                if let Some((_, ']')) = rest.peek() {
                    rest.next();
                    out.push_str("\\]");
                }
            }
            '[' | '&' | '~' if in_class => out.extend(['\\', c]),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            // At the end, and also before a line break at the end.
            '$' if !in_class && !multiline => out.push_str("(?=\\n?\\z)"),
            '{' if !in_class && !is_count(&pattern[at..]) => out.push_str("\\{"),
            '}' if !in_class && !closes_count(&pattern[..at]) => out.push_str("\\}"),
            _ => out.push(c),
        }
    }
    out
}

/// Whether this is `{2}`, `{2,}`, `{,3}` or `{2,3}`.
fn is_count(text: &str) -> bool {
    let Some(inner) = text[1..].split_once('}').map(|(inner, _)| inner) else { return false };
    let (low, high) = inner.split_once(',').unwrap_or((inner, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !inner.is_empty() && inner != "," && digits(low) && digits(high)
}

fn closes_count(before: &str) -> bool {
    before
        .rfind('{')
        .is_some_and(|at| !before[at..].contains('}') && is_count(&format!("{}}}", &before[at..])))
}

/// `re.escape`: the characters that have a meaning.
pub fn escape(text: &str) -> String {
    let special = |c: char| "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expect: &str) {
        assert_eq!(translate(pattern, 0), expect);
    }

    #[test]
    fn puts_python_into_the_engines_syntax() {
        check(r"a\Z", r"a\z");
        check("a$", r"a(?=\n?\z)");
        check("{x}", r"\{x\}");
        check("a{2,}", "a{2,}");
        check("[]a]", r"[\]a]");
        check("[[$]", r"[\[$]");
    }
}
