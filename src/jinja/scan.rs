//! Splits a template into segments (text, `{{ }}`, `{% %}`, `{# #}`, raw) and tags into tokens.
//!
//! Inside a tag the text is really tokenised, with a stack of open brackets: a closing delimiter
//! counts only where no bracket is open, so `{{ {'a': {}} }}` and `{{ '}}' }}` end where they should.

/// A fault of syntax, told by its byte offset in the scanned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// One sentence.
    pub message: String,
    /// Byte offset in the text that was scanned.
    pub offset: usize,
}

/// What syntax functions return.
pub(crate) type Scanned<T> = Result<T, Fault>;

/// Makes a fault.
pub(crate) fn fault<T>(offset: usize, message: impl Into<String>) -> Scanned<T> {
    Err(Fault { message: message.into(), offset })
}

/// The kind of a [`Token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Name,
    Text,
    Number,
    Operator,
}

/// One token of a tag: a kind and a byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// The kind of a [`Segment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentKind {
    /// Text that is printed as it stands.
    Data,
    /// `{{ ... }}`
    Expression,
    /// `{% ... %}`
    Statement,
    /// `{# ... #}`
    Comment,
    /// `{% raw %} ... {% endraw %}`, whole.
    Raw,
}

/// A piece of a template. `open` and `close` are the offsets between which the tokens lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub kind: SegmentKind,
    pub start: usize,
    pub end: usize,
    pub open: usize,
    pub close: usize,
    pub tokens: Vec<Token>,
}

impl Segment {
    fn plain(kind: SegmentKind, start: usize, end: usize) -> Segment {
        Segment { kind, start, end, open: start, close: end, tokens: Vec::new() }
    }

    /// The first word of a statement (`if`, `endmacro`); empty for all else.
    pub fn keyword<'a>(&self, source: &'a str) -> &'a str {
        match (self.kind, self.tokens.first()) {
            (SegmentKind::Statement, Some(t)) => &source[t.start..t.end],
            _ => "",
        }
    }

    /// What stands between its tokens and is not ASCII: white space of other kinds, as a no-break space.
    pub fn odd_blanks<'a>(&'a self, source: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let is_tag = matches!(self.kind, SegmentKind::Statement | SegmentKind::Expression);
        let is_odd = is_tag && !source[self.start..self.end].is_ascii();
        let tokens = if is_odd { &self.tokens[..] } else { &[][..] };
        let starts = std::iter::once(self.open).chain(tokens.iter().map(|token| token.end));
        let ends = tokens.iter().map(|token| token.start).chain([self.close]);
        starts.zip(ends).filter(move |(start, end)| is_odd && !source[*start..*end].is_ascii())
    }

    /// Whether it begins with `{%-` or `{{-`, which eats the white space before it.
    pub fn trims_before(&self, source: &str) -> bool {
        source[self.start..self.open].ends_with('-')
    }

    /// Whether it ends with `-%}` or `-}}`, which eats the white space after it.
    pub fn trims_after(&self, source: &str) -> bool {
        source[self.close..self.end].starts_with('-')
    }
}

/// The segment that begins at `from`; none at the end of the text.
pub(crate) fn next_segment(source: &str, from: usize) -> Scanned<Option<Segment>> {
    if from >= source.len() {
        return Ok(None);
    }
    let start = next_tag(source, from);
    if start > from {
        return Ok(Some(Segment::plain(SegmentKind::Data, from, start)));
    }
    let segment = match source.as_bytes()[start + 1] {
        b'#' => comment(source, start)?,
        b'{' => tag(source, start, SegmentKind::Expression)?,
        _ => statement(source, start)?,
    };
    Ok(Some(segment))
}

/// Offset of the next `{{`, `{%` or `{#`, or the end.
pub(crate) fn next_tag(source: &str, from: usize) -> usize {
    let bytes = source.as_bytes();
    let mut at = from;
    while let Some(found) = source[at..].find('{') {
        at += found;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) {
            return at;
        }
        at += 1;
    }
    source.len()
}

fn comment(source: &str, start: usize) -> Scanned<Segment> {
    match source[start + 2..].find("#}") {
        Some(found) => Ok(Segment::plain(SegmentKind::Comment, start, start + found + 4)),
        None => fault(start, "the comment opened here has no closing `#}`"),
    }
}

fn statement(source: &str, start: usize) -> Scanned<Segment> {
    let segment = tag(source, start, SegmentKind::Statement)?;
    if segment.keyword(source) != "raw" || segment.tokens.len() != 1 {
        return Ok(segment);
    }
    match find_end_tag(source, segment.end, "endraw") {
        Some(end) => Ok(Segment::plain(SegmentKind::Raw, start, end.1)),
        None => fault(start, "the `raw` block opened here has no `{% endraw %}`"),
    }
}

/// Finds `{% word %}` from an offset on, without reading what stands before it. Gives its range.
pub(crate) fn find_end_tag(source: &str, from: usize, word: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(found) = source.get(at..)?.find("{%") {
        let start = at + found;
        let inner = source[start + 2..].trim_start_matches(['-', '+']).trim_start();
        if let Some(rest) = inner.strip_prefix(word) {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
            if let Some(rest) = rest.strip_prefix("%}") {
                return Some((start, source.len() - rest.len()));
            }
        }
        at = start + 2;
    }
    None
}

/// Reads one tag from its opening delimiter to its end.
fn tag(source: &str, start: usize, kind: SegmentKind) -> Scanned<Segment> {
    let bytes = source.as_bytes();
    let closing: &[u8] = if kind == SegmentKind::Statement { b"%}" } else { b"}}" };
    let open = start + 2 + usize::from(matches!(bytes.get(start + 2), Some(b'-' | b'+')));
    let mut tokens = Vec::new();
    let mut brackets = Vec::new();
    let mut at = open;
    loop {
        at += source[at..].len() - source[at..].trim_start().len();
        if at >= bytes.len() {
            let name = if kind == SegmentKind::Statement { "%}" } else { "}}" };
            return fault(start, format!("the tag opened here has no closing `{name}`"));
        }
        if let (true, Some(end)) = (brackets.is_empty(), closes(bytes, at, closing)) {
            return Ok(Segment { kind, start, end, open, close: at, tokens });
        }
        let token = token(source, at)?;
        bracket(source, token, &mut brackets)?;
        at = token.end;
        tokens.push(token);
    }
}

/// The end of the closing delimiter at `at`, if one stands there.
fn closes(bytes: &[u8], at: usize, closing: &[u8]) -> Option<usize> {
    let sign = usize::from(matches!(bytes[at], b'-' | b'+'));
    (bytes.get(at + sign..at + sign + 2) == Some(closing)).then_some(at + sign + 2)
}

/// Keeps the stack of open brackets.
fn bracket(source: &str, token: Token, open: &mut Vec<u8>) -> Scanned<()> {
    let byte = source.as_bytes()[token.start];
    if token.kind != TokenKind::Operator {
        return Ok(());
    }
    let wanted = match byte {
        b'(' | b'[' | b'{' => {
            open.push(byte);
            return Ok(());
        }
        b')' => b'(',
        b']' => b'[',
        b'}' => b'{',
        _ => return Ok(()),
    };
    match open.pop() {
        Some(found) if found == wanted => Ok(()),
        Some(found) => {
            fault(token.start, format!("unexpected `{}`, `{}` is still open", byte as char, found as char))
        }
        None => fault(token.start, format!("unexpected `{}`", byte as char)),
    }
}

/// The token that begins at `at`.
pub(crate) fn token(source: &str, at: usize) -> Scanned<Token> {
    let bytes = source.as_bytes();
    let (kind, end) = match bytes[at] {
        b'0'..=b'9' => (TokenKind::Number, number_end(bytes, at)),
        b'\'' | b'"' => (TokenKind::Text, text_end(bytes, at)?),
        byte if is_word(byte) => (TokenKind::Name, name_end(source, at)),
        _ => (TokenKind::Operator, operator_end(source, at)?),
    };
    Ok(Token { kind, start: at, end })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|b| !is_word(*b)).map_or(bytes.len(), |n| from + n)
}

/// The end of a name, which a white space beyond ASCII ends too.
fn name_end(source: &str, from: usize) -> usize {
    let end = word_end(source.as_bytes(), from);
    let name = &source[from..end];
    if name.is_ascii() { end } else { name.find(char::is_whitespace).map_or(end, |at| from + at) }
}

/// `1`, `1_000`, `1.5`, `1e-5`; `1.upper` stops before the dot.
fn number_end(bytes: &[u8], from: usize) -> usize {
    let mut end = word_end(bytes, from);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = word_end(bytes, end + 1);
    }
    let exponent = matches!(bytes[end - 1], b'e' | b'E') && matches!(bytes.get(end), Some(b'+' | b'-'));
    if exponent { word_end(bytes, end + 1) } else { end }
}

fn text_end(bytes: &[u8], from: usize) -> Scanned<usize> {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == bytes[from] => return Ok(at + 1),
            _ => at += 1,
        }
    }
    fault(from, "the string opened here is not closed")
}

fn operator_end(source: &str, at: usize) -> Scanned<usize> {
    if ["==", "!=", "<=", ">=", "//", "**"].iter().any(|op| source[at..].starts_with(op)) {
        return Ok(at + 2);
    }
    match source[at..].chars().next() {
        Some(c) if "+-*/%~<>=.,:|()[]{};".contains(c) => Ok(at + 1),
        Some(c) => fault(at, format!("unexpected character `{c}`")),
        None => fault(at, "unexpected end of the tag"),
    }
}

/// Line and column, both from 1, of a byte offset; columns count characters.
pub(crate) fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset.min(source.len())).unwrap_or(source);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// All segments of a template.
    fn segments(source: &str) -> Scanned<Vec<Segment>> {
        let mut all = Vec::new();
        let mut position = 0;
        while let Some(segment) = next_segment(source, position)? {
            position = segment.end;
            all.push(segment);
        }
        Ok(all)
    }

    /// Checks a template against its segments, written as `kind:text` joined by a bar.
    fn check(source: &str, expect: &str) {
        let found = match segments(source) {
            Ok(all) => all
                .iter()
                .map(|s| format!("{:?}:{}", s.kind, &source[s.start..s.end]))
                .collect::<Vec<_>>()
                .join("|"),
            Err(fault) => format!("{}@{}", fault.message, fault.offset),
        };
        assert_eq!(found, expect, "{source}");
    }

    #[test]
    fn segments_end_where_jinja_ends_them() {
        check("a{{ b }}c", "Data:a|Expression:{{ b }}|Data:c");
        check("{{ {'a': {}} }}", "Expression:{{ {'a': {}} }}");
        check("{{ {'a': {}}}}", "Expression:{{ {'a': {}}}}");
        check("{% set x = '%}' %}", "Statement:{% set x = '%}' %}");
        check("{{ '\\'}}' }}{", "Expression:{{ '\\'}}' }}|Data:{");
        check("{# {{ #}{%- x -%}", "Comment:{# {{ #}|Statement:{%- x -%}");
        check("{% raw %}{{ {% endraw %}x", "Raw:{% raw %}{{ {% endraw %}|Data:x");
        check("{%- raw -%}%}{%- endraw -%}", "Raw:{%- raw -%}%}{%- endraw -%}");
        check("{{ 1 -}}", "Expression:{{ 1 -}}");
        check("é{{ 'é' ~ ü }}", "Data:é|Expression:{{ 'é' ~ ü }}");
    }

    #[test]
    fn faults_say_where() {
        check("ab{{ 1", "the tag opened here has no closing `}}`@2");
        check("{{ (1] }}", "unexpected `]`, `(` is still open@5");
        check("{{ 'a }}", "the string opened here is not closed@3");
        check("{% a ! %}", "unexpected character `!`@5");
        check("{# x", "the comment opened here has no closing `#}`@0");
        check("{% raw %}", "the `raw` block opened here has no `{% endraw %}`@0");
    }

    #[test]
    fn numbers_are_one_token() {
        for (source, count) in [("{{ 1.5 }}", 1), ("{{ 1e-5 }}", 1), ("{{ x.0.a }}", 5), ("{{ 1_000+2 }}", 3)]
        {
            let tag = next_segment(source, 0).unwrap().unwrap();
            assert_eq!(tag.tokens.len(), count, "{source}");
        }
    }

    #[test]
    fn positions_count_characters() {
        assert_eq!(position("é\nàb", "é\nà".len()), (2, 2));
        assert_eq!(position("a", 99), (1, 2));
    }
}
