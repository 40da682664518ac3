//! Nodes with a file of their own: found ([`draft`]), met with what property files say of them
//! ([`matching`]), rendered once and finished ([`build`]).

mod again;
mod build;
mod contract;
mod draft;
mod finish;
mod hooks;
mod matching;
mod naming;
mod python;
mod slips;
mod written;

pub(super) use again::{LoneFiles, again, says_the_same};
pub(super) use draft::Origin;
pub(super) use finish::{full_name, relation_name};
pub(super) use naming::{Naming, settle_names};

use super::findings::Findings;
use super::properties::Properties;
use super::stage::Stage;
use crate::error::{Error, Result};
use crate::manifest::{Node, ResourceType, UniqueId};
use rayon::prelude::*;
use std::collections::HashMap;

/// A node and where it comes from.
pub(super) struct ParsedNode {
    /// The node; nothing is resolved yet.
    pub node: Node,
    /// Its text in the user's file.
    pub origin: Origin,
    /// A macro that it calls and that is not there.
    pub unknown: Option<Error>,
    /// Did its template read what is another each time?
    pub moment: bool,
}

/// All nodes, by name.
#[derive(Default)]
pub(super) struct Nodes {
    /// Every node, disabled ones too.
    pub all: Vec<ParsedNode>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Nodes {
    fn new(all: Vec<ParsedNode>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, parsed) in all.iter().enumerate() {
            by_name.entry(parsed.node.name.clone()).or_default().push(at);
        }
        Nodes { all, by_name }
    }

    /// The nodes whose templates read what is another each time.
    pub fn momentary(&self) -> Vec<UniqueId> {
        self.all.iter().filter(|parsed| parsed.moment).map(|parsed| parsed.node.unique_id.clone()).collect()
    }

    /// The nodes of a name that `ref` could mean.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &ParsedNode> {
        use ResourceType::{Model, Seed, Snapshot};
        let found = self.by_name.get(name).into_iter().flatten().map(|at| &self.all[*at]);
        found.filter(|parsed| matches!(parsed.node.resource_type, Model | Seed | Snapshot))
    }
}

/// Finds, renders and finishes every node.
///
/// # Errors
/// Every fault in a template or config, at once.
pub(super) fn parse(stage: &Stage<'_>, properties: &Properties, findings: &mut Findings) -> Result<Nodes> {
    let mut drafts = draft::drafts(stage, findings);
    drafts.extend(draft::yaml_snapshots(&properties.patches));
    drafts.extend(hooks::hooks(stage));
    matching::matching(stage, &mut drafts, &properties.patches, findings);
    findings.check()?;
    let built: Vec<Result<ParsedNode>> = drafts
        .into_par_iter()
        .map_init(|| stage.session.engine.clone(), |engine, draft| build::build(stage, engine, draft))
        .collect();
    let all: Vec<_> = built.into_iter().filter_map(|outcome| findings.keep(outcome)).collect();
    slips::slips(stage, &all, findings);
    findings.check()?;
    Ok(Nodes::new(all))
}
