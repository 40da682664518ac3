//! DuckDB's values, read from its Arrow columns into cells with DuckDB's own types at hand, since Arrow
//! does not tell a HUGEINT from a DECIMAL, nor JSON from text.

use crate::adapter::Cell;
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, Offset, TimeZone};
use duckdb::arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};
use duckdb::arrow::datatypes::{
    DataType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, IntervalUnit, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use duckdb::arrow::util::display::array_value_to_string;
use duckdb::core::{LogicalTypeHandle, LogicalTypeId};

/// A DuckDB type and those within it.
pub struct Shape {
    id: LogicalTypeId,
    /// The type as DDL names it.
    pub name: String,
    children: Vec<Shape>,
}

impl Shape {
    /// Reads a result column's type.
    pub fn of(handle: &LogicalTypeHandle) -> Self {
        let id = handle.id();
        let children: Vec<Shape> =
            (0..handle.num_children()).map(|at| Shape::of(&handle.child(at))).collect();
        let name = match handle.get_alias().filter(|alias| !alias.is_empty()) {
            Some(alias) => alias,
            None => named(handle, &children),
        };
        Shape { id, name, children }
    }

    fn child(&self, at: usize) -> Option<&Shape> {
        self.children.get(at)
    }
}

fn named(handle: &LogicalTypeHandle, children: &[Shape]) -> String {
    use LogicalTypeId as Id;
    let child = |at: usize| children.get(at).map_or("", |child| &child.name);
    let fields = || {
        let each = |(at, child): (usize, &Shape)| {
            format!("{} {}", crate::relation::quote_identifier(&handle.child_name(at)), child.name)
        };
        children.iter().enumerate().map(each).collect::<Vec<_>>().join(", ")
    };
    match handle.id() {
        Id::Decimal => format!("DECIMAL({},{})", handle.decimal_width(), handle.decimal_scale()),
        Id::List | Id::Array => format!("{}[]", child(0)),
        Id::Map => format!("MAP({}, {})", child(0), child(1)),
        Id::Struct => format!("STRUCT({})", fields()),
        Id::Union => format!("UNION({})", fields()),
        Id::TimestampTZ => "TIMESTAMP WITH TIME ZONE".to_string(),
        Id::TimeTZ => "TIME WITH TIME ZONE".to_string(),
        Id::TimestampS => "TIMESTAMP_S".to_string(),
        Id::TimestampMs => "TIMESTAMP_MS".to_string(),
        Id::TimestampNs => "TIMESTAMP_NS".to_string(),
        Id::SqlNull => "NULL".to_string(),
        other => format!("{other:?}").to_uppercase(),
    }
}

/// One value. What has no cell of its own, or lies beyond its range, becomes text.
pub fn cell(array: &ArrayRef, row: usize, shape: Option<&Shape>) -> Cell {
    if array.is_null(row) || *array.data_type() == DataType::Null {
        return Cell::Null;
    }
    read(array, row, shape)
        .unwrap_or_else(|| Cell::Text(array_value_to_string(array, row).unwrap_or_default()))
}

macro_rules! value {
    ($array:expr, $row:expr, $of:ty) => {
        $array.as_primitive_opt::<$of>()?.value($row)
    };
}

fn read(array: &ArrayRef, row: usize, shape: Option<&Shape>) -> Option<Cell> {
    Some(match array.data_type() {
        DataType::Boolean => Cell::Bool(array.as_boolean_opt()?.value(row)),
        DataType::Int8 => Cell::Int(value!(array, row, Int8Type).into()),
        DataType::Int16 => Cell::Int(value!(array, row, Int16Type).into()),
        DataType::Int32 => Cell::Int(value!(array, row, Int32Type).into()),
        DataType::Int64 => Cell::Int(value!(array, row, Int64Type)),
        DataType::UInt8 => Cell::Int(value!(array, row, UInt8Type).into()),
        DataType::UInt16 => Cell::Int(value!(array, row, UInt16Type).into()),
        DataType::UInt32 => Cell::Int(value!(array, row, UInt32Type).into()),
        DataType::UInt64 => wide(value!(array, row, UInt64Type).into()),
        DataType::Float32 => Cell::Float(value!(array, row, Float32Type).into()),
        DataType::Float64 => Cell::Float(value!(array, row, Float64Type)),
        DataType::Decimal128(_, _) => decimal(array.as_any().downcast_ref()?, row, shape),
        DataType::Utf8 => text(array.as_string_opt::<i32>()?.value(row), shape),
        DataType::LargeUtf8 => text(array.as_string_opt::<i64>()?.value(row), shape),
        DataType::Binary => bytes(array.as_binary_opt::<i32>()?.value(row), shape),
        DataType::LargeBinary => bytes(array.as_binary_opt::<i64>()?.value(row), shape),
        DataType::Date32 => date(value!(array, row, Date32Type))?,
        DataType::Time64(TimeUnit::Microsecond) => time(value!(array, row, Time64MicrosecondType), 1_000)?,
        DataType::Time64(TimeUnit::Nanosecond) => time(value!(array, row, Time64NanosecondType), 1)?,
        DataType::Timestamp(unit, zone) => timestamp(array, row, (unit, zone.as_deref()))?,
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let span = value!(array, row, IntervalMonthDayNanoType);
            Cell::Interval(span.months, span.days, span.nanoseconds / 1_000)
        }
        DataType::List(_) => list(&array.as_list_opt::<i32>()?.value(row), shape),
        DataType::LargeList(_) => list(&array.as_list_opt::<i64>()?.value(row), shape),
        DataType::FixedSizeList(_, _) => list(&array.as_fixed_size_list_opt()?.value(row), shape),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary_opt()?;
            cell(dictionary.values(), *dictionary.normalized_keys().get(row)?, None)
        }
        DataType::Struct(fields) => {
            let columns = array.as_struct_opt()?.columns().iter().zip(fields).enumerate();
            let each = columns.map(|(at, (column, field))| {
                (field.name().clone(), cell(column, row, shape.and_then(|s| s.child(at))))
            });
            Cell::Struct(each.collect())
        }
        DataType::Map(_, _) => map(array, row, shape)?,
        DataType::Union(_, _) => {
            let union = array.as_union_opt()?;
            let (tag, at) = (union.type_id(row), union.value_offset(row));
            cell(union.child(tag), at, shape.and_then(|s| s.child(tag as usize)))
        }
        _ => return None,
    })
}

fn wide(number: i128) -> Cell {
    i64::try_from(number).map_or(Cell::BigInt(number), Cell::Int)
}

fn decimal(array: &Decimal128Array, row: usize, shape: Option<&Shape>) -> Cell {
    match shape.map(|shape| shape.id) {
        Some(LogicalTypeId::Hugeint) => wide(array.value(row)),
        Some(LogicalTypeId::UHugeint) => {
            let number = array.value(row) as u128;
            i128::try_from(number).map_or_else(|_| Cell::Decimal(number.to_string()), wide)
        }
        _ => Cell::Decimal(array.value_as_string(row)),
    }
}

fn text(text: &str, shape: Option<&Shape>) -> Cell {
    match shape {
        Some(shape) if shape.name == "JSON" => Cell::Json(text.to_string()),
        _ => Cell::Text(text.to_string()),
    }
}

/// A BIT string comes as bytes: the number of padding bits, then the bits behind them.
fn bytes(bytes: &[u8], shape: Option<&Shape>) -> Cell {
    match (shape.map(|shape| shape.id), bytes) {
        (Some(LogicalTypeId::Bit), [padding, bits @ ..]) => {
            let bits: String = bits.iter().map(|byte| format!("{byte:08b}")).collect();
            Cell::Text(bits.get(usize::from(*padding)..).unwrap_or_default().to_string())
        }
        _ => Cell::Bytes(bytes.to_vec()),
    }
}

fn date(days: i32) -> Option<Cell> {
    let epoch = NaiveDate::default();
    let shift = Days::new(days.unsigned_abs().into());
    let day = if days < 0 { epoch.checked_sub_days(shift) } else { epoch.checked_add_days(shift) };
    day.map(Cell::Date).or_else(|| infinite(days.into(), i32::MAX.into()))
}

/// DuckDB's `infinity` is the largest number.
fn infinite(number: i64, largest: i64) -> Option<Cell> {
    let word = if number == largest {
        "infinity"
    } else if number == -largest {
        "-infinity"
    } else {
        return None;
    };
    Some(Cell::Text(word.to_string()))
}

fn time(units: i64, nanos_each: i64) -> Option<Cell> {
    let nanos = units.checked_mul(nanos_each)?;
    let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds.try_into().ok()?, rest.try_into().ok()?);
    time.map(Cell::Time)
}

fn timestamp(array: &ArrayRef, row: usize, (unit, zone): (&TimeUnit, Option<&str>)) -> Option<Cell> {
    let number = match unit {
        TimeUnit::Second => value!(array, row, TimestampSecondType),
        TimeUnit::Millisecond => value!(array, row, TimestampMillisecondType),
        TimeUnit::Microsecond => value!(array, row, TimestampMicrosecondType),
        TimeUnit::Nanosecond => value!(array, row, TimestampNanosecondType),
    };
    if let Some(word) = infinite(number, i64::MAX) {
        return Some(word);
    }
    let instant = match unit {
        TimeUnit::Second => DateTime::from_timestamp(number, 0),
        TimeUnit::Millisecond => DateTime::from_timestamp_millis(number),
        TimeUnit::Microsecond => DateTime::from_timestamp_micros(number),
        TimeUnit::Nanosecond => Some(DateTime::from_timestamp_nanos(number)),
    }?;
    Some(match zone {
        None => Cell::Timestamp(instant.naive_utc()),
        Some(zone) => Cell::TimestampTz(instant.with_timezone(&offset(zone, instant.naive_utc()))),
    })
}

/// The session's time zone, by name or by offset, at an instant.
fn offset(zone: &str, at: chrono::NaiveDateTime) -> FixedOffset {
    if let Ok(zone) = zone.parse::<chrono_tz::Tz>() {
        return zone.offset_from_utc_datetime(&at).fix();
    }
    zone.parse().unwrap_or_else(|_| chrono::Utc.fix())
}

fn list(items: &ArrayRef, shape: Option<&Shape>) -> Cell {
    let of = shape.and_then(|shape| shape.child(0));
    Cell::List((0..items.len()).map(|at| cell(items, at, of)).collect())
}

fn map(array: &ArrayRef, row: usize, shape: Option<&Shape>) -> Option<Cell> {
    let entries = array.as_map_opt()?.value(row);
    let (keys, values) = (entries.column(0), entries.column(1));
    let key = |at: usize| match cell(keys, at, shape.and_then(|s| s.child(0))) {
        Cell::Text(text) => text,
        _ => array_value_to_string(keys, at).unwrap_or_default(),
    };
    let of = shape.and_then(|shape| shape.child(1));
    Some(Cell::Struct((0..entries.len()).map(|at| (key(at), cell(values, at, of))).collect()))
}
