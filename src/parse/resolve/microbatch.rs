//! Microbatch models: their configs, and what keeps their batches from working as they are meant to.

use super::places::Places;
use crate::context::event_time::moment;
use crate::error::Error;
use crate::manifest::{Manifest, Node, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::json::python_str;
use crate::parse::stage::Stage;
use serde_json::Value as Json;

/// Checks every microbatch model. Where a project's own macro takes the place of batches, only that is told.
pub(super) fn check(stage: &Stage<'_>, manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let models = || manifest.nodes.values().filter(|node| node.is_microbatch());
    if models().next().is_none() {
        return;
    }
    if !stage.session.runs_batches() {
        return findings.warn("MicrobatchMacroOutsideOfBatchesDeprecation", own_macro());
    }
    for node in models() {
        if let Some(fault) = config(node) {
            findings.error(places.mark(&node.unique_id, fault.about(node.described())));
        } else if !node.depends_on.nodes.iter().any(|id| has_event_time(manifest, id)) {
            findings.warn("MicrobatchModelNoEventTimeInputs", unfiltered(node));
        }
    }
    let forced = |node: &&std::sync::Arc<Node>| node.config.bool("concurrent_batches", false);
    let forced = models().filter(forced).count();
    if forced > 0 && !stage.session.adapter.concurrent_batches() {
        findings
            .warn("InvalidConcurrentBatchesConfig", not_side_by_side(forced, stage.session.adapter.name()));
    }
}

fn own_macro() -> Error {
    Error::parsing(
        "a microbatch macro of the project's own runs outside of batches, which is deprecated. Set \
         `flags.require_batched_execution_for_custom_microbatch_strategy` to `True` in `dbt_project.yml` to run it \
         once for each batch",
    )
}

fn unfiltered(node: &Node) -> Error {
    Error::parsing(format!(
        "microbatch model '{}' reads nothing that has an 'event_time': every batch reads all rows, which may come \
         out more than once",
        node.name
    ))
    .help("set `event_time` in the config of the models and sources that it reads")
}

fn not_side_by_side(count: usize, adapter: &str) -> Error {
    let models = if count == 1 { "microbatch model has" } else { "microbatch models have" };
    Error::parsing(format!(
        "{count} {models} `concurrent_batches: true`, but on {adapter} batches run one after the other"
    ))
}

fn has_event_time(manifest: &Manifest, id: &UniqueId) -> bool {
    let node = manifest.node(id).map(|node| &node.config);
    let config = node.or_else(|| manifest.sources.get(id).map(|source| &source.config));
    config.is_some_and(|config| config.str("event_time").is_some_and(|field| !field.is_empty()))
}

const BATCH_SIZES: [&str; 4] = ["hour", "day", "month", "year"];

/// The first config of a model that does not fit.
fn config(node: &Node) -> Option<Error> {
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
        (_, Some(begin), ..) if begin.as_str().and_then(moment).is_none() => format!(
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
