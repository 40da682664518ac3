//! The methods of `int`, `float` and `bool`.

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::jinja::value::{Args, Outcome, index_of, number_of, tuple, value_error};

/// `number.name(args)`; `None` if there is no such method.
pub fn call(number: &Value, name: &str, args: &[Value]) -> Option<Outcome> {
    let whole = number.is_integer() || number.kind() == ValueKind::Bool;
    match name {
        "is_integer" => Some(Ok(Value::from(whole || number_of(number).is_some_and(|x| x.fract() == 0.0)))),
        "bit_length" if whole => {
            Some(index_of(number).map(|x| Value::from(64 - x.unsigned_abs().leading_zeros())))
        }
        "bit_count" if whole => Some(index_of(number).map(|x| Value::from(x.unsigned_abs().count_ones()))),
        "conjugate" => Some(Ok(number.clone())),
        "as_integer_ratio" => Some(ratio(number, whole)),
        "to_bytes" if whole => Some(to_bytes(number, args)),
        _ => None,
    }
}

fn ratio(number: &Value, whole: bool) -> Outcome {
    if whole {
        return Ok(tuple(vec![Value::from(index_of(number)?), Value::from(1)]));
    }
    let mut top = number_of(number).unwrap_or(f64::NAN);
    if !top.is_finite() {
        return Err(value_error("cannot convert this float to an integer ratio"));
    }
    let mut bottom: i128 = 1;
    while top.fract() != 0.0 && bottom < 1 << 100 {
        top *= 2.0;
        bottom *= 2;
    }
    Ok(tuple(vec![Value::from(top as i128), Value::from(bottom)]))
}

fn to_bytes(number: &Value, args: &[Value]) -> Outcome {
    let args = Args::bind("to_bytes", &["length", "byteorder"], args)?;
    let length = args.whole_or(0, 1)?.clamp(0, 8) as usize;
    let bytes = index_of(number)?.to_be_bytes();
    let mut bytes = bytes[8 - length..].to_vec();
    if args.text_or(1, "big")? == "little" {
        bytes.reverse();
    }
    Ok(Value::from_bytes(bytes))
}
