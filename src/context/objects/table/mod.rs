//! A result table as templates see it, in the shape of agate's `Table`: what `run_query` and
//! `load_result` give.

mod cells;
mod print;
mod sequence;
mod verbs;

pub use cells::{cell_value, value_cell_text};
pub use print::print_table;

use super::no_method;
use crate::adapter::Table;
use crate::jinja::value::{Outcome, list, tuple};
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use sequence::{Named, named_sequence};
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
    /// The table of an engine's result. Doubled column names get a suffix, as agate does: `a`, `a_2`.
    pub fn from_result(result: &Table) -> Self {
        let names = distinct(result.columns.iter().map(|c| c.name.clone()));
        let rows: Vec<Vec<Value>> =
            result.rows.iter().map(|row| row.iter().map(cell_value).collect()).collect();
        let kinds =
            (0..names.len()).map(|at| cells::kind_of(result.rows.iter().map(|row| &row[at]))).collect();
        TableObject { names: Arc::new(names), kinds: Arc::new(kinds), rows: Arc::new(rows) }
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
        named_sequence("Row", self.names.clone(), self.rows[at].clone())
    }

    fn column(&self, at: usize) -> Value {
        let cells = self.rows.iter().map(|row| row[at].clone()).collect();
        sequence::column(self.names[at].clone(), at, self.kinds[at], cells)
    }

    fn rows_value(&self) -> Value {
        sequence::plain((0..self.rows.len()).map(|at| self.row(at)).collect())
    }

    fn columns_value(&self) -> Value {
        let columns = (0..self.names.len()).map(|at| self.column(at)).collect();
        Value::from_object(Named { kind: "Columns", keys: self.names.clone(), values: columns })
    }

    /// The rows as lists: dbt's `load_result(..).data`.
    pub fn matrix(&self) -> Value {
        list(self.rows.iter().map(|row| list(row.clone())).collect())
    }
}

/// Names made distinct as agate does.
fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
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
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
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
        true
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        match verbs::call(self, state, method, args) {
            Some(outcome) => outcome,
            None => Err(no_method("Table", method)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let described = self.names.iter().zip(self.kinds.iter());
        writeln!(f, "| column | data_type |\n| ------ | --------- |")?;
        described.into_iter().try_for_each(|(name, kind)| writeln!(f, "| {name} | {kind} |"))
    }
}
