//! What the semantic layer asks of its entries: names that SQL can take, a time for every measure, an entity
//! that the dimensions belong to, a model that holds the days.

mod across;
mod conversion;
mod measures;
mod metrics;
mod models;
mod names;
mod queries;
mod spines;

pub(super) use names::bad_name;

use super::filters::Names;
use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::resolve::places::Places;
use crate::parse::stage::Stage;
use serde_json::Value as Json;

/// What was found wrong, each with the entry that it is wrong with.
#[derive(Default)]
struct Verdicts<'m> {
    faults: Vec<(&'m UniqueId, String)>,
    warnings: Vec<(&'m UniqueId, String)>,
}

impl<'m> Verdicts<'m> {
    fn fault(&mut self, id: &'m UniqueId, message: impl Into<String>) {
        self.faults.push((id, message.into()));
    }

    fn faults(&mut self, id: &'m UniqueId, messages: impl IntoIterator<Item = String>) {
        self.faults.extend(messages.into_iter().map(|message| (id, message)));
    }

    fn warn(&mut self, id: &'m UniqueId, message: impl Into<String>) {
        self.warnings.push((id, message.into()));
    }
}

/// Tells of every rule that is broken.
pub(in crate::parse::resolve) fn check(
    stage: &Stage<'_>,
    manifest: &Manifest,
    places: &Places,
    findings: &mut Findings,
) {
    let mut verdicts = Verdicts::default();
    spines::written(manifest, &mut verdicts);
    if !manifest.semantic_models.is_empty() {
        spines::needed(manifest, &mut verdicts);
        // dbt looks at the rest where there is something to ask for.
        if !manifest.metrics.is_empty() {
            all(manifest, &mut verdicts);
            metrics::old_places(stage, manifest, (places, &mut verdicts), findings);
            spines::old_kind(stage, manifest, places, findings);
        }
    }
    for (id, fault) in verdicts.faults {
        let message = format!("Semantic Manifest validation failed.\n{fault}");
        findings.error(places.mark(id, Error::new(ErrorKind::Parsing, message)));
    }
    for (id, message) in verdicts.warnings {
        findings.warn("SemanticValidationFailure", places.mark(id, Error::new(ErrorKind::Parsing, message)));
    }
}

fn all<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let names = Names::of(manifest);
    for (id, model) in &manifest.semantic_models {
        models::check(id, model, verdicts);
        measures::check(id, model, verdicts);
    }
    across::check(manifest, verdicts);
    names::grains(manifest, verdicts);
    metrics::aliases(manifest, verdicts);
    for (id, metric) in &manifest.metrics {
        metrics::check((id, metric), &names, verdicts);
        conversion::check(manifest, (id, metric), verdicts);
        queries::filters((id, metric), ("metric", &names), verdicts);
    }
    for (id, query) in &manifest.saved_queries {
        queries::check((id, query), &names, verdicts);
        queries::filters((id, query), ("saved query", &names), verdicts);
    }
    spines::fine_enough(manifest, verdicts);
}

fn text<'e>(entry: &'e Json, key: &str) -> &'e str {
    entry.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn items<'e>(entry: &'e Json, key: &str) -> impl Iterator<Item = &'e Json> {
    entry.get(key).and_then(Json::as_array).into_iter().flatten()
}

/// A field that is there and not null.
fn field<'e>(entry: &'e Json, path: &str) -> Option<&'e Json> {
    entry.pointer(path).filter(|value| !value.is_null())
}

fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
