//! Jinja2's expression grammar, walked to rewrite what minijinja does differently.
//!
//! | written | becomes | why |
//! |---|---|---|
//! | `[a]`, `{k: v}` | `__karat_list([a])`, `__karat_dict({k: v})` | Python's are mutable |
//! | `a + b`, `-`, `*`, `/`, `//`, `%` | `__karat_add(a, b)`, ... | lists, dates, decimals, `'%s' % x` |
//! | `a ~ b ~ c`, `-x` | `__karat_cat(a, b, c)`, `__karat_neg(x)` | Python prints and negates otherwise |
//! | `x[a:b:c]` | `__karat_slice(x, a, b, c)` | a slice is a fresh list |
//! | `1, 2` | `(1, 2)` | bare tuples |
//! | `x is f y` | `x is f(y)` | one way to call a test |
//! | `+x` | `x` | no such operator |

use super::edits::Edits;
use super::literal;
use super::{CallSite, Found};
use crate::jinja::scan::{Scanned, Token, TokenKind, fault};

/// Nesting beyond this is refused, before the stack ends (minijinja's own limit is 150).
const MAX_DEPTH: usize = 140;

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
    Number,
    Call,
}

/// A parser over the tokens of one tag. It collects edits; it builds no tree.
pub(crate) struct Parser<'a> {
    pub source: &'a str,
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
    /// A list that begins here stays immutable: nobody can get hold of it.
    bare_list: Option<usize>,
    pub found: &'a mut Found,
}

type Level<'a> = for<'p> fn(&'p mut Parser<'a>) -> Scanned<Shape>;

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

    /// An expression, or several with commas between them, which are a tuple.
    pub fn tuple(&mut self, stops: &[&str]) -> Scanned<Shape> {
        let first = self.expression()?;
        if !self.is(",") {
            return Ok(first);
        }
        while self.skip(",").is_some() {
            if self.at_end() || self.is("=") || self.is(")") || stops.iter().any(|stop| self.is(stop)) {
                break;
            }
            self.expression()?;
        }
        let shape = self.shape(first.start, Kind::Other);
        self.edits().open(shape.start, " (");
        self.edits().close(shape.end, ")");
        Ok(shape)
    }

    /// One expression: `a if b else c` and all below.
    pub fn expression(&mut self) -> Scanned<Shape> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(self.offset(), "the expression is nested too deeply");
        }
        let mut shape = self.or()?;
        while self.skip("if").is_some() {
            self.or()?;
            if self.skip("else").is_some() {
                self.expression()?;
            }
            shape = self.shape(shape.start, Kind::Other);
        }
        self.depth -= 1;
        Ok(shape)
    }

    /// The iterable of a `for`: no `a if b else c` at its top, since `if` begins the filter.
    pub fn iterable(&mut self) -> Scanned<Shape> {
        let start = self.offset();
        self.bare_list = self.is("[").then_some(start);
        let mut shape = self.or()?;
        if self.is(",") {
            while self.skip(",").is_some() && !self.at_end() && !self.is("if") && !self.is("recursive") {
                self.or()?;
            }
            shape = self.shape(start, Kind::Other);
            self.edits().open(start, " (");
            self.edits().close(shape.end, ")");
        }
        Ok(shape)
    }

    fn shape(&self, start: usize, kind: Kind) -> Shape {
        Shape { start, end: self.last_end(), kind }
    }

    /// A level whose operators minijinja knows as they are.
    fn level(&mut self, operators: &[&str], below: Level<'a>) -> Scanned<Shape> {
        let mut shape = below(self)?;
        while operators.iter().any(|op| self.is(op)) {
            self.next()?;
            below(self)?;
            shape = self.shape(shape.start, Kind::Other);
        }
        Ok(shape)
    }

    fn or(&mut self) -> Scanned<Shape> {
        self.level(&["or"], Self::and)
    }

    fn and(&mut self) -> Scanned<Shape> {
        self.level(&["and"], Self::not)
    }

    fn not(&mut self) -> Scanned<Shape> {
        let start = self.offset();
        let mut negated = false;
        while self.skip("not").is_some() {
            negated = true;
        }
        let shape = self.comparison()?;
        Ok(if negated { self.shape(start, Kind::Other) } else { shape })
    }

    fn comparison(&mut self) -> Scanned<Shape> {
        let mut shape = self.sum()?;
        loop {
            if self.is("not") && self.word(1) == "in" {
                self.next()?;
            }
            if !["==", "!=", "<", ">", "<=", ">=", "in"].iter().any(|op| self.is(op)) {
                return Ok(shape);
            }
            let operator = self.next()?;
            if self.text(operator) == "in" {
                self.bare_list = Some(self.offset());
            }
            self.sum()?;
            shape = self.shape(shape.start, Kind::Other);
        }
    }

    fn sum(&mut self) -> Scanned<Shape> {
        let mut left = self.concatenation()?;
        loop {
            left = if self.is("+") {
                self.operator(left, " __karat_add(", Self::concatenation)?
            } else if self.is("-") {
                self.operator(left, " __karat_sub(", Self::concatenation)?
            } else {
                return Ok(left);
            };
        }
    }

    fn concatenation(&mut self) -> Scanned<Shape> {
        let left = self.product()?;
        if !self.is("~") {
            return Ok(left);
        }
        while let Some(tilde) = self.skip("~") {
            self.edits().replace(tilde.start, tilde.end, ",");
            self.product()?;
        }
        let shape = self.shape(left.start, Kind::Other);
        self.edits().open(shape.start, " __karat_cat(");
        self.edits().close(shape.end, ")");
        Ok(shape)
    }

    fn product(&mut self) -> Scanned<Shape> {
        let mut left = self.power()?;
        loop {
            left = if self.is("%") {
                self.operator(left, " __karat_mod(", Self::power)?
            } else if self.is("*") {
                self.operator(left, " __karat_mul(", Self::power)?
            } else if self.is("/") {
                self.operator(left, " __karat_div(", Self::power)?
            } else if self.is("//") {
                self.operator(left, " __karat_floordiv(", Self::power)?
            } else {
                return Ok(left);
            };
        }
    }

    fn power(&mut self) -> Scanned<Shape> {
        self.level(&["**"], |p| p.unary(true))
    }

    /// `a + b` as ` __karat_add(a, b)`, unless minijinja's own operator does the same.
    fn operator(&mut self, left: Shape, function: &'static str, below: Level<'a>) -> Scanned<Shape> {
        let operator = self.next()?;
        let right = below(self)?;
        let kinds = (left.kind, right.kind);
        let native = match self.text(operator) {
            "+" => kinds.0 == Kind::Text || kinds.1 == Kind::Text || kinds == (Kind::Number, Kind::Number),
            "-" => kinds.0 == Kind::Number || kinds.1 == Kind::Number,
            "*" | "/" => kinds == (Kind::Number, Kind::Number),
            _ => false,
        };
        if !native {
            self.edits().open(left.start, function);
            self.edits().replace(operator.start, operator.end, ",");
            self.edits().close(right.end, ")");
        }
        Ok(self.shape(left.start, Kind::Other))
    }

    fn unary(&mut self, filters: bool) -> Scanned<Shape> {
        let start = self.offset();
        let mut shape = if let Some(minus) = self.skip("-") {
            let inner = self.nested_unary()?;
            self.negation(minus, inner)
        } else if let Some(plus) = self.skip("+") {
            self.edits().replace(plus.start, plus.end, " ");
            self.nested_unary()?
        } else {
            self.primary()?
        };
        shape = self.postfix(Shape { start, ..shape })?;
        if filters { self.filters(shape) } else { Ok(shape) }
    }

    fn negation(&mut self, minus: Token, inner: Shape) -> Shape {
        if inner.kind == Kind::Number {
            return self.shape(minus.start, Kind::Number);
        }
        self.edits().replace(minus.start, minus.end, " __karat_neg(");
        self.edits().close(inner.end, ")");
        self.shape(minus.start, Kind::Other)
    }

    fn nested_unary(&mut self) -> Scanned<Shape> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(self.offset(), "the expression is nested too deeply");
        }
        let shape = self.unary(false)?;
        self.depth -= 1;
        Ok(shape)
    }

    fn primary(&mut self) -> Scanned<Shape> {
        let Some(token) = self.peek() else { return self.unexpected("an expression") };
        match (token.kind, self.text(token)) {
            (TokenKind::Text, _) => self.strings(),
            (TokenKind::Number, _) => {
                self.at += 1;
                Ok(self.shape(token.start, Kind::Number))
            }
            (TokenKind::Name, "in" | "if" | "else" | "and" | "or" | "is") => self.unexpected("an expression"),
            (TokenKind::Name, name) => {
                self.at += 1;
                self.found.uses.note(name);
                Ok(self.shape(token.start, Kind::Other))
            }
            (_, "(") => self.parentheses(),
            (_, "[") => self.list(),
            (_, "{") => self.dict(),
            _ => self.unexpected("an expression"),
        }
    }

    /// One string or several side by side, which are one.
    fn strings(&mut self) -> Scanned<Shape> {
        let start = self.offset();
        let mut count = 0;
        while self.is_kind(TokenKind::Text) {
            let token = self.next()?;
            if count > 0 {
                self.edits().open(token.start, " ~ ");
            }
            count += 1;
            if let Some(text) = literal::for_minijinja(self.text(token)) {
                self.edits().replace(token.start, token.end, text);
            }
        }
        let shape = self.shape(start, Kind::Text);
        if count > 1 {
            self.edits().open(shape.start, " (");
            self.edits().close(shape.end, ")");
        }
        Ok(shape)
    }

    fn parentheses(&mut self) -> Scanned<Shape> {
        let start = self.expect("(")?.start;
        let mut kind = Kind::Other;
        let mut count = 0;
        while !self.is(")") {
            kind = self.expression()?.kind;
            count += 1;
            if self.skip(",").is_none() {
                break;
            }
            count += 1;
        }
        self.expect(")")?;
        // A call in parentheses is no longer a call to `{% do %}`.
        let kind = if count == 1 && kind != Kind::Call { kind } else { Kind::Other };
        Ok(self.shape(start, kind))
    }

    fn list(&mut self) -> Scanned<Shape> {
        let start = self.expect("[")?.start;
        let mutable = self.bare_list.take() != Some(start);
        while !self.is("]") {
            self.expression()?;
            if self.skip(",").is_none() {
                break;
            }
        }
        let end = self.expect("]")?.end;
        if mutable {
            self.edits().open(start, " __karat_list(");
            self.edits().close(end, ")");
        }
        Ok(self.shape(start, Kind::Other))
    }

    fn dict(&mut self) -> Scanned<Shape> {
        let start = self.expect("{")?.start;
        while !self.is("}") {
            self.expression()?;
            self.expect(":")?;
            self.expression()?;
            if self.skip(",").is_none() {
                break;
            }
        }
        let end = self.expect("}")?.end;
        self.edits().open(start, " __karat_dict(");
        self.edits().close(end, ")");
        Ok(self.shape(start, Kind::Other))
    }

    /// `(a, *b, c=1, **d)`
    pub fn arguments(&mut self) -> Scanned<()> {
        self.expect("(")?;
        while !self.is(")") {
            if self.is("*") || self.is("**") || (self.is_kind(TokenKind::Name) && self.word(1) == "=") {
                let token = self.next()?;
                if self.text(token) != "*" && self.text(token) != "**" {
                    self.next()?;
                }
            }
            self.expression()?;
            if self.skip(",").is_none() {
                break;
            }
        }
        self.expect(")").map(|_| ())
    }

    fn postfix(&mut self, mut shape: Shape) -> Scanned<Shape> {
        let first = self.at.saturating_sub(1);
        loop {
            if self.skip(".").is_some() {
                if !self.is_kind(TokenKind::Name) && !self.is_kind(TokenKind::Number) {
                    return self.unexpected("a name after the dot");
                }
                self.next()?;
                shape = self.shape(shape.start, Kind::Other);
            } else if self.is("[") {
                self.subscript(shape.start)?;
                shape = self.shape(shape.start, Kind::Other);
            } else if self.is("(") {
                self.note_call(first);
                self.arguments()?;
                shape = self.shape(shape.start, Kind::Call);
            } else {
                return Ok(shape);
            }
        }
    }

    /// Notes `name(..)`, `package.name(..)` and `adapter.dispatch('name', 'package')`.
    fn note_call(&mut self, first: usize) {
        let Some(Token { kind: TokenKind::Name, .. }) = self.tokens.get(first) else { return };
        let name = |i: usize| self.tokens.get(i).map_or("", |t| self.text(*t));
        let call = match self.at - first {
            1 => CallSite::Named { package: None, name: name(first).into() },
            3 if name(first) == "adapter" && name(first + 2) == "dispatch" => match self.dispatched() {
                Some(call) => call,
                None => return,
            },
            3 if name(first + 1) == "." && name(first) != "adapter" => {
                CallSite::Named { package: Some(name(first).into()), name: name(first + 2).into() }
            }
            _ => return,
        };
        if !self.found.calls.contains(&call) {
            self.found.calls.push(call);
        }
    }

    /// The literal arguments of a dispatch; the parser stands before `(`.
    fn dispatched(&self) -> Option<CallSite> {
        let rest = &self.tokens[self.at + 1..];
        let mut texts = Vec::new();
        let mut keyword = None;
        for token in rest.iter().take_while(|t| !matches!(self.text(**t), ")" | "(")) {
            match token.kind {
                TokenKind::Name => keyword = Some(self.text(*token)),
                TokenKind::Text => texts.push((keyword.take(), literal::decode(self.text(*token)))),
                _ => {}
            }
        }
        let find = |key: &str, index: usize| {
            let named = texts.iter().find(|(k, _)| *k == Some(key));
            named.or_else(|| texts.get(index).filter(|(k, _)| k.is_none())).map(|(_, text)| text.clone())
        };
        Some(CallSite::Dispatched { name: find("macro_name", 0)?, namespace: find("macro_namespace", 1) })
    }

    /// `[i]`, or a slice, which becomes a call.
    fn subscript(&mut self, start: usize) -> Scanned<()> {
        let bracket = self.expect("[")?;
        if !self.is(":") {
            self.tuple(&["]", ":"])?;
        }
        if !self.is(":") {
            return self.expect("]").map(|_| ());
        }
        if self.last_end() == bracket.end {
            self.edits().close(bracket.end, " none");
        }
        self.slice_part()?;
        if self.is(":") {
            self.slice_part()?;
        } else {
            let end = self.last_end();
            self.edits().close(end, ", none");
        }
        let close = self.expect("]")?;
        self.edits().open(start, " __karat_slice(");
        self.edits().replace(bracket.start, bracket.end, ",");
        self.edits().replace(close.start, close.end, ")");
        Ok(())
    }

    /// `: b`, where `b` may be left out.
    fn slice_part(&mut self) -> Scanned<()> {
        let colon = self.expect(":")?;
        self.edits().replace(colon.start, colon.end, ",");
        if self.is(":") || self.is("]") {
            self.edits().close(colon.end, " none");
            return Ok(());
        }
        self.expression().map(|_| ())
    }

    /// `| filter(..)`, `is test x` and calls of their results.
    pub fn filters(&mut self, mut shape: Shape) -> Scanned<Shape> {
        loop {
            let kind = if self.skip("|").is_some() {
                self.dotted_name("the name of a filter")?;
                if self.is("(") {
                    self.arguments()?;
                }
                Kind::Other
            } else if self.skip("is").is_some() {
                self.skip("not");
                self.dotted_name("the name of a test")?;
                self.test_argument()?;
                Kind::Other
            } else if self.is("(") {
                self.edits().open(shape.start, " (");
                self.edits().close(shape.end, ")");
                self.arguments()?;
                Kind::Other
            } else {
                return Ok(shape);
            };
            shape = self.shape(shape.start, kind);
        }
    }

    fn dotted_name(&mut self, what: &str) -> Scanned<()> {
        self.expect_name(what)?;
        while self.skip(".").is_some() {
            self.expect_name(what)?;
        }
        Ok(())
    }

    /// `(..)`, or one value without parentheses, or none.
    fn test_argument(&mut self) -> Scanned<()> {
        if self.is("(") {
            return self.arguments();
        }
        let Some(token) = self.peek() else { return Ok(()) };
        let ends = ["else", "or", "and", "is", "if", "recursive", "in", "not"].contains(&self.word(0));
        if ends || (token.kind == TokenKind::Operator && !self.is("[") && !self.is("{")) {
            return Ok(());
        }
        let argument = self.primary()?;
        let argument = self.postfix(argument)?;
        self.edits().open(argument.start, "(");
        self.edits().close(argument.end, ")");
        Ok(())
    }
}
