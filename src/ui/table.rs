//! Rows as `show` and `seed --show` print them: `| id | name |` over `| -- | ---- |`, or JSON objects.

use crate::adapter::{Cell, Table};
use serde_json::{Map, Value as Json};

/// How much of a table is printed.
pub struct Limits {
    /// Rows; none means all.
    pub rows: Option<usize>,
    /// Columns; none means all.
    pub columns: Option<usize>,
    /// Characters of a cell.
    pub width: usize,
    /// Decimal places of a number.
    pub places: usize,
}

impl Limits {
    /// `show`: every row, six columns.
    pub const SHOW: Limits = Limits { rows: None, columns: Some(6), width: 20, places: 3 };
    /// `seed --show`: ten rows, every column.
    pub const SEED: Limits = Limits { rows: Some(10), columns: None, width: 20, places: 3 };
    /// `print_table()` in Jinja.
    pub const PRINT: Limits = Limits { rows: Some(20), columns: Some(6), width: 20, places: 3 };
}

/// The table as text; every line ends with a line end.
pub fn text(table: &Table, limits: &Limits) -> String {
    let columns = limits.columns.unwrap_or(usize::MAX).min(table.columns.len());
    let rows = limits.rows.unwrap_or(usize::MAX).min(table.rows.len());
    let mut drawn: Vec<Column> = (0..columns).map(|at| Column::of(table, at, rows, limits)).collect();
    if columns < table.columns.len() {
        let cells = vec!["...".to_string(); rows];
        drawn.push(Column { name: "...".into(), cells, left: true });
    }
    let widths: Vec<usize> = drawn.iter().map(Column::width).collect();
    let line = |cell: &dyn Fn(&Column) -> String| {
        let cells = drawn.iter().zip(&widths).map(|(c, width)| c.justify(cell(c), *width));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut out = line(&|c| c.name.clone());
    let rule = widths.iter().map(|w| "-".repeat(*w)).collect::<Vec<_>>().join(" | ");
    out += &format!("| {rule} |\n");
    for row in 0..rows {
        out += &line(&|c| c.cells.get(row).cloned().unwrap_or_default());
    }
    if rows < table.rows.len() {
        out += &line(&|_| "...".into());
    }
    out
}

/// The rows as a JSON list of objects, with the names of the columns as keys.
pub fn rows(table: &Table) -> Json {
    let row = |cells: &Vec<Cell>| {
        let pairs = table.columns.iter().zip(cells).map(|(c, cell)| (c.name.clone(), json(cell)));
        Json::Object(pairs.collect::<Map<_, _>>())
    };
    Json::Array(table.rows.iter().map(row).collect())
}

/// A column ready to be printed.
struct Column {
    name: String,
    cells: Vec<String>,
    left: bool,
}

impl Column {
    fn of(table: &Table, at: usize, rows: usize, limits: &Limits) -> Column {
        let cells: Vec<&Cell> = table.rows.iter().take(rows).filter_map(|row| row.get(at)).collect();
        let places = cells.iter().filter_map(|cell| decimal_places(cell)).max().unwrap_or(0);
        let shown = cells.iter().map(|cell| match number(cell) {
            Some(value) => grouped(value, places.min(limits.places), places > limits.places),
            None => words(cell),
        });
        let cells_text = shown.map(|text| cut(&text, limits.width)).collect();
        let name = table.columns.get(at).map(|c| cut(&c.name, limits.width)).unwrap_or_default();
        Column { name, cells: cells_text, left: cells.iter().any(|cell| is_text(cell)) }
    }

    fn width(&self) -> usize {
        let longest = self.cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        longest.max(self.name.chars().count())
    }

    fn justify(&self, cell: String, width: usize) -> String {
        if self.left { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    text.chars().take(width.saturating_sub(3)).collect::<String>() + "..."
}

/// Text is set to the left, everything else to the right.
fn is_text(cell: &Cell) -> bool {
    use Cell::*;
    matches!(cell, Text(_) | Time(_) | Interval(..) | Bytes(_) | List(_) | Struct(_) | Json(_))
}

/// The value of numbers that are printed with a fixed count of places: decimals and floats.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Float(x) if x.is_finite() => Some(*x),
        Cell::Decimal(text) => text.parse().ok(),
        _ => None,
    }
}

fn decimal_places(cell: &Cell) -> Option<usize> {
    let text = match cell {
        Cell::Float(x) if x.is_finite() => format!("{x}"),
        Cell::Decimal(text) => text.clone(),
        _ => return None,
    };
    let places = text.split_once('.').map(|(_, places)| places.trim_end_matches('0').len());
    Some(places.unwrap_or(0))
}

/// `12,345.600`, with `…` where places were left out.
fn grouped(value: f64, places: usize, more: bool) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out = format!("{out}.{fraction}");
    }
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{out}{}", if more { "…" } else { "" })
}

/// A cell in words, as Python writes the value.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(true) => "True".into(),
        Cell::Bool(false) => "False".into(),
        Cell::Timestamp(t) => t.format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        Cell::TimestampTz(t) => t.format("%Y-%m-%d %H:%M:%S%.f%:z").to_string(),
        other => match json(other) {
            Json::String(text) => text,
            value => value.to_string(),
        },
    }
}

/// A cell as JSON: numbers and booleans as such, times in ISO form, lists and structs as their JSON text.
fn json(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Bool(b) => (*b).into(),
        Cell::Int(n) => (*n).into(),
        Cell::BigInt(n) => i64::try_from(*n).map_or_else(|_| n.to_string().into(), Json::from),
        Cell::Float(x) => (*x).into(),
        Cell::Decimal(text) => text.parse::<f64>().map_or_else(|_| text.as_str().into(), Json::from),
        Cell::Text(text) | Cell::Json(text) => text.as_str().into(),
        Cell::Date(d) => d.to_string().into(),
        Cell::Time(t) => t.format("%H:%M:%S%.f").to_string().into(),
        Cell::Timestamp(t) => t.format("%Y-%m-%dT%H:%M:%S%.f").to_string().into(),
        Cell::TimestampTz(t) => t.format("%Y-%m-%dT%H:%M:%S%.f%:z").to_string().into(),
        Cell::Interval(months, days, micros) => interval(*months, *days, *micros).into(),
        Cell::Bytes(bytes) => hex::encode(bytes).into(),
        Cell::List(_) | Cell::Struct(_) => spaced(&nested(cell)).into(),
    }
}

fn nested(cell: &Cell) -> Json {
    match cell {
        Cell::List(cells) => Json::Array(cells.iter().map(nested).collect()),
        Cell::Struct(fields) => {
            Json::Object(fields.iter().map(|(name, cell)| (name.clone(), nested(cell))).collect())
        }
        other => json(other),
    }
}

/// JSON text with a blank after commas and colons, as Python writes it.
fn spaced(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let pairs = fields.iter().map(|(key, v)| format!("{}: {}", Json::from(key.as_str()), spaced(v)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn interval(months: i32, days: i32, micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let clock = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(months, "mon"), (days, "day")].into_iter().filter(|(n, _)| *n != 0);
    let mut words: Vec<String> = parts.map(|(n, unit)| super::style::plural(n as usize, unit)).collect();
    words.push(clock);
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::TableColumn;

    fn table(columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
        let column = |name: &&str| TableColumn { name: name.to_string(), type_name: String::new() };
        Table { columns: columns.iter().map(column).collect(), rows }
    }

    #[test]
    fn numbers_to_the_right_text_to_the_left() {
        let rows = vec![
            vec![Cell::Int(10_000_000), Cell::Float(1.23456), Cell::Text("x".into()), Cell::Bool(true)],
            vec![Cell::Int(5), Cell::Decimal("12345.60".into()), Cell::Null, Cell::Bool(false)],
        ];
        let expect = "\
|        g |           h | name |     b |
| -------- | ----------- | ---- | ----- |
| 10000000 |      1.235… | x    |  True |
|        5 | 12,345.600… |      | False |
";
        assert_eq!(text(&table(&["g", "h", "name", "b"], rows), &Limits::SHOW), expect);
    }

    #[test]
    fn what_is_too_much_is_cut() {
        let wide = vec![vec![Cell::Text("a long long text over 20 chars".into()); 7]];
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let drawn = text(&table(&names, wide), &Limits::SHOW);
        assert!(drawn.lines().nth(2).is_some_and(|l| l.starts_with("| a long long text ... | ")));
        assert!(drawn.lines().all(|l| l.ends_with("... |") || l.ends_with("--- |")), "{drawn}");
        let many = table(&["a"], vec![vec![Cell::Int(1)]; 12]);
        assert_eq!(text(&many, &Limits::SEED).lines().count(), 13);
    }

    #[test]
    fn rows_as_json() {
        let list = Cell::List(vec![Cell::Int(1), Cell::Int(2)]);
        let one = table(&["i", "l", "n"], vec![vec![Cell::Decimal("1.50".into()), list, Cell::Null]]);
        assert_eq!(rows(&one).to_string(), r#"[{"i":1.5,"l":"[1, 2]","n":null}]"#);
    }
}
