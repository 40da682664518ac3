//! From a project to its manifest, in stages that only go forward.
//!
//! [`macros`] compiles every macro, which makes the engine of the session. [`parse`] then reads the
//! property files ([`properties`]), renders every model, seed, test, snapshot, analysis, function and hook
//! once with `execute` false ([`nodes`]), makes tests of what the property files ask for ([`generic`]), adds
//! what is only described ([`documents`]) and at last finds what every `ref` means ([`resolve`]). Each
//! stage tells all its faults at once, with file and line.

mod cache;
mod configs;
mod documents;
mod findings;
mod generic;
mod json;
mod macros;
mod nodes;
mod properties;
mod resolve;
mod stage;
#[cfg(test)]
mod tests;

pub use cache::{Parsed, Writing, warm};
pub use macros::macros;

use crate::context::Session;
use crate::context::parse::Reads;
use crate::error::Result;
use crate::graph::select::selectors_checked;
use crate::manifest::{Manifest, UniqueId};
use crate::project::{Project, Warning};
use findings::Findings;
use stage::Stage;
use std::sync::Arc;

/// Parses a project with its packages. The session's engine must have been made by [`macros`] of the same
/// project. Gives the manifest and what dbt warns of.
///
/// # Errors
/// Every fault of the first stage that finds any, all at once, each with its place.
pub fn parse(session: &Session, project: &Project) -> Result<(Manifest, Vec<Warning>)> {
    cold(session, project).map(|cold| (cold.manifest, cold.warnings))
}

/// What a parse gives.
struct Cold {
    manifest: Manifest,
    warnings: Vec<Warning>,
    /// What another command needs to know to use it again; `None` where it holds for this moment only.
    lasting: Option<Lasting>,
}

/// What a parse read that files do not tell.
struct Lasting {
    reads: Arc<Reads>,
    /// Nodes whose templates read what is another each time; they can be rendered by themselves.
    momentary: Vec<UniqueId>,
}

fn cold(session: &Session, project: &Project) -> Result<Cold> {
    let stage = Stage::new(session, project);
    let mut findings = Findings::default();
    let mut manifest = stage.empty_manifest();
    if let Some(file) = &project.selectors {
        let (faults, slips) = selectors_checked(file);
        faults.into_iter().for_each(|fault| findings.error(fault));
        slips.into_iter().for_each(|slip| findings.warn("CustomKeyInObjectDeprecation", slip));
        findings.check()?;
    }
    let docs = documents::docs(&stage, &mut manifest)?;
    let properties = properties::read(&stage, &docs, &mut findings)?;
    macros::describe(&stage, &properties, &docs, &mut manifest, &mut findings)?;
    let nodes = nodes::parse(&stage, &properties, &mut findings)?;
    let sources = documents::sources(&stage, &properties, &docs, &mut findings)?;
    let tests = generic::parse(&stage, &properties, (&nodes, &sources, &docs), &mut findings)?;
    let described = documents::described(&stage, &properties, (&docs, &nodes), &mut findings)?;
    let momentary = nodes.momentary();
    drop(properties); // every tree of every property file
    let parsed = resolve::Parsed { nodes, sources, tests, described };
    resolve::resolve(&stage, parsed, &mut manifest, &mut findings)?;
    let reads = stage.base.reads().clone();
    let lasting = (!reads.moment()).then_some(Lasting { reads, momentary });
    Ok(Cold { manifest, warnings: findings.finish()?, lasting })
}
