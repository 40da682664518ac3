//! Operands: signs, literals, names, calls, subscripts, filters and tests.

use super::cursor::{Kind, MAX_DEPTH, Parser, Shape};
use super::{CallSite, literal};
use crate::jinja::scan::{Scanned, Token, TokenKind, fault};

impl<'a> Parser<'a> {
    pub(super) fn unary(&mut self, filters: bool) -> Scanned<Shape> {
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
                self.found.reserved.read(token, name);
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
        let end = self.expect(")")?.end;
        if count > 1 {
            self.edits().open(start, " __karat_tuple(");
            self.edits().close(end, ")");
        }
        // A call in parentheses is no longer a call to `{% do %}`.
        let kind = if count == 1 && kind != Kind::Call { kind } else { Kind::Other };
        Ok(self.shape(start, kind))
    }

    fn list(&mut self) -> Scanned<Shape> {
        let start = self.expect("[")?.start;
        let mutable = self.bare_list.take() != Some(start);
        let mut kind = Kind::Texts;
        while !self.is("]") {
            if self.expression()?.kind != Kind::Text {
                kind = Kind::Other;
            }
            if self.skip(",").is_none() {
                break;
            }
        }
        let end = self.expect("]")?.end;
        if mutable {
            self.edits().open(start, " __karat_list(");
            self.edits().close(end, ")");
        }
        Ok(self.shape(start, kind))
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
