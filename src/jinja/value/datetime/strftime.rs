//! `strftime`: Python's format codes in the C locale, with those of glibc that dbt projects use.

use std::fmt::Write;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::zone::{Place, offset_text};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// English names, as the C locale has them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a datetime in a format. A code that is not known is kept as it stands, as glibc does.
pub fn strftime(at: NaiveDateTime, place: Option<&Place>, format: &str) -> String {
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let before = rest.clone();
        let (pad, code) = match rest.next() {
            Some(flag @ ('-' | '_' | '0' | '^' | '#')) => (Some(flag), rest.next()),
            code => (None, code),
        };
        match code.and_then(|code| written(at, place, (code, pad))) {
            Some(text) if pad == Some('^') => out.push_str(&text.to_uppercase()),
            Some(text) => out.push_str(&text),
            None => {
                out.push('%');
                rest = before;
            }
        }
    }
    out
}

/// A number padded as its code asks, or as the flag before it says.
fn padded(number: impl Into<i64>, width: usize, fill: char, flag: Option<char>) -> String {
    let number = number.into();
    match flag {
        Some('-') => number.to_string(),
        Some('_') => format!("{number:>width$}"),
        Some('0') => format!("{number:0>width$}"),
        _ if fill == ' ' => format!("{number:>width$}"),
        _ => format!("{number:0>width$}"),
    }
}

fn written(at: NaiveDateTime, place: Option<&Place>, (code, flag): (char, Option<char>)) -> Option<String> {
    let weekday = at.weekday().num_days_from_monday() as usize;
    let hour12 = at.hour12().1;
    let two = |number: u32| Some(padded(number, 2, '0', flag));
    let again = |format: &str| Some(strftime(at, place, format));
    match code {
        'Y' => Some(at.year().to_string()),
        'm' => two(at.month()),
        'd' => two(at.day()),
        'H' => two(at.hour()),
        'I' => two(hour12),
        'M' => two(at.minute()),
        'S' => two(at.second()),
        'y' => Some(padded(at.year().rem_euclid(100), 2, '0', flag)),
        'C' => Some(padded(at.year().div_euclid(100), 2, '0', flag)),
        'G' => Some(at.iso_week().year().to_string()),
        'g' => Some(padded(at.iso_week().year().rem_euclid(100), 2, '0', flag)),
        'V' => two(at.iso_week().week()),
        'j' => Some(padded(at.ordinal(), 3, '0', flag)),
        'U' => two((at.ordinal() + 6 - at.weekday().num_days_from_sunday()) / 7),
        'W' => two((at.ordinal() + 6 - at.weekday().num_days_from_monday()) / 7),
        'e' => Some(padded(at.day(), 2, ' ', flag)),
        'k' => Some(padded(at.hour(), 2, ' ', flag)),
        'l' => Some(padded(hour12, 2, ' ', flag)),
        'f' => Some(format!("{:06}", at.nanosecond() / 1000)),
        'a' => Some(DAYS[weekday][..3].to_string()),
        'A' => Some(DAYS[weekday].to_string()),
        'b' | 'h' => Some(MONTHS[at.month0() as usize][..3].to_string()),
        'B' => Some(MONTHS[at.month0() as usize].to_string()),
        'p' => Some(if at.hour() < 12 { "AM" } else { "PM" }.to_string()),
        'P' => Some(if at.hour() < 12 { "am" } else { "pm" }.to_string()),
        'u' => Some((weekday + 1).to_string()),
        'w' => Some(at.weekday().num_days_from_sunday().to_string()),
        's' => Some(seconds(at, place)),
        'z' => Some(place.map_or_else(String::new, |place| offset_text(place.offset, ""))),
        'Z' => Some(place.map_or_else(String::new, |place| place.name.clone())),
        'c' => again("%a %b %e %H:%M:%S %Y"),
        'x' | 'D' => again("%m/%d/%y"),
        'X' | 'T' => again("%H:%M:%S"),
        'R' => again("%H:%M"),
        'r' => again("%I:%M:%S %p"),
        'F' => again("%Y-%m-%d"),
        'n' => Some("\n".to_string()),
        't' => Some("\t".to_string()),
        '%' => Some("%".to_string()),
        _ => None,
    }
}

fn seconds(at: NaiveDateTime, place: Option<&Place>) -> String {
    let offset = place.map_or(0, |place| i64::from(place.offset));
    let mut text = String::new();
    let _ = write!(text, "{}", at.and_utc().timestamp() - offset);
    text
}
