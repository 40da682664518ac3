//! The shape of a test's query: which rows of one relation it looks for. Tests of a known shape can share
//! one scan of the relation.
//!
//! A query is folded from its innermost `from` outwards: subqueries and CTEs over one relation become
//! conditions on the rows of that relation. What is not understood has no shape, and no harm is done.

mod expression;
mod fold;
mod source;

use sqlparser::ast::{Expr, Statement};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// What a query looks for in one relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The relation, as the query writes it.
    pub relation: String,
    /// The rows that are looked for.
    pub finds: Finds,
}

/// The rows that a query looks for; it returns none if and only if there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finds {
    /// Rows in which a column is NULL; each is a row of the result.
    Nulls {
        /// The column.
        column: String,
    },
    /// Rows of a condition.
    Rows {
        /// The condition; every row where there is none.
        condition: Option<String>,
        /// The expressions by which the query groups the rows it finds; without them, each is a row of the
        /// result.
        groups: Vec<String>,
    },
    /// Keys that more than one row has.
    Repeated {
        /// The expressions of the key.
        keys: Vec<String>,
        /// Which rows count.
        condition: Option<String>,
        /// Are rows without a key left out?
        not_null: bool,
    },
}

impl Finds {
    /// Is each row found one row of the query's result?
    pub fn is_exact(&self) -> bool {
        match self {
            Finds::Nulls { .. } => true,
            Finds::Rows { groups, .. } => groups.is_empty(),
            Finds::Repeated { .. } => false,
        }
    }
}

/// The shape of a query, if it is one of those that are known.
pub fn shape(sql: &str) -> Option<Shape> {
    let statements = Parser::parse_sql(&GenericDialect {}, sql).ok()?;
    let [Statement::Query(query)] = &statements[..] else { return None };
    let found = fold::query(query, &[])?;
    let finds = match found.grouped {
        source::Grouped::No => match &found.conditions[..] {
            [Expr::IsNull(column)] if matches!(**column, Expr::Identifier(_)) => {
                Finds::Nulls { column: column.to_string() }
            }
            _ => Finds::Rows { condition: joined(&found.conditions), groups: Vec::new() },
        },
        source::Grouped::By(keys) => {
            Finds::Rows { condition: joined(&found.conditions), groups: written(&keys) }
        }
        source::Grouped::Repeated(keys) => repeated(&keys, found.conditions),
    };
    Some(Shape { relation: found.relation, finds })
}

/// A condition on the key's being there is told apart, since a count leaves NULL out by itself.
fn repeated(keys: &[Expr], conditions: Vec<Expr>) -> Finds {
    let is_presence = |condition: &Expr| matches!(condition, Expr::IsNotNull(of) if keys == [(**of).clone()]);
    let (presence, others): (Vec<_>, Vec<_>) = conditions.into_iter().partition(is_presence);
    Finds::Repeated { keys: written(keys), condition: joined(&others), not_null: !presence.is_empty() }
}

fn written(all: &[Expr]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn joined(conditions: &[Expr]) -> Option<String> {
    match conditions {
        [] => None,
        [one] => Some(one.to_string()),
        all => Some(all.iter().map(|each| format!("({each})")).collect::<Vec<_>>().join(" and ")),
    }
}

#[cfg(test)]
mod tests;
