//! What the desugarer's output calls: Python's literals and operators under unguessable names.

use indexmap::IndexMap;
use minijinja::value::Value;
use minijinja::{Error, ErrorKind, UndefinedBehavior};

use super::Row;
use crate::jinja::value::{Outcome, dict, hashable, iterate, list, operators, pairs, put, type_error};

/// The support functions.
pub const ROWS: &[Row] = &[
    ("__karat_list", |_, args| iterate(first(args)?).map(list)),
    ("__karat_dict", |_, args| dictionary(first(args)?)),
    ("__karat_add", |_, args| sum(args)),
    ("__karat_sub", |_, args| two(args).and_then(|[a, b]| operators::subtract(a, b))),
    ("__karat_mul", |_, args| two(args).and_then(|[a, b]| operators::multiply(a, b))),
    ("__karat_mod", |_, args| two(args).and_then(|[a, b]| operators::modulo(a, b))),
    ("__karat_div", |_, args| two(args).and_then(|[a, b]| operators::divide(a, b))),
    ("__karat_floordiv", |_, args| two(args).and_then(|[a, b]| operators::floor_divide(a, b))),
    ("__karat_neg", |_, args| operators::negate(first(args)?)),
    ("__karat_cat", |_, args| operators::concatenate(args)),
    ("__karat_compare", |_, args| comparison(args)),
    ("__karat_slice", |state, args| match args {
        [value, ..] if value.is_undefined() && state.undefined_behavior() != UndefinedBehavior::Chainable => {
            Err(Error::new(ErrorKind::UndefinedError, "the value is undefined"))
        }
        [value, start, stop, step] => operators::slice(value, [start, stop, step]),
        _ => Err(type_error("a slice has three parts")),
    }),
    ("__karat_iter", |_, args| operators::iterable(first(args)?)),
    ("__karat_do", |_, _| Ok(Value::from(""))),
];

fn first(args: &[Value]) -> Result<&Value, Error> {
    args.first().ok_or_else(|| type_error("an operand is missing"))
}

fn two(args: &[Value]) -> Result<[&Value; 2], Error> {
    match args {
        [a, b] => Ok([a, b]),
        _ => Err(type_error("an operator has two operands")),
    }
}

/// `a + b + c`, from left to right.
fn sum(terms: &[Value]) -> Outcome {
    let rest = terms.get(1..).unwrap_or_default();
    rest.iter().try_fold(first(terms)?.clone(), |total, term| operators::add(&total, term))
}

fn dictionary(literal: &Value) -> Outcome {
    let mut entries = IndexMap::new();
    for (key, value) in pairs(literal)? {
        hashable(&key)?;
        put(&mut entries, key, value);
    }
    Ok(dict(entries))
}

/// `a < b <= c` as `(a, '<', b, '<=', c)`. Unlike minijinja's own comparisons, these know decimals
/// and refuse an order between kinds.
fn comparison(args: &[Value]) -> Outcome {
    for window in args.windows(3).step_by(2) {
        let [a, sign, b] = window else { continue };
        let holds = match sign.as_str().unwrap_or_default() {
            "in" => operators::contains(b, a)?,
            "not in" => !operators::contains(b, a)?,
            sign => operators::compared(a, sign, b)?,
        };
        if !holds {
            return Ok(Value::from(false));
        }
    }
    Ok(Value::from(true))
}
