//! The results of a node's statements: `store_result`, `load_result`, and the response of `main`.

use super::objects::response::{response, response_of};
use super::objects::table::TableObject;
use super::objects::{nothing, optional_text};
use crate::adapter::AdapterResponse;
use crate::error::Error;
use crate::jinja::value::{Args, Outcome, dict_of, function};
use crate::jinja::{Value, raise};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Results by the names of their statements. A result other than `main` can be loaded once, as in dbt.
#[derive(Debug, Default)]
pub struct Results(Mutex<HashMap<String, Option<Stored>>>);

#[derive(Debug, Clone)]
struct Stored {
    response: AdapterResponse,
    table: TableObject,
}

impl Results {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<Stored>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a result.
    pub fn store(&self, name: &str, response: AdapterResponse, table: TableObject) {
        self.lock().insert(name.to_string(), Some(Stored { response, table }));
    }

    /// What the engine said of the statement `main`, which is what dbt reports of a node.
    pub fn main_response(&self) -> Option<AdapterResponse> {
        self.lock().get("main").cloned().flatten().map(|stored| stored.response)
    }

    /// The table of a statement.
    pub fn table(&self, name: &str) -> Option<TableObject> {
        self.lock().get(name).cloned().flatten().map(|stored| stored.table)
    }

    fn load(&self, name: &str) -> Outcome {
        let mut results = self.lock();
        let Some(slot) = results.get_mut(name) else { return Ok(Value::from(())) };
        let taken = if name == "main" { slot.clone() } else { slot.take() };
        let stored =
            taken.ok_or_else(|| {
                raise(Error::compilation(format!(
                "The 'statement' result named '{name}' has already been loaded into a variable"
            )).help(
                "call `load_result` once and keep what it gives: `{% set result = load_result(...) %}`",
            ))
            })?;
        let (data, table) = (stored.table.matrix(), stored.table.value());
        Ok(dict_of([("response", response(stored.response)), ("data", data), ("table", table)]))
    }

    /// The functions that templates call: name and value.
    pub fn functions(self: &Arc<Self>) -> [(&'static str, Value); 3] {
        let (one, two, three) = (self.clone(), self.clone(), self.clone());
        [
            (
                "load_result",
                function("load_result", move |_, args| {
                    let args = Args::bind("load_result", &["name"], args)?;
                    one.load(args.text(0)?)
                }),
            ),
            (
                "store_result",
                function("store_result", move |_, args| {
                    let args = Args::bind("store_result", &["name", "response", "agate_table"], args)?;
                    two.store(args.text(0)?, response_of(&args.or(1, ())), table_of(args.some(2)));
                    nothing()
                }),
            ),
            (
                "store_raw_result",
                function("store_raw_result", move |_, args| {
                    const NAMES: [&str; 5] = ["name", "message", "code", "rows_affected", "agate_table"];
                    let args = Args::bind("store_raw_result", &NAMES, args)?;
                    let response = AdapterResponse {
                        message: optional_text(args.get(1))?.unwrap_or_default(),
                        code: optional_text(args.get(2))?.unwrap_or_default(),
                        rows_affected: args.some(3).and_then(rows),
                    };
                    three.store(args.text(0)?, response, table_of(args.some(4)));
                    nothing()
                }),
            ),
        ]
    }
}

/// A count of rows, which macros give as a number or as its text.
fn rows(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The table that a value is; an empty one where it is none.
fn table_of(value: Option<&Value>) -> TableObject {
    value.and_then(|value| value.downcast_object_ref::<TableObject>()).cloned().unwrap_or_default()
}
