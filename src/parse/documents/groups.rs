//! Groups of models.

use super::exposures::owner;
use crate::error::Result;
use crate::manifest::{Group, ResourceType, UniqueId};
use crate::parse::configs::{Own, Whose};
use crate::parse::findings::Findings;
use crate::parse::properties::{Entry, Key, Properties, Spot};
use crate::parse::stage::Stage;

/// Every group.
pub(super) fn groups(
    stage: &Stage<'_>,
    properties: &Properties,
    findings: &mut Findings,
) -> Vec<(Group, Spot)> {
    let entries: Vec<&Entry> = properties.of(Key::Groups).collect();
    entries
        .into_iter()
        .filter_map(|entry| Some((findings.keep(group(stage, entry))?, entry.spot())))
        .collect()
}

fn group(stage: &Stage<'_>, entry: &Entry) -> Result<Group> {
    let mut fqn = entry.file.fqn();
    fqn.push(entry.name.clone());
    let said = entry.map("config")?;
    let own = Own { patch: Some(&said), ..Own::default() };
    let whose = Whose { kind: ResourceType::Group, package: &entry.file.package, fqn: &fqn };
    Ok(Group {
        name: entry.name.clone(),
        resource_type: ResourceType::Group,
        package_name: entry.file.package.to_string(),
        path: entry.file.path.clone(),
        original_file_path: entry.file.original_file_path.clone(),
        unique_id: UniqueId::new(ResourceType::Group, &entry.file.package, &entry.name),
        owner: owner(entry)?,
        description: entry.optional_text("description")?,
        config: stage.configs.merged(whose, own).map_err(|error| entry.spot().mark(error))?.into(),
    })
}
