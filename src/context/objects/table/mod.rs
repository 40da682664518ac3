//! A result table as templates see it, in the shape of agate's `Table`: what `run_query` and
//! `load_result` give.

mod cells;
mod groups;
mod join;
mod output;
mod pivot;
mod print;
mod sequence;
mod verbs;

pub use cells::{cell_value, value_cell_text};
pub use print::{Shown, print_table};

use super::no_method;
use crate::adapter::{Cell, Table};
use crate::jinja::value::print::REPR;
use crate::jinja::value::{Outcome, list, tuple};
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A table of template values: immutable, as agate's are; verbs make new tables.
#[derive(Debug, Clone, Default)]
pub struct TableObject {
    /// Column names, left to right.
    pub names: Arc<Vec<String>>,
    /// agate's word for each column's type: `Text`, `Integer`, `Number`, `Boolean`, `Date`, `DateTime`.
    pub kinds: Arc<Vec<&'static str>>,
    /// Rows of cells.
    pub rows: Arc<Vec<Vec<Value>>>,
}

impl TableObject {
    /// A table of its parts. Doubled column names get a suffix, as agate does: `a`, `a_2`.
    pub fn new(names: Vec<String>, kinds: Vec<&'static str>, rows: Vec<Vec<Value>>) -> Self {
        TableObject { names: Arc::new(distinct(names)), kinds: Arc::new(kinds), rows: Arc::new(rows) }
    }

    /// The table of an engine's result.
    pub fn from_result(result: &Table) -> Self {
        let names: Vec<String> = result.columns.iter().map(|c| c.name.clone()).collect();
        let cells: Vec<Vec<Cow<'_, Cell>>> =
            result.rows.iter().map(|row| row.iter().map(cells::decoded).collect()).collect();
        let kind = |at: usize| cells::kind_of(cells.iter().map(|row| &*row[at]));
        let kinds = (0..names.len()).map(kind).collect();
        let rows = cells.iter().map(|row| row.iter().map(|cell| cell_value(cell)).collect()).collect();
        TableObject::new(names, kinds, rows)
    }

    /// The same columns with other rows.
    pub fn with_rows(&self, rows: Vec<Vec<Value>>) -> Self {
        TableObject { rows: Arc::new(rows), ..self.clone() }
    }

    /// The table as a template's value.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// Where a column stands: by name, or by number.
    pub fn index_of(&self, column: &Value) -> Option<usize> {
        match column.as_str() {
            Some(name) => self.names.iter().position(|known| known == name),
            None => column.as_usize().filter(|at| *at < self.names.len()),
        }
    }

    fn row(&self, at: usize) -> Value {
        sequence::row(self.names.clone(), self.rows[at].clone())
    }

    fn row_at(&self, key: &Value) -> Option<Value> {
        let at = key.as_i64()?;
        let at = if at < 0 { at + self.rows.len() as i64 } else { at };
        usize::try_from(at).ok().filter(|at| *at < self.rows.len()).map(|at| self.row(at))
    }

    fn column(&self, at: usize) -> Value {
        let cells = self.rows.iter().map(|row| row[at].clone()).collect();
        sequence::column(self.names[at].clone(), at, self.kinds[at], cells)
    }

    fn rows_value(&self) -> Value {
        sequence::sequence(None, (0..self.rows.len()).map(|at| self.row(at)).collect())
    }

    fn columns_value(&self) -> Value {
        let columns = (0..self.names.len()).map(|at| self.column(at)).collect();
        sequence::sequence(Some(self.names.clone()), columns)
    }

    /// The rows as a list of tuples: dbt's `load_result(..).data`.
    pub fn matrix(&self) -> Value {
        list(self.rows.iter().map(|row| tuple(row.clone())).collect())
    }
}

/// Names made distinct as agate does.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    for name in names {
        let mut unique = name.clone();
        let mut n = 2;
        while made.contains(&unique) {
            unique = format!("{name}_{n}");
            n += 1;
        }
        made.push(unique);
    }
    made
}

impl Object for TableObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let Some(name) = key.as_str() else { return self.row_at(key) };
        Some(match name {
            REPR => Value::from("<agate.table.Table object>"),
            "columns" => self.columns_value(),
            "column_names" => tuple(self.names.iter().map(|n| Value::from(n.as_str())).collect()),
            "column_types" => tuple(self.kinds.iter().map(|kind| cells::type_object(kind)).collect()),
            "rows" => self.rows_value(),
            "row_names" => super::none(),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values((0..self.rows.len()).map(|at| self.row(at)).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.rows.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.rows.is_empty()
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        let known = verbs::call(self, state, method, args)
            .or_else(|| join::call(self, method, args))
            .or_else(|| pivot::call(self, state, method, args))
            .or_else(|| output::call(self, state, method, args));
        known.unwrap_or_else(|| Err(no_method("Table", method)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::structure(self))
    }
}
