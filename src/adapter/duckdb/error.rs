//! DuckDB's faults: its own words, its line, and a code by which callers decide.

use crate::error::{Error, Location};
use std::path::Path;

/// A fault of a statement.
pub fn of_statement(error: &duckdb::Error) -> Error {
    let message = text(error);
    let told = Error::database(message.trim_end()).with_code(code(&message));
    match line_and_column(&message) {
        Some((line, column)) => told.located(Location { path: String::new(), line: Some(line), column }),
        None => told,
    }
}

/// DuckDB's sentence.
pub fn text(error: &duckdb::Error) -> String {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

/// `conflict` where another transaction was faster and a second try may work, PostgreSQL's own `57014` for a
/// cancelled statement and `42601` for one that is no SQL, else DuckDB's word for the family: `Catalog`, `IO`.
fn code(message: &str) -> String {
    let family = message.split_once(" Error:").map_or("", |(family, _)| family);
    match family {
        "TransactionContext" | "Transaction" if is_conflict(message) => "conflict".to_string(),
        "INTERRUPT" => "57014".to_string(),
        "Parser" => "42601".to_string(),
        _ if message.contains("write-write conflict") => "conflict".to_string(),
        family if family.len() <= 30 => family.to_string(),
        _ => String::new(),
    }
}

fn is_conflict(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["conflict", "another transaction", "has been altered", "failed to commit"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Python's name of a fault's family, by which a profile's `retries` name it: `IOException`.
pub fn exception(error: &Error) -> String {
    match error.code() {
        Some("conflict") => "TransactionException".to_string(),
        Some("57014") => "InterruptException".to_string(),
        Some("42601") => "ParserException".to_string(),
        Some("held") => "IOException".to_string(),
        code => format!("{}Exception", code.unwrap_or_default()),
    }
}

/// The last `LINE 2: ...` and the caret below it.
fn line_and_column(message: &str) -> Option<(usize, Option<usize>)> {
    let at = message.rfind("LINE ")?;
    let mut lines = message[at..].lines();
    let drawn = lines.next()?;
    let (number, _) = drawn.strip_prefix("LINE ")?.split_once(": ")?;
    let shown = number.len() + "LINE : ".len();
    let caret = lines.next()?.find('^')?;
    let cut = drawn[shown..].starts_with("...");
    // A line that is cut at its left does not tell its columns.
    let column = if cut { None } else { caret.checked_sub(shown).map(|column| column + 1) };
    Some((number.parse().ok()?, column))
}

/// What helps where the write-ahead log is damaged.
const LOG: &str = "the log holds what was committed last: bring both files back from a copy; with the log moved \
    elsewhere the database opens without that";

/// A log that DuckDB did not write: it would pass over it in silence, and remove it.
pub fn foreign_log(log: &Path) -> Error {
    Error::database(format!("`{}` is damaged: it does not begin as a log of DuckDB's", log.display()))
        .help(LOG)
}

/// The database file could not be opened.
pub fn of_opening(error: &duckdb::Error, path: Option<&Path>) -> Error {
    let message = text(error);
    let file = path.map_or_else(|| ":memory:".to_string(), |path| path.display().to_string());
    if message.contains("Could not set lock") {
        return Error::database(format!("the database file `{file}` is in use: {}", holder(&message)))
            .with_code("held")
            .help(
                "DuckDB lets one process write to a file: end that one, or wait for it with `--wait SECONDS`",
            );
    }
    let told = Error::database(format!("the database `{file}` cannot be opened: {}", message.trim_end()))
        .with_code(code(&message));
    if message.contains("is an existing extension") {
        return fetched(told);
    }
    if message.contains("WAL file") {
        return told.help(LOG);
    }
    if message.contains("options were not recognized") {
        return told.help("mend `config_options` in the profile");
    }
    match path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        Some(folder) if !folder.to_string_lossy().contains(':') => {
            told.help(format!("create the folder `{}`, or mend `path` in the profile", folder.display()))
        }
        _ => told.help("name another file under `path` in the profile, or move this one away"),
    }
}

/// A fault with its help, where DuckDB wanted an extension that is not on this machine.
pub fn fetched(told: Error) -> Error {
    if !told.message().contains("is an existing extension") {
        return told;
    }
    told.help(
        "DuckDB reads this kind of database by an extension, which is fetched once: run where the network \
         allows it, or put its file into `~/.duckdb/extensions` (`extension_directory` among `config_options`)",
    )
}

/// `a lock is held by /usr/bin/x (PID 12)`, as DuckDB tells it.
fn holder(message: &str) -> String {
    match message.find("is held in ").map(|at| &message[at + "is held in ".len()..]) {
        Some(rest) => {
            let end = rest.find(')').map_or(rest.len(), |at| at + 1);
            format!("the lock is held by {}", &rest[..end])
        }
        None => message.trim_end().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_from_the_message() {
        let check = |message: &str, expect| assert_eq!(line_and_column(message), expect);
        check("Catalog Error: no\n\nLINE 2: from x\n             ^", Some((2, Some(6))));
        check("Catalog Error: no", None);
        check("Parser Error: no\n\nLINE 12: ...abc\n            ^", Some((12, None)));
    }

    #[test]
    fn faults_have_codes() {
        let check = |message: &str, expect: &str| assert_eq!(code(message), expect);
        check("TransactionContext Error: Conflict on update!", "conflict");
        check("TransactionContext Error: cannot commit - no transaction is active", "TransactionContext");
        check("Catalog Error: Table with name x does not exist!", "Catalog");
        check("INTERRUPT Error: Interrupted!", "57014");
        check("Parser Error: syntax error at or near \")\"", "42601");
    }

    #[test]
    fn the_holder_of_a_lock_is_named() {
        let message = "IO Error: Could not set lock on file \"/x\": Conflicting lock is held in \
                       /usr/bin/python3 (PID 12) by user root. See also";
        assert_eq!(holder(message), "the lock is held by /usr/bin/python3 (PID 12)");
    }
}
