//! `load_agate_table()`: a seed's table whose rows are read only when a macro looks at them.

use super::infer::{ColumnKind, Inference};
use super::{SeedFile, SharedFile, infer, word};
use crate::adapter::Cell;
use crate::context::objects::table::{TableObject, cell_value};
use crate::context::scope::Scope;
use crate::error::{Error, Location, Result};
use crate::event::Event;
use crate::jinja::value::{Outcome, function, tuple};
use crate::jinja::{Value, raise};
use minijinja::State;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A seed as a table. Column names and types are known; the rows wait.
struct SeedTable {
    file: SharedFile,
    inference: Arc<Inference>,
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
    table: OnceLock<Arc<TableObject>>,
    /// `--empty`: the columns without the rows.
    empty: bool,
}

/// `load_agate_table` for a scope.
pub fn load_function(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("load_agate_table", move |_, _| {
        let file = SeedFile::of(&scope).map_err(raise)?;
        let inference = file.infer().map_err(raise)?;
        warn_of_zeros(&scope, &file, &inference);
        let (names, kinds) = (inference.names(), inference.kinds());
        let table = OnceLock::new();
        let empty = scope.run().session.flags.empty;
        let inference = Arc::new(inference);
        Ok(Value::from_object(SeedTable { file: Arc::new(file), inference, names, kinds, table, empty }))
    })
}

/// What the first reading of the file found, where the table is a seed's.
pub fn inference_in(table: &Value) -> Option<Arc<Inference>> {
    table.downcast_object_ref::<SeedTable>().map(|seed| seed.inference.clone())
}

/// The adapter's word for a column's type, where the table is a seed's.
pub fn kind_in(table: &Value, at: usize) -> Option<&'static str> {
    let seed = table.downcast_object_ref::<SeedTable>()?;
    seed.kinds.get(at).map(|kind| kind.sql_word())
}

/// Says which columns lose the zeros in front of their values, or digits at their ends, since nothing declares them.
fn warn_of_zeros(scope: &Scope, file: &SeedFile, inference: &Inference) {
    for (column, value) in inference.padded() {
        let error = Error::runtime(format!(
            "column `{column}` is taken for a number, so that `{value}` and others lose the zeros in front"
        ))
        .located(Location::file(file.shown()))
        .help(format!("to keep them, declare it as text: `config: {{column_types: {{{column}: text}}}}`"));
        scope.run().session.reporter.report(Event::Warning { name: "SeedLosesZeros", error });
    }
    for (column, value) in inference.rounded() {
        let said =
            format!("column `{column}` is taken for a float, so that `{value}` and others are rounded");
        let error = Error::runtime(said).located(Location::file(file.shown())).help(format!(
            "to keep every digit, declare its type: `config: {{column_types: {{{column}: 'numeric(38, 10)'}}}}`"
        ));
        scope.run().session.reporter.report(Event::Warning { name: "SeedLosesDigits", error });
    }
}

impl SeedTable {
    /// The whole table, read once.
    fn table(&self) -> Arc<TableObject> {
        self.table.get_or_init(|| Arc::new(self.read().unwrap_or_default())).clone()
    }

    fn read(&self) -> Result<TableObject> {
        let mut rows = Vec::new();
        let cells = |row: &csv::StringRecord| {
            row.iter().zip(&self.kinds).map(|(field, kind)| cell_value(&cell(field, *kind))).collect()
        };
        if !self.empty {
            self.file.each_row(|row| {
                rows.push(cells(row));
                Ok(())
            })?;
        }
        Ok(TableObject {
            names: Arc::new(self.names.clone()),
            kinds: Arc::new(self.kinds.iter().map(|kind| word(*kind)).collect()),
            rows: Arc::new(rows),
        })
    }
}

fn cell(field: &str, kind: ColumnKind) -> Cell {
    let text = infer::plain(field, kind);
    match kind {
        _ if text.is_empty() => Cell::Null,
        ColumnKind::Integer | ColumnKind::BigInt | ColumnKind::WideInt | ColumnKind::Number => {
            Cell::Decimal(text)
        }
        ColumnKind::Boolean => Cell::Bool(text.trim().eq_ignore_ascii_case("true")),
        ColumnKind::Date => text.trim().parse().map_or(Cell::Text(text), Cell::Date),
        _ => Cell::Text(text),
    }
}

impl fmt::Debug for SeedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<agate.Table {:?}>", self.names)
    }
}

impl Object for SeedTable {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "column_names" => Some(tuple(self.names.iter().map(|n| Value::from(n.as_str())).collect())),
            "original_abspath" => Some(Value::from(self.file.path().display().to_string())),
            _ => self.table().get_value(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.table().enumerate()
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.table().rows.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Outcome {
        self.table().call_method(state, method, args)
    }
}
