//! The arguments of a call, which must be literals, written as Jinja writes them.

use super::Fault;
use super::tokens::{Kind, Token};

const REFUSED: &str = "the arguments of `dbt.ref`, `dbt.source`, `dbt.config` and `dbt.config.get` can only be \
                       Python literals: they are read before the model runs";

/// One argument: its keyword, if it has one, and its value as Jinja.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Argument {
    pub(super) name: Option<String>,
    pub(super) value: String,
}

/// The arguments behind an opening bracket, up to the bracket that closes it.
pub(super) fn arguments(tokens: &[Token]) -> Result<Vec<Argument>, Fault> {
    let mut reader = Reader { tokens, at: 0 };
    let mut found = Vec::new();
    while !reader.met(')') {
        let name = reader.keyword();
        found.push(Argument { name, value: reader.value()? });
        if !reader.met(',') && !reader.sees(')') {
            return Err(reader.refuse());
        }
    }
    Ok(found)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn sees(&self, sign: char) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    fn met(&mut self, sign: char) -> bool {
        let met = self.sees(sign);
        self.at += usize::from(met);
        met
    }

    fn refuse(&self) -> Fault {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map_or_else(|| Fault::at(1, 1, REFUSED), |token| Fault::at(token.line, token.column, REFUSED))
    }

    fn keyword(&mut self) -> Option<String> {
        let is = |at: usize, kind: &Kind| self.tokens.get(at).is_some_and(|token| token.kind == *kind);
        let named = is(self.at, &Kind::Name) && is(self.at + 1, &Kind::Sign('='));
        let named = named && !is(self.at + 2, &Kind::Sign('='));
        let name = self.tokens.get(self.at).filter(|_| named)?.text.clone();
        self.at += 2;
        Some(name)
    }

    fn value(&mut self) -> Result<String, Fault> {
        let Some(token) = self.tokens.get(self.at) else { return Err(self.refuse()) };
        let value = match (&token.kind, token.text.as_str()) {
            (Kind::Text(Some(_)), _) => return Ok(quoted(&self.strings()?)),
            (Kind::Number, text) => number(text).ok_or_else(|| self.refuse())?,
            (Kind::Name, "True" | "False" | "None") => token.text.clone(),
            (Kind::Sign(sign @ ('-' | '+')), _) => {
                self.at += 1;
                let inner = self.value()?;
                let is_number = inner.starts_with(|c: char| c.is_ascii_digit());
                return if is_number { Ok(format!("{sign}{inner}")) } else { Err(self.refuse()) };
            }
            (Kind::Sign('['), _) => return Ok(format!("[{}]", self.items(']')?.join(", "))),
            (Kind::Sign('('), _) => return self.round(),
            (Kind::Sign('{'), _) => return self.curly(),
            _ => return Err(self.refuse()),
        };
        self.at += 1;
        Ok(value)
    }

    /// Strings that stand side by side are one.
    fn strings(&mut self) -> Result<String, Fault> {
        let mut joined = String::new();
        while let Some(Token { kind: Kind::Text(value), .. }) = self.tokens.get(self.at) {
            joined += value.as_ref().ok_or_else(|| self.refuse())?;
            self.at += 1;
        }
        Ok(joined)
    }

    fn items(&mut self, close: char) -> Result<Vec<String>, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.met(close) {
            items.push(self.value()?);
            if !self.met(',') && !self.sees(close) {
                return Err(self.refuse());
            }
        }
        Ok(items)
    }

    /// A tuple, or a value in brackets.
    fn round(&mut self) -> Result<String, Fault> {
        let items = self.items(')')?;
        let ends_in_comma = self.tokens.get(self.at - 2).is_some_and(|token| token.kind == Kind::Sign(','));
        Ok(match &items[..] {
            [one] if !ends_in_comma => one.clone(),
            items => format!("({},)", items.join(", ")),
        })
    }

    /// A dict; a set is given as a list.
    fn curly(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let (mut items, mut is_set) = (Vec::new(), false);
        while !self.met('}') {
            let key = self.value()?;
            match self.met(':') {
                true => items.push(format!("{key}: {}", self.value()?)),
                false => {
                    is_set = true;
                    items.push(key);
                }
            }
            if !self.met(',') && !self.sees('}') {
                return Err(self.refuse());
            }
        }
        let (open, close) = if is_set { ("[", "]") } else { ("{", "}") };
        Ok(format!("{open}{}{close}", items.join(", ")))
    }
}

/// A number in plain digits.
fn number(text: &str) -> Option<String> {
    let plain = text.replace('_', "").to_ascii_lowercase();
    let radix = |digits: &str, radix| i128::from_str_radix(digits, radix).ok().map(|n| n.to_string());
    match plain.get(..2) {
        Some("0x") => radix(&plain[2..], 16),
        Some("0o") => radix(&plain[2..], 8),
        Some("0b") => radix(&plain[2..], 2),
        _ if plain.contains(['.', 'e']) => plain.parse::<f64>().ok().map(|n| format!("{n:?}")),
        _ => radix(&plain, 10),
    }
}

/// A string on one line.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t"))
}
