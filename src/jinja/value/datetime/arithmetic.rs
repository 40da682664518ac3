//! Dates and spans of time: sums, differences, order.

use std::cmp::Ordering;

use chrono::{NaiveDateTime, TimeDelta};
use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::delta::{DAY, SECOND, bounded};
use super::zone::Place;
use super::{Moment, moment, of};
use crate::jinja::value::{Outcome, number_of, type_error, value_error};

/// `a + b`; `None` if the sides do not fit.
pub fn add(a: &Value, b: &Value) -> Option<Outcome> {
    match (of(a)?, of(b)?) {
        (it, Moment::Delta(span)) | (Moment::Delta(span), it) => shifted(it, *span),
        _ => None,
    }
}

/// `a - b`; `None` if the sides do not fit.
pub fn subtract(a: &Value, b: &Value) -> Option<Outcome> {
    match (of(a)?, of(b)?) {
        (it, Moment::Delta(span)) => shifted(it, -*span),
        (Moment::Date(x), Moment::Date(y)) => Some(Ok(span((*x - *y).into()))),
        (Moment::DateTime(x, here), Moment::DateTime(y, there)) => {
            Some(between((*x, here.as_ref()), (*y, there.as_ref())))
        }
        _ => None,
    }
}

/// `a * b` of a span and a number; `None` if the sides do not fit.
pub fn multiply(a: &Value, b: &Value) -> Option<Outcome> {
    let (length, factor) = match (of(a), of(b)) {
        (Some(Moment::Delta(length)), None) => (*length, b),
        (None, Some(Moment::Delta(length))) => (*length, a),
        _ => return None,
    };
    match factor.kind() {
        ValueKind::Number if factor.is_integer() => {
            let product = length.checked_mul(i128::try_from(factor.clone()).ok()?);
            Some(delta(product.ok_or_else(|| value_error("timedelta is too large"))))
        }
        _ => number_of(factor).map(|factor| delta(Ok((length as f64 * factor).round_ties_even() as i128))),
    }
}

/// `a / b` of a span and a span (a float) or a number (a span); `None` if the sides do not fit.
pub fn divide(a: &Value, b: &Value) -> Option<Outcome> {
    let Moment::Delta(length) = of(a)? else { return None };
    let divisor = match of(b) {
        Some(Moment::Delta(unit)) => *unit as f64,
        _ => number_of(b)?,
    };
    if divisor == 0.0 {
        return Some(Err(value_error("division by zero")));
    }
    let quotient = *length as f64 / divisor;
    Some(if of(b).is_some() {
        Ok(Value::from(quotient))
    } else {
        delta(Ok(quotient.round_ties_even() as i128))
    })
}

/// `a // b` of a span and a span (a whole number) or a whole number (a span); `None` if the sides
/// do not fit.
pub fn floor_divide(a: &Value, b: &Value) -> Option<Outcome> {
    let Moment::Delta(length) = of(a)? else { return None };
    let divisor = match of(b) {
        Some(Moment::Delta(unit)) => *unit,
        _ => i128::try_from(b.clone()).ok()?,
    };
    if divisor == 0 {
        return Some(Err(value_error("integer division or modulo by zero")));
    }
    let quotient = length.div_euclid(divisor) - i128::from(divisor < 0 && length.rem_euclid(divisor) != 0);
    Some(if of(b).is_some() { Ok(Value::from(quotient)) } else { delta(Ok(quotient)) })
}

/// The order of two moments; `None` if they cannot be compared.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    order(of(a)?, of(b)?)
}

/// The order of two moments; `None` if they are of different classes, or one of two datetimes has
/// no zone.
pub fn order(a: &Moment, b: &Moment) -> Option<Ordering> {
    match (a, b) {
        (Moment::Date(x), Moment::Date(y)) => Some(x.cmp(y)),
        (Moment::Delta(x), Moment::Delta(y)) => Some(x.cmp(y)),
        (Moment::Time(x, None), Moment::Time(y, None)) => Some(x.cmp(y)),
        (Moment::DateTime(x, None), Moment::DateTime(y, None)) => Some(x.cmp(y)),
        (Moment::DateTime(x, Some(here)), Moment::DateTime(y, Some(there))) => {
            Some(instant(*x, here).cmp(&instant(*y, there)))
        }
        (Moment::Zone(x), Moment::Zone(y)) if x == y => Some(Ordering::Equal),
        _ => None,
    }
}

/// What the clock in Greenwich shows.
pub fn instant(wall: NaiveDateTime, place: &Place) -> NaiveDateTime {
    let offset = TimeDelta::seconds(i64::from(place.offset));
    wall.checked_sub_signed(offset).unwrap_or(wall)
}

fn delta(length: Result<i128, Error>) -> Outcome {
    length.and_then(bounded).map(|length| moment(Moment::Delta(length)))
}

fn span(length: TimeSpan) -> Value {
    moment(Moment::Delta(length.0))
}

/// chrono's span as microseconds.
struct TimeSpan(i128);

impl From<TimeDelta> for TimeSpan {
    fn from(length: TimeDelta) -> Self {
        TimeSpan(i128::from(length.num_seconds()) * SECOND + i128::from(length.subsec_micros()))
    }
}

fn between(
    (x, here): (NaiveDateTime, Option<&Place>),
    (y, there): (NaiveDateTime, Option<&Place>),
) -> Outcome {
    match (here, there) {
        (None, None) => Ok(span((x - y).into())),
        (Some(here), Some(there)) => Ok(span((instant(x, here) - instant(y, there)).into())),
        _ => Err(type_error("can't subtract offset-naive and offset-aware datetimes")),
    }
}

/// A moment later by a span; `None` for what cannot be moved.
fn shifted(it: &Moment, length: i128) -> Option<Outcome> {
    let overflow = || value_error("date value out of range");
    match it {
        Moment::Delta(other) => Some(delta(Ok(other + length))),
        Moment::Date(date) => {
            let days = TimeDelta::try_days(i64::try_from(length.div_euclid(DAY)).ok()?)?;
            let later = date.checked_add_signed(days).filter(|date| in_range((*date).into()));
            Some(later.map(|date| moment(Moment::Date(date))).ok_or_else(overflow))
        }
        Moment::DateTime(wall, place) => {
            let later = later(*wall, length).filter(|wall| in_range(*wall));
            Some(later.map(|wall| moment(Moment::DateTime(wall, place.clone()))).ok_or_else(overflow))
        }
        Moment::Time(..) | Moment::Zone(_) => None,
    }
}

fn later(wall: NaiveDateTime, length: i128) -> Option<NaiveDateTime> {
    let seconds = i64::try_from(length.div_euclid(SECOND)).ok()?;
    let nanos = u32::try_from(length.rem_euclid(SECOND) * 1000).ok()?;
    wall.checked_add_signed(TimeDelta::new(seconds, nanos)?)
}

/// Python knows the years 1 to 9999.
fn in_range(wall: NaiveDateTime) -> bool {
    use chrono::Datelike;
    (1..=9999).contains(&wall.year())
}

/// What the wall clock shows so many seconds east of Greenwich.
pub fn later_by(instant: NaiveDateTime, offset: i32) -> NaiveDateTime {
    instant.checked_add_signed(TimeDelta::seconds(i64::from(offset))).unwrap_or(instant)
}
