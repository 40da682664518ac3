//! semantic_manifest.json: the semantic layer for the tools that query it, in the shape of dbt's schema.

use super::write_json;
use crate::error::Result;
use crate::manifest::{Manifest, Node, NodeKind};
use serde_json::{Map, Value as Json, json};
use std::path::Path;

/// Writes semantic_manifest.json.
///
/// # Errors
/// The disk refuses.
pub fn write_semantic_manifest(path: &Path, manifest: &Manifest) -> Result<()> {
    let all = |entries: &indexmap::IndexMap<crate::manifest::UniqueId, Json>, shape: &Json| -> Json {
        entries.values().map(|entry| shaped(Some(entry), shape)).collect()
    };
    let written = json!({
        "semantic_models": all(&manifest.semantic_models, &semantic_model()),
        "metrics": manifest.metrics.values().map(metric).collect::<Vec<_>>(),
        "project_configuration": project_configuration(manifest),
        "saved_queries": all(&manifest.saved_queries, &saved_query()),
    });
    write_json(path, &written)
}

/// A value with exactly the keys of its shape, in their order. A shape is an object, a list with the shape of
/// its items, or the value that stands where nothing is said (`{}` is such a value). `{"?": shape}` may be null.
fn shaped(value: Option<&Json>, shape: &Json) -> Json {
    let value = value.filter(|value| !value.is_null());
    match shape {
        Json::Object(optional) if optional.contains_key("?") => {
            value.map_or(Json::Null, |value| shaped(Some(value), &optional["?"]))
        }
        Json::Object(keys) if !keys.is_empty() => keys
            .iter()
            .map(|(key, shape)| (key.clone(), shaped(value.and_then(|of| of.get(key)), shape)))
            .collect::<Map<_, _>>()
            .into(),
        Json::Array(item) if item.len() == 1 => {
            let items = value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
            items.iter().map(|it| shaped(Some(it), &item[0])).collect()
        }
        usual => value.cloned().unwrap_or_else(|| usual.clone()),
    }
}

fn config() -> Json {
    json!({"meta": {}})
}

fn filter() -> Json {
    json!({"?": {"where_filters": [{"where_sql_template": ""}]}})
}

fn window() -> Json {
    json!({"?": {"count": null, "granularity": null}})
}

fn node_relation() -> Json {
    json!({"alias": null, "schema_name": null, "database": null, "relation_name": null})
}

fn agg_params() -> Json {
    json!({"percentile": null, "use_discrete_percentile": false, "use_approximate_percentile": false})
}

fn non_additive() -> Json {
    json!({"name": null, "window_choice": "min", "window_groupings": [null]})
}

fn semantic_model() -> Json {
    json!({
        "name": null,
        "defaults": {"?": {"agg_time_dimension": null}},
        "description": null,
        "node_relation": node_relation(),
        "primary_entity": null,
        "entities": [{
            "name": null, "description": null, "type": null, "role": null, "expr": null, "metadata": null,
            "label": null, "config": {"?": config()},
        }],
        "measures": [{
            "name": null, "agg": null, "description": null, "create_metric": false, "expr": null,
            "agg_params": {"?": agg_params()},
            "metadata": null,
            "non_additive_dimension": {"?": non_additive()},
            "agg_time_dimension": null, "label": null, "config": {"?": config()},
        }],
        "dimensions": [{
            "name": null, "description": null, "type": null, "is_partition": false,
            "type_params": {"?": {"time_granularity": "day", "validity_params": {"?": {"is_start": false, "is_end": false}}}},
            "expr": null, "metadata": null, "label": null, "config": {"?": config()},
        }],
        "label": null,
        "metadata": null,
        "config": {"?": config()},
    })
}

fn measure() -> Json {
    json!({
        "name": null, "filter": filter(), "alias": null, "join_to_timespine": false, "fill_nulls_with": null,
    })
}

fn input() -> Json {
    json!({
        "name": null, "filter": filter(), "alias": null, "offset_window": window(), "offset_to_grain": null,
    })
}

/// A metric. Those of spec 2 (dbt 1.12) have more keys than the others.
fn metric(written: &Json) -> Json {
    let second = written.pointer("/type_params/is_private").is_some();
    let mut metric = shaped(Some(written), &first_spec());
    if let Some(params) = metric.get_mut("type_params").and_then(Json::as_object_mut).filter(|_| second) {
        let said = |key: &str| written.pointer(&format!("/type_params/{key}"));
        for (key, shape) in second_spec().as_object().into_iter().flatten() {
            params.insert(key.clone(), shaped(said(key), shape));
        }
    }
    metric
}

fn first_spec() -> Json {
    json!({
        "name": null, "description": null, "type": null,
        "type_params": {
            "measure": {"?": measure()}, "numerator": {"?": input()}, "denominator": {"?": input()},
            "expr": null, "window": window(), "grain_to_date": null, "metrics": [input()],
            "conversion_type_params": {"?": conversion(json!({
                "base_measure": measure(), "conversion_measure": measure(),
            }))},
            "cumulative_type_params": {"?": cumulative()},
            "input_measures": [measure()],
        },
        "filter": filter(), "metadata": null, "label": null, "config": {"?": config()}, "time_granularity": null,
    })
}

/// What the parameters of a metric of spec 2 have instead, and beside.
fn second_spec() -> Json {
    let mut cumulative = cumulative();
    cumulative["metric"] = json!({"?": input()});
    json!({
        "conversion_type_params": {"?": conversion(json!({
            "base_measure": null, "base_metric": {"?": input()},
            "conversion_measure": null, "conversion_metric": {"?": input()},
        }))},
        "cumulative_type_params": {"?": cumulative},
        "metric_aggregation_params": {"?": {
            "semantic_model": null, "agg": null, "agg_params": {"?": agg_params()}, "agg_time_dimension": null,
            "non_additive_dimension": {"?": non_additive()},
        }},
        "join_to_timespine": false, "fill_nulls_with": null, "is_private": false,
    })
}

fn conversion(mut events: Json) -> Json {
    events["entity"] = Json::Null;
    events["calculation"] = json!("conversion_rate");
    events["window"] = window();
    events["constant_properties"] = json!({"?": [{"base_property": null, "conversion_property": null}]});
    events
}

fn cumulative() -> Json {
    json!({"window": window(), "grain_to_date": null, "period_agg": "first"})
}

fn saved_query() -> Json {
    json!({
        "name": null,
        "query_params": {
            "metrics": [null], "group_by": [null], "order_by": [null], "limit": null, "where": filter(),
        },
        "description": null, "metadata": null, "label": null,
        "exports": [{"name": null, "config": {"export_as": null, "schema_name": null, "alias": null}}],
        "tags": [null],
    })
}

/// The models that hold days, and dbt's version of the schema.
fn project_configuration(manifest: &Manifest) -> Json {
    let models = || manifest.nodes.values();
    let spines: Vec<Json> = models().filter_map(|node| time_spine(node)).collect();
    let old = models().find(|node| node.name == "metricflow_time_spine" && time_spine(node).is_none());
    let old = old.filter(|_| !manifest.semantic_models.is_empty());
    let old =
        old.map(|node| json!({"location": node.relation_name, "column_name": "date_day", "grain": "day"}));
    json!({
        "time_spine_table_configurations": old.into_iter().collect::<Vec<_>>(),
        "metadata": null,
        "dsi_package_version": {"major_version": "0", "minor_version": "9", "patch_version": "0"},
        "time_spines": spines,
    })
}

fn time_spine(node: &Node) -> Option<Json> {
    let NodeKind::Model { time_spine: Some(spine), .. } = &node.kind else { return None };
    let name = spine.get("standard_granularity_column")?.as_str()?;
    let columns = serde_json::to_value(&node.columns).ok()?;
    Some(json!({
        "node_relation": {
            "alias": node.alias, "schema_name": node.schema, "database": node.database,
            "relation_name": node.relation_name,
        },
        "primary_column": {"name": name, "time_granularity": columns.get(name)?.get("granularity")},
        "custom_granularities": shaped(
            spine.get("custom_granularities"), &json!([{"name": null, "column_name": null}]),
        ),
    }))
}
