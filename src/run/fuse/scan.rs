//! The statement that counts for several tests at once.

use super::Member;
use super::eligible::kind;
use crate::adapter::{AdapterResponse, Cell, Fetch};
use crate::context::{Run, Scope, Subject};
use crate::error::{Error, Result};
use crate::jinja::Value;
use crate::jinja::value::{dict_of, list};
use crate::run::operation::call_in;
use crate::sql::Finds;
use indexmap::IndexMap;
use std::sync::Arc;

/// How many tests share a statement at most: engines limit columns, and a long statement is slow to plan.
const TESTS: usize = 200;
/// How many of these may sort their keys: each holds its own sort in memory or on disk.
const SORTS: usize = 4;

/// The members that share a statement: those of one relation, at least two.
pub fn parts(members: Vec<Member>) -> Vec<Vec<Member>> {
    let mut parts: IndexMap<String, Vec<Vec<Member>>> = IndexMap::new();
    for member in members {
        let sorts = |member: &Member| matches!(member.finds, Finds::Repeated { .. });
        let of_relation = parts.entry(member.relation.clone()).or_default();
        let has_room = |part: &&mut Vec<Member>| {
            part.len() < TESTS && (!sorts(&member) || part.iter().filter(|it| sorts(it)).count() < SORTS)
        };
        match of_relation.iter_mut().find(has_room) {
            Some(part) => part.push(member),
            None => of_relation.push(vec![member]),
        }
    }
    parts.into_values().flatten().filter(|part| part.len() > 1).collect()
}

/// Counts for all members in one statement: what the engine said, and a number for each.
///
/// # Errors
/// The engine refuses, or a macro was replaced by one that does not do its work.
pub fn count(run: &Arc<Run>, members: &[Member]) -> Result<(AdapterResponse, Vec<i64>)> {
    let Some(first) = members.first() else { return Ok(Default::default()) };
    let scope = Arc::new(Scope::new(run, Subject::Node(first.node.clone()), None));
    let tests = list(members.iter().map(|member| described(&member.finds)).collect());
    let sql = call_in(&scope, "karat__shared_scan_sql", &[Value::from(first.relation.as_str()), tests])?;
    let (response, table) = scope.execute(&sql.to_string(), false, Fetch::All)?;
    scope.release();
    let counts = match &table.rows[..] {
        [row] => row.iter().take(members.len()).map(Cell::as_i64).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let counts = counts.filter(|counts| counts.len() == members.len());
    let wrong = || Error::internal("`karat__shared_scan_sql` does not answer with one number for each test");
    counts.map(|counts| (response, counts)).ok_or_else(wrong)
}

/// What a test finds, as macros see it.
fn described(finds: &Finds) -> Value {
    let texts = |all: &[String]| list(all.iter().map(|text| Value::from(text.as_str())).collect());
    let optional = |text: &Option<String>| text.as_deref().map_or_else(|| Value::from(()), Value::from);
    let own = match finds {
        Finds::Nulls { column } => vec![("column", Value::from(column.as_str()))],
        Finds::Rows { condition, groups } => {
            vec![("condition", optional(condition)), ("groups", texts(groups))]
        }
        Finds::Repeated { keys, condition, not_null } => vec![
            ("condition", optional(condition)),
            ("keys", texts(keys)),
            ("not_null", Value::from(*not_null)),
        ],
    };
    dict_of(std::iter::once(("kind", Value::from(kind(finds)))).chain(own))
}
