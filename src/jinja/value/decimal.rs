//! Python's `decimal.Decimal`: exact numbers, as databases give them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use minijinja::value::{DynObject, Object, ObjectRepr, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Args, Outcome, bound, number_of, tuple, type_error, value_error};

/// An exact number. `{{ it }}` prints its digits, `repr` prints `Decimal('1.50')`. The second field is the
/// power of ten that `normalize` took out of a whole number: it prints `1E+2`.
#[derive(Debug, Clone, Copy)]
pub struct PyDecimal(pub Decimal, u32);

/// A decimal as a value.
pub fn decimal(number: Decimal) -> Value {
    Value::from_object(PyDecimal(number, 0))
}

/// The methods that are values too, so that a template may ask what it holds: `x.normalize is defined`.
const METHODS: [&str; 12] = [
    "quantize",
    "normalize",
    "as_tuple",
    "copy_abs",
    "copy_negate",
    "sqrt",
    "is_zero",
    "is_signed",
    "is_nan",
    "is_infinite",
    "to_integral_value",
    "compare",
];

/// Without zeros at its end: `1.5` of `1.50`, `1E+2` of `100`.
fn normalized(number: Decimal) -> Value {
    let number = number.normalize();
    let digits = number.mantissa().unsigned_abs().to_string();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let whole = number.scale() == 0 && !number.is_zero();
    Value::from_object(PyDecimal(number, if whole { zeros as u32 } else { 0 }))
}

/// Sign, digits and exponent.
fn as_tuple(it: &PyDecimal) -> Value {
    let digits = it.0.mantissa().unsigned_abs().to_string();
    let digits = &digits[..digits.len() - it.1 as usize];
    let digits = digits.bytes().map(|digit| Value::from(i64::from(digit - b'0'))).collect();
    let exponent = i64::from(it.1) - i64::from(it.0.scale());
    tuple(vec![Value::from(i64::from(it.0.is_sign_negative())), tuple(digits), Value::from(exponent)])
}

/// Reads `12.50` or `1e3`.
///
/// # Errors
/// The text is no decimal number.
pub fn parse(text: &str) -> Outcome {
    let text = text.trim();
    let number = Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text));
    number.map(decimal).map_err(|_| value_error(format!("invalid decimal: '{text}'")))
}

/// The decimal that a value is.
pub fn of(value: &Value) -> Option<Decimal> {
    value.downcast_object_ref::<PyDecimal>().map(|it| it.0)
}

/// The value as one side of decimal arithmetic: a decimal or a whole number, but no float, as in
/// Python.
pub fn operand(value: &Value) -> Option<Decimal> {
    match value.kind() {
        ValueKind::Bool => Some(Decimal::from(u8::from(value.is_true()))),
        ValueKind::Number if value.is_integer() => {
            i128::try_from(value.clone()).ok().and_then(Decimal::from_i128)
        }
        _ => of(value),
    }
}

/// The first whole number with more than 28 digits.
const DIGITS_28: u128 = 10_u128.pow(28);

/// `a <operator> b` where at least one side is a decimal; `None` where that makes no sense.
///
/// # Errors
/// Division by zero and results that are too large.
pub fn calculate(operator: &str, a: &Value, b: &Value) -> Option<Outcome> {
    if of(a).is_none() && of(b).is_none() {
        return None;
    }
    let (a, b) = (operand(a)?, operand(b)?);
    if b.is_zero() && matches!(operator, "/" | "//" | "%") {
        return Some(Err(value_error("division by zero")));
    }
    let result = match operator {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" if a.is_zero() || b.is_zero() => {
            let mut zero = Decimal::ZERO;
            zero.rescale((a.scale() + b.scale()).min(28));
            Some(zero)
        }
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "//" => a.checked_div(b).map(|quotient| quotient.trunc()),
        "%" => a.checked_rem(b),
        _ => return None,
    };
    // Python computes with 28 digits.
    let result = result.and_then(|exact| match exact.mantissa().unsigned_abs() < DIGITS_28 {
        true => Some(exact),
        false => exact.round_sf_with_strategy(28, RoundingStrategy::MidpointNearestEven),
    });
    Some(result.map(decimal).ok_or_else(|| value_error("decimal result is too large")))
}

/// `repr(x)`, if `x` is a decimal.
pub fn repr(value: &Value) -> Option<String> {
    of(value).map(|_| format!("Decimal('{value}')"))
}

/// The square root; an exact one has half as many digits behind the point.
fn root(number: Decimal) -> Option<Decimal> {
    let root = rust_decimal::MathematicalOps::sqrt(&number)?;
    let mut short = root.normalize();
    if short.checked_mul(short) == Some(number) {
        short.rescale(short.scale().max(number.scale() / 2));
        return Some(short);
    }
    root.round_sf_with_strategy(28, RoundingStrategy::MidpointNearestEven)
}

impl Object for PyDecimal {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.is_zero()
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str().filter(|name| METHODS.contains(name))?;
        Some(bound(Value::from_dyn_object(self.clone()), name))
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        Some(self.0.cmp(&other.downcast_ref::<PyDecimal>()?.0))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Outcome {
        match name {
            "quantize" => {
                let args = Args::bind("quantize", &["exp", "rounding", "context"], args)?;
                let scale = operand(args.need(0)?).ok_or_else(|| type_error("a Decimal is needed"))?.scale();
                let mut number =
                    self.0.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointNearestEven);
                number.rescale(scale);
                Ok(decimal(number))
            }
            "normalize" => Ok(normalized(self.0)),
            "as_tuple" => Ok(as_tuple(self)),
            "copy_abs" => Ok(decimal(self.0.abs())),
            "copy_negate" => Ok(decimal(-self.0)),
            "sqrt" => root(self.0).map(decimal).ok_or_else(|| value_error("sqrt of a negative number")),
            "max" | "min" => {
                let args = Args::bind("max", &["other", "context"], args)?;
                let other = operand(args.need(0)?).ok_or_else(|| type_error("a Decimal is needed"))?;
                Ok(decimal(if name == "max" { self.0.max(other) } else { self.0.min(other) }))
            }
            "fma" => {
                let args = Args::bind("fma", &["other", "third", "context"], args)?;
                let product = calculate("*", &decimal(self.0), args.need(0)?);
                let product = product.unwrap_or_else(|| Err(type_error("a Decimal is needed")))?;
                let sum = calculate("+", &product, args.need(1)?);
                sum.unwrap_or_else(|| Err(type_error("a Decimal is needed")))
            }
            "copy_sign" => {
                let args = Args::bind("copy_sign", &["other", "context"], args)?;
                let other = operand(args.need(0)?).ok_or_else(|| type_error("a Decimal is needed"))?;
                Ok(decimal(if other.is_sign_negative() { -self.0.abs() } else { self.0.abs() }))
            }
            "same_quantum" => {
                let args = Args::bind("same_quantum", &["other", "context"], args)?;
                Ok(Value::from(operand(args.need(0)?).is_some_and(|other| other.scale() == self.0.scale())))
            }
            "adjusted" => {
                let digits = self.0.mantissa().unsigned_abs().to_string().len() as i64;
                Ok(Value::from(digits - 1 - i64::from(self.0.scale())))
            }
            "is_finite" => Ok(Value::from(true)),
            "radix" => Ok(decimal(Decimal::TEN)),
            "conjugate" | "canonical" => Ok(decimal(self.0)),
            "to_eng_string" => Ok(Value::from(self.0.to_string())),
            "is_zero" => Ok(Value::from(self.0.is_zero())),
            "is_signed" => Ok(Value::from(self.0.is_sign_negative())),
            "is_nan" | "is_infinite" => Ok(Value::from(false)),
            "to_integral_value" | "to_integral" | "to_integral_exact" => Ok(decimal(self.0.round())),
            "compare" => {
                let args = Args::bind("compare", &["other"], args)?;
                let other = operand(args.need(0)?).ok_or_else(|| type_error("a Decimal is needed"))?;
                Ok(Value::from(self.0.cmp(&other) as i64))
            }
            "__float__" => Ok(Value::from(self.0.to_f64().unwrap_or(f64::NAN))),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.1 == 0 {
            return write!(f, "{}", self.0);
        }
        let digits = self.0.mantissa().to_string();
        let (lead, rest) =
            digits.trim_end_matches('0').split_at(if self.0.is_sign_negative() { 2 } else { 1 });
        let point = if rest.is_empty() { "" } else { "." };
        write!(f, "{lead}{point}{rest}E+{}", self.1 as usize + rest.len())
    }
}

/// The value as one side of a comparison with a decimal: floats count with all their digits.
pub fn comparable(value: &Value) -> Option<Decimal> {
    match value.kind() {
        ValueKind::Number if !value.is_integer() => number_of(value).and_then(Decimal::from_f64_retain),
        _ => operand(value),
    }
}

/// `a == b` where at least one side is a decimal: it equals numbers of the same size.
pub fn equal(a: &Value, b: &Value) -> bool {
    let decimals = of(a).is_some() || of(b).is_some();
    decimals && comparable(a).is_some_and(|x| comparable(b) == Some(x))
}

/// What stands for a number or a bool in a set: equal ones by equal values.
pub fn set_key(value: Value) -> Value {
    if value.kind() == ValueKind::Bool {
        return Value::from(i64::from(value.is_true()));
    }
    let Some(number) = of(&value) else { return value };
    match (number.is_integer(), to_float(&value)) {
        (true, _) => number.to_i128().map_or(value, Value::from),
        (false, Some(float)) if Decimal::from_f64_retain(float) == Some(number) => Value::from(float),
        _ => value,
    }
}

/// A decimal as the nearest float.
pub fn to_float(value: &Value) -> Option<f64> {
    of(value).and_then(|number| number.to_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalized_decimals_print_as_pythons_do() {
        let check = |text: &str, expect: &str, expect_tuple: &str| {
            let number = normalized(Decimal::from_str(text).unwrap_or_default());
            assert_eq!(number.to_string(), expect);
            let parts = number.downcast_object_ref::<PyDecimal>().map(as_tuple).unwrap_or_default();
            assert_eq!(parts.to_string(), expect_tuple, "{text}");
        };
        check("100", "1E+2", "(0, (1,), 2)");
        check("1.50", "1.5", "(0, (1, 5), -1)");
        check("-1200", "-1.2E+3", "(1, (1, 2), 2)");
        check("0.00", "0", "(0, (0,), 0)");
        check("12", "12", "(0, (1, 2), 0)");
    }
}
