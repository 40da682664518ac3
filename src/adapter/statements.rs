//! Cuts SQL text into statements and names their words, without understanding more of it: comments,
//! strings, dollar quotes and quoted names are skipped as PostgreSQL and DuckDB write them.

use crate::error::{Error, Location, Result};

/// One statement of a text that may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Its text, with the comments around it, without the semicolon.
    pub text: &'a str,
    /// Where its text begins, in bytes of the whole.
    pub start: usize,
}

/// What a statement does to the session's transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Opens one.
    Begin,
    /// Ends one and keeps its work; `chain` opens the next.
    Commit {
        /// `and chain` was said.
        chain: bool,
    },
    /// Ends one and undoes its work; `chain` opens the next.
    Rollback {
        /// `and chain` was said.
        chain: bool,
    },
    /// Goes back to a savepoint.
    RollbackTo,
    /// Nothing.
    Other,
}

/// A word, and how many parentheses stand open around it.
type Word<'a> = (usize, &'a str);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Open,
    Close,
    End,
    Other,
}

/// Engines read SQL up to its first NUL, or not at all.
///
/// # Errors
/// There is one: says in which line.
pub fn without_nul(sql: &str) -> Result<&str> {
    let Some(at) = sql.find('\0') else { return Ok(sql) };
    let line = sql[..at].matches('\n').count() + 1;
    Err(Error::database("the SQL holds a NUL character, which no engine takes")
        .located(Location::line("", line))
        .help("remove it: some editors show it as `^@`"))
}

/// The statements of a text, in order; parts of nothing but comments and space are left out.
pub fn split(sql: &str) -> Vec<Statement<'_>> {
    let mut lexer = Lexer { sql, at: 0 };
    let (mut found, mut start, mut filled) = (Vec::new(), 0, false);
    let (mut depth, mut body) = (0usize, Body::default());
    while let Some(token) = lexer.next() {
        match token {
            Token::End if depth == 0 && body.depth == 0 => {
                let end = lexer.at - 1;
                if filled {
                    found.push(Statement { text: &sql[start..end], start });
                }
                (start, filled, body) = (lexer.at, false, Body::default());
                continue;
            }
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Word(word) if depth == 0 => body.read(word),
            _ => {}
        }
        filled = true;
    }
    if filled {
        found.push(Statement { text: &sql[start..], start });
    }
    found
}

impl<'a> Statement<'a> {
    /// Its words in lower-case comparison order: quoted names and strings are not words.
    pub fn words(&self) -> impl Iterator<Item = Word<'a>> {
        let (mut lexer, mut depth) = (Lexer { sql: self.text, at: 0 }, 0usize);
        std::iter::from_fn(move || {
            loop {
                match lexer.next()? {
                    Token::Word(word) => return Some((depth, word)),
                    Token::Open => depth += 1,
                    Token::Close => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        })
    }

    /// Its first `n` words, in lower case.
    pub fn leading(&self, n: usize) -> Vec<String> {
        self.words().take(n).map(|(_, word)| word.to_ascii_lowercase()).collect()
    }

    /// Does a word stand in it outside all parentheses?
    pub fn says(&self, wanted: &str) -> bool {
        self.words().any(|(depth, word)| depth == 0 && word.eq_ignore_ascii_case(wanted))
    }

    /// What it does to the transaction.
    pub fn control(&self) -> Control {
        let words = self.leading(5);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let chain = words.windows(2).any(|pair| pair == ["and", "chain"]);
        match words.as_slice() {
            ["begin", ..] | ["start", "transaction", ..] => Control::Begin,
            ["commit", "prepared", ..] | ["rollback", "prepared", ..] => Control::Other,
            ["commit" | "end", ..] | ["prepare", "transaction", ..] => Control::Commit { chain },
            ["rollback", "to", ..] | ["rollback", "transaction" | "work", "to", ..] => Control::RollbackTo,
            ["rollback" | "abort", ..] => Control::Rollback { chain },
            _ => Control::Other,
        }
    }
}

/// The body of an SQL function, which holds semicolons of its own: `begin atomic ... end`.
#[derive(Default)]
struct Body {
    words: Vec<String>,
    depth: usize,
}

impl Body {
    fn read(&mut self, word: &str) {
        let word = word.to_ascii_lowercase();
        if self.words.len() < 4 {
            self.words.push(word.clone());
        }
        let is_routine = self.words.first().is_some_and(|w| w == "create")
            && self.words.iter().any(|w| w == "function" || w == "procedure");
        match word.as_str() {
            "begin" if is_routine => self.depth += 1,
            "case" if self.depth > 0 => self.depth += 1,
            "end" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

struct Lexer<'a> {
    sql: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.sql.as_bytes()[self.at..];
            match rest {
                [] => return None,
                [b'-', b'-', ..] => self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => self.at += comment_length(rest),
                [byte, ..] if byte.is_ascii_whitespace() => self.at += 1,
                _ => return Some(self.token(rest)),
            }
        }
    }

    fn token(&mut self, rest: &'a [u8]) -> Token<'a> {
        let (token, length) = match rest {
            [b'e' | b'E', b'\'', ..] => (Token::Other, 1 + quoted_length(&rest[1..], true)),
            [b'\'' | b'"', ..] => (Token::Other, quoted_length(rest, false)),
            [b'$', ..] => (Token::Other, dollar_length(rest)),
            [b'(', ..] => (Token::Open, 1),
            [b')', ..] => (Token::Close, 1),
            [b';', ..] => (Token::End, 1),
            [byte, ..] if is_word(*byte) => {
                let length = rest.iter().position(|b| !is_word(*b)).unwrap_or(rest.len());
                let word = &self.sql[self.at..self.at + length];
                (if byte.is_ascii_digit() { Token::Other } else { Token::Word(word) }, length)
            }
            _ => (Token::Other, 1),
        };
        self.at += length;
        token
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// A block comment, with those inside it.
fn comment_length(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1);
    while depth > 0 && at < rest.len() {
        let step = match &rest[at..] {
            [b'/', b'*', ..] => (depth += 1, 2).1,
            [b'*', b'/', ..] => (depth -= 1, 2).1,
            _ => 1,
        };
        at += step;
    }
    at.min(rest.len())
}

/// A string or a quoted name; a doubled quote reads as an end and a new beginning.
fn quoted_length(rest: &[u8], escapes: bool) -> usize {
    let (quote, mut at) = (rest[0], 1);
    while at < rest.len() {
        match rest[at] {
            b'\\' if escapes => at += 1,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// `$tag$ ... $tag$`; a dollar that opens none is one sign.
fn dollar_length(rest: &[u8]) -> usize {
    let tag_end = rest[1..].iter().position(|b| *b == b'$' || !is_word(*b));
    let Some(end) = tag_end.filter(|end| rest[1 + end] == b'$').map(|end| end + 2) else { return 1 };
    if rest.get(1).is_some_and(u8::is_ascii_digit) {
        return 1;
    }
    let tag = &rest[..end];
    let close = rest[end..].windows(end).position(|window| window == tag);
    close.map_or(rest.len(), |close| end + close + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expect: &[&str]) {
        let found: Vec<_> = split(sql).iter().map(|s| s.text.trim()).collect();
        assert_eq!(found, expect, "{sql}");
    }

    #[test]
    fn statements_end_at_bare_semicolons() {
        check("", &[]);
        check("-- nothing; here\n/* nor; /* here; */ */ ;", &[]);
        check("select 1; select ';'; -- end;", &["select 1", "select ';'"]);
        check("/* c */ select 'it''s;', e'\\';' , \"a;b\"", &["/* c */ select 'it''s;', e'\\';' , \"a;b\""]);
        check("do $x$ begin; $y$ ; end $x$; select $1;", &["do $x$ begin; $y$ ; end $x$", "select $1"]);
        check("select 'é;';select 2", &["select 'é;'", "select 2"]);
        check(
            "begin; select case when a then b end; end",
            &["begin", "select case when a then b end", "end"],
        );
        let routine = "create or replace function f() returns int begin atomic select 1; select case when \
                       true then 2 end; end";
        check(&format!("{routine}; select 3"), &[routine, "select 3"]);
    }

    #[test]
    fn control_words_are_known() {
        let check = |sql: &str, expect| assert_eq!(split(sql)[0].control(), expect, "{sql}");
        check("/* q */ BEGIN isolation level serializable", Control::Begin);
        check("start transaction", Control::Begin);
        check("commit and chain", Control::Commit { chain: true });
        check("end", Control::Commit { chain: false });
        check("rollback work to savepoint a", Control::RollbackTo);
        check("abort", Control::Rollback { chain: false });
        check("select 'commit'", Control::Other);
    }
}
