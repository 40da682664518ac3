//! Python's text as tokens, as far as calls, literals and statements are to be told apart.

use super::Fault;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Name,
    /// A number, as it is written.
    Number,
    /// A string with its value; `None` where the value is not fixed (f-strings) or is no text (bytes).
    Text(Option<String>),
    /// One character of an operator, a bracket.
    Sign(char),
    /// The end of a statement.
    End,
}

/// A token with its place. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// As it is written.
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
    /// The indentation of the statement that begins here.
    pub(super) indent: Option<usize>,
}

/// A text's tokens.
pub(super) struct Tokens {
    /// Those of its statements.
    pub(super) statements: Vec<Token>,
    /// Those of the expressions within its f-strings.
    pub(super) nested: Vec<Token>,
}

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Result<Tokens, Fault> {
    let mut lexer = Lexer { rest: text, line: 1, column: 1, ..Lexer::default() };
    lexer.run()?;
    Ok(Tokens { statements: lexer.found, nested: lexer.nested })
}

#[derive(Default)]
struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
    brackets: Vec<(char, usize, usize)>,
    fresh: Option<usize>,
    found: Vec<Token>,
    nested: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn run(&mut self) -> Result<(), Fault> {
        self.begin_line();
        while let Some(c) = self.rest.chars().next() {
            match c {
                '#' => drop(self.take(self.rest.find('\n').unwrap_or(self.rest.len()))),
                '\n' if self.brackets.is_empty() => {
                    self.end();
                    self.take(1);
                    self.begin_line();
                }
                '\\' if self.rest.starts_with("\\\n") => drop(self.take(2)),
                c if c.is_whitespace() => drop(self.take(c.len_utf8())),
                ';' if self.brackets.is_empty() => {
                    self.end();
                    self.take(1);
                }
                _ => self.token(c)?,
            }
        }
        self.end();
        match self.brackets.pop() {
            Some((c, line, column)) => Err(Fault::at(line, column, format!("'{c}' was never closed"))),
            None => Ok(()),
        }
    }

    fn token(&mut self, c: char) -> Result<(), Fault> {
        let word = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let quoted = self.rest[word..].starts_with(['"', '\'']) && is_prefix(&self.rest[..word]);
        match c {
            _ if quoted => self.string(word),
            c if c.is_ascii_digit() => {
                let end = number(self.rest);
                self.push(Kind::Number, end);
                Ok(())
            }
            c if c.is_alphabetic() || c == '_' => {
                self.push(Kind::Name, word);
                Ok(())
            }
            _ => self.sign(c),
        }
    }

    fn sign(&mut self, c: char) -> Result<(), Fault> {
        let place = (self.line, self.column);
        match c {
            '(' | '[' | '{' => self.brackets.push((c, place.0, place.1)),
            ')' | ']' | '}' => {
                let open = self.brackets.pop().map(|(open, ..)| open);
                if !matches!((open, c), (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')) {
                    return Err(Fault::at(place.0, place.1, format!("unmatched '{c}'")));
                }
            }
            _ => {}
        }
        self.push(Kind::Sign(c), c.len_utf8());
        Ok(())
    }

    fn string(&mut self, prefix: usize) -> Result<(), Fault> {
        let (line, column) = (self.line, self.column);
        let marks = self.rest[..prefix].to_ascii_lowercase();
        let after = &self.rest[prefix..];
        let quote = after.chars().next().unwrap_or('"').to_string();
        let triple = after.starts_with(&quote.repeat(3));
        let quote = if triple { quote.repeat(3) } else { quote };
        let body = &after[quote.len()..];
        let open = || Fault::at(line, column, "unterminated string literal");
        let end = end_of_string(body, &quote, triple).ok_or_else(open)?;
        let body = &body[..end];
        let value = match marks.contains(['f', 'b', 't']) {
            true => None,
            false if marks.contains('r') => Some(body.to_string()),
            false => Some(unescaped(body)),
        };
        if marks.contains('f') {
            let lead = (line, column + prefix + quote.len());
            self.nested.extend(
                expressions(body).iter().flat_map(|(at, inner)| inner_tokens(body, *at, inner, lead)),
            );
        }
        self.push(Kind::Text(value), prefix + quote.len() * 2 + end);
        Ok(())
    }

    fn push(&mut self, kind: Kind, bytes: usize) {
        let (line, column, indent) = (self.line, self.column, self.fresh.take());
        let text = self.take(bytes).to_string();
        self.found.push(Token { kind, text, line, column, indent });
    }

    fn begin_line(&mut self) {
        let blank = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        self.fresh = Some(blank);
    }

    fn end(&mut self) {
        if self.found.last().is_some_and(|token| token.kind != Kind::End) {
            let (line, column) = (self.line, self.column);
            let (kind, text) = (Kind::End, String::new());
            self.found.push(Token { kind, text, line, column, indent: None });
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.line += taken.matches('\n').count();
        self.column = match taken.rsplit_once('\n') {
            Some((_, tail)) => tail.chars().count() + 1,
            None => self.column + taken.chars().count(),
        };
        taken
    }
}

fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.chars().all(|c| "rRbBuUfFtT".contains(c))
}

fn number(text: &str) -> usize {
    let mut before = ' ';
    let end = text.find(|c: char| {
        let part = c.is_alphanumeric() || c == '_' || c == '.' || ("+-".contains(c) && "eE".contains(before));
        before = c;
        !part
    });
    end.unwrap_or(text.len())
}

fn end_of_string(body: &str, quote: &str, triple: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if !triple => return None,
            _ if body[at..].starts_with(quote) => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescaped(body: &str) -> String {
    let mut value = String::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('0') => value.push('\0'),
            Some('\n') => {}
            Some(c @ ('\\' | '\'' | '"')) => value.push(c),
            Some(c @ ('x' | 'u' | 'U')) => {
                let digits = if c == 'x' {
                    2
                } else if c == 'u' {
                    4
                } else {
                    8
                };
                let code: String = rest.by_ref().take(digits).collect();
                value.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => value.extend(['\\', other]),
            None => value.push('\\'),
        }
    }
    value
}

/// The expressions between the braces of an f-string, with where they begin.
fn expressions(body: &str) -> Vec<(usize, &str)> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0usize, 0);
    let mut letters = body.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        match c {
            '{' if depth == 0 && letters.peek().is_some_and(|(_, next)| *next == '{') => drop(letters.next()),
            '{' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            '}' if depth == 1 => {
                found.push((start, &body[start..at]));
                depth = 0;
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// The tokens of an expression within a string, at their places in the file. What cannot be cut holds no
/// call that is known before the model runs.
fn inner_tokens(body: &str, at: usize, inner: &str, lead: (usize, usize)) -> Vec<Token> {
    let above = body[..at].matches('\n').count();
    let left = body[..at].rsplit('\n').next().map_or(0, |line| line.chars().count());
    let place = |token: Token| match (token.line, above) {
        (1, 0) => Token { line: lead.0, column: lead.1 + left + token.column - 1, indent: None, ..token },
        (1, _) => Token { line: lead.0 + above, column: left + token.column, indent: None, ..token },
        (line, _) => Token { line: lead.0 + above + line - 1, indent: None, ..token },
    };
    let found = tokens(inner).map(|found| [found.statements, found.nested].concat());
    found.unwrap_or_default().into_iter().map(place).collect()
}
