//! Works a selection out: methods find, `+` and `@` add relatives, tests come along, sets join.

use super::member::Member;
use super::spec::{Group, SetOperation, Spec};
use super::{Criterion, PreviousState, Selectors};
use crate::error::Result;
use crate::graph::Graph;
use crate::manifest::{Manifest, Node, ResourceType, UniqueId};
use crate::project::flags::IndirectSelection;
use fixedbitset::FixedBitSet;
use indexmap::IndexSet;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;
use std::cell::{OnceCell, RefCell};

/// What was selected.
#[derive(Debug, Clone, Default)]
pub struct Selected {
    /// The ids, parents before children.
    pub ids: IndexSet<UniqueId>,
    /// `The selection criterion 'x' does not match any enabled nodes`, as typed, in order.
    pub warnings: Vec<String>,
}

impl Selected {
    /// Only what is of some kinds.
    pub fn of_kinds(mut self, kinds: &[ResourceType]) -> Selected {
        self.ids.retain(|id| id.resource_type().is_some_and(|kind| kinds.contains(&kind)));
        self
    }

    /// Only what has a source text: an empty file is listed, but never run.
    pub fn without_empty(mut self, manifest: &Manifest) -> Selected {
        let empty = |node: &Node| node.resource_type != ResourceType::Seed && node.raw_code.trim().is_empty();
        self.ids.retain(|id| !manifest.nodes.get(id).is_some_and(|node| empty(node)));
        self
    }
}

/// Works a selection out on a graph. `previous` is what `--state` names.
///
/// # Errors
/// A value that a method does not know; `state:`, `result:` and `source_status:` without artifacts of
/// an earlier run; a `selector:` that does not exist.
pub fn select(
    graph: &Graph,
    manifest: &Manifest,
    spec: &Spec,
    previous: Option<&dyn PreviousState>,
) -> Result<Selected> {
    let look = Look::new(graph, manifest, previous);
    let ids = graph.named(&chosen(&look, spec)?);
    Ok(Selected { ids, warnings: look.warnings.into_inner() })
}

/// The ids that a selection holds in the end; tests that would have come along only if more had been
/// selected are dropped.
pub(super) fn chosen(look: &Look<'_>, spec: &Spec) -> Result<FixedBitSet> {
    Ok(look.resolve(spec)?.direct)
}

/// What a selection is worked out on.
pub(super) struct Look<'a> {
    graph: &'a Graph,
    manifest: &'a Manifest,
    previous: Option<&'a dyn PreviousState>,
    members: Vec<Option<Member<'a>>>,
    selectors: OnceCell<Selectors>,
    warnings: RefCell<Vec<String>>,
}

/// What is in, and the tests that wait for their other parents to come in.
struct Picked {
    direct: FixedBitSet,
    indirect: FixedBitSet,
}

impl<'a> Look<'a> {
    fn new(graph: &'a Graph, manifest: &'a Manifest, previous: Option<&'a dyn PreviousState>) -> Self {
        let members = graph.ids().map(|id| Member::find(manifest, id)).collect();
        Look { graph, manifest, previous, members, selectors: OnceCell::new(), warnings: RefCell::default() }
    }

    pub(super) fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    pub(super) fn previous(&self) -> Option<&'a dyn PreviousState> {
        self.previous
    }

    pub(super) fn project(&self) -> &'a str {
        &self.manifest.project_name
    }

    pub(super) fn selectors(&self) -> Result<&Selectors> {
        if self.selectors.get().is_none() {
            let read = Selectors::new(&self.manifest.selectors)?;
            return Ok(self.selectors.get_or_init(|| read));
        }
        Ok(self.selectors.get_or_init(Selectors::default))
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (usize, Member<'a>)> {
        self.members.iter().enumerate().filter_map(|(n, member)| Some((n, (*member)?)))
    }

    pub(super) fn filter(&self, keep: impl Fn(Member<'a>) -> bool) -> FixedBitSet {
        let mut found = self.graph.no_ids();
        self.members().filter(|(_, m)| keep(*m)).for_each(|(n, _)| found.insert(n));
        found
    }

    pub(super) fn try_filter(
        &self,
        keep: impl Fn(&UniqueId, Member<'a>) -> Result<bool>,
    ) -> Result<FixedBitSet> {
        let mut found = self.graph.no_ids();
        for (n, member) in self.members() {
            found.set(n, keep(&self.graph.net[NodeIndex::new(n)], member)?);
        }
        Ok(found)
    }

    fn resolve(&self, spec: &Spec) -> Result<Picked> {
        match spec {
            Spec::Criterion(criterion) => self.resolve_criterion(criterion),
            Spec::Group(group) => self.resolve_group(group),
        }
    }

    fn resolve_criterion(&self, criterion: &Criterion) -> Result<Picked> {
        let found = criterion.method.search(self, criterion)?;
        let mut selected = found.clone();
        if criterion.childrens_parents {
            selected.union_with(&self.graph.childrens_parents(&found));
        }
        if let Some(depth) = criterion.parents {
            selected.union_with(&self.graph.relatives(&found, Incoming, depth));
        }
        if let Some(depth) = criterion.children {
            selected.union_with(&self.graph.relatives(&found, Outgoing, depth));
        }
        Ok(self.with_tests(selected, criterion.indirect))
    }

    /// Takes the tests of what is selected along, or keeps them in mind.
    fn with_tests(&self, selected: FixedBitSet, mode: IndirectSelection) -> Picked {
        let mut indirect = self.graph.no_ids();
        let mut direct = selected.clone();
        if mode == IndirectSelection::Empty {
            return Picked { direct, indirect };
        }
        let mut near = selected.clone();
        if mode == IndirectSelection::Buildable {
            near.union_with(&self.graph.relatives(&selected, Incoming, None));
            near.union_with(&self.filter(|m| m.kind() == ResourceType::Source));
        }
        for child in self.graph.relatives(&selected, Outgoing, Some(1)).ones() {
            let Some(parents) = self.members[child].and_then(Member::test_parents) else { continue };
            let comes = mode == IndirectSelection::Eager || self.all_in(parents, &near);
            if comes { direct.insert(child) } else { indirect.insert(child) }
        }
        Picked { direct, indirect }
    }

    fn resolve_group(&self, group: &Group) -> Result<Picked> {
        let parts = group.parts.iter().map(|part| self.resolve(part)).collect::<Result<Vec<_>>>()?;
        let mut direct = self.joined(group.operation, parts.iter().map(|part| part.direct.clone()));
        let all = |part: &Picked| &part.direct | &part.indirect;
        let indirect = self.joined(group.operation, parts.iter().map(all));
        self.take_in(&mut direct, &indirect, group.indirect);
        if let Some(raw) = &group.expected
            && direct.is_clear()
        {
            let warning = format!("The selection criterion '{raw}' does not match any enabled nodes");
            self.warnings.borrow_mut().push(warning);
        }
        Ok(Picked { direct, indirect })
    }

    fn joined(&self, operation: SetOperation, mut sets: impl Iterator<Item = FixedBitSet>) -> FixedBitSet {
        let first = sets.next().unwrap_or_else(|| self.graph.no_ids());
        sets.fold(first, |mut joined, set| {
            match operation {
                SetOperation::Union => joined.union_with(&set),
                SetOperation::Intersection => joined.intersect_with(&set),
                SetOperation::Difference => joined.difference_with(&set),
            }
            joined
        })
    }

    /// Takes tests in whose other parents have come in through another part. As in dbt, a test that
    /// came in counts as a parent for the next ones, and unit tests are not looked at.
    fn take_in(&self, direct: &mut FixedBitSet, indirect: &FixedBitSet, mode: IndirectSelection) {
        if !matches!(mode, IndirectSelection::Cautious | IndirectSelection::Buildable) || direct == indirect {
            return;
        }
        let mut near = direct.clone();
        if mode == IndirectSelection::Buildable {
            near.union_with(&self.graph.relatives(direct, Incoming, None));
        }
        for test in indirect.ones() {
            let Some(Member::Node(node)) = self.members[test] else { continue };
            if self.all_in(&node.depends_on.nodes, &near) {
                direct.insert(test);
            }
        }
    }

    fn all_in(&self, ids: &[UniqueId], set: &FixedBitSet) -> bool {
        ids.iter().all(|id| self.graph.index.get(id).is_some_and(|n| set.contains(n.index())))
    }
}
