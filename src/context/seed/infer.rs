//! The types of a CSV file's columns, as dbt's agate reader finds them: the first of number, date,
//! datetime, ISO datetime, boolean that every value fits, else text.

use super::fields::{
    day, few_decimals, few_digits, is_boolean, is_null, is_padded, iso_point, may_be_null, plain_number,
    point_in_time, whole_number,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers of up to 32 bits.
    Integer,
    /// Whole numbers beyond 32 bits (dbt fails there; a wider type holds them).
    BigInt,
    /// Whole numbers beyond 64 bits, of up to 38 digits, which every engine's decimals keep.
    WideInt,
    /// Numbers with a fraction, or longer ones.
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
            ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::WideInt | ColumnKind::Number => "Number",
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
            ColumnKind::WideInt => "wide_integer",
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
    /// A NULL is written in a way that only agate reads: `null`, blanks.
    odd_null: bool,
    /// A number is: `1,000`, `5%`.
    odd_number: bool,
    /// A whole number is written as a fraction or a power: `1.0`, `1e3`.
    dotted: bool,
    /// The first value with a zero in front that a number loses: `007`.
    zeros: Option<String>,
    /// The first value with more digits than a float keeps.
    digits: Option<String>,
}

/// All columns of a file while it is read.
#[derive(Debug, Clone)]
pub struct Inference {
    columns: Vec<Candidate>,
    /// A row was too short for the header, or a blank line.
    filled: bool,
    /// Bytes of the longest row, without its quotes.
    longest: usize,
}

impl Inference {
    /// Columns of these names; those in `typed` are text.
    pub fn new(names: Vec<String>, typed: &[String]) -> Self {
        let fresh = |name: String| {
            let open = !typed.contains(&name);
            let (number, date, datetime, iso, boolean) = (open, open, open, open, open);
            let (fraction, largest, dotted, zeros, digits) = (false, 0, false, None, None);
            let (odd_null, odd_number) = (false, false);
            Candidate {
                name,
                number,
                fraction,
                largest,
                date,
                datetime,
                iso,
                boolean,
                odd_null,
                odd_number,
                dotted,
                zeros,
                digits,
            }
        };
        Inference { columns: names.into_iter().map(fresh).collect(), filled: false, longest: 0 }
    }

    /// Takes a row's fields into account.
    fn look<'a>(&mut self, row: impl Iterator<Item = &'a str>) {
        self.columns.iter_mut().zip(row).for_each(|(column, field)| column.look(field));
    }

    /// Takes a row into account as the file has it; none where it has more fields than there are columns.
    pub fn look_at_row(&mut self, row: &csv::StringRecord) -> Option<()> {
        self.filled |= row.len() < self.columns.len();
        self.longest = self.longest.max(row.as_slice().len() + row.len());
        self.look(row.iter());
        (row.len() <= self.columns.len()).then_some(())
    }

    /// Was a row filled up with fields that the file does not have?
    pub fn note_filled(&mut self, filled: bool) {
        self.filled |= filled;
    }

    /// Takes the rows into account that were looked at elsewhere and stand behind these.
    pub fn join(&mut self, later: &Inference) {
        self.columns.iter_mut().zip(&later.columns).for_each(|(column, later)| column.join(later));
        self.filled |= later.filled;
        self.longest = self.longest.max(later.longest);
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

    /// Columns that become floats, and the first of their values that loses digits.
    pub fn rounded(&self) -> impl Iterator<Item = (&str, &str)> {
        let floats = self.columns.iter().filter(|column| column.kind() == ColumnKind::Number);
        floats.filter_map(|column| Some((column.name.as_str(), column.digits.as_deref()?)))
    }

    /// Bytes of the longest row, with its delimiters, without its quotes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Does the file hold what only agate reads?
    pub fn needs_plain_copy(&self) -> bool {
        self.filled || self.columns.iter().any(Candidate::needs_plain_copy)
    }
}

impl Candidate {
    fn look(&mut self, field: &str) {
        if self.is_settled() && !may_be_null(field) {
            return;
        }
        if is_null(field) {
            self.odd_null |= !field.is_empty();
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

    fn join(&mut self, later: &Candidate) {
        self.number &= later.number;
        self.fraction |= later.fraction;
        self.largest = self.largest.max(later.largest);
        self.date &= later.date;
        self.datetime &= later.datetime;
        self.iso &= later.iso;
        self.boolean &= later.boolean;
        self.odd_null |= later.odd_null;
        self.odd_number |= later.odd_number;
        self.dotted |= later.dotted;
        if self.zeros.is_none() {
            self.zeros.clone_from(&later.zeros);
        }
        if self.digits.is_none() {
            self.digits.clone_from(&later.digits);
        }
    }

    fn needs_plain_copy(&self) -> bool {
        let whole = matches!(self.kind(), ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::WideInt);
        self.odd_null || self.number && self.odd_number || whole && self.dotted
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
        if let Some(whole) = few_decimals(field) {
            (self.largest, self.fraction) = (self.largest.max(whole.into()), true);
            return;
        }
        let plain = plain_number(field);
        match &plain {
            None => self.number = false,
            // Beyond all floats: one engine would refuse it, the other keep an infinity.
            Some(digits) if digits.parse::<f64>().is_ok_and(f64::is_infinite) => self.number = false,
            Some(digits) => {
                if self.digits.is_none() && significant(digits) > FLOAT_DIGITS {
                    self.digits = Some(field.to_string());
                }
                let spelled_out = whole_number(digits);
                let written = spelled_out.as_deref().unwrap_or(digits).trim_start_matches('-');
                let whole = written.split('.').next().unwrap_or_default();
                self.fraction |= spelled_out.is_none();
                self.largest = self.largest.max(whole.parse::<u128>().unwrap_or(u128::MAX));
                self.odd_number |= digits != field;
                self.dotted |= spelled_out.is_some_and(|it| it != *digits);
            }
        }
    }

    fn kind(&self) -> ColumnKind {
        match self {
            it if it.number && it.fraction => ColumnKind::Number,
            it if it.number && it.largest >= WIDEST => ColumnKind::Number,
            it if it.number && it.largest > i64::MAX as u128 => ColumnKind::WideInt,
            it if it.number && it.largest > i32::MAX as u128 => ColumnKind::BigInt,
            it if it.number => ColumnKind::Integer,
            it if it.date => ColumnKind::Date,
            it if it.datetime || it.iso => ColumnKind::DateTime,
            it if it.boolean => ColumnKind::Boolean,
            _ => ColumnKind::Text,
        }
    }
}

/// The first whole number of more than 38 digits.
const WIDEST: u128 = 10_u128.pow(38);

/// The decimal digits that every float keeps.
const FLOAT_DIGITS: usize = 17;

/// How many digits of a plain number mean something.
fn significant(digits: &str) -> usize {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
    let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    all.trim_matches('0').len()
}

/// A field as an engine reads it: empty for NULL, plain digits for a number.
pub fn plain(field: &str, kind: ColumnKind) -> String {
    if is_null(field) {
        return String::new();
    }
    match kind {
        ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::WideInt => {
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
        check(&["9223372036854775808", "-99999999999999999999999999999999999999"], ColumnKind::WideInt);
        check(&["100000000000000000000000000000000000000"], ColumnKind::Number);
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
