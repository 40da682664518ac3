//! Arithmetic, concatenation, slicing and ordering, by Python's rules.

use std::cmp::Ordering;

use indexmap::IndexMap;
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::bounds::{Extent, items_fit, text_fits};
use super::{
    Outcome, PyDict, PyList, PySet, datetime, decimal, index_of, iterate, list, number_of, print,
    python_type_name, tuple, type_error, value_error,
};

/// A number as arithmetic sees it.
enum Number {
    Whole(i128),
    Float(f64),
}

fn number(value: &Value) -> Option<Number> {
    match value.kind() {
        ValueKind::Bool => Some(Number::Whole(i128::from(value.is_true()))),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok().map(Number::Whole),
        ValueKind::Number => f64::try_from(value.clone()).ok().map(Number::Float),
        _ => None,
    }
}

/// A whole number as templates have it.
///
/// # Errors
/// It was too large to be counted.
pub fn whole(number: Option<i128>) -> Outcome {
    let number = number.ok_or_else(|| value_error("integer result is too large"))?;
    Ok(i64::try_from(number).map_or_else(|_| Value::from(number), Value::from))
}

fn unsupported(operator: &str, a: &Value, b: &Value) -> Error {
    if a.is_undefined() || b.is_undefined() {
        return Error::new(ErrorKind::UndefinedError, format!("an operand of `{operator}` is undefined"));
    }
    let (left, right) = (python_type_name(a), python_type_name(b));
    type_error(format!("unsupported operand type(s) for {operator}: '{left}' and '{right}'"))
}

/// How one operator treats whole numbers and floats.
struct Arithmetic {
    operator: &'static str,
    wholes: fn(i128, i128) -> Outcome,
    floats: fn(f64, f64) -> Outcome,
}

fn calculate(rule: &Arithmetic, a: &Value, b: &Value) -> Outcome {
    match (number(a), number(b)) {
        (Some(Number::Whole(x)), Some(Number::Whole(y))) => (rule.wholes)(x, y),
        (Some(Number::Whole(x)), Some(Number::Float(y))) => (rule.floats)(x as f64, y),
        (Some(Number::Float(x)), Some(Number::Whole(y))) => (rule.floats)(x, y as f64),
        (Some(Number::Float(x)), Some(Number::Float(y))) => (rule.floats)(x, y),
        _ => decimal::calculate(rule.operator, a, b).unwrap_or_else(|| Err(unsupported(rule.operator, a, b))),
    }
}

const ADD: Arithmetic = Arithmetic {
    operator: "+",
    wholes: |x, y| whole(x.checked_add(y)),
    floats: |x, y| Ok(Value::from(x + y)),
};
const SUBTRACT: Arithmetic = Arithmetic {
    operator: "-",
    wholes: |x, y| whole(x.checked_sub(y)),
    floats: |x, y| Ok(Value::from(x - y)),
};
const MULTIPLY: Arithmetic = Arithmetic {
    operator: "*",
    wholes: |x, y| whole(x.checked_mul(y)),
    floats: |x, y| Ok(Value::from(x * y)),
};
const DIVIDE: Arithmetic = Arithmetic {
    operator: "/",
    wholes: |x, y| divided(x as f64, y as f64, "division by zero"),
    floats: |x, y| divided(x, y, "float division by zero"),
};
/// `x // y` by the exact rest, as Python computes it: `1.0 // 0.1` is 9.
fn floor_of(x: f64, y: f64) -> f64 {
    let rest = x % y;
    let exact = (x - rest) / y;
    let floor = if rest != 0.0 && (rest < 0.0) != (y < 0.0) { exact - 1.0 } else { exact };
    match x.is_finite() && y.is_finite() {
        true if floor == 0.0 => 0.0_f64.copysign(x / y),
        true => floor.round(),
        false => (x / y).floor(),
    }
}

const FLOOR_DIVIDE: Arithmetic = Arithmetic {
    operator: "//",
    wholes: |x, y| match y {
        0 => Err(value_error("integer division or modulo by zero")),
        _ => whole(x.checked_div_euclid(y).map(|_| floor_quotient(x, y))),
    },
    floats: |x, y| match y {
        0.0 => Err(value_error("float floor division by zero")),
        _ => Ok(Value::from(floor_of(x, y))),
    },
};
const MODULO: Arithmetic = Arithmetic {
    operator: "%",
    wholes: |x, y| match y {
        0 => Err(value_error("integer modulo by zero")),
        _ => whole(Some(x - floor_quotient(x, y) * y)),
    },
    floats: |x, y| match y {
        0.0 => Err(value_error("float modulo")),
        _ => Ok(Value::from(float_modulo(x, y))),
    },
};

fn divided(x: f64, y: f64, by_zero: &'static str) -> Outcome {
    if y == 0.0 { Err(value_error(by_zero)) } else { Ok(Value::from(x / y)) }
}

/// Rounded towards minus infinity.
fn floor_quotient(x: i128, y: i128) -> i128 {
    let quotient = x / y;
    if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient }
}

/// With the sign of the divisor.
fn float_modulo(x: f64, y: f64) -> f64 {
    let rest = x % y;
    match rest != 0.0 && (rest < 0.0) != (y < 0.0) {
        true => rest + y,
        false if rest == 0.0 => 0.0_f64.copysign(y),
        false => rest,
    }
}

/// `a + b`.
///
/// # Errors
/// Python's `TypeError` where the sides do not fit.
pub fn add(a: &Value, b: &Value) -> Outcome {
    if let (Some(x), Some(y)) = (a.as_str(), b.as_str()) {
        text_fits(Some(x.len() + y.len()))?;
        return Ok(joined(a, b, x, y));
    }
    match (a.kind(), b.kind()) {
        (ValueKind::Seq, ValueKind::Seq) if a.is_tuple() && b.is_tuple() => {
            both(a, b).map(tuple).and_then(Extent::check)
        }
        (ValueKind::Seq, ValueKind::Seq) if !a.is_tuple() && !b.is_tuple() => {
            both(a, b).map(list).and_then(Extent::check)
        }
        (ValueKind::Plain, _) | (_, ValueKind::Plain) => match datetime::add(a, b) {
            Some(outcome) => outcome,
            None => calculate(&ADD, a, b),
        },
        (ValueKind::String, _) if !b.is_undefined() => {
            Err(type_error(format!("can only concatenate str (not \"{}\") to str", python_type_name(b))))
        }
        (ValueKind::Seq, _) if !b.is_undefined() => {
            let (kind, other) = (python_type_name(a), python_type_name(b));
            Err(type_error(format!("can only concatenate {kind} (not \"{other}\") to {kind}")))
        }
        _ => calculate(&ADD, a, b),
    }
}

/// Two texts in one; a safe one (`Markup`) escapes the other and stays safe.
fn joined(a: &Value, b: &Value, x: &str, y: &str) -> Value {
    if !a.is_safe() && !b.is_safe() {
        return Value::from([x, y].concat());
    }
    Value::from_safe_string([escaped(a), escaped(b)].concat())
}

/// A value's text with `& < > ' "` escaped, unless it is safe already.
pub fn escaped(value: &Value) -> String {
    let text = print::text(value);
    if value.is_safe() { text } else { escape_html(&text) }
}

/// Escapes as Python's markupsafe does.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            _ => out.push(c),
        }
    }
    out
}

fn both(a: &Value, b: &Value) -> Result<Vec<Value>, Error> {
    items_fit(a.len().zip(b.len()).map(|(a, b)| a + b))?;
    let mut items = iterate(a)?;
    items.extend(iterate(b)?);
    Ok(items)
}

/// `a ~ b`, of any number of sides. Without autoescaping even safe texts are only joined.
///
/// # Errors
/// A text of more than 100 MB.
pub fn concatenate(parts: &[Value]) -> Outcome {
    let text = parts.iter().map(print::text).collect::<String>();
    text_fits(Some(text.len()))?;
    Ok(Value::from(text))
}

/// `a - b`, of numbers, dates and sets.
///
/// # Errors
/// Python's `TypeError` where the sides do not fit.
pub fn subtract(a: &Value, b: &Value) -> Outcome {
    if let (Some(x), Some(y)) = (a.downcast_object_ref::<PySet>(), b.downcast_object_ref::<PySet>()) {
        return Ok(x.minus(y));
    }
    datetime::subtract(a, b).unwrap_or_else(|| calculate(&SUBTRACT, a, b))
}

/// `a * b`, of numbers; or a text, list or tuple so many times.
///
/// # Errors
/// Python's `TypeError` where the sides do not fit; results of more than 100 million items.
pub fn multiply(a: &Value, b: &Value) -> Outcome {
    let repeats = |value: &Value| matches!(value.kind(), ValueKind::String | ValueKind::Seq);
    match (repeats(a), repeats(b)) {
        (true, false) if number(b).is_some() => repeat(a, b),
        (false, true) if number(a).is_some() => repeat(b, a),
        _ => datetime::multiply(a, b).unwrap_or_else(|| calculate(&MULTIPLY, a, b)),
    }
}

fn repeat(what: &Value, times: &Value) -> Outcome {
    let times = index_of(times).map_err(|_| {
        type_error(format!("can't multiply sequence by non-int of type '{}'", python_type_name(times)))
    })?;
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    let length = what.as_str().map_or_else(|| what.len().unwrap_or(0), str::len);
    let total = length.checked_mul(times);
    if what.as_str().is_some() {
        text_fits(total)?
    } else {
        items_fit(total)?
    }
    if let Some(text) = what.as_str() {
        let text = text.repeat(times);
        return Ok(if what.is_safe() { Value::from_safe_string(text) } else { Value::from(text) });
    }
    let items = std::iter::repeat_n(iterate(what)?, times).flatten().collect();
    Extent::check(if what.is_tuple() { tuple(items) } else { list(items) })
}

/// `a / b`: always a float (or a decimal).
///
/// # Errors
/// Python's `TypeError`, and division by zero.
pub fn divide(a: &Value, b: &Value) -> Outcome {
    datetime::divide(a, b).unwrap_or_else(|| calculate(&DIVIDE, a, b))
}

/// `a // b`: rounded towards minus infinity.
///
/// # Errors
/// Python's `TypeError`, and division by zero.
pub fn floor_divide(a: &Value, b: &Value) -> Outcome {
    datetime::floor_divide(a, b).unwrap_or_else(|| calculate(&FLOOR_DIVIDE, a, b))
}

/// `a % b`: of numbers, with the sign of the divisor; of a text, printf formatting.
///
/// # Errors
/// Python's `TypeError`, a format that does not fit its arguments, division by zero.
pub fn modulo(a: &Value, b: &Value) -> Outcome {
    match a.as_str() {
        Some(format) => super::format::printf(format, b).map(Value::from),
        None => calculate(&MODULO, a, b),
    }
}

/// `-a`.
///
/// # Errors
/// Python's `TypeError`.
pub fn negate(a: &Value) -> Outcome {
    match number(a) {
        Some(Number::Whole(x)) => whole(x.checked_neg()),
        Some(Number::Float(x)) => Ok(Value::from(-x)),
        None if a.kind() == ValueKind::Plain => multiply(a, &Value::from(-1)),
        None if a.is_undefined() => Err(unsupported("-", a, a)),
        None => Err(type_error(format!("bad operand type for unary -: '{}'", python_type_name(a)))),
    }
}

/// What `for x in it` goes through: the characters of a text, so that `loop.last` is known.
pub fn iterable(value: &Value) -> Outcome {
    match value.kind() {
        ValueKind::String => iterate(value).map(list),
        ValueKind::None | ValueKind::Bool | ValueKind::Number | ValueKind::Plain => iterate(value).map(list),
        _ => Ok(value.clone()),
    }
}

/// `x[start:stop:step]`; `None` stands for a part that was left out.
///
/// # Errors
/// A step of zero.
pub fn slice(value: &Value, [start, stop, step]: [&Value; 3]) -> Outcome {
    // Jinja2 gives an undefined value where Python has no item.
    if !matches!(value.kind(), ValueKind::String | ValueKind::Seq | ValueKind::Bytes) {
        return Ok(Value::UNDEFINED);
    }
    let items = iterate(value)?;
    let part = |part: &Value| if part.is_none() { Ok(None) } else { index_of(part).map(Some) };
    let (Ok(start), Ok(stop), Ok(step)) = (part(start), part(stop), part(step)) else {
        return Ok(Value::UNDEFINED);
    };
    let chosen = chosen(items.len() as i64, (start, stop), step.unwrap_or(1))?;
    let chosen = chosen.into_iter().filter_map(|at| items.get(at).cloned());
    Ok(match value.kind() {
        ValueKind::String if value.is_safe() => {
            Value::from_safe_string(chosen.map(|c| c.to_string()).collect())
        }
        ValueKind::String => Value::from(chosen.map(|c| c.to_string()).collect::<String>()),
        _ if value.is_tuple() || print::own_repr(value).is_some() => tuple(chosen.collect()),
        _ => list(chosen.collect()),
    })
}

/// The places that a slice of a sequence of this length takes.
fn chosen(length: i64, (start, stop): (Option<i64>, Option<i64>), step: i64) -> Result<Vec<usize>, Error> {
    if step == 0 {
        return Err(value_error("slice step cannot be zero"));
    }
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |at: i64| (if at < 0 { at.saturating_add(length) } else { at }).clamp(low, high);
    let mut at = start.map_or(if step > 0 { low } else { high }, place);
    let end = stop.map_or(if step > 0 { high } else { low }, place);
    let mut places = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        places.push(at as usize);
        at = at.saturating_add(step);
    }
    Ok(places)
}

/// `a < b`, `a > b` or equal.
///
/// # Errors
/// `'<' not supported between instances of 'str' and 'int'`.
pub fn compare(a: &Value, b: &Value) -> Result<Ordering, Error> {
    let incomparable = || {
        let (left, right) = (python_type_name(a), python_type_name(b));
        type_error(format!("'<' not supported between instances of '{left}' and '{right}'"))
    };
    if let (Some(Number::Whole(x)), Some(Number::Whole(y))) = (number(a), number(b)) {
        return Ok(x.cmp(&y));
    }
    let exact = decimal::of(a).is_some() || decimal::of(b).is_some();
    if let (true, Some(x), Some(y)) = (exact, decimal::comparable(a), decimal::comparable(b)) {
        return Ok(x.cmp(&y));
    }
    let float = |value: &Value| number_of(value).or_else(|| decimal::to_float(value));
    if let (Some(x), Some(y)) = (float(a), float(b)) {
        return Ok(x.partial_cmp(&y).unwrap_or(Ordering::Equal));
    }
    match (a.kind(), b.kind()) {
        (ValueKind::String, ValueKind::String) => Ok(a.as_str().cmp(&b.as_str())),
        (ValueKind::Seq, ValueKind::Seq) if a.is_tuple() == b.is_tuple() => {
            let (mine, theirs) = (iterate(a)?, iterate(b)?);
            for (x, y) in mine.iter().zip(&theirs) {
                if !equal(x, y) {
                    return compare(x, y);
                }
            }
            Ok(mine.len().cmp(&theirs.len()))
        }
        (ValueKind::Plain, ValueKind::Plain) => datetime::compare(a, b).ok_or_else(incomparable),
        (ValueKind::Iterable, ValueKind::Iterable) => Ok(a.cmp(b)),
        _ => Err(incomparable()),
    }
}

/// `sorted(items, key=key, reverse=reverse)`: stable.
///
/// # Errors
/// Items that do not compare; what `key` raises.
pub fn sorted(
    state: &mut State<'_, '_>,
    items: Vec<Value>,
    key: Option<&Value>,
    reverse: bool,
) -> Result<Vec<Value>, Error> {
    let keyed = items.into_iter().map(|item| match key {
        Some(key) => Ok((key.call(state, std::slice::from_ref(&item))?, item)),
        None => Ok((item.clone(), item)),
    });
    sorted_by_key(keyed.collect::<Result<_, Error>>()?, reverse)
}

/// Sorts (key, item) pairs by their keys: stable, also in reverse.
///
/// # Errors
/// Keys that do not compare.
pub fn sorted_by_key(mut keyed: Vec<(Value, Value)>, reverse: bool) -> Result<Vec<Value>, Error> {
    let mut fault = None;
    keyed.sort_by(|(a, _), (b, _)| {
        let order = compare(a, b).unwrap_or_else(|error| {
            fault.get_or_insert(error);
            Ordering::Equal
        });
        if reverse { order.reverse() } else { order }
    });
    match fault {
        Some(error) => Err(error),
        None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
    }
}

/// `a == b`: a decimal equals a whole number or a float of the same size, also inside of lists.
pub fn equal(a: &Value, b: &Value) -> bool {
    alike(a, b, 0)
}

fn alike(a: &Value, b: &Value, depth: usize) -> bool {
    let is_tuple = a.is_tuple() || b.is_tuple();
    if depth > DEEPEST || is_tuple && (Extent::check_ref(a).is_err() || Extent::check_ref(b).is_err()) {
        return false;
    }
    a == b
        || match (a.kind(), b.kind()) {
            (ValueKind::Plain, _) | (_, ValueKind::Plain) => decimal::equal(a, b),
            (ValueKind::Seq, ValueKind::Seq) => a.is_tuple() == b.is_tuple() && all_equal(a, b, depth + 1),
            _ => false,
        }
}

fn all_equal(a: &Value, b: &Value, depth: usize) -> bool {
    match (iterate(a), iterate(b)) {
        (Ok(a), Ok(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| alike(x, y, depth)),
        _ => false,
    }
}

/// Deeper than this only containers that hold themselves go.
const DEEPEST: usize = 1_100;

/// Lists item by item. What holds itself is like nothing but itself.
pub fn lexical(a: &[Value], b: &[Value], depth: usize) -> Ordering {
    let differing = a.iter().zip(b).map(|(x, y)| order_of(x, y, depth)).find(|order| order.is_ne());
    differing.unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn order_of(x: &Value, y: &Value, depth: usize) -> Ordering {
    match (x.downcast_object_ref::<PyList>(), y.downcast_object_ref::<PyList>()) {
        (Some(a), Some(b)) if std::ptr::eq(a, b) => Ordering::Equal,
        (Some(_), Some(_)) if depth > DEEPEST => Ordering::Less,
        (Some(a), Some(b)) => lexical(&a.items(), &b.items(), depth + 1),
        _ => match (x.downcast_object_ref::<PyDict>(), y.downcast_object_ref::<PyDict>()) {
            (Some(a), Some(b)) if std::ptr::eq(a, b) => Ordering::Equal,
            (Some(_), Some(_)) if depth > DEEPEST => Ordering::Less,
            (Some(a), Some(b)) => by_keys(&a.entries(), &b.entries(), depth + 1),
            _ => x.cmp(y),
        },
    }
}

/// Dicts are alike in whatever order their keys are; other orders mean nothing, but there must be one.
pub fn by_keys(a: &IndexMap<Value, Value>, b: &IndexMap<Value, Value>, depth: usize) -> Ordering {
    let differing = a.iter().map(|(key, x)| match b.get(key) {
        Some(y) => order_of(x, y, depth),
        None => Ordering::Greater,
    });
    a.len()
        .cmp(&b.len())
        .then_with(|| differing.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
}

/// `item in whole`.
///
/// # Errors
/// Python's `TypeError` where `whole` is nothing that holds items, or a text and `item` is none.
pub fn contains(whole: &Value, item: &Value) -> Result<bool, Error> {
    match (item.as_str(), whole.as_str()) {
        (Some(part), Some(whole)) => return Ok(whole.contains(part)),
        (None, Some(_)) => {
            let kind = python_type_name(item);
            return Err(type_error(format!("'in <string>' requires string as left operand, not {kind}")));
        }
        _ => {}
    }
    match whole.kind() {
        ValueKind::Map if decimal::of(item).is_none() => {
            super::hashable(item)?;
            Ok(whole.as_object().is_some_and(|map| map.get_value(item).is_some()))
        }
        ValueKind::None | ValueKind::Bool | ValueKind::Number | ValueKind::Plain => {
            Err(type_error(format!("argument of type '{}' is not iterable", python_type_name(whole))))
        }
        _ => Ok(iterate(whole)?.iter().any(|held| equal(held, item))),
    }
}

/// A comparison by its sign: `==`, `!=`, `<`, `<=`, `>`, `>=`.
///
/// # Errors
/// Values that have no order.
pub fn compared(a: &Value, sign: &str, b: &Value) -> Result<bool, Error> {
    match sign {
        "==" => return Ok(equal(a, b)),
        "!=" => return Ok(!equal(a, b)),
        _ => {}
    }
    let nan = |value: &Value| number_of(value).is_some_and(f64::is_nan);
    let order = compare(a, b).map_err(|_| {
        let (left, right) = (python_type_name(a), python_type_name(b));
        type_error(format!("'{sign}' not supported between instances of '{left}' and '{right}'"))
    })?;
    Ok(!nan(a)
        && !nan(b)
        && match sign {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_ge(),
        })
}
