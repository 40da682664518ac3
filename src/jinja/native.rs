//! Native rendering: what dbt's `NativeEnvironment` makes of one lone expression.

use minijinja::value::Value;

use super::desugar::literal;
use super::scan::{TokenKind, token};
use super::value::{dict, list, tuple};
use crate::error::{Error, Result};

/// The value of a lone expression, by the filter that it ends with.
///
/// # Errors
/// `as_bool` of something that is no bool, `as_number` of something that is no number.
pub(crate) fn typed(value: Value, text: &str, marker: &str) -> Result<Value> {
    let evaluated = || evaluate(text).unwrap_or_else(|| Value::from(text));
    let refuse =
        |kind: &str| Error::compilation(format!("Could not convert value '{text}' into type '{kind}'"));
    match marker {
        "as_text" => Ok(Value::from(text)),
        "as_native" => Ok(evaluated()),
        "as_bool" => match evaluated() {
            value if bool::try_from(value.clone()).is_ok() && !value.is_number() => Ok(value),
            _ => Err(refuse("bool")),
        },
        "as_number" => match evaluated() {
            value if value.is_number() => Ok(value),
            _ => Err(refuse("number")),
        },
        _ => Ok(value),
    }
}

/// Reads a Python literal; none if the text is something else.
pub(crate) fn evaluate(text: &str) -> Option<Value> {
    let mut reader = Reader { text: text.trim_matches([' ', '\t']), at: 0, depth: 0 };
    let value = reader.value()?;
    reader.skip_space();
    (reader.at == reader.text.len()).then_some(value)
}

/// Deeper literals are taken for text.
const MAX_DEPTH: usize = 100;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.at += self.text[self.at..].len() - self.text[self.at..].trim_start().len();
    }

    /// Goes on if the next character is this one.
    fn skip(&mut self, wanted: char) -> bool {
        self.skip_space();
        let found = self.text[self.at..].starts_with(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn value(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = match self.peek()? {
            '[' => self.items('[', ']').map(|(items, _)| list(items)),
            '(' => self.items('(', ')').map(|(items, comma)| match <[Value; 1]>::try_from(items) {
                Ok([one]) if !comma => one,
                Ok(one) => tuple(one.to_vec()),
                Err(items) => tuple(items),
            }),
            '{' => self.dict(),
            _ => self.scalar(),
        };
        self.depth -= 1;
        value
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.text[self.at..].chars().next()
    }

    /// Values between brackets, and whether there was a comma.
    fn items(&mut self, open: char, close: char) -> Option<(Vec<Value>, bool)> {
        let (mut items, mut comma) = (Vec::new(), false);
        self.skip(open);
        while !self.skip(close) {
            if !items.is_empty() && !comma {
                return None;
            }
            items.push(self.value()?);
            let more = self.skip(',');
            comma |= more;
            if !more {
                return self.skip(close).then_some((items, comma));
            }
        }
        Some((items, comma))
    }

    fn dict(&mut self) -> Option<Value> {
        let mut entries = indexmap::IndexMap::new();
        self.skip('{');
        while !self.skip('}') {
            let key = self.value()?;
            if !self.skip(':') {
                return None;
            }
            entries.insert(key, self.value()?);
            if !self.skip(',') {
                return self.skip('}').then(|| dict(entries));
            }
        }
        Some(dict(entries))
    }

    fn scalar(&mut self) -> Option<Value> {
        let negative = self.skip('-');
        let positive = !negative && self.skip('+');
        self.skip_space();
        if self.at >= self.text.len() {
            return None;
        }
        let token = token(self.text, self.at).ok()?;
        let text = &self.text[token.start..token.end];
        self.at = token.end;
        match (token.kind, text) {
            (TokenKind::Number, _) => number(text, negative),
            _ if negative || positive => None,
            (TokenKind::Text, _) => Some(Value::from(literal::decode(text))),
            (_, "None") => Some(Value::from(())),
            (_, "True") => Some(Value::from(true)),
            (_, "False") => Some(Value::from(false)),
            _ => None,
        }
    }
}

/// A number as Python writes it: no leading zeros, underscores between digits.
fn number(text: &str, negative: bool) -> Option<Value> {
    let digits = text.replace('_', "");
    let leading_zero =
        digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    if leading_zero && digits.bytes().any(|b| b != b'0') {
        return None;
    }
    if let Ok(whole) = digits.parse::<i64>() {
        return Some(Value::from(if negative { -whole } else { whole }));
    }
    let float = digits.parse::<f64>().ok()?;
    Some(Value::from(if negative { -float } else { float }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_pythons() {
        for (text, expect) in [
            ("1", Some("1")),
            ("-1.5", Some("-1.5")),
            ("007", None),
            ("[1, 'a', (2,), {'k': None}]", Some("[1, 'a', (2,), {'k': None}]")),
            ("(1)", Some("1")),
            ("true", None),
            ("True", Some("True")),
            ("a b", None),
            ("[1", None),
            ("", None),
        ] {
            let found = evaluate(text).map(|value| value.to_string());
            assert_eq!(found.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn markers_refuse() {
        assert!(typed(Value::from("x"), "x", "as_bool").is_err());
        assert!(typed(Value::from("1"), "1", "as_bool").is_err());
        assert!(typed(Value::from("1"), "1", "as_number").is_ok());
    }
}
