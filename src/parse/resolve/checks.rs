//! What can be checked only once the whole manifest is there: groups, access, snapshots, microbatch.

use super::places::Places;
use crate::error::Error;
use crate::manifest::{Manifest, Node, NodeKind, ResourceType};
use crate::parse::configs::check_snapshot;
use crate::parse::findings::Findings;
use crate::parse::json::python_str;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Checks every node.
pub(super) fn check(manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let groups: BTreeSet<&str> = manifest.groups.values().map(|group| group.name.as_str()).collect();
    for node in manifest.nodes.values() {
        let faults =
            [group(node, &groups), access(node), snapshot(node), microbatch(node), spaces(node), seed(node)];
        for fault in faults.into_iter().flatten() {
            findings.error(places.mark(&node.unique_id, fault.about(node.described())));
        }
    }
    for function in manifest.functions.values() {
        if let Some(fault) = defaults_last(function) {
            findings.error(places.mark(&function.unique_id, fault));
        }
    }
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

const BATCH_SIZES: [&str; 4] = ["hour", "day", "month", "year"];

fn microbatch(node: &Node) -> Option<Error> {
    let is = |key: &str, word: &str| node.config.str(key) == Some(word);
    if !is("materialized", "incremental") || !is("incremental_strategy", "microbatch") {
        return None;
    }
    let name = &node.name;
    let get = |key: &str| node.config.get(key);
    let told = match (get("event_time"), get("begin"), get("batch_size"), get("lookback")) {
        (None, ..) => format!(
            "Microbatch model '{name}' must provide an 'event_time' (string) config that indicates the name of the \
             event time column."
        ),
        (Some(other), ..) if !other.is_string() => {
            format!(
                "Microbatch model '{name}' must provide an 'event_time' config of type string, but got: {other}."
            )
        }
        (_, None, ..) => format!(
            "Microbatch model '{name}' must provide a 'begin' (datetime) config that indicates the earliest timestamp \
             the microbatch model should be built from."
        ),
        (_, Some(begin), ..) if !is_time(begin) => format!(
            "Microbatch model '{name}' must provide a 'begin' config of valid datetime (ISO format), but got: {}.",
            python_str(begin)
        ),
        (_, _, size, _) if !size.and_then(Json::as_str).is_some_and(|size| BATCH_SIZES.contains(&size)) => {
            format!(
                "Microbatch model '{name}' must provide a 'batch_size' config that is one of ['hour', 'day', 'month', \
             'year'], but got: {}.",
                python_str(size.unwrap_or(&Json::Null))
            )
        }
        (.., Some(lookback)) if !lookback.is_i64() && !lookback.is_u64() => {
            format!(
                "Microbatch model '{name}' must provide the optional 'lookback' config as type int, but got: {lookback})."
            )
        }
        _ => return None,
    };
    Some(Error::parsing(told))
}

fn is_time(value: &Json) -> bool {
    let Some(text) = value.as_str() else { return false };
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    chrono::DateTime::parse_from_rfc3339(text).is_ok()
        || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
        || naive.iter().any(|format| chrono::NaiveDateTime::parse_from_str(text, format).is_ok())
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
