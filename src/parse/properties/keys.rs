//! Keys of property files that dbt does not know and that look like a slip of the pen.

use super::entry::{Entry, Key};
use crate::parse::findings::Findings;
use crate::project::yaml::{Yaml, suggestion};

const NODE: &[&str] = &[
    "name",
    "description",
    "columns",
    "config",
    "data_tests",
    "tests",
    "docs",
    "meta",
    "access",
    "group",
    "constraints",
    "contract",
    "tags",
    "latest_version",
    "versions",
    "deprecation_date",
    "time_spine",
    "quote_columns",
    "relation",
    "semantic_model",
    "primary_entity",
    "agg_time_dimension",
    "metrics",
    "derived_semantics",
    "arguments",
    "returns",
    "overloads",
];
const COLUMN: &[&str] = &[
    "name",
    "description",
    "data_type",
    "quote",
    "tags",
    "meta",
    "constraints",
    "data_tests",
    "tests",
    "policy_tags",
    "config",
    "docs",
    "granularity",
    "dimension",
    "entity",
    "include",
    "exclude",
];
const SOURCE: &[&str] = &[
    "name",
    "description",
    "database",
    "schema",
    "loader",
    "quoting",
    "freshness",
    "loaded_at_field",
    "loaded_at_query",
    "tags",
    "meta",
    "config",
    "overrides",
    "tables",
    "catalog",
    "tests",
    "data_tests",
];
const TABLE: &[&str] = &[
    "name",
    "description",
    "identifier",
    "external",
    "columns",
    "quoting",
    "freshness",
    "loaded_at_field",
    "loaded_at_query",
    "tags",
    "meta",
    "config",
    "data_tests",
    "tests",
    "docs",
    "loader",
    "quote_columns",
];
const EXPOSURE: &[&str] = &[
    "name",
    "type",
    "owner",
    "label",
    "maturity",
    "url",
    "depends_on",
    "description",
    "meta",
    "tags",
    "config",
];
const UNIT_TEST: &[&str] =
    &["name", "model", "given", "expect", "overrides", "config", "versions", "description"];

/// Warns of unknown keys that are nearly known ones; other unknown keys are the user's own.
pub(super) fn check(entry: &Entry, findings: &mut Findings) {
    let known = match entry.key {
        Key::Models | Key::Seeds | Key::Snapshots | Key::Functions | Key::Analyses => NODE,
        Key::Sources => SOURCE,
        Key::Exposures => EXPOSURE,
        Key::UnitTests => UNIT_TEST,
        _ => return,
    };
    let what = entry.key.kind().as_str();
    slips(entry, (&entry.node, known, what), findings);
    let columns = |node: &Yaml, findings: &mut Findings| {
        for column in node.get("columns").map_or(&[][..], Yaml::items) {
            slips(entry, (column, COLUMN, "column"), findings);
        }
    };
    columns(&entry.node, findings);
    for table in entry.node.get("tables").map_or(&[][..], Yaml::items) {
        slips(entry, (table, TABLE, "table"), findings);
        columns(table, findings);
    }
}

fn slips(entry: &Entry, (node, known, what): (&Yaml, &[&str], &str), findings: &mut Findings) {
    for (key, _) in node.entries() {
        let Some(name) = key.as_str().filter(|name| !known.contains(name)) else { continue };
        if let Some(near) = suggestion(name, known) {
            let fault = entry.file.yaml.fault(key, format!("a {what} has no key `{name}`; it is ignored"));
            findings.warn("CustomKeyInObjectDeprecation", fault.help(format!("did you mean `{near}`?")));
        }
    }
}
