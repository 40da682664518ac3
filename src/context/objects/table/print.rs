//! A table as text: `print_table` in agate's layout, CSV and JSON.

use super::{TableObject, value_cell_text};
use crate::jinja::value::{Outcome, decimal, dict, list, write_json};
use minijinja::Value;
use rust_decimal::{Decimal, RoundingStrategy};

/// How much of a table is shown; `None` is all of it.
pub struct Shown {
    /// Rows.
    pub rows: Option<usize>,
    /// Columns.
    pub columns: Option<usize>,
    /// Characters of one column.
    pub width: Option<usize>,
    /// Digits behind the point.
    pub precision: Option<u32>,
}

impl Default for Shown {
    fn default() -> Self {
        Shown { rows: Some(20), columns: Some(6), width: Some(20), precision: Some(3) }
    }
}

/// The table with a frame of bars: text stands to the left, all else to the right.
pub fn print_table(table: &TableObject, shown: &Shown) -> String {
    let columns = shown.columns.unwrap_or(usize::MAX).min(table.names.len());
    let rows = shown.rows.unwrap_or(usize::MAX).min(table.rows.len());
    let cells: Vec<Vec<String>> = (0..columns).map(|at| texts(table, at, rows, shown)).collect();
    let more = columns < table.names.len();
    let line = |cell: &dyn Fn(usize) -> String| {
        let mut line: Vec<String> = (0..columns).map(cell).collect();
        line.extend(more.then(|| "...".to_string()));
        line
    };
    let mut lines = vec![line(&|at| cut(table.names[at].clone(), shown))];
    lines.extend((0..rows).map(|row| line(&|at| cells[at][row].clone())));
    draw(table, lines, rows < table.rows.len())
}

fn cut(text: String, shown: &Shown) -> String {
    match shown.width {
        Some(width) if text.chars().count() > width => {
            text.chars().take(width.saturating_sub(3)).collect::<String>() + "..."
        }
        _ => text,
    }
}

/// The texts of a column. Numbers share the digits behind the point that the longest one needs.
fn texts(table: &TableObject, at: usize, rows: usize, shown: &Shown) -> Vec<String> {
    let cells = || table.rows.iter().take(rows).map(|row| &row[at]);
    let places = cells().filter_map(decimal::of).map(|number| number.normalize().scale()).max().unwrap_or(0);
    let limit = shown.precision.unwrap_or(places);
    let text = |cell: &Value| match decimal::of(cell) {
        Some(number) if table.kinds[at] == "Number" => {
            grouped(number, places.min(limit)) + if places > limit { "…" } else { "" }
        }
        _ => value_cell_text(cell),
    };
    cells().map(|cell| cut(text(cell), shown)).collect()
}

/// `1,234.50`.
fn grouped(number: Decimal, places: u32) -> String {
    let mut rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(places);
    let text = rounded.abs().to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::from(if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    fraction.map_or(out.clone(), |fraction| out + "." + fraction)
}

fn draw(table: &TableObject, mut lines: Vec<Vec<String>>, cut_off: bool) -> String {
    let count = lines[0].len();
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    if cut_off {
        lines.push(vec!["...".to_string(); count]);
    }
    let cell = |at: usize, text: &str| {
        let pad = " ".repeat(widths[at].saturating_sub(text.chars().count()));
        if table.kinds[at] == "Text" { format!("{text}{pad}") } else { format!("{pad}{text}") }
    };
    let row = |line: &Vec<String>| {
        let cells: Vec<String> = line.iter().enumerate().map(|(at, text)| cell(at, text)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
    let mut drawn = vec![row(&lines[0]), format!("| {} |", rule.join(" | "))];
    drawn.extend(lines[1..].iter().map(row));
    drawn.join("\n") + "\n"
}

/// The names and types of the columns: what a table itself prints.
pub fn structure(table: &TableObject) -> String {
    let rows = table.names.iter().zip(table.kinds.iter());
    let rows = rows.map(|(name, kind)| vec![Value::from(name.as_str()), Value::from(*kind)]).collect();
    pairs(["column", "data_type"], rows)
}

/// A table of two columns of text.
pub fn pairs(names: [&str; 2], rows: Vec<Vec<Value>>) -> String {
    let names = names.iter().map(ToString::to_string).collect();
    let table = TableObject::new(names, vec!["Text", "Text"], rows);
    print_table(&table, &Shown { width: None, ..Shown::default() })
}

/// The table as JSON: a list of records, with decimals as numbers.
pub fn json(table: &TableObject) -> Outcome {
    let plain = |cell: &Value, kind: &str| match decimal::to_float(cell) {
        Some(number) => Value::from(number),
        None if cell.is_none() => cell.clone(),
        None if matches!(kind, "Date" | "DateTime") => Value::from(value_cell_text(cell).replace(' ', "T")),
        None => cell.clone(),
    };
    let record = |row: &Vec<Value>| {
        let cells = table.names.iter().zip(row).zip(table.kinds.iter());
        dict(cells.map(|((name, cell), kind)| (Value::from(name.as_str()), plain(cell, kind))).collect())
    };
    write_json(&list(table.rows.iter().map(record).collect()), false, None).map(Value::from)
}

/// The table as CSV, with a header.
pub fn csv(table: &TableObject) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut wrote = writer.write_record(table.names.iter()).is_ok();
    for row in table.rows.iter() {
        wrote &= writer.write_record(row.iter().map(value_cell_text)).is_ok();
    }
    let bytes = if wrote { writer.into_inner().unwrap_or_default() } else { Vec::new() };
    String::from_utf8_lossy(&bytes).into_owned()
}
