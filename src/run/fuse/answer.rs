//! What a count says of a test: the row that its own query would return, if it passes by it.

use super::condition::Condition;
use crate::adapter::{Cell, Table, TableColumn};
use crate::manifest::Node;
use crate::sql::Finds;

/// The row of a test that passes; `None` where the test is to run: it does not pass, or the count does not
/// tell how many rows its query returns.
pub fn passing(node: &Node, finds: &Finds, count: i64) -> Option<Table> {
    if count != 0 && !finds.is_exact() {
        return None;
    }
    let failures = limit(node).map_or(count, |limit| count.min(limit));
    let holds = |key: &str| condition(node, key).is_none_or(|condition| condition.holds(failures));
    (!holds("warn_if") && !holds("error_if")).then(|| row(failures))
}

/// The number of rows at which the test's query ends.
fn limit(node: &Node) -> Option<i64> {
    node.config.get("limit").and_then(serde_json::Value::as_i64)
}

/// A condition of the test's config.
pub fn condition(node: &Node, key: &str) -> Option<Condition> {
    Condition::parse(node.config.str(key).unwrap_or("!= 0"))
}

/// The columns of dbt's `get_test_sql`.
fn row(failures: i64) -> Table {
    let column = |name: &str, kind: &str| TableColumn { name: name.to_string(), type_name: kind.to_string() };
    Table {
        columns: vec![
            column("failures", "int8"),
            column("should_warn", "bool"),
            column("should_error", "bool"),
        ],
        rows: vec![vec![Cell::Int(failures), Cell::Bool(false), Cell::Bool(false)]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_count_lets_pass_or_leaves_it_to_the_test() {
        let nulls = Finds::Nulls { column: "a".into() };
        let groups = Finds::Rows { condition: None, groups: vec!["a".into()] };
        let check = |config: serde_json::Value, finds: &Finds, count, expect: Option<i64>| {
            let mut node = Node::inline("p", "");
            node.config = config.as_object().cloned().unwrap_or_default().into();
            let found = passing(&node, finds, count).map(|table| table.rows[0][0].clone());
            assert_eq!(found, expect.map(Cell::Int), "{config} {count}");
        };
        check(json!({}), &nulls, 0, Some(0));
        check(json!({}), &nulls, 1, None);
        check(json!({}), &groups, 0, Some(0));
        check(json!({"error_if": "> 5", "warn_if": "> 5"}), &nulls, 5, Some(5));
        check(json!({"error_if": "> 5", "warn_if": "> 5"}), &groups, 5, None);
        check(json!({"error_if": "> 5"}), &nulls, 5, None);
        check(json!({"error_if": "> 5", "warn_if": "> 5", "limit": 3}), &nulls, 9, Some(3));
        check(json!({"error_if": "= 0"}), &nulls, 0, None);
    }
}
