//! Time spines: the models that hold every day, or every hour.

use super::{Verdicts, field, items, text};
use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, Node, NodeKind, UniqueId};
use crate::parse::documents::GRANULARITIES;
use crate::parse::findings::Findings;
use crate::parse::resolve::places::Places;
use crate::parse::stage::Stage;
use serde_json::Value as Json;
use std::collections::HashSet;

/// The model that was the time spine before there was `time_spine`.
const OLD: &str = "metricflow_time_spine";

/// What a time spine says must stand among the columns of its model.
pub(super) fn written<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    for (id, node, spine) in spines(manifest) {
        match column(node, text(spine, "standard_granularity_column")) {
            None => {
                let column = text(spine, "standard_granularity_column");
                verdicts.fault(id, format!("Time spine standard granularity column must be defined on the model. `{column}` is none of its columns"));
            }
            Some(column) if field(&column, "/granularity").is_none() => {
                verdicts.fault(id, "Time spine standard granularity column must have a granularity defined.");
            }
            Some(_) => {}
        }
        let name_of = |custom: &Json| {
            let named = custom.get("column_name").and_then(Json::as_str);
            named.unwrap_or_else(|| text(custom, "name")).to_string()
        };
        if items(spine, "custom_granularities").any(|custom| column(node, &name_of(custom)).is_none()) {
            verdicts.fault(id, "Time spine custom granularity columns do not exist in the model.");
        }
    }
}

/// Whoever has a semantic model needs a time spine of days or less.
pub(super) fn needed<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let day = place("day");
    let fine = spines(manifest).any(|(_, node, spine)| grain(node, spine).is_some_and(|at| Some(at) <= day));
    let first = manifest.semantic_models.keys().next().filter(|_| !fine && old(manifest).is_none());
    if let Some(id) = first {
        verdicts.fault(id, "The semantic layer requires a time spine model with granularity DAY or smaller in the project, but none was found.");
    }
}

/// One time spine for each granularity, and one that is as fine as the dimensions.
pub(super) fn fine_enough<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let mut seen = HashSet::new();
    let grains = spines(manifest).filter_map(|(id, node, spine)| Some((id, grain(node, spine)?)));
    let grains: Vec<(&UniqueId, usize)> = grains.collect();
    for (id, at) in &grains {
        if !seen.insert(*at) {
            verdicts
                .warn(id, format!("there are several time spines by {}: one is enough", GRANULARITIES[*at]));
        }
    }
    let dimensions = manifest.semantic_models.values().flat_map(|model| items(model, "dimensions"));
    let finest =
        dimensions.filter_map(|one| place(field(one, "/type_params/time_granularity")?.as_str()?)).min();
    let spine = grains.iter().min_by_key(|(_, at)| *at);
    if let (Some(finest), Some((id, spine))) = (finest, spine)
        && finest < *spine
    {
        verdicts.warn(id, format!(
            "a dimension goes by {}, but the finest time spine by {}: queries may fail without a finer one",
            GRANULARITIES[finest], GRANULARITIES[*spine]
        ));
    }
}

/// The old model without `time_spine` is on its way out.
pub(super) fn old_kind(stage: &Stage<'_>, manifest: &Manifest, places: &Places, findings: &mut Findings) {
    let Some((id, node)) = old(manifest) else { return };
    let has_own = matches!(&node.kind, NodeKind::Model { time_spine: Some(_), .. });
    let by_day = spines(manifest).any(|(_, node, spine)| grain(node, spine) == place("day"));
    if !has_own && !by_day && !stage.session.flags.behaviour("require_yaml_configuration_for_mf_time_spines")
    {
        let told = format!("`{OLD}` without `time_spine` in its properties is deprecated");
        let error = Error::new(ErrorKind::Parsing, told)
            .help("give the model `time_spine: {standard_granularity_column: ...}`");
        findings.warn("MFTimespineWithoutYamlConfigurationDeprecation", places.mark(id, error));
    }
}

fn spines(manifest: &Manifest) -> impl Iterator<Item = (&UniqueId, &Node, &Json)> {
    manifest.nodes.iter().filter_map(|(id, node)| match &node.kind {
        NodeKind::Model { time_spine: Some(spine), .. } => Some((id, &**node, spine)),
        _ => None,
    })
}

fn old(manifest: &Manifest) -> Option<(&UniqueId, &Node)> {
    manifest.nodes.iter().find(|(_, node)| node.name == OLD).map(|(id, node)| (id, &**node))
}

fn column(node: &Node, name: &str) -> Option<Json> {
    node.columns.get(name).and_then(|column| serde_json::to_value(column).ok())
}

/// Where the granularity of a time spine stands among all.
fn grain(node: &Node, spine: &Json) -> Option<usize> {
    let column = column(node, text(spine, "standard_granularity_column"))?;
    place(column.get("granularity")?.as_str()?)
}

fn place(grain: &str) -> Option<usize> {
    GRANULARITIES.iter().position(|known| *known == grain)
}
