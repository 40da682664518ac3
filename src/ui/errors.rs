//! Draws faults: dbt's first lines, then the place, the source line with a caret, the chain of macros and
//! the ways to mend it.
//!
//! ```text
//! Compilation Error in model a (models/a.sql)
//!   `reff` is not a function
//!      --> models/a.sql:12:15
//!       |
//!    12 | select * from {{ reff('x') }}
//!       |                  ^^^^
//!   in macro `shop.total` (macros/total.sql:3)
//!   help: did you mean `ref`?
//! ```

use super::style::Tone;
use crate::error::Error;

/// The widest excerpt; longer lines are cut around the caret.
const EXCERPT: usize = 100;

/// Draws a fault and all that were found with it, parted by empty lines; colours as marks of `style`.
pub fn draw(error: &Error) -> String {
    let all: Vec<String> = error.iter().map(draw_one).collect();
    match all.len() {
        1 => all.concat(),
        n => format!("{}\n\n{}", all.join("\n\n"), Tone::Bold.paint(format!("{n} faults were found."))),
    }
}

fn draw_one(error: &Error) -> String {
    let mut lines = vec![header(error)];
    lines.extend(error.message().lines().map(|line| format!("  {line}").trim_end().to_string()));
    lines.extend(place(error));
    lines.extend(error.trace().iter().map(|frame| format!("  {frame}")));
    for help in error.helps() {
        lines.push(format!("  {} {}", Tone::Green.paint("help:"), help.replace('\n', "\n        ")));
    }
    lines.join("\n")
}

fn header(error: &Error) -> String {
    let family = error.kind().header();
    match error.subject() {
        Some(subject) => format!("{family} in {subject}"),
        None => family.to_string(),
    }
}

/// `--> path:line:column`, and the line itself where it is known.
fn place(error: &Error) -> Vec<String> {
    let Some(location) = error.location() else { return Vec::new() };
    let number = location.line.map(|n| n.to_string()).unwrap_or_default();
    let gutter = " ".repeat(number.len().max(2) + 2);
    let mut lines: Vec<_> = location
        .is_in_file()
        .then(|| format!("{gutter}{} {location}", Tone::Blue.paint("-->")))
        .into_iter()
        .collect();
    if let (Some(text), Some(_)) = (error.source_line(), location.line) {
        let bar = Tone::Blue.paint("|");
        let (shown, caret) = excerpt(text, location.column);
        let numbered = format!("{number:>width$}", width = gutter.len());
        lines.push(format!("{gutter} {bar}"));
        lines.push(format!("{} {bar} {shown}", Tone::Blue.paint(numbered)));
        if let Some((indent, length)) = caret {
            let carets = Tone::Red.paint("^".repeat(length));
            lines.push(format!("{gutter} {bar} {}{carets}", " ".repeat(indent)));
        }
    }
    lines
}

/// The line as it is shown, with where its caret stands and how long it is, in columns of the terminal.
fn excerpt(line: &str, column: Option<usize>) -> (String, Option<(usize, usize)>) {
    let line: Vec<char> = line.trim_end().chars().collect();
    let at = column.map(|c| c.saturating_sub(1).min(line.len()));
    let start = match at {
        Some(at) if line.len() > EXCERPT => at.saturating_sub(EXCERPT / 2),
        _ => 0,
    };
    let end = line.len().min(start + EXCERPT);
    let (before, after) = (if start > 0 { "..." } else { "" }, if end < line.len() { "..." } else { "" });
    let shown: String = line[start..end].iter().map(|c| seen(*c)).collect::<String>().replace('\t', "    ");
    let caret = at.map(|at| {
        let indent = before.len() + line[start..at].iter().map(|c| columns(*c)).sum::<usize>();
        (indent, word_length(&line[at..]))
    });
    (format!("{before}{shown}{after}"), caret)
}

/// A character as one sign: what a terminal would obey is drawn as something unknown.
fn seen(c: char) -> char {
    if c.is_control() && c != '\t' { '\u{fffd}' } else { c }
}

/// How far the caret reaches: over the word it stands on, at least one column.
fn word_length(rest: &[char]) -> usize {
    rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count().max(1)
}

/// Columns that a character takes: four for a tab, two for wide ones, as terminals draw them.
fn columns(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' => 0,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' => 2,
        '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{1F300}'..='\u{1FAFF}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ui::style::plain;

    fn check(error: Error, expect: &str) {
        assert_eq!(plain(&draw(&error)), expect);
    }

    #[test]
    fn a_fault_with_all_it_can_have() {
        let error = Error::compilation("`reff` is not a function")
            .at("models/a.sql", 2, 18)
            .with_source("select 1\nselect * from {{ reff('x') }}\n")
            .about("model a (models/a.sql)")
            .in_macro("in macro `shop.total` (macros/total.sql:3)")
            .help("did you mean `ref`?");
        check(
            error,
            "Compilation Error in model a (models/a.sql)\n  `reff` is not a function\n    --> models/a.sql:2:18\n     |\n   2 | select * from {{ reff('x') }}\n     |                  ^^^^\n  in macro `shop.total` (macros/total.sql:3)\n  help: did you mean `ref`?",
        );
    }

    #[test]
    fn faults_without_a_place_or_many_at_once() {
        check(Error::runtime("no\nhope"), "Runtime Error\n  no\n  hope");
        let all = Error::all(vec![Error::parsing("a").at("x.yml", 3, 1), Error::parsing("b")]).unwrap();
        let nowhere = Error::database("no such table").at("", 5, 2);
        check(nowhere, "Database Error\n  no such table");
        check(all, "Parsing Error\n  a\n    --> x.yml:3:1\n\nParsing Error\n  b\n\n2 faults were found.");
    }

    #[test]
    fn carets_count_columns_of_the_terminal() {
        assert_eq!(excerpt("\tab\tcd", Some(5)), ("    ab    cd".into(), Some((10, 2))));
        assert_eq!(excerpt("日本 x", Some(4)), ("日本 x".into(), Some((5, 1))));
        assert_eq!(excerpt("a\u{1b}\0b", Some(4)), ("a\u{fffd}\u{fffd}b".into(), Some((3, 1))));
        assert_eq!(excerpt("ab", Some(9)), ("ab".into(), Some((2, 1))));
        let long = "x".repeat(300);
        let (shown, caret) = excerpt(&long, Some(200));
        assert_eq!((shown.len(), caret.unwrap().0), (106, 53));
    }
}
