//! Filters on numbers: `abs float int round filesizeformat`.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use rust_decimal::RoundingStrategy;

use std::cmp::Ordering;

use super::Row;
use crate::jinja::value::{
    Args, Outcome, datetime, decimal, number_of, operators, print, python_type_name, type_error, value_error,
};

/// The family's table.
pub const ROWS: &[Row] = &[
    ("abs", |_, args| absolute(args)),
    ("float", |_, args| float(args)),
    ("int", |_, args| int(args)),
    ("round", |_, args| round(args)),
    ("filesizeformat", |_, args| file_size(args)),
];

fn defined(value: &Value) -> Result<&Value, Error> {
    match value.is_undefined() {
        true => Err(Error::new(ErrorKind::UndefinedError, "the value is undefined")),
        false => Ok(value),
    }
}

fn absolute(args: &[Value]) -> Outcome {
    let args = Args::bind("abs", &["value"], args)?;
    let value = defined(args.need(0)?)?;
    if let Some(number) = decimal::of(value) {
        return Ok(decimal::decimal(number.abs()));
    }
    let negative = match (datetime::of(value), number_of(value)) {
        (Some(datetime::Moment::Delta(span)), _) => *span < 0,
        (_, Some(number)) => {
            number.is_sign_negative() && number != 0.0 || number.to_bits() == (-0.0_f64).to_bits()
        }
        _ => return Err(type_error(format!("bad operand type for abs(): '{}'", python_type_name(value)))),
    };
    match value.kind() {
        ValueKind::Bool => Ok(Value::from(i64::from(value.is_true()))),
        _ if negative => operators::negate(value),
        _ => Ok(value.clone()),
    }
}

/// Reads a text as Python's `float` does: white space around it and underscores between digits
/// are fine.
fn parse_float(text: &str) -> Option<f64> {
    let text = without_underscores(text.trim())?;
    let bare = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let plain = bare.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let named = ["inf", "infinity", "nan"].iter().any(|name| bare.eq_ignore_ascii_case(name));
    if plain || named { text.parse().ok() } else { None }
}

/// Reads a text as Python's `int(text, base)` does.
fn parse_int(text: &str, base: u32) -> Option<i128> {
    let text = without_underscores(text.trim())?.to_lowercase();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, of)| {
        digits.strip_prefix(prefix).filter(|_| base == of || base == 0).map(|d| (d, of))
    });
    let (digits, base) = prefixed.unwrap_or((digits, if base == 0 { 10 } else { base }));
    if !(2..=36).contains(&base) || digits.starts_with(['+', '-']) {
        return None;
    }
    let size = i128::from_str_radix(digits, base).ok()?;
    Some(if negative { -size } else { size })
}

fn without_underscores(text: &str) -> Option<String> {
    let wrong = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    if wrong { None } else { Some(text.replace('_', "")) }
}

fn float(args: &[Value]) -> Outcome {
    let args = Args::bind("float", &["value", "default"], args)?;
    let value = defined(args.need(0)?)?;
    let number = match value.as_str() {
        Some(text) => parse_float(text),
        None => number_of(value).or_else(|| decimal::to_float(value)),
    };
    Ok(number.map_or_else(|| args.or(1, 0.0), Value::from))
}

fn int(args: &[Value]) -> Outcome {
    let args = Args::bind("int", &["value", "default", "base"], args)?;
    let value = defined(args.need(0)?)?;
    let base = u32::try_from(args.whole_or(2, 10)?)
        .map_err(|_| value_error("int() base must be >= 2 and <= 36, or 0"))?;
    let whole = |number: f64| number.is_finite().then(|| number.trunc() as i128);
    let number = match value.as_str() {
        Some(text) => parse_int(text, base).or_else(|| parse_float(text).and_then(whole)),
        None if value.is_integer() => return Ok(value.clone()),
        None => number_of(value).or_else(|| decimal::to_float(value)).and_then(whole),
    };
    Ok(match number {
        Some(number) => i64::try_from(number).map_or_else(|_| Value::from(number), Value::from),
        None => args.or(1, 0),
    })
}

fn round(args: &[Value]) -> Outcome {
    let args = Args::bind("round", &["value", "precision", "method"], args)?;
    let value = defined(args.need(0)?)?;
    let (places, method) = (args.whole_or(1, 0)?.clamp(-300, 300) as i32, args.text_or(2, "common")?);
    match method {
        "common" => common(value, places),
        "ceil" | "floor" => {
            let number =
                number_of(value).or_else(|| decimal::to_float(value)).ok_or_else(|| no_round(value))?;
            let scale = 10_f64.powi(places);
            let scaled = number * scale;
            let whole = if method == "ceil" { scaled.ceil() } else { scaled.floor() };
            Ok(Value::from(whole / scale))
        }
        _ => Err(value_error("method must be common, ceil or floor")),
    }
}

fn no_round(value: &Value) -> Error {
    type_error(format!("type {} doesn't define __round__ method", python_type_name(value)))
}

/// `round(value, places)`: exact, ties to even.
fn common(value: &Value, places: i32) -> Outcome {
    if let Some(number) = decimal::of(value) {
        let number = match u32::try_from(places) {
            Ok(places) => {
                let mut number = number.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
                number.rescale(places);
                number
            }
            Err(_) => number.round(),
        };
        return Ok(decimal::decimal(number));
    }
    if value.kind() == ValueKind::Bool {
        return whole_number(i128::from(value.is_true()), places);
    }
    if value.is_integer() {
        return i128::try_from(value.clone())
            .map_or_else(|_| Ok(value.clone()), |it| whole_number(it, places));
    }
    let number = number_of(value).ok_or_else(|| no_round(value))?;
    match places {
        _ if !number.is_finite() => Ok(value.clone()),
        ..0 => {
            let scale = 10_f64.powi(-places);
            Ok(Value::from((number / scale).round_ties_even() * scale))
        }
        _ => Ok(Value::from(format!("{number:.*}", places as usize).parse::<f64>().unwrap_or(number))),
    }
}

/// A whole number, rounded to tens, hundreds, ...
fn whole_number(number: i128, places: i32) -> Outcome {
    if places >= 0 {
        return operators::whole(Some(number));
    }
    let Some(step) = 10_i128.checked_pow(places.unsigned_abs()) else { return Ok(Value::from(0)) };
    let (below, over) = (number.div_euclid(step), number.rem_euclid(step));
    let up = match over.cmp(&(step - over)) {
        Ordering::Less => 0,
        Ordering::Greater => 1,
        Ordering::Equal => below.rem_euclid(2),
    };
    operators::whole((below + up).checked_mul(step))
}

fn file_size(args: &[Value]) -> Outcome {
    let args = Args::bind("filesizeformat", &["value", "binary"], args)?;
    let value = args.need(0)?;
    let binary = args.flag(1, false);
    let bytes = match value.as_str() {
        Some(text) => parse_float(text),
        None => number_of(value).or_else(|| decimal::to_float(value)),
    };
    let bytes = bytes
        .ok_or_else(|| value_error(format!("could not convert string to float: {}", print::repr(value))))?;
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    if bytes == 1.0 {
        return Ok(Value::from("1 Byte"));
    }
    if bytes < base {
        return Ok(Value::from(format!("{} Bytes", bytes.trunc())));
    }
    let units = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    let step = (1..=units.len()).find(|step| bytes < base.powi(*step as i32 + 1)).unwrap_or(units.len());
    let unit = if binary {
        format!("{}iB", units[step - 1].to_uppercase())
    } else {
        format!("{}B", units[step - 1])
    };
    Ok(Value::from(format!("{:.1} {unit}", bytes / base.powi(step as i32))))
}
