//! What a query reads, reduced to one relation: conditions on its rows, and the columns that are seen.

use sqlparser::ast::{Expr, Ident};

/// The rows of one relation, on their way through a query.
#[derive(Debug, Clone)]
pub struct Source {
    /// The relation, as it is written.
    pub relation: String,
    /// What its rows must fulfil, the innermost condition first.
    pub conditions: Vec<Expr>,
    /// What the next query sees.
    pub columns: Columns,
    /// Are rows taken together?
    pub grouped: Grouped,
}

/// The columns that a query sees of its source.
#[derive(Debug, Clone)]
pub enum Columns {
    /// Those of the relation itself.
    All,
    /// These, each with its meaning.
    Named(Vec<(String, Meaning)>),
}

/// What a column of a subquery stands for.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// An expression over the relation's own columns.
    Of(Box<Expr>),
    /// The number of rows in a group.
    Count,
    /// Something else that groups have.
    Aggregate,
}

/// How rows are taken together.
#[derive(Debug, Clone)]
pub enum Grouped {
    /// Not at all.
    No,
    /// By these expressions.
    By(Vec<Expr>),
    /// By these, and only groups of more than one row.
    Repeated(Vec<Expr>),
}

impl Source {
    /// All rows of a relation.
    pub fn of(relation: String) -> Self {
        Source { relation, conditions: Vec::new(), columns: Columns::All, grouped: Grouped::No }
    }

    /// What a column means; `None` where the engine would not find it or would doubt which one is meant.
    pub fn meaning(&self, column: &Ident) -> Option<Meaning> {
        let Columns::Named(named) = &self.columns else {
            return Some(Meaning::Of(Box::new(Expr::Identifier(column.clone()))));
        };
        let wanted = normal(column);
        let mut found = named.iter().filter(|(name, _)| *name == wanted);
        let (_, meaning) = found.next()?;
        found.next().is_none().then(|| meaning.clone())
    }
}

/// A name as it compares.
pub fn normal(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_ascii_lowercase() }
}
