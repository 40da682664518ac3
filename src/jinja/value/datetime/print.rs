//! `str` and `repr` of dates and times.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::zone::{Place, Zone};
use super::{Moment, delta, iso};

/// `str(x)`.
pub fn text(it: &Moment) -> String {
    match it {
        Moment::Date(date) => iso::date_text(*date),
        Moment::Time(time, place) => iso::time_text(*time, place.as_ref(), "auto").unwrap_or_default(),
        Moment::DateTime(both, place) => {
            let time = iso::time_text(both.time(), place.as_ref(), "auto").unwrap_or_default();
            format!("{} {time}", iso::date_text(both.date()))
        }
        Moment::Delta(span) => delta_text(*span),
        Moment::Zone(zone) => zone_text(zone),
    }
}

/// `1 day, 2:03:04.000005`.
fn delta_text(span: i128) -> String {
    let (days, seconds, microseconds) = delta::parts(span);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    text += &format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if microseconds != 0 {
        text += &format!(".{microseconds:06}");
    }
    text
}

fn zone_text(zone: &Zone) -> String {
    match zone {
        Zone::Pytz(tz) => tz.name().to_string(),
        Zone::PytzFixed(_) => zone_repr(zone, None),
        Zone::Fixed(..) => Place::at_utc(zone.clone(), Default::default()).name,
    }
}

/// `repr(x)`.
pub fn repr(it: &Moment) -> String {
    match it {
        Moment::Date(date) => format!("datetime.date({})", date_parts(*date)),
        Moment::Time(time, place) => {
            format!("datetime.time({}{})", time_parts(*time), place_part(place.as_ref()))
        }
        Moment::DateTime(both, place) => {
            let (date, time) = (date_parts(both.date()), time_parts(both.time()));
            format!("datetime.datetime({date}, {time}{})", place_part(place.as_ref()))
        }
        Moment::Delta(span) => delta_repr(*span),
        Moment::Zone(zone) => zone_repr(zone, None),
    }
}

fn date_parts(date: NaiveDate) -> String {
    format!("{}, {}, {}", date.year(), date.month(), date.day())
}

/// Hour and minute always; seconds and microseconds where they are not zero.
fn time_parts(time: NaiveTime) -> String {
    let mut parts = format!("{}, {}", time.hour(), time.minute());
    let microseconds = time.nanosecond() / 1000;
    if time.second() != 0 || microseconds != 0 {
        parts += &format!(", {}", time.second());
    }
    if microseconds != 0 {
        parts += &format!(", {microseconds}");
    }
    parts
}

fn place_part(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!(", tzinfo={}", zone_repr(&place.zone, Some(place))))
}

fn delta_repr(span: i128) -> String {
    let (days, seconds, microseconds) = delta::parts(span);
    let named = [("days", days), ("seconds", seconds), ("microseconds", microseconds)];
    let parts: Vec<String> =
        named.iter().filter(|part| part.1 != 0).map(|(name, part)| format!("{name}={part}")).collect();
    format!("datetime.timedelta({})", if parts.is_empty() { "0".to_string() } else { parts.join(", ") })
}

fn zone_repr(zone: &Zone, place: Option<&Place>) -> String {
    match zone {
        Zone::Fixed(0, None) => "datetime.timezone.utc".to_string(),
        Zone::Fixed(offset, None) => format!("datetime.timezone({})", delta_repr(seconds(*offset))),
        Zone::Fixed(offset, Some(name)) => {
            format!("datetime.timezone({}, {name:?})", delta_repr(seconds(*offset)))
        }
        Zone::PytzFixed(offset) => format!("pytz.FixedOffset({})", offset / 60),
        Zone::Pytz(chrono_tz::Tz::UTC) => "<UTC>".to_string(),
        Zone::Pytz(tz) => {
            let owned;
            let place = match place {
                Some(place) => place,
                None => {
                    owned = Place::attached(zone.clone());
                    &owned
                }
            };
            let kind = if place.saving == 0 { "STD" } else { "DST" };
            let offset = seconds(place.offset);
            let sign = if place.offset >= 0 { "+" } else { "" };
            format!("<DstTzInfo '{}' {}{sign}{} {kind}>", tz.name(), place.name, delta_text(offset))
        }
    }
}

fn seconds(count: i32) -> i128 {
    i128::from(count) * delta::SECOND
}
