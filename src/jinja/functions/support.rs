//! What the desugarer's output calls: Python's literals and operators under unguessable names.

use indexmap::IndexMap;
use minijinja::value::Value;
use minijinja::{Error, ErrorKind, State, UndefinedBehavior};

use super::Row;
use crate::jinja::value::bounds::Extent;
use crate::jinja::value::{Outcome, dict, hashable, iterate, list, operators, pairs, put, tuple, type_error};

/// The support functions.
pub const ROWS: &[Row] = &[
    ("__karat_list", |_, args| iterate(first(args)?).map(list).and_then(Extent::check)),
    ("__karat_tuple", |_, args| Extent::check(first(args)?.clone())),
    ("__karat_dict", |_, args| dictionary(first(args)?).and_then(Extent::check)),
    ("__karat_add", |_, args| sum(args)),
    ("__karat_sub", |_, args| two(args).and_then(|[a, b]| operators::subtract(a, b))),
    ("__karat_mul", |_, args| two(args).and_then(|[a, b]| operators::multiply(a, b))),
    ("__karat_mod", |_, args| two(args).and_then(|[a, b]| operators::modulo(a, b))),
    ("__karat_div", |_, args| two(args).and_then(|[a, b]| operators::divide(a, b))),
    ("__karat_floordiv", |_, args| two(args).and_then(|[a, b]| operators::floor_divide(a, b))),
    ("__karat_neg", |_, args| operators::negate(first(args)?)),
    ("__karat_cat", |_, args| operators::concatenate(args)),
    ("__karat_compare", |_, args| match args {
        [a, sign, b] => compared(a, sign, b).map(Value::from),
        _ => Err(type_error("a comparison has two operands")),
    }),
    ("__karat_chain", |state, args| match args {
        [a, sign, b] => chained(state, a, (sign, b), true),
        _ => Err(type_error("a comparison has two operands")),
    }),
    ("__karat_chain_next", |state, args| next_of_chain(state, args, true)),
    ("__karat_chain_end", |state, args| next_of_chain(state, args, false)),
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

/// One comparison. Unlike minijinja's own, it knows decimals and refuses an order between kinds.
fn compared(a: &Value, sign: &Value, b: &Value) -> Result<bool, Error> {
    match sign.as_str().unwrap_or_default() {
        "in" => operators::contains(b, a),
        "not in" => Ok(!operators::contains(b, a)?),
        sign => operators::compared(a, sign, b),
    }
}

/// Where the operands wait that the next comparison of a chain needs.
const WAITING: &str = "__karat_chain";

/// A comparison of a chain. Where it holds and `goes_on`, its right side waits for the next one: it is
/// computed once. Chains within operands leave the pile as they found it.
fn chained(state: &mut State<'_, '_>, a: &Value, (sign, b): (&Value, &Value), goes_on: bool) -> Outcome {
    let holds = compared(a, sign, b)?;
    if holds && goes_on {
        let below = state.get_temp(WAITING).unwrap_or_default();
        state.set_temp(WAITING, tuple(vec![b.clone(), below]));
    }
    Ok(Value::from(holds))
}

/// `... <= c`, behind a comparison that held.
fn next_of_chain(state: &mut State<'_, '_>, args: &[Value], goes_on: bool) -> Outcome {
    let pile = state.get_temp(WAITING).unwrap_or_default();
    let waiting = |at: usize| pile.get_item_by_index(at).unwrap_or_default();
    state.set_temp(WAITING, waiting(1));
    match args {
        [sign, b] => chained(state, &waiting(0), (sign, b), goes_on),
        _ => Err(type_error("a comparison has two operands")),
    }
}
