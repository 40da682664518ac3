//! PostgreSQL's text form of values, read into cells by the type's object id.

use crate::adapter::Cell;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use tokio_postgres::types::{Kind, Type};

/// One value as the server wrote it. What does not fit its cell (an infinite date, a year before
/// Christ) stays text.
pub fn cell(text: &str, of: &Type) -> Cell {
    read(text, of).unwrap_or_else(|| Cell::Text(text.to_string()))
}

fn read(text: &str, of: &Type) -> Option<Cell> {
    if let Kind::Array(item) = of.kind() {
        return array(text, item);
    }
    if let Kind::Domain(base) = of.kind() {
        return read(text, base);
    }
    Some(match *of {
        Type::BOOL => Cell::Bool(text == "t"),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => Cell::Int(text.parse().ok()?),
        Type::FLOAT4 | Type::FLOAT8 => Cell::Float(text.parse().ok()?),
        Type::NUMERIC => Cell::Decimal(text.to_string()),
        Type::DATE => Cell::Date(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?),
        Type::TIME => Cell::Time(NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()?),
        Type::TIMESTAMP => Cell::Timestamp(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?),
        Type::TIMESTAMPTZ => {
            Cell::TimestampTz(DateTime::parse_from_str(&offset(text), "%Y-%m-%d %H:%M:%S%.f%z").ok()?)
        }
        Type::INTERVAL => interval(text)?,
        Type::BYTEA => Cell::Bytes(hex::decode(text.strip_prefix("\\x")?).ok()?),
        Type::JSON | Type::JSONB => Cell::Json(text.to_string()),
        _ => return None,
    })
}

/// `+02` becomes `+0200`, which chrono reads.
fn offset(text: &str) -> String {
    match text.len().checked_sub(3).map(|at| text.as_bytes()[at]) {
        Some(b'+' | b'-') => format!("{text}00"),
        _ => text.to_string(),
    }
}

/// `1 year 2 mons -3 days 04:05:06.5`.
fn interval(text: &str) -> Option<Cell> {
    let (mut months, mut days, mut micros) = (0i32, 0i32, 0i64);
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        if word.contains(':') {
            micros = clock(word)?;
            continue;
        }
        let count: i32 = word.parse().ok()?;
        match words.next()?.trim_end_matches('s') {
            "year" => months += count.checked_mul(12)?,
            "mon" => months += count,
            "day" => days += count,
            _ => return None,
        }
    }
    Some(Cell::Interval(months, days, micros))
}

fn clock(word: &str) -> Option<i64> {
    let negative = word.starts_with('-');
    let parts: Vec<&str> = word.trim_start_matches(['-', '+']).split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let whole = |digits: &str| digits.parse::<i64>().ok();
    let (hours, minutes, seconds) = (whole(hours)?, whole(minutes)?, whole(seconds)?);
    let fraction = whole(&format!("{fraction:0<6}"))?;
    let total = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction;
    Some(if negative { -total } else { total })
}

/// `{1,NULL,"a,b"}`, `{{1},{2}}`, with or without bounds before it.
fn array(text: &str, item: &Type) -> Option<Cell> {
    let text = if text.starts_with('[') { text.split_once('=')?.1 } else { text };
    let separator = if *item == Type::BOX { ';' } else { ',' };
    let mut letters = text.chars().peekable();
    let found = items(&mut letters, item, separator)?;
    letters.next().is_none().then_some(Cell::List(found))
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn items(letters: &mut Letters<'_>, item: &Type, separator: char) -> Option<Vec<Cell>> {
    if letters.next()? != '{' {
        return None;
    }
    let mut found = Vec::new();
    if letters.next_if_eq(&'}').is_some() {
        return Some(found);
    }
    loop {
        found.push(match letters.peek()? {
            '{' => Cell::List(items(letters, item, separator)?),
            '"' => cell(&quoted(letters)?, item),
            _ => match bare(letters, separator).as_str() {
                "NULL" => Cell::Null,
                text => cell(text, item),
            },
        });
        match letters.next()? {
            '}' => return Some(found),
            letter if letter == separator => {}
            _ => return None,
        }
    }
}

fn quoted(letters: &mut Letters<'_>) -> Option<String> {
    letters.next();
    let mut text = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(text),
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
}

fn bare(letters: &mut Letters<'_>, separator: char) -> String {
    let mut text = String::new();
    while let Some(letter) = letters.next_if(|l| *l != separator && *l != '}') {
        text.push(letter);
    }
    text
}

/// psycopg2's name for a type that `format_type` named; a type that it does not know keeps its own.
pub fn family(type_name: &str) -> String {
    let (name, array) = match type_name.strip_suffix("[]") {
        Some(item) => (item, "ARRAY"),
        None => (type_name, ""),
    };
    let bare = match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) => format!("{}{}", &name[..open], &name[close + 1..]),
        _ => name.to_string(),
    };
    let family = match bare.as_str() {
        "boolean" => "BOOLEAN",
        "smallint" | "integer" => "INTEGER",
        "bigint" => "LONGINTEGER",
        "real" | "double precision" => "FLOAT",
        "numeric" => "DECIMAL",
        "text" | "character varying" | "character" | "name" | "\"char\"" => "STRING",
        "date" => "DATE",
        "time without time zone" | "time with time zone" => "TIME",
        "timestamp without time zone" => "DATETIME",
        "timestamp with time zone" => "DATETIMETZ",
        "interval" => "INTERVAL",
        "bytea" => "BINARY",
        "json" => "JSON",
        "jsonb" => "JSONB",
        _ => return type_name.to_string(),
    };
    format!("{family}{array}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, of: Type, expect: &str) {
        assert_eq!(format!("{:?}", cell(text, &of)), expect);
    }

    #[test]
    fn values_become_cells() {
        check("t", Type::BOOL, "Bool(true)");
        check("-7", Type::INT8, "Int(-7)");
        check("1.50", Type::NUMERIC, "Decimal(\"1.50\")");
        check("-Infinity", Type::FLOAT8, "Float(-inf)");
        check("2023-07-11", Type::DATE, "Date(2023-07-11)");
        check("infinity", Type::DATE, "Text(\"infinity\")");
        check("2023-07-11 10:00:00.5", Type::TIMESTAMP, "Timestamp(2023-07-11T10:00:00.500)");
        check("2023-07-11 10:00:00+02", Type::TIMESTAMPTZ, "TimestampTz(2023-07-11T10:00:00+02:00)");
        check("2023-07-11 10:00:00-03:30", Type::TIMESTAMPTZ, "TimestampTz(2023-07-11T10:00:00-03:30)");
        check("\\x00ff", Type::BYTEA, "Bytes([0, 255])");
        check("1 year 2 mons -3 days -04:05:06.5", Type::INTERVAL, "Interval(14, -3, -14706500000)");
        check("00:00:01", Type::INTERVAL, "Interval(0, 0, 1000000)");
        check("{\"a\": 1}", Type::JSONB, "Json(\"{\\\"a\\\": 1}\")");
    }

    #[test]
    fn arrays_become_lists() {
        check("{1,NULL,3}", Type::INT4_ARRAY, "List([Int(1), Null, Int(3)])");
        check("[0:1]={1,2}", Type::INT4_ARRAY, "List([Int(1), Int(2)])");
        check(
            "{{a,\"b,\\\"c\"},{}}",
            Type::TEXT_ARRAY,
            "List([List([Text(\"a\"), Text(\"b,\\\"c\")]), List([])])",
        );
        check("{}", Type::TEXT_ARRAY, "List([])");
    }

    #[test]
    fn types_have_families() {
        let check = |name, expect: &str| assert_eq!(family(name), expect);
        check("character varying(10)", "STRING");
        check("timestamp(3) without time zone", "DATETIME");
        check("integer[]", "INTEGERARRAY");
        check("uuid", "uuid");
    }
}
