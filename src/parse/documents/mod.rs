//! What is described without being built: docs blocks, sources, exposures, groups, unit tests, metrics.

mod docs;
mod exposures;
mod freshness;
mod groups;
mod overriding;
mod rows;
mod semantic;
mod sources;
mod unit_tests;

pub(super) use docs::{Docs, docs};
pub(super) use semantic::GRANULARITIES;
pub(super) use sources::{SourceDraft, SourceTable, sources};
pub(super) use unit_tests::UnitTestDraft;

use super::findings::Findings;
use super::nodes::Nodes;
use super::properties::Properties;
use super::stage::Stage;
use crate::error::Result;
use crate::manifest::{Exposure, Group};
use serde_json::Value as Json;

/// Exposures, groups, unit tests and the semantic layer, not resolved yet.
#[derive(Default)]
pub(super) struct Described {
    /// Exposures; disabled ones too.
    pub exposures: Vec<(Exposure, super::properties::Spot)>,
    /// Groups.
    pub groups: Vec<(Group, super::properties::Spot)>,
    /// Unit tests; disabled ones too.
    pub unit_tests: Vec<UnitTestDraft>,
    /// Metrics, semantic models and saved queries, as JSON.
    pub semantic: Vec<(Json, super::properties::Spot)>,
}

/// Reads all of them.
///
/// # Errors
/// Every fault, at once.
pub(super) fn described(
    stage: &Stage<'_>,
    properties: &Properties,
    (docs, nodes): (&Docs, &Nodes),
    findings: &mut Findings,
) -> Result<Described> {
    let described = Described {
        exposures: exposures::exposures(stage, properties, docs, findings),
        groups: groups::groups(stage, properties, findings),
        unit_tests: unit_tests::unit_tests(stage, properties, nodes, findings),
        semantic: semantic::semantic(stage, properties, docs, findings),
    };
    findings.check()?;
    Ok(described)
}
