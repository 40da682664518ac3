//! What can be checked only once the whole manifest is there: groups, access, snapshots.

use super::places::Places;
use crate::error::Error;
use crate::manifest::{Manifest, Node, NodeKind, ResourceType};
use crate::parse::configs::check_snapshot;
use crate::parse::findings::Findings;
use crate::parse::stage::Stage;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Checks every node.
pub(super) fn check(stage: &Stage<'_>, manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let strict = stage.session.flags.behaviour("require_resource_names_without_spaces");
    if !strict {
        warn_of_spaces(stage.session.flags.debug, manifest, places, findings);
    }
    let groups: BTreeSet<&str> = manifest.groups.values().map(|group| group.name.as_str()).collect();
    for node in manifest.nodes.values() {
        let faults = [
            group(node, &groups),
            access(node),
            snapshot(node),
            spaces(node).filter(|_| strict).map(refused),
            seed(node),
        ];
        for fault in faults.into_iter().flatten() {
            findings.error(places.mark(&node.unique_id, fault.about(node.described())));
        }
    }
    for node in manifest.nodes.values() {
        if let Some(fault) = unsupported(node) {
            findings.warn("UnsupportedConstraintMaterialization", places.mark(&node.unique_id, fault));
        }
    }
    for function in manifest.functions.values() {
        if let Some(fault) = defaults_last(function) {
            findings.error(places.mark(&function.unique_id, fault));
        }
    }
}

/// Constraints of a model that becomes no table.
fn unsupported(node: &Node) -> Option<Error> {
    let NodeKind::Model { constraints, .. } = &node.kind else { return None };
    let kind = node.config.materialized();
    let of_columns = node.columns.values().flat_map(|column| &column.constraints);
    let told = of_columns.chain(constraints).any(|constraint| constraint.warn_unsupported);
    let kept = matches!(kind, "table" | "incremental");
    (node.contract.enforced && told && !kept).then(|| {
        let message = format!(
            "Constraint types are not supported for {kind} materializations and will be ignored. Set \
             'warn_unsupported: false' on this constraint to ignore this warning."
        );
        Error::parsing(message).with_field("materialized", kind)
    })
}

fn group(node: &Node, groups: &BTreeSet<&str>) -> Option<Error> {
    let group = node.group.as_deref().filter(|group| !groups.contains(group))?;
    let known: Vec<String> = groups.iter().map(|group| format!("'{group}'")).collect();
    Some(Error::parsing(format!("Invalid group '{group}', expected one of [{}]", known.join(", "))))
}

fn access(node: &Node) -> Option<Error> {
    let NodeKind::Model { access, .. } = &node.kind else { return None };
    (access == "public" && node.is_ephemeral()).then(|| {
        Error::parsing(format!(
            "Node {} with 'ephemeral' materialization has an invalid value (public) for the access field",
            node.unique_id
        ))
        .help("an ephemeral model is no relation that others could read: make it a view")
    })
}

fn seed(node: &Node) -> Option<Error> {
    let call = node.refs.first().filter(|_| node.resource_type == ResourceType::Seed)?;
    Some(
        Error::parsing(format!(
            "Seeds cannot depend on other nodes, but the hooks of `{}` call ref('{}')",
            node.name, call.name
        ))
        .help("take the hook from the seed and give it to a model that reads the seed"),
    )
}

fn snapshot(node: &Node) -> Option<Error> {
    (node.resource_type == ResourceType::Snapshot).then(|| check_snapshot(&node.config.0)).flatten()
}

/// Names with spaces where the project refuses them.
fn refused(fault: Error) -> Error {
    let message = format!("Resource names cannot contain spaces: {}", fault.message());
    fault.with_message(message)
}

/// Names with spaces, where the project still allows them: the first one (each, in debug mode), and how many.
fn warn_of_spaces(debug: bool, manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let found: Vec<(&Node, Error)> =
        manifest.nodes.values().filter_map(|node| Some((&**node, spaces(node)?))).collect();
    if found.is_empty() {
        return;
    }
    let count = found.len();
    for (node, fault) in found.into_iter().take(if debug { count } else { 1 }) {
        findings.warn("SpacesInResourceNameDeprecation", places.mark(&node.unique_id, fault));
    }
    let hint = if debug { "" } else { " Run again with `--debug` to see them all." };
    let message = format!("Spaces found in {count} resource name(s), which dbt means to refuse.{hint}");
    let fault = Error::parsing(message).with_field("count_invalid_names", count);
    let fault = fault.with_field("show_debug_hint", !debug).with_field("level", "");
    findings.warn("ResourceNamesWithSpacesDeprecation", fault);
}

fn spaces(node: &Node) -> Option<Error> {
    node.name.contains(' ').then(|| {
        Error::parsing(format!("Found spaces in the name of `{}`", node.unique_id))
            .help("put underscores where the spaces are")
    })
}

fn defaults_last(function: &Node) -> Option<Error> {
    let NodeKind::Function { definition } = &function.kind else { return None };
    let arguments = definition.get("arguments").and_then(Json::as_array)?;
    let has_default = |argument: &Json| argument.get("default_value").is_some_and(|value| !value.is_null());
    let first = arguments.iter().position(has_default)?;
    let late = arguments[first..].iter().find(|argument| !has_default(argument))?;
    let name = late.get("name").and_then(Json::as_str).unwrap_or_default();
    Some(Error::parsing(format!(
        "Non-defaulted argument '{name}' of function '{}' comes after a defaulted argument. Non-defaulted arguments \
         cannot come after defaulted arguments.",
        function.name
    )))
}
