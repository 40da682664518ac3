//! What a plain YAML 1.1 scalar means, as PyYAML resolves it: `yes` is true, `012` is ten,
//! `2024-01-31` is a date.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use minijinja::Value;

use crate::jinja::value::datetime::{self, Moment, Place, moment};

/// The value of a plain scalar.
pub fn resolve(text: &str) -> Value {
    null(text)
        .or_else(|| boolean(text).map(Value::from))
        .or_else(|| {
            integer(text)
                .map(|number| i64::try_from(number).map_or_else(|_| Value::from(number), Value::from))
        })
        .or_else(|| float(text).map(Value::from))
        .or_else(|| timestamp(text))
        .unwrap_or_else(|| Value::from(text))
}

/// Whether a plain scalar would be read as a text.
pub fn is_text(text: &str) -> bool {
    text != "<<" && text != "=" && resolve(text).as_str().is_some()
}

/// `~`, `null` or nothing.
pub fn null(text: &str) -> Option<Value> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then(|| Value::from(()))
}

/// `yes no on off true false`, in lower case, upper case or capitalized.
pub fn boolean(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let capitalized = text.starts_with(|c: char| c.is_ascii_uppercase()) && text[1..] == lower[1..];
    let regular = text == lower || text == lower.to_ascii_uppercase() || capitalized;
    match lower.as_str() {
        "yes" | "true" | "on" if regular => Some(true),
        "no" | "false" | "off" if regular => Some(false),
        _ => None,
    }
}

fn signed(text: &str) -> (i128, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Decimal, `0b1`, `017`, `0x1f` and `1:30` (base sixty), with underscores.
pub fn integer(text: &str) -> Option<i128> {
    let (sign, body) = signed(text);
    let digits = body.replace('_', "");
    if !body.starts_with(|c: char| c.is_ascii_digit()) || digits.contains(['+', '-']) {
        return None;
    }
    let size = match (digits.strip_prefix("0b"), digits.strip_prefix("0x")) {
        (Some(binary), _) => i128::from_str_radix(binary, 2).ok()?,
        (_, Some(hex)) => i128::from_str_radix(hex, 16).ok()?,
        _ if digits.contains(':') => base_sixty(body)?,
        _ if digits.len() > 1 && digits.starts_with('0') => i128::from_str_radix(&digits, 8).ok()?,
        _ => digits.parse().ok()?,
    };
    Some(sign * size)
}

fn base_sixty(body: &str) -> Option<i128> {
    let mut parts = body.split(':');
    let first = parts.next()?;
    if first.starts_with('0') {
        return None;
    }
    parts.try_fold(first.replace('_', "").parse::<i128>().ok()?, |total, part| {
        let valid = matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
        let digit: i128 = part.parse().ok().filter(|digit| valid && *digit < 60)?;
        total.checked_mul(60)?.checked_add(digit)
    })
}

/// `1.5`, `.5`, `1.5e+3` (the exponent needs its sign), `1:30.5`, `.inf`, `.nan`.
pub fn float(text: &str) -> Option<f64> {
    let (sign, body) = signed(text);
    let sign = sign as f64;
    match body {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if body.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let (whole, fraction) = body.split_once('.')?;
    if whole.is_empty() && body.len() < text.len() {
        return None;
    }
    let (fraction, exponent) =
        fraction.split_once(['e', 'E']).map_or((fraction, None), |(f, e)| (f, Some(e)));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !plain(fraction)
        || whole.starts_with('_')
        || (whole.is_empty() && !fraction.starts_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    if whole.contains(':') && exponent.is_none() {
        let seconds: f64 = format!("0.{}", fraction.replace('_', "")).parse().ok()?;
        return Some(sign * (base_sixty(whole)? as f64 + seconds));
    }
    let exponent = match exponent {
        Some(exponent) => {
            let digits = exponent.strip_prefix(['+', '-'])?;
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(exponent)?
        }
        None => "0",
    };
    if !plain(whole) {
        return None;
    }
    let number = format!("{}.{}e{exponent}", whole.replace('_', ""), fraction.replace('_', ""));
    let number = if number.starts_with('.') { format!("0{number}") } else { number };
    number.replace(".e", ".0e").parse::<f64>().ok().map(|number| sign * number)
}

/// Whether a text has the form of a date, though there may be no such day.
pub fn looks_like_date(text: &str) -> bool {
    let form =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(form)
}

/// `2024-01-31` and `2024-01-31 12:00:00.5 +02:00`.
fn timestamp(text: &str) -> Option<Value> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !(0..4).all(digit) || bytes.get(4) != Some(&b'-') || !text.is_ascii() {
        return None;
    }
    if text.len() == 10 && bytes[7] == b'-' {
        return date(text, 2).map(datetime::date);
    }
    let cut = text.find(['t', 'T', ' ', '\t'])?;
    let date = date(&text[..cut], 1)?;
    let clock = text[cut..].trim_start_matches(['t', 'T', ' ', '\t']);
    let end = clock.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(clock.len());
    let at = NaiveDateTime::new(date, time(&clock[..end])?);
    let place = match clock[end..].trim() {
        "" => None,
        "Z" => Some(Place::fixed(0)),
        offset => Some(Place::fixed(offset_seconds(offset)?)),
    };
    Some(moment(Moment::DateTime(at.checked_add_signed(TimeDelta::zero())?, place)))
}

fn date(text: &str, shortest: usize) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let mut part = |least: usize, most: usize| {
        let part = parts.next().filter(|part| (least..=most).contains(&part.len()))?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let (year, month, day) = (part(4, 4)?, part(shortest, 2)?, part(shortest, 2)?);
    if parts.next().is_some() { None } else { NaiveDate::from_ymd_opt(year as i32, month, day) }
}

fn time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<u32> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = parts[..] else { return None };
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    NaiveTime::from_hms_micro_opt(hour, minute, second, fraction.parse().ok()?)
}

fn offset_seconds(text: &str) -> Option<i32> {
    let (sign, body) = signed(text);
    if body.len() == text.len() {
        return None;
    }
    let (hours, minutes) = body.split_once(':').unwrap_or((body, "0"));
    let seconds: i32 = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Some(sign as i32 * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja::value::print::repr;

    fn check(text: &str, expect: &str) {
        assert_eq!(repr(&resolve(text)), expect, "{text}");
    }

    #[test]
    fn resolves_as_yaml_1_1() {
        check("On", "True");
        check("oN", "'oN'");
        check("012", "10");
        check("1:30", "90");
        check("1e3", "'1e3'");
        check("1.0e+3", "1000.0");
        check("-.inf", "-inf");
        check("2024-01-31", "datetime.date(2024, 1, 31)");
        check("2024-01-31 10:00:00", "datetime.datetime(2024, 1, 31, 10, 0)");
        check("+", "'+'");
        check("0b", "'0b'");
        check("\u{e9}", "'\u{e9}'");
    }
}
