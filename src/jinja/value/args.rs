//! Arguments of built-ins, bound to their parameters as Python binds them.

use indexmap::IndexMap;
use minijinja::Error;
use minijinja::value::{Kwargs, Value};

use super::{index_of, python_type_name, type_error};

/// Splits the arguments of a call into the positional ones and the named ones.
///
/// # Errors
/// Only if minijinja cannot read its own keyword object.
pub fn split_args(args: &[Value]) -> Result<(Vec<Value>, IndexMap<String, Value>), Error> {
    match args.split_last() {
        Some((last, positional)) if last.is_kwargs() => {
            let kwargs = Kwargs::try_from(last.clone())?;
            let named = kwargs
                .args()
                .map(|name| Ok((name.to_string(), kwargs.peek::<Value>(name)?)))
                .collect::<Result<_, Error>>()?;
            Ok((positional.to_vec(), named))
        }
        _ => Ok((args.to_vec(), IndexMap::new())),
    }
}

/// The arguments of one call, each at the place of its parameter.
#[derive(Debug)]
pub struct Args {
    function: &'static str,
    names: &'static [&'static str],
    slots: Vec<Option<Value>>,
}

impl Args {
    /// Binds `args` to the parameters `names`.
    ///
    /// # Errors
    /// Too many, unknown or doubled arguments, in Python's words.
    pub fn bind(
        function: &'static str,
        names: &'static [&'static str],
        args: &[Value],
    ) -> Result<Self, Error> {
        let (positional, named) = split_args(args)?;
        if positional.len() > names.len() {
            let (most, given) = (names.len(), positional.len());
            return Err(type_error(format!("{function}() takes at most {most} arguments ({given} given)")));
        }
        let mut slots: Vec<Option<Value>> = positional.into_iter().map(Some).collect();
        slots.resize(names.len(), None);
        for (name, value) in named {
            let Some(at) = names.iter().position(|known| *known == name) else {
                return Err(type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
            };
            if slots[at].replace(value).is_some() {
                return Err(type_error(format!("{function}() got multiple values for argument '{name}'")));
            }
        }
        Ok(Args { function, names, slots })
    }

    /// The argument, if it was given.
    pub fn get(&self, at: usize) -> Option<&Value> {
        self.slots[at].as_ref()
    }

    /// The argument, if it was given and is not `None`.
    pub fn some(&self, at: usize) -> Option<&Value> {
        self.get(at).filter(|value| !value.is_none())
    }

    /// The argument, or another value where it was not given.
    pub fn or(&self, at: usize, default: impl Into<Value>) -> Value {
        self.get(at).cloned().unwrap_or_else(|| default.into())
    }

    /// An argument that must be given.
    ///
    /// # Errors
    /// `f() missing 1 required positional argument: 'x'`.
    pub fn need(&self, at: usize) -> Result<&Value, Error> {
        self.get(at).ok_or_else(|| {
            let (function, name) = (self.function, self.names[at]);
            type_error(format!("{function}() missing 1 required positional argument: '{name}'"))
        })
    }

    /// A text that must be given.
    ///
    /// # Errors
    /// It is missing or no text.
    pub fn text(&self, at: usize) -> Result<&str, Error> {
        self.as_text(at, self.need(at)?)
    }

    /// A text, or another where none was given.
    ///
    /// # Errors
    /// It is no text.
    pub fn text_or<'a>(&'a self, at: usize, default: &'a str) -> Result<&'a str, Error> {
        self.get(at).map_or(Ok(default), |value| self.as_text(at, value))
    }

    fn as_text<'a>(&self, at: usize, value: &'a Value) -> Result<&'a str, Error> {
        value.as_str().ok_or_else(|| {
            let (function, name, kind) = (self.function, self.names[at], python_type_name(value));
            type_error(format!("{function}() argument '{name}' must be str, not {kind}"))
        })
    }

    /// A whole number that must be given.
    ///
    /// # Errors
    /// It is missing or no whole number.
    pub fn whole(&self, at: usize) -> Result<i64, Error> {
        index_of(self.need(at)?)
    }

    /// A whole number, or another where none (or `None`) was given.
    ///
    /// # Errors
    /// It is no whole number.
    pub fn whole_or(&self, at: usize, default: i64) -> Result<i64, Error> {
        self.some(at).map_or(Ok(default), index_of)
    }

    /// The truth of an argument, or another where it was not given.
    pub fn flag(&self, at: usize, default: bool) -> bool {
        self.get(at).map_or(default, Value::is_true)
    }
}
