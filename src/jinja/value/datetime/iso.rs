//! ISO 8601: `isoformat` and `fromisoformat`.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use minijinja::Error;

use super::Moment;
use super::zone::{Place, Zone, offset_text};
use crate::jinja::value::value_error;

/// `2024-01-31`.
pub fn date_text(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `12:00:00.000001+00:00`; `precision` is Python's `timespec`.
///
/// # Errors
/// A `timespec` that Python does not know.
pub fn time_text(time: NaiveTime, place: Option<&Place>, precision: &str) -> Result<String, Error> {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let microsecond = time.nanosecond() / 1000;
    let mut text = match precision {
        "auto" if microsecond == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", microsecond / 1000),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        _ => return Err(value_error("Unknown timespec value")),
    };
    if let Some(place) = place {
        text += &offset_text(place.offset, ":");
    }
    Ok(text)
}

fn invalid(text: &str) -> Error {
    value_error(format!("Invalid isoformat string: '{text}'"))
}

/// `date.fromisoformat(text)`.
///
/// # Errors
/// The text is no date.
pub fn parse_date(text: &str) -> Result<NaiveDate, Error> {
    date_in(text).ok_or_else(|| invalid(text))
}

/// `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www-D`, `YYYYWwwD`.
fn date_in(text: &str) -> Option<NaiveDate> {
    if !text.is_ascii() || text.len() < 7 {
        return None;
    }
    let (year, rest) = (digits(&text[..4])?, &text[4..]);
    let (dashed, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    if let Some(week) = rest.strip_prefix('W') {
        return week_date(year as i32, week, dashed);
    }
    let (month, day) = match (dashed, rest.len()) {
        (true, 5) if rest.as_bytes()[2] == b'-' => (&rest[..2], &rest[3..]),
        (false, 4) => (&rest[..2], &rest[2..]),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year as i32, digits(month)?, digits(day)?)
}

fn week_date(year: i32, text: &str, dashed: bool) -> Option<NaiveDate> {
    let week = digits(text.get(..2)?)?;
    let day = match (dashed, &text[2..]) {
        (_, "") => 1,
        (true, rest) => digits(rest.strip_prefix('-')?)?,
        (false, rest) => digits(rest)?,
    };
    let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    NaiveDate::from_isoywd_opt(year, week, weekday)
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// `time.fromisoformat(text)`.
///
/// # Errors
/// The text is no time.
pub fn parse_time(text: &str) -> Result<Moment, Error> {
    let (time, place) = time_in(text.strip_prefix('T').unwrap_or(text)).ok_or_else(|| invalid(text))?;
    Ok(Moment::Time(time, place))
}

/// `HH[:MM[:SS[.ffffff]]]` and an offset or `Z`.
fn time_in(text: &str) -> Option<(NaiveTime, Option<Place>)> {
    let cut = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (clock, offset) = text.split_at(cut);
    let nanos = clock_nanos(clock)?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        u32::try_from(nanos / 1_000_000_000).ok()?,
        u32::try_from(nanos % 1_000_000_000).ok()?,
    )?;
    let place = match offset {
        "" => None,
        "Z" => Some(Place::fixed(0)),
        _ => {
            let size = i32::try_from(clock_nanos(&offset[1..])? / 1_000_000_000).ok()?;
            Some(Place::fixed(if offset.starts_with('-') { -size } else { size }))
        }
    };
    Some((time, place))
}

/// Nanoseconds since midnight; with or without colons. Digits beyond microseconds are dropped.
fn clock_nanos(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let compact: String = whole.split(':').collect();
    let colons = whole.matches(':').count();
    if colons > 0 && whole.split(':').any(|part| part.len() != 2) {
        return None;
    }
    let part = |at: usize| compact.get(at..at + 2).map_or(Some(0), digits);
    let (hour, minute, second) = (digits(compact.get(..2)?)?, part(2)?, part(4)?);
    if !compact.len().is_multiple_of(2) || compact.len() > 6 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let seconds = u64::from(hour * 3600 + minute * 60 + second);
    Some(seconds * 1_000_000_000 + u64::from(digits(&fraction)?) * 1000)
}

/// `datetime.fromisoformat(text)`.
///
/// # Errors
/// The text is no datetime.
pub fn parse_datetime(text: &str) -> Result<Moment, Error> {
    let ends = [10, 8, 7].into_iter().filter(|end| text.is_char_boundary(*end));
    for end in ends.filter(|end| *end <= text.len()) {
        let Some(date) = date_in(&text[..end]) else { continue };
        let rest = &text[end..];
        if rest.is_empty() {
            return Ok(Moment::DateTime(date.into(), None));
        }
        let clock = rest.chars().next().map_or(rest, |separator| &rest[separator.len_utf8()..]);
        if let Some((time, place)) = time_in(clock) {
            return Ok(Moment::DateTime(NaiveDateTime::new(date, time), place.map(utc_or_fixed)));
        }
    }
    Err(invalid(text))
}

fn utc_or_fixed(place: Place) -> Place {
    if place.offset == 0 { Place::at_utc(Zone::Fixed(0, None), NaiveDateTime::default()) } else { place }
}
