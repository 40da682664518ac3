//! Data tests: the query that counts, what the counts mean, the words for it.

use super::fuse::stores_failures;
use super::guard::{Claim, claim};
use super::materialize::{built_in, call};
use super::outcome::blank;
use crate::adapter::Cell;
use crate::context::Scope;
use crate::context::objects::table::TableObject;
use crate::error::{Error, Location, Result};
use crate::manifest::{Node, NodeStatus, RunResult};
use std::sync::Arc;

/// Runs a test through the `test` materialization, in a scope that has its SQL.
///
/// # Errors
/// The query fails, or does not answer with one row of failures, should_warn, should_error.
pub fn data_test(scope: Scope, node: &Arc<Node>) -> Result<(RunResult, Option<String>)> {
    let scope = Arc::new(scope);
    let found = built_in(scope.run(), "test")?;
    let called = claimed(&scope, node).and_then(|_claim| call(&scope, &found));
    let verdict =
        called.and_then(|_| read(&scope, node)).and_then(|verdict| scope.commit().map(|()| verdict));
    if verdict.is_err() {
        let _ = scope.rollback();
    }
    scope.release();
    let place = Location::file(&node.original_file_path);
    let verdict = verdict.map_err(|error| error.about(node.described()).or_located(place))?;
    Ok((result(&scope, node, &verdict), scope.build_path()))
}

/// A test that keeps its failures builds a relation too.
fn claimed(scope: &Arc<Scope>, node: &Node) -> Result<Option<Claim>> {
    if stores_failures(scope.run(), node) { claim(scope, node).map(Some) } else { Ok(None) }
}

/// What the counting query said.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Verdict {
    failures: i64,
    should_warn: bool,
    should_error: bool,
}

fn read(scope: &Scope, node: &Node) -> Result<Verdict> {
    let table = scope.results().table("main").unwrap_or_default();
    let wrong = |message: String| Error::internal(message).about(node.described());
    let [row] = &table.rows[..] else {
        return Err(wrong(format!(
            "dbt internally failed to execute {}: Returned {} rows, but expected 1 row",
            node.unique_id,
            table.rows.len()
        )));
    };
    if row.len() != 3 {
        return Err(wrong(format!(
            "dbt internally failed to execute {}: Required keys (3) do not match returned ({})",
            node.unique_id,
            row.len()
        )));
    }
    let failures = failures(&table, &row[0]).ok_or_else(|| {
        wrong(format!("the `fail_calc` of the test gave `{}`, which is no number", row[0])).help(
            "let `fail_calc` be an aggregate that is never NULL, as `count(*)` or `coalesce(sum(n), 0)`",
        )
    })?;
    let said = |at: usize| {
        truth(&row[at]).ok_or_else(|| {
            wrong(format!("Expected a boolean where 'get_test_sql' returns '{}'", row[at]))
                .help("let `should_warn` and `should_error` of `get_test_sql` be conditions")
        })
    };
    Ok(Verdict { failures, should_warn: said(1)?, should_error: said(2)? })
}

fn failures(_: &TableObject, value: &crate::jinja::Value) -> Option<i64> {
    value.as_i64().or_else(|| Cell::Decimal(value.to_string()).as_i64())
}

/// Engines without booleans answer with text. `None` for other texts.
fn truth(value: &crate::jinja::Value) -> Option<bool> {
    match value.as_str() {
        Some("y" | "yes" | "on") => Some(true),
        Some("n" | "no" | "off") => Some(false),
        Some(text) => Cell::Text(text.to_string()).as_bool(),
        None => Some(value.is_true()),
    }
}

fn result(scope: &Scope, node: &Node, verdict: &Verdict) -> RunResult {
    let (status, message) = judge(node, verdict, scope.run().session.reporter.refuses("LogTestResult"));
    let response = scope.results().main_response().unwrap_or_default();
    RunResult {
        message,
        failures: Some(if status == NodeStatus::Pass { 0 } else { verdict.failures }),
        adapter_response: response.to_json(),
        ..blank(node, status)
    }
}

/// dbt's rule: severity `error` looks at `error_if`, then `warn_if`; severity `warn` at `warn_if` alone.
fn judge(node: &Node, verdict: &Verdict, warn_is_error: bool) -> (NodeStatus, Option<String>) {
    let results = match verdict.failures {
        1 => "1 result".to_string(),
        n => format!("{n} results"),
    };
    let told = |word: &str, key: &str| {
        let condition = node.config.str(key).unwrap_or("!= 0");
        Some(format!("Got {results}, configured to {word} if {condition}"))
    };
    if node.config.severity() == "error" && verdict.should_error {
        return (NodeStatus::Fail, told("fail", "error_if"));
    }
    match (verdict.should_warn, warn_is_error) {
        (true, true) => (NodeStatus::Fail, told("warn", "warn_if")),
        (true, false) => (NodeStatus::Warn, told("warn", "warn_if")),
        _ => (NodeStatus::Pass, None),
    }
}
