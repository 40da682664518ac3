//! Rows as an engine returns them: typed cells under named columns.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

/// One value. Numbers keep the engine's digits.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// SQL NULL.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A wider integer.
    BigInt(i128),
    /// A binary floating point number.
    Float(f64),
    /// A decimal, digit by digit as the engine prints it.
    Decimal(String),
    /// Text, and every type without a cell of its own.
    Text(String),
    /// A calendar day.
    Date(NaiveDate),
    /// A time of day.
    Time(NaiveTime),
    /// A point in time without a zone.
    Timestamp(NaiveDateTime),
    /// A point in time with an offset.
    TimestampTz(DateTime<FixedOffset>),
    /// A span of time: whole months, whole days, microseconds.
    Interval(i32, i32, i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list or array.
    List(Vec<Cell>),
    /// A struct or map: names and values.
    Struct(Vec<(String, Cell)>),
    /// A JSON document, as its text.
    Json(String),
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name as the engine gives it.
    pub name: String,
    /// The engine's name of its type (`integer`, `VARCHAR`), where known.
    pub type_name: String,
}

/// A result in memory.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, left to right.
    pub columns: Vec<TableColumn>,
    /// The rows; each has one cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The first cell of the first row.
    pub fn scalar(&self) -> Option<&Cell> {
        self.rows.first()?.first()
    }

    /// Where a column stands.
    pub fn index_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }
}

impl Cell {
    /// The number as an `i64`, where it is one (counts come as decimals from some engines).
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Cell::Int(n) => Some(*n),
            Cell::BigInt(n) => i64::try_from(*n).ok(),
            Cell::Bool(b) => Some(*b as i64),
            Cell::Float(x) if x.fract() == 0.0 => Some(*x as i64),
            Cell::Decimal(text) => text.parse::<f64>().ok().filter(|x| x.fract() == 0.0).map(|x| x as i64),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Cell::Text(text) | Cell::Json(text) | Cell::Decimal(text) => Some(text),
            _ => None,
        }
    }

    /// Truth as engines spell it: a boolean, or its word.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Cell::Bool(b) => Some(*b),
            Cell::Int(n) => Some(*n != 0),
            Cell::Text(text) => match text.to_ascii_lowercase().as_str() {
                "t" | "true" | "1" => Some(true),
                "f" | "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}
