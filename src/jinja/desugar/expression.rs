//! Jinja2's expression grammar, walked to rewrite what minijinja does differently.
//!
//! | written | becomes | why |
//! |---|---|---|
//! | `[a]`, `{k: v}` | `__karat_list([a])`, `__karat_dict({k: v})` | Python's are mutable |
//! | `a + b`, `-`, `*`, `/`, `//`, `%` | `__karat_add(a, b)`, ... | lists, dates, decimals, `'%s' % x` |
//! | `a < b`, `a in b` | `__karat_compare(a, '<', b)` | decimals; texts and numbers have no order |
//! | `a < b <= c` | `(__karat_chain(a, '<', b) and __karat_chain_end('<=', c))` | `c` only where `a < b` |
//! | `a ~ b ~ c`, `-x` | `__karat_cat(a, b, c)`, `__karat_neg(x)` | Python prints and negates otherwise |
//! | `x[a:b:c]` | `__karat_slice(x, a, b, c)` | a slice is a fresh list |
//! | `1, 2` | `(1, 2)` | bare tuples |
//! | `x is f y` | `x is f(y)` | one way to call a test |
//! | `+x` | `x` | no such operator |

use super::cursor::{Kind, MAX_DEPTH, Parser, Shape};
use super::edits::Edits;
use crate::jinja::scan::{Scanned, Token, fault};

/// A comparison's sign as it stands in the text.
struct Sign {
    text: &'static str,
    /// The `not` of `not in`.
    not: Option<Token>,
    token: Token,
}

impl Sign {
    /// Makes it an argument, of the open call or (`Some`) of a next one. White space between `not` and
    /// `in` stays, for the lines.
    fn replace(self, edits: &mut Edits, next: Option<&str>) {
        if let Some(not) = self.not {
            edits.replace(not.start, not.end, "");
        }
        let argument = match next {
            Some(call) => format!(") and {call}('{}',", self.text),
            None => format!(", '{}',", self.text),
        };
        edits.replace(self.token.start, self.token.end, argument);
    }
}

type Level<'a> = for<'p> fn(&'p mut Parser<'a>) -> Scanned<Shape>;

impl<'a> Parser<'a> {
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
        self.edits().open(shape.start, " __karat_tuple((");
        self.edits().close(shape.end, "))");
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

    /// A comparison is a call, and each further one of a chain is another, behind an `and`; unless
    /// minijinja's own do the same.
    fn comparison(&mut self) -> Scanned<Shape> {
        let first = self.sum()?;
        let (mut left, mut native, mut signs) = (first, true, Vec::new());
        while let Some(sign) = self.sign()? {
            if sign.text.ends_with("in") {
                self.bare_list = Some(self.offset());
            }
            let right = self.sum()?;
            native &= compares_natively(sign.text, left.kind, right.kind);
            signs.push(sign);
            left = right;
        }
        if signs.is_empty() {
            return Ok(first);
        }
        let shape = self.shape(first.start, Kind::Other);
        if !native {
            let chain = signs.len() > 1;
            let last = signs.len() - 1;
            self.edits().open(shape.start, if chain { " (__karat_chain(" } else { " __karat_compare(" });
            for (at, sign) in signs.into_iter().enumerate() {
                let call = if at == last { "__karat_chain_end" } else { "__karat_chain_next" };
                sign.replace(self.edits(), (at > 0).then_some(call));
            }
            self.edits().close(shape.end, if chain { "))" } else { ")" });
        }
        Ok(shape)
    }

    /// The sign of a comparison, if one comes next.
    fn sign(&mut self) -> Scanned<Option<Sign>> {
        let not = if self.is("not") && self.word(1) == "in" { Some(self.next()?) } else { None };
        let signs = ["==", "!=", "<=", ">=", "<", ">", "in"];
        let Some(text) = signs.into_iter().find(|sign| self.is(sign)) else { return Ok(None) };
        let token = self.next()?;
        Ok(Some(Sign { text: if not.is_some() { "not in" } else { text }, not, token }))
    }

    /// A chain of `+` is one call, however long: nested calls would meet minijinja's limit.
    fn sum(&mut self) -> Scanned<Shape> {
        let mut left = self.concatenation()?;
        let mut chained = false;
        while self.is("+") || self.is("-") {
            if chained && self.is("-") {
                self.edits().close(left.end, ")");
                chained = false;
            }
            left = if self.is("-") {
                self.operator(left, " __karat_sub(", Self::concatenation)?
            } else {
                self.plus(left, &mut chained)?
            };
        }
        if chained {
            self.edits().close(left.end, ")");
        }
        Ok(left)
    }

    /// One `+`; `chained` is whether a call of `__karat_add` is open.
    fn plus(&mut self, left: Shape, chained: &mut bool) -> Scanned<Shape> {
        let operator = self.next()?;
        let right = self.concatenation()?;
        let native = is_native("+", left.kind, right.kind);
        match (native, *chained) {
            (true, true) => self.edits().close(left.end, ")"),
            (false, false) => self.edits().open(left.start, " __karat_add("),
            _ => {}
        }
        if !native {
            self.edits().replace(operator.start, operator.end, ",");
        }
        *chained = !native;
        Ok(self.shape(left.start, Kind::Other))
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
        let native = is_native(self.text(operator), left.kind, right.kind);
        if !native {
            self.edits().open(left.start, function);
            self.edits().replace(operator.start, operator.end, ",");
            self.edits().close(right.end, ")");
        }
        Ok(self.shape(left.start, Kind::Other))
    }
}

/// Whether minijinja's own operator does what Python's does.
fn is_native(operator: &str, left: Kind, right: Kind) -> bool {
    let both = |kind| left == kind && right == kind;
    match operator {
        "+" => both(Kind::Text) || both(Kind::Number),
        "-" | "*" | "/" => both(Kind::Number),
        _ => false,
    }
}

/// Whether minijinja's own comparison does what Python's does. A text equals texts alone, and
/// texts alone have an order with it.
fn compares_natively(sign: &str, left: Kind, right: Kind) -> bool {
    let both = |kind| left == kind && right == kind;
    match sign {
        "==" | "!=" => left == Kind::Text || right == Kind::Text || both(Kind::Number),
        "in" | "not in" => right == Kind::Texts || both(Kind::Text),
        _ => both(Kind::Text) || both(Kind::Number),
    }
}
