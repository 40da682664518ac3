//! Keys of property files that dbt does not know and that look like a slip of the pen.

use super::entry::{Entry, Key};
use crate::parse::findings::Findings;
use crate::project::config_keys::config_slips;
use crate::project::yaml::{Yaml, YamlFile};

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
    "version",
    "loaded_at_field_present",
    "unrendered_database",
    "unrendered_schema",
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

const MACRO: &[&str] = &["name", "description", "docs", "meta", "arguments", "config", "patch_path"];
const GROUP: &[&str] = &["name", "owner", "description", "config"];
const OWNER: &[&str] = &["name", "email", "slack", "github", "url", "title", "team"];
const FIXTURE: &[&str] = &["input", "rows", "format", "fixture"];
const OVERRIDES: &[&str] = &["macros", "vars", "env_vars"];
const CONSTRAINT: &[&str] =
    &["type", "name", "expression", "columns", "to", "to_columns", "warn_unenforced", "warn_unsupported"];
const FRESHNESS: &[&str] = &["warn_after", "error_after", "filter", "build_after"];
const TIME: &[&str] = &["count", "period", "updates_on"];
const QUOTING: &[&str] = &["database", "schema", "identifier", "column", "snowflake_ignore_case"];
const DOCS: &[&str] = &["show", "node_color"];
const CONTRACT: &[&str] = &["enforced", "alias_types", "checksum"];
const VERSION: &[&str] = &[
    "v",
    "defined_in",
    "description",
    "access",
    "config",
    "constraints",
    "columns",
    "docs",
    "tests",
    "data_tests",
    "deprecation_date",
];

/// What stands under a key of some mapping: its name in messages and the keys that it takes.
const WITHIN: &[(&str, (&str, &[&str]))] = &[
    ("columns", ("column", COLUMN)),
    ("tables", ("table", TABLE)),
    ("constraints", ("constraint", CONSTRAINT)),
    ("freshness", ("freshness", FRESHNESS)),
    ("warn_after", ("warn_after", TIME)),
    ("error_after", ("error_after", TIME)),
    ("build_after", ("build_after", TIME)),
    ("quoting", ("quoting", QUOTING)),
    ("docs", ("docs", DOCS)),
    ("contract", ("contract", CONTRACT)),
    ("owner", ("owner", OWNER)),
    ("given", ("given", FIXTURE)),
    ("expect", ("expect", FIXTURE)),
    ("overrides", ("overrides", OVERRIDES)),
];

/// Warns of unknown keys that are nearly known ones; other unknown keys are the user's own. Exposures, groups, unit
/// tests, sources (not their tables) and versions have no keys of the user's own, as in dbt.
pub(super) fn check(entry: &Entry, findings: &mut Findings) {
    let known = match entry.key {
        Key::Models | Key::Seeds | Key::Snapshots | Key::Functions | Key::Analyses => NODE,
        Key::Sources => SOURCE,
        Key::Exposures => EXPOSURE,
        Key::UnitTests => UNIT_TEST,
        Key::Macros => MACRO,
        Key::Groups => GROUP,
        _ => return,
    };
    let what = entry.key.kind().as_str();
    let mut only = |node: &Yaml, known: &[&str], what: &str| {
        findings.keep(entry.file.yaml.expect_keys(node, known, &format!("{what} `{}`", entry.name)));
    };
    if entry.key == Key::Models {
        let versions = entry.node.get("versions").map_or(&[][..], Yaml::items);
        versions.iter().for_each(|version| only(version, VERSION, "a version of the model"));
    }
    if matches!(entry.key, Key::Exposures | Key::Groups | Key::UnitTests | Key::Sources) {
        only(&entry.node, known, &format!("the {what}"));
        return Slips { file: &entry.file.yaml, findings }.within(&entry.node);
    }
    let mut slips = Slips { file: &entry.file.yaml, findings };
    slips.check(&entry.node, (what, known));
}

/// The same for the lists of a file.
pub(super) fn check_lists(file: &YamlFile, root: &Yaml, findings: &mut Findings) {
    let mut known: Vec<&str> = Key::ALL.iter().map(|key| key.as_str()).collect();
    known.extend(["version", "tests", "anchors", "docs"]);
    for fault in file.slips(root, &known, "a property file") {
        findings.warn("CustomTopLevelKeyDeprecation", ignored(fault));
    }
}

struct Slips<'a> {
    file: &'a YamlFile,
    findings: &'a mut Findings,
}

impl Slips<'_> {
    fn check(&mut self, node: &Yaml, (what, known): (&str, &[&str])) {
        for fault in self.file.slips(node, known, &format!("a {what}")) {
            self.findings.warn(self.class(what), ignored(fault));
        }
        self.within(node);
        for test in ["data_tests", "tests"].iter().filter_map(|key| node.get(key)).flat_map(Yaml::items) {
            let config = |test: &Yaml| test.get("config").cloned();
            for config in test.entries().iter().filter_map(|(_, asked)| config(asked)).chain(config(test)) {
                self.config(&config);
            }
        }
    }

    /// dbt's class: of small objects it says nothing, in whatever place, so they count as no deprecation.
    fn class(&self, what: &str) -> &'static str {
        let is_small =
            WITHIN.iter().any(|(_, (name, _))| *name == what) && !["column", "table"].contains(&what);
        if is_small { "InvalidValueForField" } else { "CustomKeyInObjectDeprecation" }
    }

    /// What stands below a node under keys of its own.
    fn within(&mut self, node: &Yaml) {
        for (key, inner) in WITHIN.iter().filter_map(|(key, inner)| Some((node.get(key)?, *inner))) {
            match key.is_list() {
                true => key.items().iter().for_each(|item| self.check(item, inner)),
                false => self.check(key, inner),
            }
        }
        if let Some(config) = node.get("config") {
            self.config(config);
        }
    }

    fn config(&mut self, config: &Yaml) {
        for slip in config_slips(self.file, config) {
            self.findings.warn("CustomKeyInConfigDeprecation", slip);
        }
        self.within(config);
    }
}

fn ignored(fault: crate::error::Error) -> crate::error::Error {
    let said = format!("{}; it is ignored", fault.message());
    fault.with_message(said)
}
