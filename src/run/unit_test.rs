//! Unit tests: the rows that a model makes of given ones, beside the rows that are expected.

use super::materialize::{built_in, call};
use super::outcome::blank;
use crate::context::objects::table::TableObject;
use crate::context::{Compiled, Run, Scope, Subject};
use crate::error::{Error, Location, Result};
use crate::event::NodeInfo;
use crate::jinja::Value;
use crate::jinja::value::print;
use crate::manifest::{Node, NodeStatus, RunResult};
use crate::ui::diff::{self, Row};
use std::cmp::Ordering;
use std::sync::Arc;

/// The column that parts the two kinds of rows.
const MARK: &str = "actual_or_expected";

/// Runs a unit test through the `unit` materialization and compares. Rows have no order.
///
/// # Errors
/// A fixture does not fit the columns; the engine refuses the query.
pub fn unit_test(
    run: &Arc<Run>,
    node: &Arc<Node>,
    info: &Arc<NodeInfo>,
    compiled: &Compiled,
) -> Result<(RunResult, Option<String>)> {
    let found = built_in(run, "unit")?;
    let scope = Scope::new(run, Subject::Node(node.clone()), Some(info.clone()));
    let scope = Arc::new(scope.with_compiled(compiled.clone()));
    let called = call(&scope, &found);
    // Nothing of a unit test is to stay in the warehouse.
    let undone = scope.rollback();
    scope.release();
    called.map_err(|error| refused(&error, run, node))?;
    undone?;
    Ok((result(&scope, node), scope.build_path()))
}

fn refused(error: &Error, run: &Run, node: &Node) -> Error {
    let name = run.manifest.unit_tests.get(&node.unique_id).map_or(node.name.as_str(), |test| &test.name);
    let message = format!(
        "An error occurred during execution of unit test '{name}'. There may be an error in the unit test \
         definition: check the data types.\n {}",
        error.full_text()
    );
    Error::runtime(message).about(node.described()).located(Location::file(&node.original_file_path))
}

fn result(scope: &Scope, node: &Node) -> RunResult {
    let table = scope.results().table("main").unwrap_or_default();
    let (names, expected, actual) = parted(&table);
    let drawn = diff::draw(&names, &expected, &actual);
    let status = if drawn.is_some() { NodeStatus::Fail } else { NodeStatus::Pass };
    RunResult {
        failures: Some(i64::from(drawn.is_some())),
        message: drawn,
        adapter_response: scope.results().main_response().unwrap_or_default().to_json(),
        ..blank(node, status)
    }
}

/// The columns, the expected rows and the actual ones, each in order.
fn parted(table: &TableObject) -> (Vec<String>, Vec<Row>, Vec<Row>) {
    let names: Vec<String> = table.names.iter().map(|name| name.to_lowercase()).collect();
    let mark = names.iter().position(|name| name == MARK).unwrap_or(names.len());
    let of = |kind: &str| {
        let is = |row: &&Vec<Value>| row.get(mark).and_then(Value::as_str) == Some(kind);
        let own = |row: &Vec<Value>| -> Row {
            row.iter().enumerate().filter(|(at, _)| *at != mark).map(|(_, cell)| text(cell)).collect()
        };
        let mut rows: Vec<Row> = table.rows.iter().filter(is).map(own).collect();
        rows.sort_by(by_cells);
        rows
    };
    let (expected, actual) = (of("expected"), of("actual"));
    (names.into_iter().filter(|name| name != MARK).collect(), expected, actual)
}

/// A cell as it is compared and shown. Zeros at the end of a fraction say nothing of a number.
fn text(cell: &Value) -> Option<String> {
    if cell.is_none() {
        return None;
    }
    let text = print::text(cell);
    if cell.as_str().is_none() && text.contains('.') && text.parse::<f64>().is_ok() {
        return Some(text.trim_end_matches('0').trim_end_matches('.').to_string());
    }
    Some(text)
}

/// Numbers by size, texts by letters, null last.
fn by_cells(a: &Row, b: &Row) -> Ordering {
    let number = |cell: &Option<String>| cell.as_ref().and_then(|text| text.parse::<f64>().ok());
    let cells = a.iter().zip(b).map(|(a, b)| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.is_none().cmp(&b.is_none()).then_with(|| a.cmp(b)),
    });
    cells.fold(Ordering::Equal, Ordering::then)
}
