//! Writes ephemeral models into their readers, as common table expressions.

use super::lexer::{Token, tokens};

/// The name of an ephemeral model's CTE: `__dbt__cte__` and the model's identifier.
pub fn ephemeral_name(identifier: &str) -> String {
    format!("__dbt__cte__{identifier}")
}

/// One CTE as it stands in a `with` list and in manifest.json's `extra_ctes`, leading blank included.
pub fn cte_text(name: &str, query: &str) -> String {
    format!(" {name} as (\n{query}\n)")
}

/// Puts CTEs (name, SQL) in front of a query, in order. The text has dbt's shape to the blank
/// (`inject_ctes_into_sql`): a `with` before the first word or comment where the query has none; else
/// behind its `with` or `with recursive`, before its own CTEs.
///
/// dbt cuts off all but the first statement and trips over a comment before `recursive` and over
/// `with ordinality`; here such text stays whole and right.
pub fn inject_ctes(sql: &str, ctes: &[(String, String)]) -> String {
    if ctes.is_empty() {
        return sql.to_string();
    }
    let written = ctes.iter().map(|(name, query)| cte_text(name, query));
    let written = written.collect::<Vec<_>>().join(", ");
    match own_with(sql) {
        Some(at) => format!("{}{written}, {}", &sql[..at], &sql[at..]),
        None => {
            let blank = sql.len() - sql.trim_start().len();
            format!("{}with{written} {}", &sql[..blank], &sql[blank..])
        }
    }
}

/// Behind a query's own `with [recursive]` and the blanks that follow; `None` where it has none.
fn own_with(sql: &str) -> Option<usize> {
    let mut spoken = tokens(sql).filter(Token::speaks);
    let with = spoken.next().filter(|token| token.is_word("with"))?;
    let head = spoken.next().filter(|token| token.is_word("recursive")).unwrap_or(with);
    let rest = &sql[head.end()..];
    Some(sql.len() - rest.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::inject_ctes;

    /// Expectations are what dbt Core 1.11 makes of the same input; `A` and `B` stand for the CTEs.
    fn check(sql: &str, expect: &str) {
        let ctes = [("__dbt__cte__a", "select 1"), ("__dbt__cte__b", "select 2")];
        let ctes = ctes.map(|(name, sql)| (name.to_string(), sql.to_string()));
        let made = inject_ctes(sql, &ctes)
            .replace("__dbt__cte__a as (\nselect 1\n)", "A")
            .replace("__dbt__cte__b as (\nselect 2\n)", "B");
        assert_eq!(made, expect, "{sql}");
    }

    #[test]
    fn puts_ctes_where_dbt_puts_them() {
        for (sql, expect) in [
            ("select * from a", "with A,  B select * from a"),
            ("\n\n  select * from a", "\n\n  with A,  B select * from a"),
            ("-- hi\nselect 1", "with A,  B -- hi\nselect 1"),
            ("/* with */ select 1", "with A,  B /* with */ select 1"),
            ("with x as (select 1) select * from x", "with  A,  B, x as (select 1) select * from x"),
            ("  WITH x as (select 1) select 1", "  WITH  A,  B, x as (select 1) select 1"),
            ("With Recursive r as (select 1) select 1", "With Recursive  A,  B, r as (select 1) select 1"),
            (
                "with\nrecursive\nr as (select 1) select 1",
                "with\nrecursive\n A,  B, r as (select 1) select 1",
            ),
            (
                "-- with me\nwith x as (select 1) select 1",
                "-- with me\nwith  A,  B, x as (select 1) select 1",
            ),
            (
                "/* a */ -- b\n with/*c*/ x as (select 1) select 1",
                "/* a */ -- b\n with A,  B, /*c*/ x as (select 1) select 1",
            ),
            ("select 'with' as a", "with A,  B select 'with' as a"),
            (
                "select 'it''s' from (with x as (select 1) select * from x) y",
                "with A,  B select 'it''s' from (with x as (select 1) select * from x) y",
            ),
            ("(with x as (select 1) select 1)", "with A,  B (with x as (select 1) select 1)"),
            ("select $$with$$ as a", "with A,  B select $$with$$ as a"),
            ("with_x", "with A,  B with_x"),
            ("select 1;", "with A,  B select 1;"),
            ("with x as (select ';') select 1", "with  A,  B, x as (select ';') select 1"),
            ("select 1 -- end", "with A,  B select 1 -- end"),
            ("with \"with\" as (select 1) select 1", "with  A,  B, \"with\" as (select 1) select 1"),
            ("\t\r\nwith x as (select 1) select 1", "\t\r\nwith  A,  B, x as (select 1) select 1"),
            (
                "/* a /* b */ c */ with x as (select 1) select 1",
                "/* a /* b */ c */ with  A,  B, x as (select 1) select 1",
            ),
            (
                "WITH RECURSIVE\n\n  r(n) as (select 1) select 1",
                "WITH RECURSIVE\n\n   A,  B, r(n) as (select 1) select 1",
            ),
        ] {
            check(sql, expect);
        }
    }

    #[test]
    fn stays_right_where_dbt_does_not() {
        for (sql, expect) in [
            ("select 1; select 2", "with A,  B select 1; select 2"),
            ("select * from unnest(a) with ordinality", "with A,  B select * from unnest(a) with ordinality"),
            (
                "with /* c */ recursive r as (select 1) select 1",
                "with /* c */ recursive  A,  B, r as (select 1) select 1",
            ),
            ("", "with A,  B "),
        ] {
            check(sql, expect);
        }
    }
}
