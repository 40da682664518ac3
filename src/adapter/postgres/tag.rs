//! The status line of a statement (`SELECT 100`, `CREATE VIEW`), as the server words it: the driver
//! passes only the count on, so the words are read from the statement.

use crate::adapter::AdapterResponse;
use crate::adapter::statements::Statement;

/// What dbt prints of a statement that succeeded with so many rows.
pub fn response(statement: &Statement<'_>, rows: u64) -> AdapterResponse {
    let (code, counted) = command(statement);
    let message = match (code.as_str(), counted) {
        ("INSERT", true) => format!("INSERT 0 {rows}"),
        (_, true) => format!("{code} {rows}"),
        (_, false) => code.clone(),
    };
    // psycopg2 gives -1 where the server counts nothing.
    let rows_affected = if counted { rows as i64 } else { -1 };
    AdapterResponse { message, code, rows_affected: Some(rows_affected) }
}

/// Can a statement return rows?
pub fn returns_rows(statement: &Statement<'_>) -> bool {
    match verb(statement).as_str() {
        "select" | "values" | "table" | "show" | "explain" | "execute" | "fetch" | "call" => true,
        "insert" | "update" | "delete" | "merge" => statement.says("returning"),
        _ => false,
    }
}

/// Does a statement want the client's own stream, which plain execution cannot give?
pub fn copies_through_client(statement: &Statement<'_>) -> bool {
    verb(statement) == "copy" && (statement.says("stdin") || statement.says("stdout"))
}

/// The statement's own word: behind `with`, the word of what follows the common table expressions.
fn verb(statement: &Statement<'_>) -> String {
    let mut words = statement.words();
    let Some((_, first)) = words.next() else { return String::new() };
    let first = first.to_ascii_lowercase();
    if first != "with" {
        return first;
    }
    let main = ["select", "insert", "update", "delete", "merge", "values", "table"];
    let found = words.find_map(|(depth, word)| {
        let word = word.to_ascii_lowercase();
        (depth == 0 && main.contains(&word.as_str())).then_some(word)
    });
    found.unwrap_or_else(|| "select".to_string())
}

/// The words of the status line, and whether a count follows them.
fn command(statement: &Statement<'_>) -> (String, bool) {
    let verb = verb(statement);
    let words = statement.leading(8);
    let second = words.get(1).map(String::as_str).unwrap_or_default();
    let plain = |text: &str| (text.to_string(), false);
    match verb.as_str() {
        "select" | "values" | "table" => ("SELECT".to_string(), true),
        "insert" | "update" | "delete" | "merge" | "copy" | "fetch" | "move" => (verb.to_uppercase(), true),
        "create" => created(statement, &words),
        "refresh" => plain("REFRESH MATERIALIZED VIEW"),
        "truncate" => plain("TRUNCATE TABLE"),
        "start" => plain("START TRANSACTION"),
        "end" => plain("COMMIT"),
        "abort" => plain("ROLLBACK"),
        "lock" => plain("LOCK TABLE"),
        "declare" => plain("DECLARE CURSOR"),
        "close" => plain("CLOSE CURSOR"),
        "analyse" => plain("ANALYZE"),
        "import" => plain("IMPORT FOREIGN SCHEMA"),
        "discard" => plain(&format!("DISCARD {}", second.to_uppercase())),
        "set" if second == "constraints" => plain("SET CONSTRAINTS"),
        "commit" | "rollback" | "prepare" if second == "prepared" || second == "transaction" => {
            plain(&if second == "prepared" { format!("{verb} prepared") } else { verb }.to_uppercase())
        }
        "alter" | "drop" => plain(&format!("{} {}", verb.to_uppercase(), object(&words[1..]))),
        _ => plain(&verb.to_uppercase()),
    }
}

/// `create table as` answers with the rows that it selected.
fn created(statement: &Statement<'_>, words: &[String]) -> (String, bool) {
    let kind = object(&words[1..]);
    let selects = match kind.as_str() {
        "TABLE" => statement.says("as"),
        "MATERIALIZED VIEW" => true,
        _ => false,
    };
    let top: Vec<_> = statement.words().filter(|(depth, _)| *depth == 0).map(|(_, word)| word).collect();
    let without_data = top.ends_with(&["with", "no", "data"]) || top.ends_with(&["WITH", "NO", "DATA"]);
    match selects && !(kind == "MATERIALIZED VIEW" && without_data) {
        true => ("SELECT".to_string(), true),
        false => (format!("CREATE {kind}"), false),
    }
}

/// The kind of object that the words behind create, alter or drop name.
fn object(words: &[String]) -> String {
    let passed = [
        "or",
        "replace",
        "temp",
        "temporary",
        "unlogged",
        "global",
        "local",
        "unique",
        "recursive",
        "trusted",
        "procedural",
        "constraint",
        "default",
    ];
    let long = [
        "materialized view",
        "foreign table",
        "foreign data",
        "event trigger",
        "access method",
        "text search",
        "user mapping",
        "operator class",
        "operator family",
        "default privileges",
    ];
    let mut words = words.iter().map(String::as_str).peekable();
    let rest: Vec<&str> = if words.peek() == Some(&"default") {
        words.collect()
    } else {
        words.skip_while(|word| passed.contains(word)).collect()
    };
    let two = rest.get(..2).map(|pair| pair.join(" ")).unwrap_or_default();
    let third = rest.get(2).copied().unwrap_or_default();
    let name = match two.as_str() {
        "foreign data" => "foreign data wrapper".to_string(),
        "text search" => format!("text search {third}"),
        _ if long.contains(&two.as_str()) => two,
        _ => match rest.first().copied() {
            Some("user" | "group") => "role".to_string(),
            Some(word) => word.to_string(),
            None => String::new(),
        },
    };
    name.to_uppercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::adapter::statements::split;

    fn check(sql: &str, expect: &str) {
        assert_eq!(response(split(sql).last().unwrap(), 7).message, expect, "{sql}");
    }

    #[test]
    fn status_lines_are_the_servers() {
        check("/* {\"app\": 1} */ select 1", "SELECT 7");
        check("(select 1) union select 2", "SELECT 7");
        check("insert into x values (1)", "INSERT 0 7");
        check("with a as (select 1), b as (delete from x returning 1) insert into y select 1", "INSERT 0 7");
        check("create temporary table \"a as b\" as (select 1)", "SELECT 7");
        check("create table x (id int generated always as identity)", "CREATE TABLE");
        check("create or replace view v as select 1", "CREATE VIEW");
        check("create materialized view if not exists v as select 1", "SELECT 7");
        check("create materialized view v as select 1 with no data", "CREATE MATERIALIZED VIEW");
        check("create unique index concurrently i on x (a)", "CREATE INDEX");
        check("drop table if exists x cascade", "DROP TABLE");
        check("alter table x rename to y", "ALTER TABLE");
        check("merge into x using y on true when matched then delete", "MERGE 7");
        check("truncate x", "TRUNCATE TABLE");
        check("begin; commit;", "COMMIT");
        check("comment on table x is 'y'", "COMMENT");
        check("alter default privileges grant select on tables to x", "ALTER DEFAULT PRIVILEGES");
        check("create user x", "CREATE ROLE");
    }

    #[test]
    fn rows_are_expected_where_they_can_come() {
        let check = |sql: &str, expect| assert_eq!(returns_rows(&split(sql)[0]), expect, "{sql}");
        check("with a as (select 1) select * from a", true);
        check("update x set a = 1 returning a", true);
        check("update x set a = (select b returning)", false);
        check("create table x as select 1", false);
    }
}
