//! Puts the query comment on a statement.

use crate::error::{Error, Result};

/// Where the query comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CommentPlace {
    /// On a line of its own before the statement.
    #[default]
    Before,
    /// On a line of its own behind it, before its last semicolon.
    After,
}

/// A statement with its comment, which may be empty: then the statement stays as it is.
///
/// # Errors
/// A comment that holds `*/` would end itself.
pub fn with_comment(sql: &str, comment: &str, place: CommentPlace) -> Result<String> {
    if comment.contains("*/") {
        return Err(Error::runtime(format!("query comment contains illegal value \"*/\": {comment}"))
            .help("change `query-comment` in dbt_project.yml"));
    }
    if comment.is_empty() {
        return Ok(sql.to_string());
    }
    let comment = comment.trim();
    if place == CommentPlace::Before {
        return Ok(format!("/* {comment} */\n{sql}"));
    }
    let sql = sql.trim_end();
    Ok(match sql.strip_suffix(';') {
        Some(body) => format!("{body}\n/* {comment} */;"),
        None => format!("{sql}\n/* {comment} */"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{CommentPlace, with_comment};

    fn check(sql: &str, comment: &str, place: CommentPlace, expect: &str) {
        assert_eq!(with_comment(sql, comment, place).unwrap(), expect);
    }

    #[test]
    fn stands_before_or_behind() {
        use CommentPlace::{After, Before};
        check("select 1", " by me ", Before, "/* by me */\nselect 1");
        check("select 1;  \n", "by me", After, "select 1\n/* by me */;");
        check("select 1", "by me", After, "select 1\n/* by me */");
        check("select 1 ", "", After, "select 1 ");
        assert!(with_comment("select 1", "a */ drop table x; /*", Before).is_err());
    }
}
