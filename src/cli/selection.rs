//! From `--select`, `--exclude`, `--selector`, `--resource-type` to the nodes of a command.

use super::session::Opened;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::Graph;
use crate::graph::select::{PreviousState, Selectors, Spec, select};
use crate::manifest::{ResourceType, UniqueId};
use std::collections::HashSet;

/// What a command selects from.
pub struct Choice<'a> {
    /// The graph of everything.
    pub graph: &'a Graph,
    /// The kinds that the command works on.
    pub kinds: &'a [ResourceType],
    /// Are nodes without SQL left out? (not for `ls`)
    pub without_empty: bool,
}

/// The selected nodes, in the graph's order.
///
/// # Errors
/// The selection cannot be read; `--selector` names none.
pub fn chosen(opened: &Opened, choice: &Choice) -> Result<Vec<UniqueId>> {
    if let Some(only) = &opened.only {
        return taken_up(choice.graph, only);
    }
    let spec = spec(opened)?;
    let previous = super::state::previous(opened)?;
    let previous = previous.as_ref().map(|state| state as &dyn PreviousState);
    let mut selected = select(choice.graph, &opened.manifest, &spec, previous)?;
    for warning in std::mem::take(&mut selected.warnings) {
        let error = Error::runtime(warning);
        opened.session.reporter.report(Event::Warning { name: "NoNodesForSelectionCriteria", error });
    }
    opened.checked()?;
    let mut selected = selected.of_kinds(&kinds(opened, choice.kinds)?);
    if choice.without_empty {
        selected = selected.without_empty(&opened.manifest);
    }
    Ok(selected.ids.into_iter().collect())
}

/// The nodes that `retry` takes up again.
fn taken_up(graph: &Graph, only: &HashSet<UniqueId>) -> Result<Vec<UniqueId>> {
    let found: Vec<UniqueId> = graph.ids().filter(|id| only.contains(*id)).cloned().collect();
    match only.iter().find(|id| !found.contains(id)) {
        None => Ok(found),
        Some(id) => {
            Err(Error::runtime(format!("Couldn't find model '{id}' -- does it exist or is it disabled?"))
                .help("run the command itself instead of `retry`"))
        }
    }
}

fn spec(opened: &Opened) -> Result<Spec> {
    let flags = &opened.session.flags;
    let indirect = flags.indirect_selection;
    let selectors = Selectors::with_mode(&opened.manifest.selectors, indirect)?;
    if let Some(name) = &flags.selector {
        return selectors.get(name).cloned();
    }
    if flags.select.is_empty()
        && flags.exclude.is_empty()
        && let Some((name, spec)) = selectors.default_selector()
    {
        let message = format!("Using default selector {name}");
        opened.session.reporter.report(Event::Note { name: "DefaultSelector", message });
        return Ok(spec.clone());
    }
    Spec::parse(&flags.select, &flags.exclude, indirect)
}

/// The kinds of the command, narrowed by `--resource-type` and `--exclude-resource-type`.
fn kinds(opened: &Opened, of_command: &[ResourceType]) -> Result<Vec<ResourceType>> {
    let flags = &opened.session.flags;
    let named = |words: &[String]| -> Result<Vec<ResourceType>> {
        let mut kinds = Vec::new();
        for word in words {
            match word.as_str() {
                "all" => kinds.extend(of_command),
                "default" => kinds.extend(of_command.iter().filter(|it| **it != ResourceType::Analysis)),
                word => kinds.push(ResourceType::parse(word).ok_or_else(|| {
                    Error::new(crate::error::ErrorKind::Usage, format!("`{word}` is no resource type"))
                })?),
            }
        }
        Ok(kinds)
    };
    let wanted = match flags.resource_types.is_empty() {
        true => of_command.to_vec(),
        false => named(&flags.resource_types)?,
    };
    let unwanted = named(&flags.exclude_resource_types)?;
    Ok(wanted.into_iter().filter(|kind| of_command.contains(kind) && !unwanted.contains(kind)).collect())
}
