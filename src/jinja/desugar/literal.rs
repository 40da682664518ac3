//! String literals: what Python reads in them, and how minijinja must be told the same.

/// The text of a literal, quotes and all, in Python's reading.
pub(crate) fn decode(literal: &str) -> String {
    let mut text = String::with_capacity(literal.len());
    let mut rest = inner(literal).chars();
    while let Some(c) = rest.next() {
        if c == '\\' { escape(&mut rest, &mut text) } else { text.push(c) }
    }
    text
}

/// The literal in minijinja's spelling, where its own would be read otherwise or refused: `\d`
/// is two characters in Python and an error in minijinja.
pub(super) fn for_minijinja(literal: &str) -> Option<String> {
    if !literal.contains('\\') {
        return None;
    }
    let mut text = String::with_capacity(literal.len() + 8);
    text.push('"');
    for c in decode(literal).chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if (c as u32) < 32 => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
    }
    text.push('"');
    // Raw line ends inside the literal are kept as lines of the tag, so that lines stay numbered.
    text.push_str(&"\n".repeat(literal.matches('\n').count()));
    Some(text)
}

fn inner(literal: &str) -> &str {
    literal.get(1..literal.len().saturating_sub(1)).unwrap_or("")
}

fn escape(rest: &mut std::str::Chars<'_>, text: &mut String) {
    let Some(c) = rest.next() else { return text.push('\\') };
    match c {
        '\n' => {}
        '\\' | '\'' | '"' => text.push(c),
        'a' => text.push('\u{7}'),
        'b' => text.push('\u{8}'),
        'f' => text.push('\u{c}'),
        'n' => text.push('\n'),
        'r' => text.push('\r'),
        't' => text.push('\t'),
        'v' => text.push('\u{b}'),
        'x' => code(rest, text, ('x', 2)),
        'u' => code(rest, text, ('u', 4)),
        'U' => code(rest, text, ('U', 8)),
        '0'..='7' => octal(rest, text, c),
        c => text.extend(['\\', c]),
    }
}

/// `\xhh`, `\uhhhh`, `\Uhhhhhhhh`; left as written when the digits are not there.
fn code(rest: &mut std::str::Chars<'_>, text: &mut String, (letter, digits): (char, usize)) {
    let hex: String = rest.as_str().chars().take(digits).collect();
    let code = u32::from_str_radix(&hex, 16).ok().filter(|_| hex.len() == digits);
    match code.and_then(char::from_u32) {
        Some(c) => {
            text.push(c);
            rest.nth(digits - 1);
        }
        None => text.extend(['\\', letter]),
    }
}

fn octal(rest: &mut std::str::Chars<'_>, text: &mut String, first: char) {
    let mut value = first.to_digit(8).unwrap_or(0);
    for _ in 0..2 {
        let Some(digit) = rest.as_str().chars().next().and_then(|c| c.to_digit(8)) else { break };
        value = value * 8 + digit;
        rest.next();
    }
    text.extend(char::from_u32(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_pythons() {
        for (literal, text) in [
            (r"'a\d\.b'", r"a\d\.b"),
            (r#""\"\'\\""#, "\"'\\"),
            (r"'\x41\u00e9\101\n'", "Aé\u{41}\n"),
            (r"'\/'", r"\/"),
            (r"'\xzz'", r"\xzz"),
            ("'a'", "a"),
        ] {
            assert_eq!(decode(literal), text, "{literal}");
        }
        assert_eq!(for_minijinja("'a'"), None);
        assert_eq!(for_minijinja(r"'\d'").as_deref(), Some(r#""\\d""#));
    }
}
