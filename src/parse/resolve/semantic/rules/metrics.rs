//! One metric: what its type needs, and windows that queries know.

use super::names::bad_name;
use super::{Verdicts, field, items, text};
use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, UniqueId};
use crate::parse::findings::Findings;
use crate::parse::resolve::places::Places;
use crate::parse::resolve::semantic::filters::Names;
use crate::parse::stage::Stage;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// Tells of every rule that a metric breaks.
pub(super) fn check<'m>(
    (id, metric): (&'m UniqueId, &'m Json),
    names: &Names<'_>,
    verdicts: &mut Verdicts<'m>,
) {
    verdicts.faults(id, bad_name(text(metric, "name")));
    let params = metric.get("type_params").unwrap_or(&Json::Null);
    verdicts.faults(id, needs(metric, params));
    if text(metric, "type") == "cumulative" {
        verdicts.faults(id, cumulative(metric, params, names));
    }
    verdicts.faults(id, items(params, "metrics").flat_map(|input| offsets(metric, input, names)));
    if text(metric, "type") == "derived" {
        verdicts.faults(id, aliases_of(params));
        for told in unused(metric, params) {
            verdicts.warn(id, told);
        }
    }
}

fn needs(metric: &Json, params: &Json) -> Vec<String> {
    let (name, kind) = (text(metric, "name"), text(metric, "type"));
    let keys: &[&str] = match kind {
        "simple" if field(params, "/metric_aggregation_params").is_some() => &[],
        "cumulative" if field(params, "/cumulative_type_params/metric").is_some() => &[],
        "simple" | "cumulative" => &["measure"],
        "ratio" => &["numerator", "denominator"],
        "conversion" => &["conversion_type_params"],
        _ => &[],
    };
    let absent = keys.iter().filter(|key| params.get(**key).is_none_or(Json::is_null));
    let mut faults: Vec<String> =
        absent.map(|key| format!("the {kind} metric `{name}` needs `type_params.{key}`")).collect();
    if kind == "derived" && items(params, "metrics").next().is_none() {
        faults.push(format!(
            "No input metrics found for derived metric '{name}'. Please add metrics to type_params.metrics."
        ));
    }
    faults
}

fn cumulative(metric: &Json, params: &Json, names: &Names<'_>) -> Vec<String> {
    let name = text(metric, "name");
    let both = |key: &str| {
        [format!("/cumulative_type_params/{key}"), format!("/{key}")].map(|path| field(params, &path))
    };
    let mut faults = Vec::new();
    let [window, old] = both("window");
    if let (Some(window), Some(old)) = (window, old)
        && window != old
    {
        faults.push(format!(
            "the metric `{name}` has two windows, `{}` in `cumulative_type_params` and `{}` beside it: leave the other one out",
            written(window), written(old)
        ));
    }
    let grain = both("grain_to_date").into_iter().flatten().next().and_then(Json::as_str);
    if let Some(grain) = grain.filter(|grain| !names.is_standard(&grain.to_lowercase())) {
        faults.push(format!("`grain_to_date` of the metric `{name}` is `{grain}`: it must be a granularity that every engine knows"));
    }
    let window = window.or(old);
    if window.is_some() && grain.is_some() {
        faults.push(format!(
            "the metric `{name}` has both `window` and `grain_to_date`: leave one of them out"
        ));
    }
    faults.extend(window.and_then(|window| bad_window(name, window, |grain| names.is_standard(grain))));
    faults
}

/// A window of a granularity that is not known.
pub(super) fn bad_window(metric: &str, window: &Json, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let grain = text(window, "granularity");
    let known = is_known(grain) || grain.strip_suffix('s').is_some_and(is_known);
    (!known).then(|| {
        format!("Invalid time granularity '{grain}' in window '{}' of the metric `{metric}`", written(window))
    })
}

fn written(window: &Json) -> String {
    format!("{} {}", window["count"], text(window, "granularity"))
}

fn offsets(metric: &Json, input: &Json, names: &Names<'_>) -> Vec<String> {
    let (name, own) = (text(metric, "name"), text(input, "name"));
    let window = field(input, "/offset_window");
    let grain = field(input, "/offset_to_grain").and_then(Json::as_str);
    let mut faults: Vec<String> = window
        .and_then(|window| bad_window(name, window, |grain| names.is_grain(grain)))
        .into_iter()
        .collect();
    if let Some(grain) = grain.filter(|grain| !names.is_standard(&grain.to_lowercase())) {
        faults.push(format!("`offset_to_grain` of `{own}` in the metric `{name}` is `{grain}`: it must be a granularity that every engine knows"));
    }
    if window.is_some() && grain.is_some() {
        faults.push(format!("`{own}` in the metric `{name}` has both `offset_window` and `offset_to_grain`: leave one of them out"));
    }
    faults
}

fn aliases_of(params: &Json) -> Vec<String> {
    let names: HashSet<&str> = items(params, "metrics").map(|input| text(input, "name")).collect();
    let aliases = items(params, "metrics").filter_map(|input| input.get("alias").and_then(Json::as_str));
    let taken = |alias: &str| {
        names.contains(alias).then(|| format!("the alias `{alias}` is the name of another input"))
    };
    aliases.flat_map(|alias| bad_name(alias).into_iter().chain(taken(alias))).collect()
}

fn unused(metric: &Json, params: &Json) -> Vec<String> {
    let name = text(metric, "name");
    let expr = text(params, "expr");
    if expr.is_empty() {
        return vec![format!(
            "the derived metric `{name}` has no `expr` that says what to make of its inputs"
        )];
    }
    let inputs =
        items(params, "metrics").map(|it| it.get("alias").and_then(Json::as_str).unwrap_or(text(it, "name")));
    let absent = inputs.filter(|input| !expr.contains(input));
    absent
        .map(|input| format!("the derived metric `{name}` does not use its input `{input}` in `{expr}`"))
        .collect()
}

/// Aliases of measures are names of their own, and tell apart what is filtered differently.
pub(super) fn aliases<'m>(manifest: &'m Manifest, verdicts: &mut Verdicts<'m>) {
    let models = manifest.semantic_models.values();
    let measures: HashSet<&str> =
        models.flat_map(|model| items(model, "measures")).map(|it| text(it, "name")).collect();
    let mut first: HashMap<&str, &str> = HashMap::new();
    for (id, metric) in &manifest.metrics {
        let name = text(metric, "name");
        let inputs: Vec<&Json> = metric
            .pointer("/type_params/input_measures")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .collect();
        for input in &inputs {
            let twice = inputs.iter().any(|other| other["name"] == input["name"] && other != input);
            if twice && !input["filter"].is_null() && input["alias"].is_null() {
                verdicts.fault(
                    id,
                    format!(
                        "the metric `{name}` has the measure `{}` with several filters: give each an `alias`",
                        text(input, "name")
                    ),
                );
            }
            let Some(alias) = input.get("alias").and_then(Json::as_str) else { continue };
            verdicts.faults(id, bad_name(alias));
            if measures.contains(alias) {
                verdicts.fault(
                    id,
                    format!("the alias `{alias}` in the metric `{name}` is the name of a measure"),
                );
            }
            match first.get(alias) {
                Some(other) => verdicts.fault(
                    id,
                    format!("the alias `{alias}` in the metric `{name}` is taken by the metric `{other}`"),
                ),
                None => drop(first.insert(alias, name)),
            }
        }
    }
}

/// `window` and `grain_to_date` of a cumulative metric beside `cumulative_type_params`, where they stood first.
pub(super) fn old_places<'m>(
    stage: &Stage<'_>,
    manifest: &'m Manifest,
    (places, verdicts): (&Places, &mut Verdicts<'m>),
    findings: &mut Findings,
) {
    let old = |metric: &Json| {
        ["window", "grain_to_date"].iter().any(|key| field(metric, &format!("/type_params/{key}")).is_some())
    };
    let mut found = manifest.metrics.iter().filter(|(_, metric)| old(metric));
    let told = "`window` and `grain_to_date` of cumulative metrics belong under `type_params.cumulative_type_params`";
    if stage.session.flags.behaviour("require_nested_cumulative_type_params") {
        found.for_each(|(id, _)| verdicts.fault(id, told));
    } else if let Some((id, _)) = found.next() {
        findings
            .warn("MFCumulativeTypeParamsDeprecation", places.mark(id, Error::new(ErrorKind::Parsing, told)));
    }
}
