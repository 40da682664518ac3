//! Cuts SQL text into statements.

use super::lexer::{Token, tokens};

/// The statements of a text, trimmed, without their semicolons. Comments stay with the statement that
/// they stand before; what holds nothing but comments and blanks is left out. A semicolon within
/// quotes, comments, parentheses or a `begin atomic ... end` body ends nothing.
pub fn statements(sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut speaks, mut nesting) = (0, false, Nesting::default());
    for token in tokens(sql).filter(Token::speaks) {
        if token.is_sign(";") && nesting.is_flat() {
            if speaks {
                found.push(sql[from..token.start].trim());
            }
            (from, speaks, nesting) = (token.end(), false, Nesting::default());
            continue;
        }
        nesting.step(&token);
        speaks = true;
    }
    if speaks {
        found.push(sql[from..].trim());
    }
    found
}

/// How deep in parentheses, and in the SQL body of a function, a token stands.
#[derive(Default)]
struct Nesting {
    parentheses: usize,
    /// `begin atomic` and the `case`s within it, each closed by an `end`.
    bodies: usize,
    after_begin: bool,
}

impl Nesting {
    fn is_flat(&self) -> bool {
        self.parentheses == 0 && self.bodies == 0
    }

    fn step(&mut self, token: &Token<'_>) {
        if token.is_sign("(") {
            self.parentheses += 1;
        } else if token.is_sign(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        } else if (self.after_begin && token.is_word("atomic")) || (self.bodies > 0 && token.is_word("case"))
        {
            self.bodies += 1;
        } else if token.is_word("end") {
            self.bodies = self.bodies.saturating_sub(1);
        }
        self.after_begin = token.is_word("begin");
    }
}

#[cfg(test)]
mod tests {
    use super::statements;

    fn check(sql: &str, expect: &[&str]) {
        assert_eq!(statements(sql), expect, "{sql}");
    }

    #[test]
    fn cuts_at_semicolons_that_end_something() {
        check("", &[]);
        check(" ; ;\n-- nothing\n;", &[]);
        check("select 1", &["select 1"]);
        check("select 1;", &["select 1"]);
        check("select 1; select 2 ;\n", &["select 1", "select 2"]);
        check("select ';' ; select $$;$$; select \";\"", &["select ';'", "select $$;$$", "select \";\""]);
        check("select 1 -- a;b\n; -- c;\nselect 2", &["select 1 -- a;b", "-- c;\nselect 2"]);
        check("select 1; -- the end", &["select 1"]);
        check("begin; select 1; commit", &["begin", "select 1", "commit"]);
        check(
            "create function f() begin atomic select case when true then 1 end; select 2; end; select 3",
            &["create function f() begin atomic select case when true then 1 end; select 2; end", "select 3"],
        );
    }
}
