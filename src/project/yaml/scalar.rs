//! What a plain scalar means, by YAML 1.1 as dbt's YAML reader takes it.
//!
//! `yes` and `off` are truth values, `010` is eight, `1_000` a thousand, `1:30` ninety, `1e5` a text (a
//! float needs its point, and its exponent a sign).

use super::node::{ScalarStyle, YamlValue};

/// The value of an unquoted scalar.
pub(super) fn resolve(text: &str) -> YamlValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => YamlValue::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => YamlValue::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => YamlValue::Bool(false),
        _ => number(text).unwrap_or_else(|| YamlValue::String(text.to_string(), ScalarStyle::Plain)),
    }
}

fn number(text: &str) -> Option<YamlValue> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        b'0'..=b'9' | b'.' => (false, text),
        _ => return None,
    };
    let signed = digits.len() < text.len();
    whole(digits)
        .map(|number| YamlValue::Int(if negative { -number } else { number }))
        .or_else(|| fraction(digits, signed).map(|n| YamlValue::Float(if negative { -n } else { n })))
}

/// A whole number without its sign; `None` also for one beyond 64 bits, which stays text.
fn whole(digits: &str) -> Option<i64> {
    let plain = digits.replace('_', "");
    let radix = |rest: &str, radix| i64::from_str_radix(rest, radix).ok();
    if let Some(rest) = plain.strip_prefix("0b") {
        return radix(rest, 2);
    }
    if let Some(rest) = plain.strip_prefix("0x") {
        return radix(rest, 16);
    }
    if digits.contains(':') {
        return sexagesimal(&plain);
    }
    match digits.as_bytes() {
        [b'0'] => Some(0),
        [b'0', rest @ ..] if rest.iter().all(|c| matches!(c, b'0'..=b'7' | b'_')) => radix(&plain, 8),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(|c| c.is_ascii_digit() || *c == b'_') => {
            radix(&plain, 10)
        }
        _ => None,
    }
}

/// `1:30:00`: each part after the first below 60.
fn sexagesimal(plain: &str) -> Option<i64> {
    let mut parts = plain.split(':');
    let first = parts.next().filter(|part| is_digits(part) && !part.starts_with('0'))?;
    parts.try_fold(first.parse::<i64>().ok()?, |sum, part| {
        let digit =
            part.parse::<i64>().ok().filter(|digit| is_digits(part) && part.len() <= 2 && *digit < 60)?;
        sum.checked_mul(60)?.checked_add(digit)
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}

fn fraction(digits: &str, signed: bool) -> Option<f64> {
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if !signed => return Some(f64::NAN),
        _ => {}
    }
    if digits.contains(':') {
        return clock_fraction(digits);
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let (before, after) = mantissa.split_once('.')?;
    let fits = |part: &str| part.bytes().all(|c| c.is_ascii_digit() || c == b'_');
    let starts = if before.is_empty() { after } else { before }.starts_with(|c: char| c.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| e.strip_prefix(['-', '+']).is_some_and(is_digits));
    let bare_point_signed = before.is_empty() && signed;
    if !starts || !fits(before) || !fits(after) || !exponent_fits || bare_point_signed {
        return None;
    }
    format!("0{}", digits.replace('_', "")).parse().ok()
}

/// `1:30.5`: a clock with a fraction.
fn clock_fraction(digits: &str) -> Option<f64> {
    let (clock, rest) =
        digits.replace('_', "").split_once('.').map(|(a, b)| (a.to_string(), b.to_string()))?;
    let whole = sexagesimal(&clock)?;
    let rest: f64 = if rest.is_empty() { 0.0 } else { format!("0.{rest}").parse().ok()? };
    Some(whole as f64 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_as_yaml_1_1() {
        let check = |text: &str, expect: YamlValue| assert_eq!(resolve(text), expect, "{text}");
        let string = |text: &str| YamlValue::String(text.into(), ScalarStyle::Plain);
        for text in ["", "~", "null", "Null", "NULL"] {
            check(text, YamlValue::Null);
        }
        for text in ["yes", "On", "TRUE"] {
            check(text, YamlValue::Bool(true));
        }
        for text in ["no", "off", "False"] {
            check(text, YamlValue::Bool(false));
        }
        let ints = [("0", 0), ("-7", -7), ("+7", 7), ("010", 8), ("0x1F", 31), ("0b101", 5), ("1_000", 1000)];
        for (text, number) in ints.into_iter().chain([("1:30", 90), ("-1:00:01", -3601)]) {
            check(text, YamlValue::Int(number));
        }
        let floats = [("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("-1.5e+3", -1500.0), ("1_0.5", 10.5)];
        for (text, number) in floats.into_iter().chain([("1:30.5", 90.5), ("-.inf", f64::NEG_INFINITY)]) {
            check(text, YamlValue::Float(number));
        }
        let texts =
            ["1e5", "1.0e5", "08", "0o17", "yES", "1.2.3", "2020-01-01", "-", ".", "1:60", "nUll", "+.5"];
        for text in texts.into_iter().chain(["99999999999999999999", "_1", "1:2:x", "0x", "e5"]) {
            check(text, string(text));
        }
    }
}
