//! Cuts SQL text into words, quoted texts, comments and signs. Never fails: what is not closed runs
//! to the end of the text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends; a byte order mark too.
    Space,
    /// `-- to the end of the line`, or `/* nested /* or not */ */`.
    Comment,
    /// `'text'`, `E'te\'xt'`, `$tag$text$tag$`.
    Text,
    /// `"name"`.
    QuotedName,
    /// A keyword, a name, a number.
    Word,
    /// A single other character.
    Sign,
}

/// A piece of SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Does it mean something to the engine?
    pub fn speaks(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }

    /// Is it this keyword, in any case?
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Is it this sign?
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }
}

/// The tokens of a text, in order; joined they are the text.
pub fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &sql[start..];
        let (kind, length) = first_token(rest)?;
        let token = Token { kind, text: &rest[..length], start };
        start += length;
        Some(token)
    })
}

fn first_token(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.chars().next()?;
    Some(match first {
        c if is_space(c) => (TokenKind::Space, run(rest, is_space)),
        '-' if rest.starts_with("--") => (TokenKind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (TokenKind::Comment, block_comment(rest)),
        '\'' => (TokenKind::Text, quoted(rest, '\'', false)),
        'e' | 'E' if rest[1..].starts_with('\'') => (TokenKind::Text, 1 + quoted(&rest[1..], '\'', true)),
        '"' => (TokenKind::QuotedName, quoted(rest, first, false)),
        '$' => dollar_quoted(rest).map_or((TokenKind::Sign, 1), |length| (TokenKind::Text, length)),
        c if is_word(c) => (TokenKind::Word, run(rest, |c| is_word(c) || c == '$')),
        c => (TokenKind::Sign, c.len_utf8()),
    })
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Comments nest, as both engines have it.
fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (2, 1);
    while depth > 0 {
        match (text[at..].find("*/"), text[at..].find("/*")) {
            (Some(close), Some(open)) if open < close => (at, depth) = (at + open + 2, depth + 1),
            (Some(close), _) => (at, depth) = (at + close + 2, depth - 1),
            (None, _) => return text.len(),
        }
    }
    at
}

/// A doubled quote stands for itself; so does one behind a backslash, where `escapes` says so.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if escapes && c == '\\' {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// `$$` or `$tag$`, up to the same again; `None` for `$1` and a lone `$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = run(&text[1..], is_word) + 1;
    let starts_as_name = !text[1..].starts_with(|c: char| c.is_ascii_digit());
    let tag = text.get(..=tag).filter(|tag| tag.ends_with('$') && starts_as_name)?;
    Some(text[tag.len()..].find(tag).map_or(text.len(), |end| end + 2 * tag.len()))
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokens};

    /// Tokens without spaces, told as `kind:text`.
    fn check(sql: &str, expect: &str) {
        let all: String = tokens(sql).map(|token| token.text).collect();
        assert_eq!(all, sql);
        let told = tokens(sql).filter(|token| token.kind != TokenKind::Space).map(|token| {
            let kind = match token.kind {
                TokenKind::Comment => "c",
                TokenKind::Text => "t",
                TokenKind::QuotedName => "q",
                TokenKind::Word => "w",
                _ => "s",
            };
            format!("{kind}:{}", token.text)
        });
        assert_eq!(told.collect::<Vec<_>>().join(" "), expect, "{sql}");
    }

    #[test]
    fn cuts_text_into_tokens() {
        for (sql, expect) in [
            ("select 1", "w:select w:1"),
            ("a.b,c", "w:a s:. w:b s:, w:c"),
            ("'it''s' x", "t:'it''s' w:x"),
            ("'open", "t:'open"),
            (r"'a\' x", r"t:'a\' w:x"),
            (r"E'a\'b' x", r"t:E'a\'b' w:x"),
            ("e'\\", "t:e'\\"),
            ("\"a\"\"b\" `", "q:\"a\"\"b\" s:`"),
            ("$$a;b$$ x", "t:$$a;b$$ w:x"),
            ("$f$a$$b$f$", "t:$f$a$$b$f$"),
            ("$1 $", "s:$ w:1 s:$"),
            ("a$b$ c", "w:a$b$ w:c"),
            ("1 -- c\n2", "w:1 c:-- c w:2"),
            ("/* a /* b */ c */ 1", "c:/* a /* b */ c */ w:1"),
            ("/* open", "c:/* open"),
            ("größe — ü", "w:größe s:— w:ü"),
            ("", ""),
        ] {
            check(sql, expect);
        }
    }
}
