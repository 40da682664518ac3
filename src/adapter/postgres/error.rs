//! PostgreSQL's faults in the words that psql and dbt show: message, `LINE n:` with a caret, DETAIL, HINT.

use crate::error::{Error, ErrorKind, Location};
use tokio_postgres::error::{DbError, ErrorPosition};

/// The widest line that is drawn before it is cut, as libpq does.
const DRAWN: usize = 60;

/// Servers before 15 do not know the word.
const WITHOUT_MERGE: &str =
    "`merge` needs PostgreSQL 15: set `incremental_strategy: delete+insert`, which every version has";

/// A fault of a statement. `sql` is the text as it was sent; `before` what stood before it in the
/// caller's text, so that lines count from the caller's first.
pub fn of_statement(error: &tokio_postgres::Error, before: &str, sql: &str) -> Error {
    match error.as_db_error() {
        Some(fault) => of_server(fault, before, sql),
        None => lost(error),
    }
}

fn of_server(fault: &DbError, before: &str, sql: &str) -> Error {
    let whole = format!("{before}{sql}");
    let position = match fault.position() {
        Some(ErrorPosition::Original(at)) => Some(*at as usize + before.chars().count()),
        _ => None,
    };
    let mut message = fault.message().to_string();
    let place = position.and_then(|at| line_and_column(&whole, at));
    if let Some((line, column)) = place {
        message += &draw(&whole, line, column);
    }
    let mut add = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            message += &format!("\n{name}:  {text}");
        }
    };
    if let Some(ErrorPosition::Internal { query, .. }) = fault.position() {
        add("QUERY", Some(query));
    }
    add("DETAIL", fault.detail());
    add("HINT", fault.hint());
    add("CONTEXT", fault.where_());
    let code = if lost_a_race(fault) { "conflict" } else { fault.code().code() };
    let unknown_merge = fault.message().eq_ignore_ascii_case("syntax error at or near \"merge\"");
    let error = Error::database(message).with_code(code);
    let error = help_of(fault).into_iter().fold(error, Error::help);
    let error = if unknown_merge { error.help(WITHOUT_MERGE) } else { error };
    match place {
        Some((line, column)) => error.located(Location::at("", line, column)),
        None => error,
    }
}

/// What the server's own words leave open.
fn help_of(fault: &DbError) -> Option<&'static str> {
    match fault.code().code() {
        "25006" => Some(
            "the server is a standby, or the role or the database is set to read only: build on the primary, or see `default_transaction_read_only`",
        ),
        "42501" if fault.message().starts_with("must be owner of") => Some(
            "PostgreSQL lets only its owner replace a relation: make the profile's user (or its `role`) a member of the owner",
        ),
        _ => None,
    }
}

/// Did another transaction take the name that the server chose for a new table's array type? It chooses
/// another one the next time. Or did it drop what the catalog still named a moment ago?
fn lost_a_race(fault: &DbError) -> bool {
    let gone = ["could not open relation with OID", "cache lookup failed for"];
    fault.constraint() == Some("pg_type_typname_nsp_index")
        || fault.code().code() == "XX000" && gone.iter().any(|sign| fault.message().starts_with(sign))
}

/// The connection broke.
pub fn lost(error: &tokio_postgres::Error) -> Error {
    Error::database(format!("the connection to PostgreSQL was lost: {}", cause(error)))
        .with_code("08006")
        .help("the server may have been restarted or have ended the session: run it again")
}

/// A session that is used after it was lost.
pub fn closed() -> Error {
    Error::database("the connection to PostgreSQL was lost").with_code("08003")
}

/// A server that does not answer, not even to the request to stop.
pub fn silent() -> Error {
    Error::database("PostgreSQL was asked to stop the statement and does not answer: it was left to itself")
        .with_code("08006")
        .help("the server ends a statement whose client is gone by itself, within some ten seconds")
}

/// A commit whose answer never came: whether it was done is not known.
pub fn in_doubt(error: Error) -> Error {
    match error.code() {
        Some("08006" | "08003") => error
            .with_message(
                "the connection to PostgreSQL was lost during the commit: whether it was done is not known",
            )
            .with_code("08007"),
        _ => error,
    }
}

/// The innermost reason.
pub fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// A character's place, both from 1.
fn line_and_column(text: &str, position: usize) -> Option<(usize, usize)> {
    let (mut line, mut column) = (1, 1);
    for letter in text.chars().take(position.checked_sub(1)?) {
        (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    Some((line, column))
}

/// `LINE 3: select x` and a caret below, a long line cut around the caret.
fn draw(text: &str, line: usize, column: usize) -> String {
    let letters: Vec<char> = text.lines().nth(line - 1).unwrap_or_default().chars().collect();
    let (mut start, mut end) = (0, letters.len());
    if end > DRAWN {
        start = (column - 1).saturating_sub(DRAWN - 10).min(end - DRAWN);
        end = (start + DRAWN).min(end);
    }
    let visible: String = letters[start..end].iter().map(|c| if *c == '\t' { ' ' } else { *c }).collect();
    let (head, tail) = (if start > 0 { "..." } else { "" }, if end < letters.len() { "..." } else { "" });
    let label = format!("LINE {line}: {head}");
    let indent = label.chars().count() + (column - 1).saturating_sub(start);
    format!("\n{label}{visible}{tail}\n{}^", " ".repeat(indent))
}

/// Is this fault of the kind that passes: the server starts up, is full, or was not reached?
pub fn may_pass(error: &Error) -> bool {
    error.code().is_none_or(|code| code.starts_with("08") || code == "57P03" || code == "53300")
        && error.kind() == ErrorKind::Database
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_at_fault_is_drawn() {
        let check = |sql: &str, position, expect: &str| {
            let (line, column) = line_and_column(sql, position).unwrap_or((0, 0));
            assert_eq!(draw(sql, line, column), expect);
        };
        check("select *\nfrom é.x", 15, "\nLINE 2: from é.x\n             ^");
        let long = format!("select {} from x", "a".repeat(100));
        let cut = format!("\nLINE 1: ...{} from x\n{}^", "a".repeat(53), " ".repeat(70));
        check(&long, 114, &cut);
    }
}
