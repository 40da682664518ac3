//! The attributes of dates and times.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use minijinja::value::Value;

use super::zone::{Place, Zone};
use super::{Moment, delta, moment};

/// Is it a method that a template may hold as a value: `x.isoformat is defined`?
pub fn has_method(it: &Moment, name: &str) -> bool {
    let known: &[&str] = match it {
        Moment::Date(_) | Moment::Time(..) => &["isoformat", "strftime", "replace"],
        Moment::DateTime(..) => {
            &["isoformat", "strftime", "replace", "date", "time", "timestamp", "astimezone"]
        }
        Moment::Delta(_) => &["total_seconds"],
        Moment::Zone(_) => &[],
    };
    known.contains(&name)
}

/// `x.name`; `None` if it has no such attribute.
pub fn get(it: &Moment, name: &str) -> Option<Value> {
    match it {
        Moment::Date(date) => of_date(*date, name),
        Moment::Time(time, place) => of_time(*time, name).or_else(|| of_place(place.as_ref(), name)),
        Moment::DateTime(both, place) => of_date(both.date(), name)
            .or_else(|| of_time(both.time(), name))
            .or_else(|| of_place(place.as_ref(), name)),
        Moment::Delta(span) => of_delta(*span, name),
        Moment::Zone(Zone::Pytz(tz)) if name == "zone" => Some(Value::from(tz.name())),
        Moment::Zone(_) => None,
    }
}

fn of_date(date: NaiveDate, name: &str) -> Option<Value> {
    match name {
        "year" => Some(Value::from(date.year())),
        "month" => Some(Value::from(date.month())),
        "day" => Some(Value::from(date.day())),
        _ => None,
    }
}

fn of_time(time: NaiveTime, name: &str) -> Option<Value> {
    match name {
        "hour" => Some(Value::from(time.hour())),
        "minute" => Some(Value::from(time.minute())),
        "second" => Some(Value::from(time.second())),
        "microsecond" => Some(Value::from(time.nanosecond() / 1000)),
        "fold" => Some(Value::from(0)),
        _ => None,
    }
}

fn of_place(place: Option<&Place>, name: &str) -> Option<Value> {
    let zone = |place: &Place| moment(Moment::Zone(place.zone.clone()));
    (name == "tzinfo").then(|| place.map_or(Value::from(()), zone))
}

fn of_delta(span: i128, name: &str) -> Option<Value> {
    let (days, seconds, microseconds) = delta::parts(span);
    let part = match name {
        "days" => days,
        "seconds" => seconds,
        "microseconds" => microseconds,
        _ => return None,
    };
    i64::try_from(part).ok().map(Value::from)
}
