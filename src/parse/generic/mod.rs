//! Generic tests: what property files ask for becomes nodes.

mod build;
mod config;
mod definition;
mod names;
mod target;

use super::documents::{Docs, SourceDraft};
use super::findings::Findings;
use super::nodes::Nodes;
use super::properties::{Asked, Properties, Spot};
use super::stage::Stage;
use crate::error::{Error, Result};
use crate::manifest::Node;
use rayon::prelude::*;
use std::sync::Arc;
use target::Target;

/// A generic test and where it was asked for.
pub(super) struct GenericTest {
    /// The node; shared from the start, so that tens of thousands are not copied from list to list.
    pub node: Arc<Node>,
    /// Its place in the property file.
    pub spot: Spot,
    /// A macro that it calls and that is not there.
    pub unknown: Option<Error>,
}

/// Builds every generic test.
///
/// # Errors
/// Every definition that cannot be read and every test that does not render, at once.
pub(super) fn parse(
    stage: &Stage<'_>,
    properties: &Properties,
    (nodes, sources, docs): (&Nodes, &[SourceDraft], &Docs),
    findings: &mut Findings,
) -> Result<Vec<GenericTest>> {
    let of_nodes = properties.patches.iter().map(|patch| (Target::of_patch(patch), &patch.tests));
    let of_sources = sources.iter().map(|draft| (Target::of_source(&draft.table), &draft.table.tests));
    let asked: Vec<(Target<'_>, &Asked)> = of_nodes
        .chain(of_sources)
        .flat_map(|(target, tests)| tests.iter().map(move |asked| (target.clone(), asked)))
        .collect();
    let built: Vec<(Result<GenericTest>, Findings)> = asked
        .into_par_iter()
        .map_init(
            || stage.session.engine.clone(),
            |engine, (target, asked)| {
                let mut findings = Findings::default();
                let builder = build::Builder { stage, engine, nodes, docs, target: &target };
                let test = builder.build(asked, &mut findings);
                (test.map_err(|error| asked.spot.mark(error)), findings)
            },
        )
        .collect();
    let mut tests = Vec::with_capacity(built.len());
    for (test, found) in built {
        findings.extend(found);
        tests.extend(findings.keep(test));
    }
    findings.check()?;
    Ok(tests)
}
