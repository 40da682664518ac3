//! Two sets of rows beside each other, as people read them: `+++` is more than expected, `---` is missing,
//! `→` has other values, `...` stands for rows that are alike. The layout is that of dbt's unit tests.

use super::style::Tone;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The cells of a row; `None` is null.
pub type Row = Vec<Option<String>>;

/// So many pairs of rows are looked at in search of those that differ in a few cells only.
const PAIRS: usize = 250_000;

/// A line of the picture.
enum Line<'a> {
    Same(&'a Row),
    More(&'a Row),
    Missing(&'a Row),
    Changed(&'a Row, &'a Row),
}

/// The picture of what differs; `None` where nothing does. Both sides are sorted alike.
pub fn draw(names: &[String], expected: &[Row], actual: &[Row]) -> Option<String> {
    if expected == actual {
        return None;
    }
    let lines = lines(expected, actual);
    let mut cells = vec![header(names)];
    let mut gap = false;
    for (at, line) in lines.iter().enumerate() {
        let near = |n: usize| lines.get(n).is_some_and(|line| !matches!(line, Line::Same(_)));
        let shown = near(at) || near(at + 1) || at > 0 && near(at - 1);
        if !shown && !gap {
            cells.push(vec!["...".to_string(); names.len() + 1]);
        }
        gap = !shown;
        if shown {
            cells.push(line.cells());
        }
    }
    Some(format!("\n\nactual differs from expected:\n\n{}\n", aligned(&cells)))
}

/// The picture with its colours, as marks of `style`.
pub fn paint(drawn: &str) -> String {
    let title = "actual differs from expected:";
    let painted = format!("{} differs from {}:", Tone::Green.paint("actual"), Tone::Red.paint("expected"));
    drawn
        .lines()
        .map(|line| if line == title { painted.clone() } else { painted_line(line) })
        .fold(String::new(), |text, line| text + &line + "\n")
}

fn painted_line(line: &str) -> String {
    match line.split(',').next().map(str::trim_end) {
        Some("+++") => Tone::Green.paint(line),
        Some("---") => Tone::Red.paint(line),
        Some("@@") => Tone::Bold.paint(line),
        Some("→") => line.split(',').map(painted_cell).collect::<Vec<_>>().join(","),
        _ => line.to_string(),
    }
}

fn painted_cell(cell: &str) -> String {
    match cell.split_once('→') {
        Some((old, new)) if !old.is_empty() => {
            format!("{}{}{}", Tone::Red.paint(old), Tone::Blue.paint("→"), Tone::Green.paint(new))
        }
        _ => cell.to_string(),
    }
}

fn header(names: &[String]) -> Vec<String> {
    std::iter::once("@@".to_string()).chain(names.iter().map(|name| quoted(name.clone()))).collect()
}

fn lines<'a>(expected: &'a [Row], actual: &'a [Row]) -> Vec<Line<'a>> {
    let ops = capture_diff_slices(Algorithm::Myers, expected, actual);
    let pairs = pairs(&ops, expected, actual);
    let mut lines = Vec::new();
    for op in ops {
        if let DiffOp::Equal { new_index, len, .. } = op {
            lines.extend(actual[new_index..new_index + len].iter().map(Line::Same));
            continue;
        }
        for new in op.new_range() {
            let old = pairs.iter().find(|(_, paired)| *paired == new);
            lines.push(match old {
                Some((old, _)) => Line::Changed(&expected[*old], &actual[new]),
                None => Line::More(&actual[new]),
            });
        }
        let unpaired = op.old_range().filter(|old| !pairs.iter().any(|(paired, _)| paired == old));
        lines.extend(unpaired.map(|old| Line::Missing(&expected[old])));
    }
    lines
}

/// Rows that have cells in common are one row that changed; those with most in common find each other first.
fn pairs(ops: &[DiffOp], expected: &[Row], actual: &[Row]) -> Vec<(usize, usize)> {
    let changed = || ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let old: Vec<usize> = changed().flat_map(DiffOp::old_range).collect();
    let new: Vec<usize> = changed().flat_map(DiffOp::new_range).collect();
    if old.len().saturating_mul(new.len()) > PAIRS {
        return Vec::new();
    }
    let common = |o: usize, n: usize| expected[o].iter().zip(&actual[n]).filter(|(a, b)| a == b).count();
    let every = old.iter().flat_map(|o| new.iter().map(move |n| (*o, *n)));
    let mut every: Vec<(usize, (usize, usize))> =
        every.map(|(o, n)| (common(o, n), (o, n))).filter(|(common, _)| *common > 0).collect();
    every.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, (o, n)) in every {
        if !pairs.iter().any(|(old, new)| *old == o || *new == n) {
            pairs.push((o, n));
        }
    }
    pairs
}

impl Line<'_> {
    fn cells(&self) -> Vec<String> {
        let (sign, cells): (&str, Vec<String>) = match self {
            Line::Same(row) => ("", row.iter().map(shown).collect()),
            Line::More(row) => ("+++", row.iter().map(shown).collect()),
            Line::Missing(row) => ("---", row.iter().map(shown).collect()),
            Line::Changed(old, new) => ("→", old.iter().zip(*new).map(both).collect()),
        };
        std::iter::once(sign.to_string()).chain(cells.into_iter().map(quoted)).collect()
    }
}

fn shown(cell: &Option<String>) -> String {
    cell.clone().unwrap_or_else(|| "NULL".to_string())
}

fn both((old, new): (&Option<String>, &Option<String>)) -> String {
    if old == new { shown(new) } else { format!("{}→{}", shown(old), shown(new)) }
}

/// A cell that holds what parts cells stands in quotes.
fn quoted(cell: String) -> String {
    match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"").replace('\n', "\\n")),
        false => cell,
    }
}

/// Cells in columns; the last column is not filled up.
fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|at| wide(at).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let last = row.len().saturating_sub(1);
        let cell = |(at, cell): (usize, &String)| match at == last {
            true => cell.clone(),
            false => format!("{cell:width$}", width = widths[at]),
        };
        text += &row.iter().enumerate().map(cell).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Row> {
        let cell = |cell: &&str| Some(cell.to_string()).filter(|cell| cell != "NULL");
        rows.iter().map(|row| row.iter().map(cell).collect()).collect()
    }

    fn check(expected: &[&[&str]], actual: &[&[&str]], picture: &str) {
        let names = ["email".to_string(), "ok".to_string(), "n".to_string()];
        let drawn = draw(&names, &rows(expected), &rows(actual)).unwrap_or_default();
        let body = drawn.trim_start_matches("\n\nactual differs from expected:\n\n");
        assert_eq!(body, picture);
    }

    #[test]
    fn what_differs_is_seen() {
        check(&[&["a@x", "True", "1"]], &[&["a@x", "True", "1"]], "");
        check(
            &[&["a@x", "True", "1"], &["b@x", "False", "2"]],
            &[&["a@x", "False", "1"], &["b@x", "False", "2"]],
            "@@,email,ok        ,n\n→ ,a@x  ,True→False,1\n  ,b@x  ,False     ,2\n\n",
        );
        check(&[&["a@x", "True", "1"]], &[], "@@ ,email,ok  ,n\n---,a@x  ,True,1\n\n");
        check(&[&["a", "x", "1"]], &[&["b", "y", "2"]], "@@ ,email,ok,n\n+++,b    ,y ,2\n---,a    ,x ,1\n\n");
        check(&[&["a,b", "NULL", "1"]], &[&["a,b", "x", "1"]], "@@,email,ok    ,n\n→ ,\"a,b\",NULL→x,1\n\n");
    }

    #[test]
    fn rows_that_are_alike_are_passed_over() {
        let same: [&[&str]; 4] = [&["b", "x", "2"], &["c", "x", "3"], &["d", "x", "4"], &["e", "x", "5"]];
        let expected: Vec<&[&str]> = [&["a", "x", "1"][..]].into_iter().chain(same).collect();
        let actual: Vec<&[&str]> = [&["a", "y", "1"][..]].into_iter().chain(same).collect();
        check(&expected, &actual, "@@ ,email,ok ,n\n→  ,a    ,x→y,1\n   ,b    ,x  ,2\n...,...  ,...,...\n\n");
    }
}
