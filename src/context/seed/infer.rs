//! The types of a CSV file's columns, as dbt's agate reader finds them: the first of number, date,
//! datetime, ISO datetime, boolean that every value fits, else text.

use chrono::{NaiveDate, NaiveDateTime};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers of up to 32 bits.
    Integer,
    /// Whole numbers beyond 32 bits (dbt fails there; a wider type holds them).
    BigInt,
    /// Numbers with a fraction, or beyond 64 bits.
    Number,
    /// Days: `2024-01-31`.
    Date,
    /// Points in time: `2024-01-31 12:00:00`, or ISO with a `T`.
    DateTime,
    /// `true`, `false`.
    Boolean,
    /// Everything else.
    Text,
}

impl ColumnKind {
    /// agate's word for it.
    pub fn agate(self) -> &'static str {
        match self {
            ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::Number => "Number",
            ColumnKind::Date => "Date",
            ColumnKind::DateTime => "DateTime",
            ColumnKind::Boolean => "Boolean",
            ColumnKind::Text => "Text",
        }
    }

    /// The word by which an adapter knows its SQL type.
    pub fn sql_word(self) -> &'static str {
        match self {
            ColumnKind::Integer => "integer",
            ColumnKind::BigInt => "bigint",
            ColumnKind::Number => "number",
            ColumnKind::Date => "date",
            ColumnKind::DateTime => "datetime",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Text => "text",
        }
    }
}

/// One column while the file is read: which types still fit.
#[derive(Debug, Clone)]
struct Candidate {
    name: String,
    number: bool,
    fraction: bool,
    largest: u128,
    date: bool,
    datetime: bool,
    iso: bool,
    boolean: bool,
    /// A value is written in a way that only agate reads: `1,000`, `5%`, `null`.
    odd: bool,
    /// A whole number is written as a fraction or a power: `1.0`, `1e3`.
    dotted: bool,
    /// The first value with a zero in front that a number loses: `007`.
    zeros: Option<String>,
}

/// All columns of a file while it is read.
#[derive(Debug, Clone)]
pub struct Inference {
    columns: Vec<Candidate>,
    /// A row was too short for the header, or a blank line.
    filled: bool,
}

/// Is this text NULL to agate? Empty, or the word `null`.
pub fn is_null(field: &str) -> bool {
    let field = field.trim();
    field.is_empty() || field.eq_ignore_ascii_case("null")
}

impl Inference {
    /// Columns of these names; those in `typed` are text.
    pub fn new(names: Vec<String>, typed: &[String]) -> Self {
        let fresh = |name: String| {
            let open = !typed.contains(&name);
            let (number, date, datetime, iso, boolean) = (open, open, open, open, open);
            let (fraction, largest, odd, dotted, zeros) = (false, 0, false, false, None);
            Candidate { name, number, fraction, largest, date, datetime, iso, boolean, odd, dotted, zeros }
        };
        Inference { columns: names.into_iter().map(fresh).collect(), filled: false }
    }

    /// Takes a row into account.
    pub fn look<'a>(&mut self, row: impl Iterator<Item = &'a str>) {
        self.columns.iter_mut().zip(row).for_each(|(column, field)| column.look(field));
    }

    /// Was a row filled up with fields that the file does not have?
    pub fn note_filled(&mut self, filled: bool) {
        self.filled |= filled;
    }

    /// The names, left to right.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The kinds, left to right.
    pub fn kinds(&self) -> Vec<ColumnKind> {
        self.columns.iter().map(Candidate::kind).collect()
    }

    /// Columns that are taken for numbers, and the first of their values that loses its zeros.
    pub fn padded(&self) -> impl Iterator<Item = (&str, &str)> {
        let numbers = self.columns.iter().filter(|column| column.number);
        numbers.filter_map(|column| Some((column.name.as_str(), column.zeros.as_deref()?)))
    }

    /// Does the file hold what only agate reads?
    pub fn needs_plain_copy(&self) -> bool {
        let whole = |kind| matches!(kind, ColumnKind::Integer | ColumnKind::BigInt);
        self.filled || self.columns.iter().any(|column| column.odd || column.dotted && whole(column.kind()))
    }
}

impl Candidate {
    fn look(&mut self, field: &str) {
        if self.is_settled() && !may_be_null(field) {
            return;
        }
        if is_null(field) {
            self.odd |= !field.is_empty();
            return;
        }
        if self.number {
            self.look_at_number(field);
            if self.zeros.is_none() && is_padded(field) {
                self.zeros = Some(field.to_string());
            }
        }
        let text = field.trim();
        self.date = self.date && day(text).is_some();
        self.datetime = self.datetime && point_in_time(text);
        self.iso = self.iso && iso_point(text);
        self.boolean = self.boolean && is_boolean(text);
    }

    /// Text already: no other type is left.
    fn is_settled(&self) -> bool {
        !(self.number || self.date || self.datetime || self.iso || self.boolean)
    }

    fn look_at_number(&mut self, field: &str) {
        if let Some(whole) = few_digits(field) {
            self.largest = self.largest.max(whole.into());
            return;
        }
        let plain = plain_number(field);
        match &plain {
            None => self.number = false,
            Some(digits) => {
                let spelled_out = whole_number(digits);
                let written = spelled_out.as_deref().unwrap_or(digits).trim_start_matches('-');
                let whole = written.split('.').next().unwrap_or_default();
                self.fraction |= spelled_out.is_none();
                self.largest = self.largest.max(whole.parse::<u128>().unwrap_or(u128::MAX));
                self.odd |= digits != field;
                self.dotted |= spelled_out.is_some_and(|it| it != *digits);
            }
        }
    }

    fn kind(&self) -> ColumnKind {
        match self {
            it if it.number && it.fraction => ColumnKind::Number,
            it if it.number && it.largest > i64::MAX as u128 => ColumnKind::Number,
            it if it.number && it.largest > i32::MAX as u128 => ColumnKind::BigInt,
            it if it.number => ColumnKind::Integer,
            it if it.date => ColumnKind::Date,
            it if it.datetime || it.iso => ColumnKind::DateTime,
            it if it.boolean => ColumnKind::Boolean,
            _ => ColumnKind::Text,
        }
    }
}

/// A number as agate reads it, in plain digits: `$1,000` is 1000, `5%` is 5.
fn plain_number(field: &str) -> Option<String> {
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
fn whole_number(digits: &str) -> Option<String> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = usize::try_from(exponent.parse::<i32>().ok()?).ok()?.checked_sub(fraction.len())?;
    let whole = if whole.is_empty() { "0" } else { whole };
    (zeros < 40).then(|| format!("{sign}{whole}{fraction}{}", "0".repeat(zeros)))
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Can this be NULL at all? A quick look, since most fields of a text column are neither blank nor `null`.
fn may_be_null(field: &str) -> bool {
    field
        .as_bytes()
        .first()
        .is_none_or(|first| matches!(first, b'n' | b'N') || *first <= b' ' || *first >= 128)
}

/// Digits with a zero in front: a code rather than a number.
fn is_padded(field: &str) -> bool {
    matches!(*field.as_bytes(), [b'0', second, ..] if second.is_ascii_digit())
}

/// A whole number of up to 18 digits, the usual case.
fn few_digits(field: &str) -> Option<u64> {
    let digits = field.strip_prefix('-').unwrap_or(field).as_bytes();
    let plain = matches!(digits.len(), 1..=18) && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

fn day(text: &str) -> Option<NaiveDate> {
    if let [a, b, c, d, b'-', e, f, b'-', g, h] = *text.as_bytes() {
        let number = |digits: &[u8]| {
            let all = digits.iter().all(u8::is_ascii_digit);
            all.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
        };
        let year = i32::try_from(number(&[a, b, c, d])?).ok()?;
        return NaiveDate::from_ymd_opt(year, number(&[e, f])?, number(&[g, h])?);
    }
    let year = text.split('-').next()?;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| year.len() == 4)
}

fn point_in_time(text: &str) -> bool {
    // Only what is as long as `2024-1-1 1:1:1` is worth a look.
    text.len() >= 14 && NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").is_ok()
}

/// `2024-01-31T12:00:00`, with a fraction, `Z` or an offset.
fn iso_point(text: &str) -> bool {
    if !text.contains('T') {
        return false;
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S"];
    let bare = text.strip_suffix('Z').unwrap_or(text);
    formats.iter().any(|format| NaiveDateTime::parse_from_str(bare, format).is_ok())
        || chrono::DateTime::parse_from_rfc3339(text).is_ok()
        || chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok()
}

/// A field as an engine reads it: empty for NULL, plain digits for a number.
pub fn plain(field: &str, kind: ColumnKind) -> String {
    if is_null(field) {
        return String::new();
    }
    match kind {
        ColumnKind::Integer | ColumnKind::BigInt => {
            let digits = plain_number(field).unwrap_or_else(|| field.to_string());
            whole_number(&digits).unwrap_or(digits)
        }
        ColumnKind::Number => plain_number(field).unwrap_or_else(|| field.to_string()),
        _ => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_get_the_first_type_that_fits() {
        let check = |fields: &[&str], expect: ColumnKind| {
            let mut inference = Inference::new(vec!["c".into()], &[]);
            fields.iter().for_each(|field| inference.look([*field].into_iter()));
            assert_eq!(inference.kinds(), [expect], "{fields:?}");
        };
        check(&["1", "-2", ""], ColumnKind::Integer);
        check(&["", "null"], ColumnKind::Integer);
        check(&["3000000000"], ColumnKind::BigInt);
        check(&["1.50", "2"], ColumnKind::Number);
        check(&["1.00", "1e3", "+5", "1.5e1"], ColumnKind::Integer);
        check(&["15e-1"], ColumnKind::Number);
        check(&["$1,000", "5%"], ColumnKind::Integer);
        check(&["2024-01-31", "NULL"], ColumnKind::Date);
        check(&["2024-01-31 10:00:00"], ColumnKind::DateTime);
        check(&["2024-01-31T10:00:00Z"], ColumnKind::DateTime);
        check(&["true", "FALSE"], ColumnKind::Boolean);
        check(&["1", "x"], ColumnKind::Text);
        check(&["01-02-2024"], ColumnKind::Text);
    }

    #[test]
    fn numbers_with_zeros_in_front_are_noticed() {
        let mut inference = Inference::new(["a", "b", "c", "d"].map(str::to_string).to_vec(), &["c".into()]);
        inference.look(["12", "007", "007", "0.5"].into_iter());
        inference.look(["0", "042", "1", "x"].into_iter());
        assert_eq!(inference.padded().collect::<Vec<_>>(), [("b", "007")]);
    }

    #[test]
    fn what_only_agate_reads_is_made_plain() {
        let mut inference = Inference::new(vec!["c".into()], &[]);
        inference.look(["1,000"].into_iter());
        assert!(inference.needs_plain_copy());
        assert_eq!(plain("-$1,000.5", ColumnKind::Number), "-1000.5");
        assert_eq!(plain("1,000", ColumnKind::Integer), "1000");
        assert_eq!(["1.0", "-1.5e2", "+7"].map(|it| plain(it, ColumnKind::Integer)), ["1", "-150", "7"]);
        assert_eq!(plain("Null", ColumnKind::Text), "");
    }
}
