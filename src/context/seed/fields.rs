//! What a single field of a CSV file can be read as: numbers as agate reads them, days, points in time.

use chrono::{NaiveDate, NaiveDateTime};

/// Is this text NULL to agate? Empty, or the word `null`.
pub fn is_null(field: &str) -> bool {
    let field = field.trim();
    field.is_empty() || field.eq_ignore_ascii_case("null")
}

/// A number as agate reads it, in plain digits: `$1,000` is 1000, `5%` is 5.
pub fn plain_number(field: &str) -> Option<String> {
    let text = field.trim().trim_matches('%');
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let currencies = ['$', '€', '£', '¥', '₹', '₽', '₩', '₿', '¢', '₪', '₴', '₫'];
    let digits: String = text.trim_matches(&currencies[..]).chars().filter(|c| *c != ',').collect();
    let digits = digits.trim().to_string();
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((&digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let fits = all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    (fits && all_digits(unsigned) && !unsigned.is_empty()).then(|| format!("{sign}{digits}"))
}

/// A plain number as its digits alone where nothing stands behind the point: `1.0`, `1e3`.
pub fn whole_number(digits: &str) -> Option<String> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = usize::try_from(exponent.parse::<i32>().ok()?).ok()?.checked_sub(fraction.len())?;
    let whole = if whole.is_empty() { "0" } else { whole };
    (zeros < 40).then(|| format!("{sign}{whole}{fraction}{}", "0".repeat(zeros)))
}

/// `true` or `false`, in letters of any size.
pub fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Can this be NULL at all? A quick look, since most fields of a text column are neither blank nor `null`.
pub fn may_be_null(field: &str) -> bool {
    field
        .as_bytes()
        .first()
        .is_none_or(|first| matches!(first, b'n' | b'N') || *first <= b' ' || *first >= 128)
}

/// Digits with a zero in front: a code rather than a number.
pub fn is_padded(field: &str) -> bool {
    matches!(*field.as_bytes(), [b'0', second, ..] if second.is_ascii_digit())
}

/// A whole number of up to 18 digits, the usual case.
pub fn few_digits(field: &str) -> Option<u64> {
    let digits = field.strip_prefix('-').unwrap_or(field).as_bytes();
    let plain = matches!(digits.len(), 1..=18) && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// The whole part of a number with a true fraction in the usual form, `12.50`.
pub fn few_decimals(field: &str) -> Option<u64> {
    let (whole, fraction) = field.split_once('.')?;
    let plain = matches!(fraction.len(), 1..=18) && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    if plain && !is_whole { few_digits(whole) } else { None }
}

/// A number in ASCII digits.
fn number(digits: &[u8]) -> Option<u32> {
    let all = digits.iter().all(u8::is_ascii_digit);
    all.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// `2024-01-31`.
pub fn day(text: &str) -> Option<NaiveDate> {
    if let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() {
        let year = i32::try_from(number(&[a, b, c, d])?).ok()?;
        return NaiveDate::from_ymd_opt(year, number(&[e, f])?, number(&[g, h])?);
    }
    let year = text.split('-').next()?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| year.len() == 4)
}

/// `2024-01-31 12:00:00`.
pub fn point_in_time(text: &str) -> bool {
    if let ([day @ .., b' ', h, i, b':', m, n, b':', s, t], 19) = (text.as_bytes(), text.len()) {
        let within = |a: &u8, b: &u8, end: u32| number(&[*a, *b]).is_some_and(|number| number < end);
        let usual = std::str::from_utf8(day).ok().and_then(self::day).is_some()
            && within(h, i, 24)
            && within(m, n, 60)
            && within(s, t, 60);
        if usual {
            return true;
        }
    }
    // Only what is as long as `2024-1-1 1:1:1` is worth a look.
    text.len() >= 14 && NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").is_ok()
}

/// `2024-01-31T12:00:00`, with a fraction, `Z` or an offset.
pub fn iso_point(text: &str) -> bool {
    if !text.contains('T') {
        return false;
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"];
    let bare = text.strip_suffix('Z').unwrap_or(text);
    formats.iter().any(|format| NaiveDateTime::parse_from_str(bare, format).is_ok())
        || chrono::DateTime::parse_from_rfc3339(text).is_ok()
        || chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok()
}
