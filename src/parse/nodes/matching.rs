//! Which node a property file speaks of.

use super::build;
use super::draft::Draft;
use crate::error::Error;
use crate::manifest::ResourceType;
use crate::parse::findings::Findings;
use crate::parse::properties::{Key, Patch};
use crate::parse::stage::Stage;
use crate::project::yaml::suggestion;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Nodes by what a patch may look for: kind and name.
type Index = HashMap<(ResourceType, String), Vec<usize>>;

/// Gives every draft its patch. A patch of no node is a warning, two of one node are an error.
pub(super) fn matching(
    stage: &Stage<'_>,
    drafts: &mut [Draft],
    patches: &[Arc<Patch>],
    findings: &mut Findings,
) {
    let mut index: Index = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        index.entry((draft.kind, draft.name.clone())).or_default().push(at);
    }
    let off = disabled(stage, drafts, &index);
    for patch in patches {
        let found = find(stage, drafts, (&index, &off), patch);
        if found.is_empty() {
            let (class, error) = missing(&index, patch);
            findings.warn(class, error);
        }
        if let Some(fault) = undecided(stage, drafts, &found, patch) {
            findings.error(fault);
            continue;
        }
        for at in found {
            match &drafts[at].patch {
                Some(first) if !Arc::ptr_eq(first, patch) => findings.error(twice(patch, first)),
                _ => drafts[at].patch = Some(patch.clone()),
            }
        }
    }
}

/// Several nodes of one id, all disabled by their file or by the project, and a patch that enables: which of
/// them is meant?
fn undecided(stage: &Stage<'_>, drafts: &[Draft], found: &[usize], patch: &Patch) -> Option<Error> {
    let enables = patch.config.get("enabled") == Some(&Json::Bool(true));
    if found.len() < 2 || !enables || found.iter().any(|at| build::is_enabled(stage, &drafts[*at])) {
        return None;
    }
    let files: Vec<&str> = found.iter().map(|at| drafts[*at].original_file_path.as_str()).collect();
    let told = format!(
        "Found {} matching disabled nodes for {} '{}': {}. `enabled: true` in a property file cannot tell which of \
         them is meant",
        found.len(),
        patch.key.kind(),
        patch.name,
        files.join(", ")
    );
    Some(patch.spot.fault(told).help("enable one of them in its own file or in dbt_project.yml"))
}

/// The disabled ones among drafts of one name in several packages. A patch of a disabled one goes to its
/// namesake: the project replaces a package's node by disabling it and having one of the same name.
fn disabled(stage: &Stage<'_>, drafts: &[Draft], index: &Index) -> HashSet<usize> {
    let packages = |all: &[usize]| all.iter().map(|at| &drafts[*at].package).collect::<HashSet<_>>().len();
    let shared = index.values().filter(|all| packages(all) > 1).flatten();
    shared.copied().filter(|at| !build::is_enabled(stage, &drafts[*at])).collect()
}

/// The drafts that a patch means: those of its own package before those of any other, what is enabled
/// before what is not.
fn find(
    stage: &Stage<'_>,
    drafts: &[Draft],
    (index, off): (&Index, &HashSet<usize>),
    patch: &Patch,
) -> Vec<usize> {
    let by_name = |name: &str| {
        let all = index.get(&(patch.key.kind(), name.to_string())).map_or(&[][..], Vec::as_slice);
        let within = |package: &str| -> Vec<usize> {
            all.iter().copied().filter(|at| &*drafts[*at].package == package).collect()
        };
        let own = within(&patch.file.package);
        let others = all.iter().any(|at| !off.contains(at));
        if patch.key == Key::DataTests || own.iter().any(|at| !off.contains(at)) {
            return own;
        }
        if !own.is_empty() && (patch.version.is_some() || !others) {
            return own;
        }
        let root = within(stage.project.name());
        let enabled = all.iter().copied().filter(|at| !off.contains(at));
        if root.iter().all(|at| off.contains(at)) { enabled.take(1).collect() } else { root }
    };
    let Some(version) = &patch.version else { return by_name(&patch.name) };
    let named = match &version.defined_in {
        Some(file) => by_name(file),
        None => by_name(&format!("{}_{}", patch.name, version.formatted())),
    };
    match named.is_empty() && version.v == version.latest {
        true => by_name(&patch.name),
        false => named,
    }
}

fn missing(index: &Index, patch: &Patch) -> (&'static str, Error) {
    let key = patch.key.as_str();
    let path = &patch.file.original_file_path;
    let relational = [ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot];
    let other = relational.into_iter().find(|kind| index.contains_key(&(*kind, patch.name.clone())));
    if let (Some(kind), None, Key::Models | Key::Seeds | Key::Snapshots) = (other, &patch.version, patch.key)
    {
        let message = format!(
            "'{}' is a {kind} node, but it is specified in the {key} section of {path}. To fix this error, place the \
             `{}` specification under the {kind}s key instead.",
            patch.name, patch.name
        );
        return ("WrongResourceSchemaFile", patch.spot.fault(message));
    }
    let name = match &patch.version {
        Some(version) => {
            version.defined_in.clone().unwrap_or_else(|| format!("{}_{}", patch.name, version.formatted()))
        }
        None => patch.name.clone(),
    };
    let message = format!(
        "Did not find matching node for patch with name '{name}' in the '{key}' section of file '{path}'"
    );
    let error = patch.spot.fault(message);
    let of_kind = index.keys().filter(|(kind, _)| *kind == patch.key.kind());
    let known: Vec<&str> = of_kind.map(|(_, name)| name.as_str()).collect();
    let near = suggestion(&name, &known).map(str::to_string);
    (
        "NoNodeForYamlKey",
        near.into_iter().fold(error, |error, near| error.help(format!("did you mean `{near}`?"))),
    )
}

fn twice(patch: &Patch, first: &Patch) -> Error {
    let (one, other) = (&patch.file.original_file_path, &first.file.original_file_path);
    let fix = if one == other {
        format!("remove one of the resource entries for {} in this file:\n - {one}", patch.name)
    } else {
        format!("remove the resource entry for {} in one of these files:\n - {one}\n{other}", patch.name)
    };
    let message = format!(
        "dbt found two schema.yml entries for the same resource named {}. Resources and their associated columns may \
         only be described a single time. To fix this, {fix}",
        patch.name
    );
    patch
        .spot
        .mark(Error::compilation(message))
        .help(format!("the other entry is at {}", first.spot.location()))
}
