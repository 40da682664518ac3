//! `--state`, `--defer`, `--defer-state`: another environment's artifacts, and its relations by id.

use super::session::Opened;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::state::State;
use crate::manifest::UniqueId;
use crate::relation::{Policy, Relation};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::Path;

/// The state that `--state` names; `None` where it is not given.
///
/// # Errors
/// An artifact cannot be read.
pub fn previous(opened: &Opened) -> Result<Option<State>> {
    let flags = &opened.session.flags;
    let Some(path) = &flags.state else { return Ok(None) };
    let path = opened.session.root.join(path);
    if path == opened.session.target_path {
        let error = Error::runtime(format!(
            "Warning: The state and target directories are the same: '{}'. This could lead to missing changes due to overwritten state including non-idempotent retries.",
            flags.state.as_deref().unwrap_or(Path::new("")).display()
        ));
        opened.session.reporter.report(Event::Warning { name: "WarnStateTargetEqual", error });
    }
    read(opened, &path).map(Some)
}

fn read(opened: &Opened, path: &Path) -> Result<State> {
    let session = &opened.session;
    let unrendered = session.flags.behaviour("state_modified_compare_more_unrendered_values");
    State::read(path, &session.target_path, unrendered, session.reporter.clone())
}

/// Where the nodes of the state stand, for `--defer` and `clone`.
///
/// # Errors
/// Neither `--state` nor `--defer-state` is given, or there is no manifest.
pub fn relations(opened: &Opened) -> Result<HashMap<UniqueId, Relation>> {
    let session = &opened.session;
    let path = session.flags.defer_state.as_ref().or(session.flags.state.as_ref());
    let path = path.ok_or_else(|| {
        Error::runtime("--state or --defer-state are required for deferral, but neither was provided")
            .help("name the folder of the other environment's manifest.json: `--state path/to/artifacts`")
    })?;
    let state = read(opened, &session.root.join(path))?;
    let manifest = state.manifest.ok_or_else(|| {
        Error::runtime(format!("Could not find manifest in --state path: \"{}\"", path.display()))
            .help("it is written by every run into the target folder, as manifest.json")
    })?;
    let known = |id: &&String| opened.manifest.node(&UniqueId::from(id.as_str())).is_some();
    let nodes = manifest.nodes.iter().chain(&manifest.functions).filter(|(id, _)| known(id));
    let found =
        nodes.filter_map(|(id, node)| Some((UniqueId::from(id.as_str()), relation(node, session.quoting)?)));
    Ok(found.collect())
}

/// The relation of a node of another manifest; none for what is no relation.
fn relation(node: &Json, quoting: Policy) -> Option<Relation> {
    let text = |key: &str| node.get(key).and_then(Json::as_str);
    let kinds = ["model", "seed", "snapshot", "function"];
    let ephemeral = node.pointer("/config/materialized").and_then(Json::as_str) == Some("ephemeral");
    if ephemeral || !kinds.contains(&text("resource_type")?) {
        return None;
    }
    let own = |part: &str, default: bool| {
        node.pointer(&format!("/config/quoting/{part}")).and_then(Json::as_bool).unwrap_or(default)
    };
    Some(Relation {
        quoting: Policy {
            database: own("database", quoting.database),
            schema: own("schema", quoting.schema),
            identifier: own("identifier", quoting.identifier),
        },
        ..Relation::new(text("database"), text("schema"), text("alias"))
    })
}
