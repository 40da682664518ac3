//! Names of things in the warehouse: relations, columns, and the one way in which they are quoted.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands behind a relation's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// An ephemeral model, written into its readers.
    Cte,
    /// A materialized view (PostgreSQL).
    MaterializedView,
    /// A file outside the database (DuckDB).
    External,
    /// A user-defined function.
    Function,
}

impl RelationKind {
    /// dbt's word for it, as `relation.type` shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            RelationKind::Table => "table",
            RelationKind::View => "view",
            RelationKind::Cte => "cte",
            RelationKind::MaterializedView => "materialized_view",
            RelationKind::External => "external",
            RelationKind::Function => "function",
        }
    }

    /// The kind that a word names; `None` for a word that names none.
    pub fn parse(word: &str) -> Option<Self> {
        use RelationKind::*;
        [Table, View, Cte, MaterializedView, External, Function].into_iter().find(|k| k.as_str() == word)
    }
}

/// One decision for each part of a name: is it quoted (`quoting`), is it written (`include`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Policy {
    /// The database part.
    pub database: bool,
    /// The schema part.
    pub schema: bool,
    /// The identifier part.
    pub identifier: bool,
}

impl Policy {
    /// Yes to every part.
    pub const ALL: Policy = Policy { database: true, schema: true, identifier: true };
}

impl Default for Policy {
    fn default() -> Self {
        Policy::ALL
    }
}

/// A filter on an input by its event time, as microbatch and `--sample` put it in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventTimeFilter {
    /// The column that holds the time of the event.
    pub field: String,
    /// First instant within, as SQL text of a timestamp.
    pub start: Option<String>,
    /// First instant beyond, as SQL text of a timestamp.
    pub end: Option<String>,
}

/// The name of a table or view, with how it is to be written. A value: every change makes a new one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Database (catalog) part.
    pub database: Option<String>,
    /// Schema part.
    pub schema: Option<String>,
    /// The relation's own name.
    pub identifier: Option<String>,
    /// What it is, where known.
    pub kind: Option<RelationKind>,
    /// Which parts are quoted.
    pub quoting: Policy,
    /// Which parts are written.
    pub include: Policy,
    /// `--empty`: readers get at most so many rows.
    pub limit: Option<usize>,
    /// Microbatch and `--sample`: readers get this span of time.
    pub event_time: Option<EventTimeFilter>,
    /// Must a subquery that stands for it have a name?
    pub named_subquery: bool,
    /// What is read instead of the name: a file (`'x.parquet'`), a call.
    pub external: Option<String>,
}

impl Relation {
    /// A relation by its three parts, quoted and written in full.
    pub fn new(database: Option<&str>, schema: Option<&str>, identifier: Option<&str>) -> Self {
        Relation {
            database: database.map(str::to_string),
            schema: schema.map(str::to_string),
            identifier: identifier.map(str::to_string),
            kind: None,
            quoting: Policy::ALL,
            include: Policy::ALL,
            limit: None,
            event_time: None,
            named_subquery: true,
            external: None,
        }
    }

    /// The same name, known to be of a kind.
    pub fn of_kind(mut self, kind: RelationKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// The schema that holds it.
    pub fn without_identifier(&self) -> Self {
        let include = Policy { identifier: false, ..self.include };
        let (limit, event_time, external) = (None, None, None);
        Relation { identifier: None, kind: None, include, limit, event_time, external, ..self.clone() }
    }

    /// The name as SQL, without a `--empty` or event-time wrapping.
    pub fn name(&self) -> String {
        if let Some(external) = &self.external {
            return external.clone();
        }
        if self.kind == Some(RelationKind::Cte) {
            return self.identifier.clone().unwrap_or_default();
        }
        let parts = [
            (&self.database, self.include.database, self.quoting.database),
            (&self.schema, self.include.schema, self.quoting.schema),
            (&self.identifier, self.include.identifier, self.quoting.identifier),
        ];
        let written = parts.into_iter().filter_map(|(part, include, quote)| {
            let part = part.as_deref().filter(|_| include)?;
            Some(if quote { quote_identifier(part) } else { part.to_string() })
        });
        written.collect::<Vec<_>>().join(".")
    }

    /// What a query reads: the name, or a subquery where rows are limited. The shape is dbt's:
    /// `(select * from x where false limit 0)`.
    pub fn render(&self) -> String {
        let name = self.name();
        if let Some(limit) = self.limit {
            let alias = self.subquery_alias("_dbt_limit_subq");
            return match limit {
                0 => format!("(select * from {name} where false limit 0){alias}"),
                n => format!("(select * from {name} limit {n}){alias}"),
            };
        }
        match &self.event_time {
            Some(filter) => format!(
                "(select * from {name} where {}){}",
                filter.condition(),
                self.subquery_alias("_dbt_et_filter_subq")
            ),
            None => name,
        }
    }

    /// The subquery's own name, which PostgreSQL before 16 requires.
    fn subquery_alias(&self, suffix: &str) -> String {
        match &self.identifier {
            Some(name) if self.named_subquery => {
                format!(" {}", quote_identifier(&format!("{suffix}_{name}")))
            }
            _ => String::new(),
        }
    }

    /// Are these the same place in the warehouse? Unquoted names meet without regard to case.
    pub fn same_place(&self, other: &Relation) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => a == b || a.eq_ignore_ascii_case(b) && a.to_lowercase() == *b,
            (None, _) | (_, None) => true,
        };
        same(&self.database, &other.database)
            && same(&self.schema, &other.schema)
            && same(&self.identifier, &other.identifier)
    }

    /// Is this relation another one than was looked for, though its schema and name differ in nothing but
    /// the case of their letters? Parts that are not quoted have no case.
    pub fn is_near_miss(&self, wanted: &Relation) -> bool {
        let near = |mine: &Option<String>, theirs: &Option<String>, quoted: bool| match (mine, theirs) {
            (Some(mine), Some(theirs)) => {
                quoted && mine != theirs && mine.to_lowercase() == theirs.to_lowercase()
            }
            _ => false,
        };
        near(&self.schema, &wanted.schema, wanted.quoting.schema)
            || near(&self.identifier, &wanted.identifier, wanted.quoting.identifier)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render())
    }
}

impl EventTimeFilter {
    fn condition(&self) -> String {
        let bound = |op: &str, at: &Option<String>| at.as_ref().map(|t| format!("{} {op} '{t}'", self.field));
        let both = [bound(">=", &self.start), bound("<", &self.end)];
        both.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }
}

/// A column as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name, unquoted.
    pub name: String,
    /// Its type without size: `character varying`.
    pub dtype: String,
    /// Length of a character type.
    pub char_size: Option<i64>,
    /// Digits of a numeric type.
    pub numeric_precision: Option<i64>,
    /// Digits after the point.
    pub numeric_scale: Option<i64>,
}

/// A name as an SQL identifier: in double quotes, inner quotes doubled. The only place where karat
/// quotes identifiers; both engines agree on it.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name that users write either plainly or in quotes of their own (a role, an alias of `attach`): as it is
/// where it is one name, else quoted.
pub fn as_identifier(name: &str) -> String {
    let plain = |text: &str| {
        let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        begins && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    };
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let quoted = inner.is_some_and(|inner| !inner.is_empty() && !inner.replace("\"\"", "").contains('"'));
    if plain(name) || quoted { name.to_string() } else { quote_identifier(name) }
}

/// A text as an SQL literal: in single quotes, inner quotes doubled.
pub fn quote_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_part_by_part() {
        let mut r = Relation::new(Some("d"), Some("s"), Some("a\"b"));
        assert_eq!(r.render(), r#""d"."s"."a""b""#);
        r.include.database = false;
        r.quoting.schema = false;
        assert_eq!(r.render(), r#"s."a""b""#);
        r.limit = Some(0);
        assert!(r.render().starts_with("(select * from s.\"a\"\"b\" where false limit 0)"));
    }

    #[test]
    fn names_are_names_however_they_are_written() {
        let check = |name: &str, expect: &str| assert_eq!(as_identifier(name), expect);
        check("analyst", "analyst");
        check("\"An \"\"alyst\"", "\"An \"\"alyst\"");
        check("my-role", "\"my-role\"");
        check("a; drop table x", "\"a; drop table x\"");
        check("\"a\"; drop table \"x\"", "\"\"\"a\"\"; drop table \"\"x\"\"\"");
    }

    #[test]
    fn unquoted_parts_meet_without_case() {
        let lower = Relation::new(Some("d"), Some("s"), Some("t"));
        assert!(lower.same_place(&Relation::new(None, Some("s"), Some("t"))));
        assert!(!lower.same_place(&Relation::new(Some("d"), Some("s"), Some("u"))));
    }
}
