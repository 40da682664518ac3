//! The methods of the selection language: one row, one function.
//!
//! The rules are dbt's (graph/selector_methods.py), told apart by running `dbt ls`; `recorded.rs`
//! holds the proof.

use super::evaluate::{Look, chosen};
use super::glob::matches;
use super::member::Member;
use super::paths::PathPattern;
use super::{Criterion, nodes};
use crate::error::{Error, ErrorKind, Result};
use crate::manifest::{NodeKind, ResourceType};
use fixedbitset::FixedBitSet;
use serde_json::Value as Json;

/// Finds the nodes that a criterion means.
type Search = fn(&Look<'_>, &Criterion) -> Result<FixedBitSet>;

/// A way to find nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Method {
    Fqn,
    Tag,
    Group,
    Access,
    Source,
    Path,
    File,
    Package,
    Config,
    TestName,
    TestType,
    ResourceType,
    State,
    Exposure,
    Metric,
    Result,
    SourceStatus,
    Version,
    SemanticModel,
    SavedQuery,
    UnitTest,
    Selector,
}

/// Every method: its word, its function.
const TABLE: [(Method, &str, Search); 22] = [
    (Method::Fqn, "fqn", fqn),
    (Method::Tag, "tag", tag),
    (Method::Group, "group", group),
    (Method::Access, "access", access),
    (Method::Source, "source", source),
    (Method::Path, "path", path),
    (Method::File, "file", file),
    (Method::Package, "package", package),
    (Method::Config, "config", config),
    (Method::TestName, "test_name", test_name),
    (Method::TestType, "test_type", test_type),
    (Method::ResourceType, "resource_type", resource_type),
    (Method::State, "state", state),
    (Method::Exposure, "exposure", exposure),
    (Method::Metric, "metric", metric),
    (Method::Result, "result", result),
    (Method::SourceStatus, "source_status", source_status),
    (Method::Version, "version", version),
    (Method::SemanticModel, "semantic_model", semantic_model),
    (Method::SavedQuery, "saved_query", saved_query),
    (Method::UnitTest, "unit_test", unit_test),
    (Method::Selector, "selector", selector),
];

/// What `state:` can ask.
pub const STATE_CHECKS: [&str; 10] = [
    "new",
    "old",
    "modified",
    "unmodified",
    "modified.body",
    "modified.configs",
    "modified.persisted_descriptions",
    "modified.relation",
    "modified.macros",
    "modified.contract",
];

impl Method {
    /// The method that a word names.
    pub fn parse(word: &str) -> Option<Method> {
        TABLE.iter().find(|(_, name, _)| *name == word).map(|row| row.0)
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Every word.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.1)
    }

    pub(super) fn search(self, look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
        (self.row().2)(look, criterion)
    }

    fn row(self) -> &'static (Method, &'static str, Search) {
        &TABLE[self as usize]
    }
}

fn fqn(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    let versioned = |m: Member<'_>| matches!(m, Member::Node(node) if node.version().is_some());
    let named = |m: Member<'_>| nodes::is_named(&m.fqn(), &wanted, versioned(m));
    Ok(look.filter(|m| m.kind() != ResourceType::Source && named(m)))
}

fn tag(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    Ok(look.filter(|m| m.tags().iter().any(|tag| matches(tag, &wanted))))
}

fn group(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    Ok(look.filter(|m| m.group().is_some_and(|group| matches(group, &wanted))))
}

fn access(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    let has = |kind: &NodeKind| matches!(kind, NodeKind::Model { access, .. } if *access == wanted);
    Ok(look.filter(|m| matches!(m, Member::Node(node) if has(&node.kind))))
}

fn source(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let value = criterion.text();
    let parts: Vec<&str> = value.split('.').collect();
    let (package, source, table) = match parts[..] {
        [source] => ("*", source, "*"),
        [source, table] => ("*", source, table),
        [package, source, table] => (package, source, table),
        _ => {
            return Err(Error::runtime(format!("Invalid source selector value \"{value}\""))
                .help("write `source`, `source.table` or `package.source.table`"));
        }
    };
    Ok(look.filter(|m| match m {
        Member::Source(it) => {
            matches(&it.package_name, package) && matches(&it.source_name, source) && matches(&it.name, table)
        }
        _ => false,
    }))
}

fn path(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let found = PathPattern::new(&criterion.text()).among(look.members().map(|(_, m)| m), look.project());
    Ok(look.filter(|m| found.holds(m)))
}

fn file(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    Ok(look.filter(|m| {
        let name = m.file().rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        matches(name, &wanted) || matches(stem, &wanted)
    }))
}

fn package(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let value = criterion.text();
    let wanted = if value == "this" { look.project() } else { &value };
    Ok(look.filter(|m| matches(m.package(), wanted)))
}

fn config(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let caseless = criterion.arguments == ["severity"];
    let value = |m: Member<'_>| {
        let config = match m {
            Member::Node(node) => &node.config.0,
            Member::Source(source) => &source.config.0,
            _ => return false,
        };
        nodes::config_value(config, &criterion.arguments)
            .is_some_and(|value| nodes::config_is(value, &criterion.value, caseless))
    };
    Ok(look.filter(value))
}

fn test_name(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = criterion.text();
    Ok(look.filter(|m| match m {
        Member::UnitTest(test) => matches(&test.name, &wanted),
        Member::Node(node) => match &node.kind {
            NodeKind::GenericTest { test_metadata, .. } => matches(&test_metadata.name, &wanted),
            _ => false,
        },
        _ => false,
    }))
}

fn test_type(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let value = criterion.text();
    let (generic, singular, unit) = match value.as_str() {
        "generic" | "schema" => (true, false, false),
        "singular" => (false, true, false),
        "data" => (true, true, false),
        "unit" => (false, false, true),
        _ => {
            return Err(Error::runtime(format!(
                "Invalid test type selector {value}: expected \"generic\", \"singular\", \"unit\", or \"data\""
            )));
        }
    };
    Ok(look.filter(|m| match m {
        Member::UnitTest(_) => unit,
        Member::Node(node) => match node.kind {
            NodeKind::GenericTest { .. } => generic,
            NodeKind::SingularTest {} => singular,
            _ => false,
        },
        _ => false,
    }))
}

fn resource_type(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let value = criterion.text();
    let kind = ResourceType::parse(&value).ok_or_else(|| {
        Error::runtime(format!("Invalid resource_type selector \"{value}\""))
            .help(format!("the types are {}", ResourceType::ALL.map(ResourceType::as_str).join(", ")))
    })?;
    Ok(look.filter(|m| m.kind() == kind))
}

fn state(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let absent = || Error::runtime("Got a state selector method, but no comparison manifest");
    let previous = look.previous().ok_or_else(|| absent().help(STATE_HELP))?;
    let check = criterion.text();
    if !STATE_CHECKS.contains(&check.as_str()) {
        let named = STATE_CHECKS.map(|c| format!("'{c}'")).join(", ");
        return Err(Error::runtime(format!(
            "Got an invalid selector \"{check}\", expected one of \"[{named}]\""
        )));
    }
    let found = look.try_filter(|id, _| previous.state(&check, id, look.manifest()))?;
    previous.removed(&check, look.manifest())?;
    Ok(found)
}

fn result(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let found =
        look.previous().map(|previous| previous.with_result(&criterion.text())).transpose()?.flatten();
    let absent = || Error::new(ErrorKind::Internal, "No comparison run_results").help(STATE_HELP);
    let found = found.ok_or_else(absent)?;
    look.try_filter(|id, _| Ok(found.contains(id)))
}

fn source_status(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let found = look.previous().map(|previous| previous.fresher()).transpose()?.flatten();
    let absent = || {
        let said = "No previous state comparison freshness results in sources.json";
        Error::new(ErrorKind::Internal, said).help(STATE_HELP)
    };
    let found = found.ok_or_else(absent)?;
    let fresher = criterion.text() == "fresher";
    look.try_filter(|id, _| Ok(fresher && found.contains(id)))
}

const STATE_HELP: &str = "name the folder of the earlier artifacts with `--state`";

fn version(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let wanted = nodes::VersionAge::parse(&criterion.text())?;
    Ok(look.filter(|m| match m {
        Member::Node(node) => match &node.kind {
            NodeKind::Model { version, latest_version, .. } => {
                wanted.holds(version.as_ref(), latest_version.as_ref())
            }
            _ => false,
        },
        _ => false,
    }))
}

fn exposure(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    named(look, criterion, ResourceType::Exposure)
}

fn metric(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    named(look, criterion, ResourceType::Metric)
}

fn semantic_model(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    named(look, criterion, ResourceType::SemanticModel)
}

fn saved_query(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    named(look, criterion, ResourceType::SavedQuery)
}

fn unit_test(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    named(look, criterion, ResourceType::UnitTest)
}

/// `name` or `package.name` of one kind.
fn named(look: &Look<'_>, criterion: &Criterion, kind: ResourceType) -> Result<FixedBitSet> {
    let value = criterion.text();
    let parts: Vec<&str> = value.split('.').collect();
    let (package, name) = match parts[..] {
        [name] => ("*", name),
        [package, name] => (package, name),
        _ => {
            let kind = kind.as_str().replace('_', " ");
            return Err(Error::runtime(format!("Invalid {kind} selector value \"{value}\""))
                .help("write `name` or `package.name`"));
        }
    };
    Ok(look.filter(|m| m.kind() == kind && matches(m.package(), package) && matches(m.name(), name)))
}

/// A selector of selectors.yml, by name.
fn selector(look: &Look<'_>, criterion: &Criterion) -> Result<FixedBitSet> {
    let Json::String(name) = &criterion.value else {
        return Err(Error::runtime("`selector:` takes the name of a selector"));
    };
    chosen(look, look.selectors()?.get(name)?)
}

#[cfg(test)]
mod tests {
    use super::{Method, TABLE};

    #[test]
    fn rows_stand_in_the_order_of_the_methods() {
        for (method, name, _) in TABLE {
            assert_eq!(method.name(), name);
            assert_eq!(Method::parse(name), Some(method));
        }
    }
}
