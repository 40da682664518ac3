//! Names and relations that two resources claim.

use super::places::Places;
use crate::error::Error;
use crate::manifest::{Manifest, Node, NodeKind, ResourceType, Source};
use crate::parse::findings::Findings;
use crate::parse::properties::Spot;
use std::collections::HashMap;
use std::sync::Arc;

/// Two resources of one id.
pub(super) fn twice(first: &Node, second: &Node) -> Error {
    use ResourceType::{Model, Seed, Snapshot};
    let relational = matches!(first.resource_type, Model | Seed | Snapshot);
    let (kinds, name, looking) = match &first.kind {
        NodeKind::GenericTest { column_name, file_key_name, .. } => {
            let column =
                column_name.as_ref().map(|name| format!("column \"{name}\" in ")).unwrap_or_default();
            let of = file_key_name.clone().unwrap_or_default();
            (
                "data_tests".to_string(),
                format!("\"{}\" defined on {column}\"{of}\"", first.name),
                "running tests".to_string(),
            )
        }
        _ => {
            let looking = if relational { format!("ref(\"{}\")", first.name) } else { first.name.clone() };
            (plural(first.resource_type), format!("\"{}\"", first.name), format!("looking for {looking}"))
        }
    };
    let list = [first, second].map(|node| format!("- {} ({})", node.unique_id, node.original_file_path));
    told(&kinds, &name, (&looking, &list.join("\n")))
}

/// Two tables of one name in one source.
pub(super) fn source_twice(first: &Source, second: &Source) -> Error {
    let name = format!("{}_{}", first.source_name, first.name);
    let looking = format!("looking for source(\"{}\", \"{}\")", first.source_name, first.name);
    let list =
        [first, second].map(|source| format!("- {} ({})", source.unique_id, source.original_file_path));
    told("sources", &format!("\"{name}\""), (&looking, &list.join("\n")))
}

/// Two exposures or groups of one name.
pub(super) fn named_twice(spot: &Spot, kinds: &str, name: &str) -> Error {
    spot.mark(Error::compilation(format!("dbt found two {kinds} with the name \"{name}\"")))
        .help("change the name of one of them")
}

fn told(kinds: &str, name: &str, (looking, list): (&str, &str)) -> Error {
    Error::compilation(format!(
        "dbt found two {kinds} with the name {name}.\n\nSince these resources have the same name, dbt will be unable to \
         find the correct resource\nwhen {looking}.\n\nTo fix this, change the name of one of these resources:\n{list}"
    ))
    .help("rename one of them")
}

fn plural(kind: ResourceType) -> String {
    match kind {
        ResourceType::Analysis => "analyses".to_string(),
        ResourceType::Test => "data_tests".to_string(),
        other => format!("{other}s"),
    }
}

/// Relations and names that two nodes share.
pub(super) fn relations(manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let mut relations: HashMap<String, &Arc<Node>> = HashMap::new();
    let mut names: HashMap<(&str, &str), &Arc<Node>> = HashMap::new();
    let relational = |node: &&Arc<Node>| {
        use ResourceType::{Model, Seed, Snapshot};
        matches!(node.resource_type, Model | Seed | Snapshot) || node.relation_name.is_some()
    };
    for node in manifest.nodes.values().filter(relational) {
        if !node.is_test()
            && let Some(first) = names.insert((&node.package_name, &node.name), node)
        {
            same_name(first, node, places, findings);
        }
        let place = format!("{:?}.{}.{}", node.database, node.schema, node.alias);
        if let Some(first) = relations.insert(place, node) {
            findings.error(places.mark(&node.unique_id, ambiguous(first, node)));
        }
    }
}

/// A name of two nodes of different kinds, or of a model with versions and one without.
fn same_name(first: &Arc<Node>, second: &Arc<Node>, places: &Places, findings: &mut Findings) {
    match (first.version(), second.version()) {
        (Some(_), Some(_)) => {}
        (None, None) => {
            let list = [first, second].map(|node| format!("'{}'", node.unique_id));
            let message = format!(
                "Found resources with the same name '{}' in package '{}': {}. Please update one of the resources to \
                 have a unique name.",
                first.name,
                first.package_name,
                list.join(" and ")
            );
            let error = places.mark(&second.unique_id, Error::compilation(message));
            let error = error
                .with_field("resource_name", first.name.as_str())
                .with_field("package_name", first.package_name.as_str());
            let error = error.with_field("unique_id1", first.unique_id.to_string());
            let error = error.with_field("unique_id2", second.unique_id.to_string());
            findings.warn("DuplicateNameDistinctNodeTypesDeprecation", error);
        }
        (versioned, _) => {
            let (with, without) = if versioned.is_some() { (first, second) } else { (second, first) };
            let message = format!(
                "dbt found versioned and unversioned models with the name \"{name}\".\n\nSince these resources have \
                 the same name, dbt will be unable to find the correct resource\nwhen looking for ref('{name}').\n\n\
                 To fix this, change the name of the unversioned resource\n{} ({})\nor add the unversioned model to \
                 the versions in {}",
                without.unique_id,
                without.original_file_path,
                with.patch_path.as_deref().unwrap_or_default(),
                name = with.name,
            );
            findings.error(places.mark(&without.unique_id, Error::parsing(message)));
        }
    }
}

fn ambiguous(first: &Node, second: &Node) -> Error {
    let shown = crate::parse::nodes::full_name(
        (first.database.as_deref(), &first.schema, &first.alias),
        crate::relation::Policy::ALL,
    );
    let shown = first.relation_name.clone().unwrap_or(shown);
    let list = [first, second].map(|node| format!("- {} ({})", node.unique_id, node.original_file_path));
    Error::compilation(format!(
        "dbt found two resources with the database representation \"{shown}\".\ndbt cannot create two resources with \
         identical database representations. To fix this,\nchange the configuration of one of these resources:\n{}",
        list.join("\n")
    ))
    .help("give one of them another `alias`, `schema` or `database`, or rename its file")
}
