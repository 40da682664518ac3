//! The parser's place among the tokens of one tag.

use super::Found;
use super::edits::Edits;
use crate::jinja::scan::{Scanned, Token, TokenKind, fault};

/// Nesting beyond this is refused, before the stack ends (minijinja's own limit is 150).
pub(super) const MAX_DEPTH: usize = 140;

/// Where an expression lies and what is known of its shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// What an expression is at its top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Other,
    Text,
    /// A list of nothing but texts, written out.
    Texts,
    Number,
    Call,
}

/// A parser over the tokens of one tag. It collects edits; it builds no tree.
pub(crate) struct Parser<'a> {
    pub source: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    end: usize,
    pub(super) depth: usize,
    /// A list that begins here stays immutable: nobody can get hold of it.
    pub(super) bare_list: Option<usize>,
    pub found: &'a mut Found,
}

impl<'a> Parser<'a> {
    /// A parser at the first of the tokens; `end` is where the tag's closing delimiter stands.
    pub fn new(source: &'a str, tokens: &'a [Token], end: usize, found: &'a mut Found) -> Parser<'a> {
        Parser { source, tokens, at: 0, end, depth: 0, bare_list: None, found }
    }

    pub fn edits(&mut self) -> &mut Edits {
        &mut self.found.edits
    }

    pub fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub fn text(&self, token: Token) -> &'a str {
        &self.source[token.start..token.end]
    }

    /// The text of the token `ahead` places on; empty for strings and at the end.
    pub fn word(&self, ahead: usize) -> &'a str {
        match self.tokens.get(self.at + ahead) {
            Some(token) if token.kind != TokenKind::Text => self.text(*token),
            _ => "",
        }
    }

    pub fn is(&self, word: &str) -> bool {
        self.word(0) == word
    }

    pub fn is_kind(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    pub fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Offset of the next token.
    pub fn offset(&self) -> usize {
        self.peek().map_or(self.end, |token| token.start)
    }

    /// Offset of the end of the last token.
    pub fn last_end(&self) -> usize {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(self.offset(), |token| token.end)
    }

    pub fn next(&mut self) -> Scanned<Token> {
        match self.peek() {
            Some(token) => {
                self.at += 1;
                Ok(token)
            }
            None => fault(self.end, "the tag ends too early"),
        }
    }

    /// Whether the last token was this word.
    pub fn last_is(&self, word: &str) -> bool {
        self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).is_some_and(|token| self.text(*token) == word)
    }

    /// Goes on if the next token is this word.
    pub fn skip(&mut self, word: &str) -> Option<Token> {
        let token = self.peek().filter(|_| self.is(word))?;
        self.at += 1;
        Some(token)
    }

    pub fn expect(&mut self, word: &str) -> Scanned<Token> {
        match self.skip(word) {
            Some(token) => Ok(token),
            None => self.unexpected(&format!("`{word}`")),
        }
    }

    pub fn expect_name(&mut self, what: &str) -> Scanned<Token> {
        if self.is_kind(TokenKind::Name) { self.next() } else { self.unexpected(what) }
    }

    /// Notes a name that is given a value.
    pub fn assign(&mut self, name: Token) -> Scanned<()> {
        let word = self.text(name);
        self.found.reserved.assign(name, word)
    }

    /// The fault of a token that should be something else.
    pub fn unexpected<T>(&self, wanted: &str) -> Scanned<T> {
        let found = self.peek().map_or("the end of the tag".to_string(), |t| format!("`{}`", self.text(t)));
        fault(self.offset(), format!("expected {wanted}, found {found}"))
    }

    /// Nothing more may stand in the tag, but a colon, which Jinja2 lets pass.
    pub fn finish(&mut self) -> Scanned<()> {
        if self.at + 1 == self.tokens.len()
            && let Some(colon) = self.skip(":")
        {
            self.edits().replace(colon.start, colon.end, "");
        }
        if self.at_end() { Ok(()) } else { self.unexpected("the end of the tag") }
    }

    pub(super) fn shape(&self, start: usize, kind: Kind) -> Shape {
        Shape { start, end: self.last_end(), kind }
    }
}
