//! `re.Match`: what a pattern found.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::template;
use crate::jinja::value::{Args, Outcome, dict, index_of, print, split_args, tuple, value_error};

/// A match. Positions are bytes here and characters in what templates see.
#[derive(Debug, Clone)]
pub struct Found {
    /// The text that was searched.
    pub text: Arc<str>,
    /// Where each group matched; the first is the whole.
    pub groups: Vec<Option<Range<usize>>>,
    /// The names of groups and their numbers.
    pub names: Arc<Vec<(String, usize)>>,
}

impl Found {
    /// Where the whole match is.
    pub fn whole(&self) -> Range<usize> {
        self.groups.first().cloned().flatten().unwrap_or(0..0)
    }

    /// The text of each group but the whole.
    pub fn texts(&self, default: &Value) -> Vec<Value> {
        (1..self.groups.len()).map(|at| self.text_of(at).unwrap_or_else(|| default.clone())).collect()
    }

    fn text_of(&self, at: usize) -> Option<Value> {
        self.groups[at].clone().map(|range| Value::from(&self.text[range]))
    }

    fn number(&self, key: &Value) -> Result<usize, Error> {
        let number = match key.as_str() {
            Some(name) => self.names.iter().find(|known| known.0 == name).map(|known| known.1),
            None => usize::try_from(index_of(key)?).ok(),
        };
        number.filter(|at| *at < self.groups.len()).ok_or_else(|| value_error("no such group"))
    }

    /// `m.group(key)`: `None` where the group took no part.
    pub fn group(&self, key: &Value) -> Outcome {
        Ok(self.text_of(self.number(key)?).unwrap_or_else(|| Value::from(())))
    }

    fn span(&self, args: &[Value]) -> Result<(i64, i64), Error> {
        let args = Args::bind("span", &["group"], args)?;
        let range = self.groups[self.number(&args.or(0, 0))?].clone();
        let place = |byte: usize| self.text[..byte].chars().count() as i64;
        Ok(range.map_or((-1, -1), |range| (place(range.start), place(range.end))))
    }
}

impl Object for Found {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("string") => Some(Value::from(&*self.text)),
            Some("pos") => Some(Value::from(0)),
            Some("endpos") => Some(Value::from(self.text.chars().count())),
            Some("lastindex") => {
                let last = (1..self.groups.len()).rev().find(|at| self.groups[*at].is_some());
                Some(last.map_or_else(|| Value::from(()), Value::from))
            }
            _ => self.group(key).ok(),
        }
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "group" => {
                let (keys, _) = split_args(args)?;
                match keys.as_slice() {
                    [] => self.group(&Value::from(0)),
                    [key] => self.group(key),
                    keys => Ok(tuple(keys.iter().map(|key| self.group(key)).collect::<Result<_, Error>>()?)),
                }
            }
            "groups" => Ok(tuple(self.texts(&Args::bind("groups", &["default"], args)?.or(0, ())))),
            "groupdict" => {
                let default = Args::bind("groupdict", &["default"], args)?.or(0, ());
                let text = |at: usize| self.text_of(at).unwrap_or_else(|| default.clone());
                Ok(dict(
                    self.names.iter().map(|(name, at)| (Value::from(name.as_str()), text(*at))).collect(),
                ))
            }
            "start" => self.span(args).map(|span| Value::from(span.0)),
            "end" => self.span(args).map(|span| Value::from(span.1)),
            "span" => self.span(args).map(|(start, end)| tuple(vec![Value::from(start), Value::from(end)])),
            "expand" => {
                template::expand(Args::bind("expand", &["template"], args)?.text(0)?, self).map(Value::from)
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = self.span(&[]).unwrap_or_default();
        let text = print::repr(&Value::from(&self.text[self.whole()]));
        write!(f, "<re.Match object; span=({start}, {end}), match={text}>")
    }
}
