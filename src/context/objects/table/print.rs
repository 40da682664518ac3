//! A table as text, in the layout of agate's `print_table`.

use super::{TableObject, value_cell_text};

/// Columns wider than this are cut, as in agate.
const WIDEST: usize = 20;
/// No more columns than this are shown, as in agate.
const COLUMNS: usize = 6;
/// No more rows than this are shown, as in agate.
const ROWS: usize = 20;

/// The table with a frame of bars; numbers stand to the right.
pub fn print_table(table: &TableObject) -> String {
    let shown = table.names.len().min(COLUMNS);
    let cut = |text: String| match text.chars().count() > WIDEST {
        true => text.chars().take(WIDEST.saturating_sub(3)).collect::<String>() + "...",
        false => text,
    };
    let mut lines: Vec<Vec<String>> = vec![table.names.iter().take(shown).cloned().map(cut).collect()];
    for row in table.rows.iter().take(ROWS) {
        lines
            .push(row.iter().take(shown).map(|cell| cut(value_cell_text(cell).replace('\n', " "))).collect());
    }
    let more_columns = table.names.len() > shown;
    if more_columns {
        lines.iter_mut().for_each(|line| line.push("...".to_string()));
    }
    if table.rows.len() > ROWS {
        lines.push(vec!["...".to_string(); shown + usize::from(more_columns)]);
    }
    draw(table, &lines)
}

fn draw(table: &TableObject, lines: &[Vec<String>]) -> String {
    let count = lines[0].len();
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let right = |at: usize| table.kinds.get(at).is_some_and(|kind| matches!(*kind, "Integer" | "Number"));
    let cell = |at: usize, text: &str| {
        let pad = " ".repeat(widths[at] - text.chars().count());
        if right(at) { format!("{pad}{text}") } else { format!("{text}{pad}") }
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
