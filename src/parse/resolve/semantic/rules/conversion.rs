//! Conversion metrics: two counts of one entity, and what both rows have in common.

use super::metrics::bad_window;
use super::{Verdicts, field, items, text};
use crate::manifest::{Manifest, UniqueId};
use crate::parse::documents::GRANULARITIES;
use serde_json::Value as Json;

/// Tells of every rule that a conversion metric breaks.
pub(super) fn check<'m>(
    manifest: &'m Manifest,
    (id, metric): (&'m UniqueId, &'m Json),
    verdicts: &mut Verdicts<'m>,
) {
    let Some(params) = field(metric, "/type_params/conversion_type_params") else { return };
    let name = text(metric, "name");
    if let Some(window) = field(params, "/window") {
        verdicts.faults(id, bad_window(name, window, |grain| GRANULARITIES.contains(&grain)));
    }
    for (side, property) in [("base", "base_property"), ("conversion", "conversion_property")] {
        let Some(event) = event(manifest, params, side) else { continue };
        match event {
            Event::Other(input) => verdicts.fault(
                id,
                format!("the conversion metric `{name}` is made of `{input}`, which is no simple metric"),
            ),
            Event::Count { input, model, agg, expr } => {
                if !matches!((agg, expr), ("count" | "count_distinct", _) | ("sum", Some("1"))) {
                    verdicts.fault(id, format!("the conversion metric `{name}` counts events, but `{}` is a {agg}: it must be a count, a count of distinct values, or the sum of 1", text(input, "name")));
                }
                verdicts.faults(id, strangers(params, (model, property)));
                if side == "conversion" && field(input, "/filter").is_some() {
                    verdicts.warn(
                        id,
                        format!(
                            "the filter of `{}` in the conversion metric `{name}` is not fully supported",
                            text(input, "name")
                        ),
                    );
                }
            }
        }
    }
}

/// What one side of a conversion counts.
enum Event<'m> {
    Count {
        input: &'m Json,
        model: &'m Json,
        agg: &'m str,
        expr: Option<&'m str>,
    },
    /// A metric that counts nothing itself.
    Other(&'m str),
}

fn event<'m>(manifest: &'m Manifest, params: &'m Json, side: &str) -> Option<Event<'m>> {
    let models = || manifest.semantic_models.values();
    if let Some(input) = field(params, &format!("/{side}_metric")) {
        let metric = manifest.metrics.values().find(|metric| text(metric, "name") == text(input, "name"))?;
        let Some(sum) = field(metric, "/type_params/metric_aggregation_params") else {
            return Some(Event::Other(text(input, "name")));
        };
        let model = models().find(|model| text(model, "name") == text(sum, "semantic_model"))?;
        let expr = field(metric, "/type_params/expr").and_then(Json::as_str);
        return Some(Event::Count { input, model, agg: text(sum, "agg"), expr });
    }
    let input = field(params, &format!("/{side}_measure"))?;
    let is_it = |measure: &&Json| text(measure, "name") == text(input, "name");
    let (model, measure) = models().find_map(|model| Some((model, items(model, "measures").find(is_it)?)))?;
    Some(Event::Count {
        input,
        model,
        agg: text(measure, "agg"),
        expr: measure.get("expr").and_then(Json::as_str),
    })
}

/// Names that the semantic model of one side does not have.
fn strangers(params: &Json, (model, property): (&Json, &str)) -> Vec<String> {
    let has = |key: &str, name: &str| items(model, key).any(|element| text(element, "name") == name);
    let whose = text(model, "name");
    let entity = text(params, "entity");
    let absent = (!has("entities", entity))
        .then(|| format!("Entity: {entity} not found in the semantic model `{whose}`"));
    let properties = items(params, "constant_properties").map(|both| text(both, property));
    let properties = properties.filter(|name| !has("entities", name) && !has("dimensions", name));
    let told = properties.map(|name| format!("the constant property `{name}` is neither an entity nor a dimension of the semantic model `{whose}`"));
    absent.into_iter().chain(told).collect()
}
