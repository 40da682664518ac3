//! Which tests may share a scan, before anything of them is compiled.

use super::answer::condition;
use crate::context::{Run, Scope, Subject};
use crate::jinja::value::iterate;
use crate::manifest::{Node, ResourceType, UniqueId};
use crate::run::operation::call_in;
use crate::sql::Finds;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Macros in which a data test runs. A project that has its own is left to it.
const MACROS: [&str; 4] = ["get_test_sql", "get_limit_subquery_sql", "should_store_failures", "statement"];

/// The tests of a run that may share scans, in groups of one node.
pub struct Eligible {
    groups: HashMap<UniqueId, usize>,
    kinds: HashSet<String>,
}

impl Eligible {
    /// The groups of a run; `None` where there is nothing to share.
    pub fn of<'a>(run: &Arc<Run>, ids: impl Iterator<Item = &'a UniqueId>) -> Option<Self> {
        if !run.session.flags.fuse_tests || overrides_tests(run) {
            return None;
        }
        let mut by_parent: BTreeMap<&UniqueId, Vec<&UniqueId>> = BTreeMap::new();
        for node in ids.filter_map(|id| run.manifest.nodes.get(id)) {
            if let Some(parent) = only_parent(run, node) {
                by_parent.entry(parent).or_default().push(&node.unique_id);
            }
        }
        by_parent.retain(|_, tests| tests.len() > 1);
        let numbered = by_parent.into_values().enumerate();
        let groups: HashMap<_, _> =
            numbered.flat_map(|(n, tests)| tests.into_iter().map(move |id| (id.clone(), n))).collect();
        let kinds = if groups.is_empty() { HashSet::new() } else { kinds(run) };
        (!kinds.is_empty()).then_some(Eligible { groups, kinds })
    }

    /// The group of a test.
    pub fn group(&self, id: &UniqueId) -> Option<usize> {
        self.groups.get(id).copied()
    }

    /// Does such a test gain by sharing a scan on this engine?
    pub fn gains(&self, finds: &Finds) -> bool {
        self.kinds.contains(kind(finds))
    }
}

/// The word of the macros for what a test finds.
pub fn kind(finds: &Finds) -> &'static str {
    match finds {
        Finds::Nulls { .. } => "nulls",
        Finds::Rows { groups, .. } if groups.is_empty() => "rows",
        Finds::Rows { .. } => "groups",
        Finds::Repeated { keys, .. } if keys.len() == 1 => "repeated",
        Finds::Repeated { .. } => "repeated_keys",
    }
}

/// The kinds that the engine's macros name. A fault in them is no fault of a test: nothing is shared then.
fn kinds(run: &Arc<Run>) -> HashSet<String> {
    let scope = Scope::new(run, Subject::Operation(run.session.project_name.clone()), None);
    let named = call_in(&Arc::new(scope), "karat__kinds_that_share", &[]).ok();
    let named = named.and_then(|kinds| iterate(&kinds).ok()).unwrap_or_default();
    named.iter().map(ToString::to_string).collect()
}

/// Does a package bring its own `test` materialization, or macros in which tests run?
fn overrides_tests(run: &Run) -> bool {
    let own = crate::adapter::known_package(run.session.adapter.name());
    let prefixes: Vec<String> = run.session.adapter.prefixes().iter().map(|p| format!("{p}__")).collect();
    let is_of_tests = |name: &str| {
        let bare = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str()));
        let bare = bare.or_else(|| name.strip_prefix("default__")).unwrap_or(name);
        MACROS.contains(&bare) || name.starts_with("materialization_test_")
    };
    let built_in = |package: &str| package == "dbt" || package == own;
    run.manifest.macros.values().any(|it| !built_in(&it.package_name) && is_of_tests(&it.name))
}

/// The one node that a test reads, if it is a test whose outcome a count can tell.
fn only_parent<'a>(run: &Run, node: &'a Node) -> Option<&'a UniqueId> {
    let [parent] = &node.depends_on.nodes[..] else { return None };
    let counts_rows = node.config.str("fail_calc").unwrap_or("count(*)").trim() == "count(*)";
    let is_plain = node.resource_type == ResourceType::Test
        && counts_rows
        && node.config.get("sql_header").is_none()
        && node.config.get("limit").is_none_or(|limit| limit.is_u64())
        && condition(node, "warn_if").is_some()
        && condition(node, "error_if").is_some()
        && !stores_failures(run, node);
    is_plain.then_some(parent)
}

/// Does a test keep the rows that it finds?
pub fn stores_failures(run: &Run, node: &Node) -> bool {
    let flag = run.session.flags.store_failures.unwrap_or(false);
    node.config.get("store_failures").and_then(serde_json::Value::as_bool).unwrap_or(flag)
        || node.config.str("store_failures_as").is_some_and(|kind| kind != "ephemeral")
}
