//! `datetime.timedelta`, a number of microseconds.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use crate::jinja::value::{Args, number_of, python_type_name, type_error, value_error};

/// A second in microseconds.
pub const SECOND: i128 = 1_000_000;
/// A day in microseconds.
pub const DAY: i128 = 86_400 * SECOND;
/// Python's bound: 999,999,999 days.
const MOST: i128 = 1_000_000_000 * DAY;

const UNITS: [(&str, i128); 7] = [
    ("days", DAY),
    ("seconds", SECOND),
    ("microseconds", 1),
    ("milliseconds", 1000),
    ("minutes", 60 * SECOND),
    ("hours", 3600 * SECOND),
    ("weeks", 7 * DAY),
];
const NAMES: &[&str] = &["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];

/// `timedelta(days, seconds, microseconds, milliseconds, minutes, hours, weeks)`, in microseconds.
///
/// # Errors
/// Arguments that are no numbers; a result beyond Python's bounds.
pub fn delta_of(args: &[Value]) -> Result<i128, Error> {
    let args = Args::bind("timedelta", NAMES, args)?;
    let mut total = 0;
    for (at, (name, unit)) in UNITS.iter().enumerate() {
        let Some(amount) = args.get(at) else { continue };
        total += match (amount.kind(), number_of(amount)) {
            (ValueKind::Number, _) if amount.is_integer() => i128::try_from(amount.clone())?
                .checked_mul(*unit)
                .ok_or_else(|| value_error("timedelta is too large"))?,
            (_, Some(amount)) => (amount * *unit as f64).round_ties_even() as i128,
            (_, None) => {
                let kind = python_type_name(amount);
                return Err(type_error(format!("unsupported type for timedelta {name} component: {kind}")));
            }
        };
    }
    bounded(total)
}

/// Checks Python's bounds.
///
/// # Errors
/// The span is longer than 999,999,999 days.
pub fn bounded(span: i128) -> Result<i128, Error> {
    match span.abs() < MOST {
        true => Ok(span),
        false => Err(value_error(format!("days={}; must have magnitude <= 999999999", span.div_euclid(DAY)))),
    }
}

/// Days (may be negative), seconds of the day, microseconds of the second: how Python stores it.
pub fn parts(span: i128) -> (i128, i128, i128) {
    let rest = span.rem_euclid(DAY);
    (span.div_euclid(DAY), rest / SECOND, rest % SECOND)
}
