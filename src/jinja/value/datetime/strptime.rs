//! `datetime.strptime`: reads a text by a format.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use minijinja::Error;

use super::Moment;
use super::strftime::MONTHS;
use super::zone::{Place, Zone};
use crate::jinja::value::value_error;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What has been read so far.
#[derive(Default)]
struct Found {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    ordinal: Option<u32>,
    hour: u32,
    hour12: Option<u32>,
    afternoon: bool,
    minute: u32,
    second: u32,
    micro: u32,
    offset: Option<i32>,
    utc: bool,
    weekday: Option<u32>,
    week: Option<(char, u32)>,
    iso_year: Option<i32>,
}

/// Reads `text` by `format`.
///
/// # Errors
/// `time data '..' does not match format '..'`, and text left over.
pub fn strptime(text: &str, format: &str) -> Result<Moment, Error> {
    let mismatch = || value_error(format!("time data '{text}' does not match format '{format}'"));
    let mut found = Found::default();
    let rest = read(&mut found, text, format).ok_or_else(mismatch)?;
    if !rest.is_empty() {
        return Err(value_error(format!("unconverted data remains: {rest}")));
    }
    found.moment().ok_or_else(|| value_error("day is out of range for month"))
}

/// Reads along the format; gives what is left of the text.
fn read<'t>(found: &mut Found, mut text: &'t str, format: &str) -> Option<&'t str> {
    let mut codes = format.chars();
    while let Some(c) = codes.next() {
        text = match c {
            '%' => found.code(codes.next()?, text)?,
            c if c.is_whitespace() => text.trim_start(),
            c => text.strip_prefix(|t: char| t.eq_ignore_ascii_case(&c))?,
        };
    }
    Some(text)
}

/// Up to `most` digits, as many as there are.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// A number within bounds; reads one digit less where all would be too much (`%d` of `45`).
fn within(text: &str, most: usize, (low, high): (u32, u32)) -> Option<(u32, &str)> {
    (1..=most).rev().find_map(|most| number(text, most).filter(|found| (low..=high).contains(&found.0)))
}

/// One of these names, in any case, by its whole length or its first three letters.
fn name<'t>(text: &'t str, names: &[&str], whole: bool) -> Option<(u32, &'t str)> {
    names.iter().enumerate().find_map(|(at, name)| {
        let name = if whole { name } else { &name[..3] };
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| (at as u32, &text[name.len()..]))
    })
}

impl Found {
    fn code<'t>(&mut self, code: char, text: &'t str) -> Option<&'t str> {
        let take = |slot: &mut Option<u32>, read: Option<(u32, &'t str)>| {
            read.map(|(number, rest)| {
                *slot = Some(number);
                rest
            })
        };
        let mut slot = None;
        let rest = match code {
            'Y' => take(&mut slot, number(text, 4).filter(|(_, rest)| text.len() - rest.len() == 4)),
            'G' => take(&mut slot, number(text, 4).filter(|(_, rest)| text.len() - rest.len() == 4)),
            'y' => take(&mut slot, number(text, 2).filter(|(_, rest)| text.len() - rest.len() == 2)),
            'm' => take(&mut slot, within(text, 2, (1, 12))),
            'd' | 'e' => take(&mut slot, within(text.trim_start_matches(' '), 2, (1, 31))),
            'H' => take(&mut slot, within(text, 2, (0, 23))),
            'I' => take(&mut slot, within(text, 2, (1, 12))),
            'M' => take(&mut slot, within(text, 2, (0, 59))),
            'S' => take(&mut slot, within(text, 2, (0, 61))),
            'j' => take(&mut slot, within(text, 3, (1, 366))),
            'U' | 'W' | 'V' => take(&mut slot, within(text, 2, (0, 53))),
            'w' => take(&mut slot, within(text, 1, (0, 6))),
            'u' => take(&mut slot, within(text, 1, (1, 7))),
            'a' => take(&mut slot, name(text, &DAYS, false)),
            'A' => take(&mut slot, name(text, &DAYS, true)),
            'b' | 'h' => take(&mut slot, name(text, &MONTHS, false)),
            'B' => take(&mut slot, name(text, &MONTHS, true)),
            'p' => take(&mut slot, meridiem(text)),
            'f' => return self.fraction(text),
            'z' => return self.zone_offset(text),
            'Z' => return self.zone_name(text),
            'c' => return read(self, text, "%a %b %d %H:%M:%S %Y"),
            'x' | 'D' => return read(self, text, "%m/%d/%y"),
            'X' | 'T' => return read(self, text, "%H:%M:%S"),
            'F' => return read(self, text, "%Y-%m-%d"),
            'R' => return read(self, text, "%H:%M"),
            '%' => return text.strip_prefix('%'),
            _ => return None,
        }?;
        self.store(code, slot?);
        Some(rest)
    }

    fn store(&mut self, code: char, number: u32) {
        match code {
            'Y' => self.year = Some(number as i32),
            'G' => self.iso_year = Some(number as i32),
            'y' => self.year = Some(number as i32 + if number < 69 { 2000 } else { 1900 }),
            'm' => self.month = Some(number),
            'b' | 'B' | 'h' => self.month = Some(number + 1),
            'd' | 'e' => self.day = Some(number),
            'H' => self.hour = number,
            'I' => self.hour12 = Some(number % 12),
            'M' => self.minute = number,
            'S' => self.second = number,
            'j' => self.ordinal = Some(number),
            'p' => self.afternoon = number == 1,
            'a' | 'A' => self.weekday = Some(number),
            'w' => self.weekday = Some((number + 6) % 7),
            'u' => self.weekday = Some(number - 1),
            _ => self.week = Some((code, number)),
        }
    }

    fn fraction<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (_, rest) = number(text, 6)?;
        let digits = &text[..text.len() - rest.len()];
        self.micro = format!("{digits:0<6}").parse().ok()?;
        Some(rest)
    }

    fn zone_offset<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = text.strip_prefix('Z') {
            self.offset = Some(0);
            return Some(rest);
        }
        let negative = text.starts_with('-');
        let (hours, rest) = number(text.strip_prefix(['+', '-'])?, 2)?;
        let (minutes, rest) = number(rest.strip_prefix(':').unwrap_or(rest), 2)?;
        let size = (hours * 3600 + minutes * 60) as i32;
        self.offset = Some(if negative { -size } else { size });
        Some(rest)
    }

    /// Names say nothing about the offset; Python takes `UTC` and `GMT` and drops them.
    fn zone_name<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        ["UTC", "GMT"].iter().find_map(|name| {
            let head = text.get(..3)?;
            self.utc = true;
            head.eq_ignore_ascii_case(name).then(|| &text[3..])
        })
    }

    fn moment(&self) -> Option<Moment> {
        let hour = self.hour12.map_or(self.hour, |hour| hour + if self.afternoon { 12 } else { 0 });
        let time = NaiveTime::from_hms_micro_opt(hour, self.minute, self.second.min(59), self.micro)?;
        let place = self.offset.map(|offset| Place::at_utc(Zone::Fixed(offset, None), Default::default()));
        Some(Moment::DateTime(NaiveDateTime::new(self.date()?, time), place))
    }

    fn date(&self) -> Option<NaiveDate> {
        let year = self.year.unwrap_or(1900);
        if let Some(ordinal) = self.ordinal {
            return NaiveDate::from_yo_opt(year, ordinal);
        }
        match (self.week, self.weekday, self.iso_year) {
            (Some(('V', week)), Some(day), Some(year)) => {
                NaiveDate::from_isoywd_opt(year, week, Weekday::try_from(day as u8).ok()?)
            }
            (Some((start @ ('U' | 'W'), week)), Some(day), _) => day_of_week(year, (start, week), day),
            _ => NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1)),
        }
    }
}

/// The day in the week of a year, whose weeks begin on Sunday (`U`) or Monday (`W`).
fn day_of_week(year: i32, (start, week): (char, u32), day: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let (begin, day) = match start {
        'U' => (first.weekday().num_days_from_sunday(), (day + 1) % 7),
        _ => (first.weekday().num_days_from_monday(), day),
    };
    let to_week_one = (7 - begin) % 7;
    let days = i64::from(to_week_one) + (i64::from(week) - 1) * 7 + i64::from(day);
    first.checked_add_signed(TimeDelta::try_days(days)?)
}

fn meridiem(text: &str) -> Option<(u32, &str)> {
    let head = text.get(..2)?.to_ascii_lowercase();
    let at = ["am", "pm"].iter().position(|name| *name == head)?;
    Some((at as u32, &text[2..]))
}
