//! The semantic layer as models say it themselves (spec 2 of dbt 1.12): columns are entities and dimensions,
//! metrics need no measures.

use crate::harness::*;
use serde_json::{Value, json};

const LAYER: &str = r#"
groups: [{name: g, owner: {name: o}}]
models:
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: DAY}]
  - name: orders
    description: "{{ 1 + 1 }} orders"
    semantic_model: true
    agg_time_dimension: at
    columns:
      - name: id
        config: {meta: {c: 1}}
        entity: {type: primary, name: order_id, label: L, config: {meta: {e: 1}}}
      - {name: kind, description: kd, meta: {t: 1}, dimension: {type: categorical, name: sort, config: {meta: {d: 1}}}}
      - {name: at, granularity: day, dimension: time}
      - {name: buyer, entity: foreign}
    derived_semantics:
      dimensions: [{name: month_at, type: time, granularity: month, expr: "date_trunc('month', at)"}]
      entities: [{name: pair, type: foreign, expr: "id || buyer"}]
    metrics:
      - {name: many, agg: count, expr: id, label: Many, config: {meta: {q: 1}}, filter: "{{ Dimension('order_id__sort') }} = 'x'"}
      - {name: total, type: simple, agg: sum, expr: amount, hidden: true, fill_nulls_with: 0, agg_time_dimension: month_at, non_additive_dimension: {name: at, window_agg: max, group_by: [order_id]}}
      - {name: p90, agg: percentile, expr: amount, percentile: 0.9, percentile_type: continuous}
      - {name: running, type: cumulative, input_metric: total, window: 7 days}
      - {name: bought, type: conversion, entity: buyer, base_metric: seen_count, conversion_metric: many}
  - name: hits
    semantic_model: {name: visits, group: g, config: {meta: {k: 1}}}
    agg_time_dimension: seen
    primary_entity: visit
    columns: [{name: buyer, entity: {type: foreign}}, {name: seen, granularity: hour, dimension: {type: time}}]
    metrics: [{name: seen_count, agg: count_distinct, expr: buyer}]
metrics:
  - {name: share, type: ratio, numerator: many, denominator: {name: total, alias: all_of_it}, config: {group: g}}
  - {name: change, type: derived, expr: now1 - many, input_metrics: [{name: total, alias: now1}, {name: many, offset_window: 1 month}]}
"#;

fn layer(p: &Project, text: &str) -> Outcome {
    p.file(
        "models/orders.sql",
        "select 1 as id, 2 as amount, 'x' as kind, 3 as buyer, cast('2024-01-01' as date) as at",
    );
    p.file("models/hits.sql", "select 3 as buyer, cast('2024-01-01' as timestamp) as seen");
    p.file("models/days.sql", "select cast('2024-01-01' as date) as day");
    p.file("models/layer.yml", text);
    p.karat(["parse"])
}

#[test]
fn columns_are_entities_and_dimensions() {
    on_adapters(|p| {
        let manifest = layer(p, LAYER).success().manifest();
        let model = &manifest["semantic_models"]["semantic_model.shop.orders"];
        assert_eq!(model["description"], "2 orders");
        assert_eq!(model["depends_on"]["nodes"], json!(["model.shop.orders"]));
        assert_eq!(model["defaults"], json!({"agg_time_dimension": "at"}));
        let short = |list: &Value| {
            let one = |it: &Value| {
                json!([it["name"], it["type"], it["expr"], it["config"]["meta"], it["description"]])
            };
            list.as_array().unwrap().iter().map(one).collect::<Value>()
        };
        let entities = json!([
            ["order_id", "primary", "id", {"e": 1}, ""],
            ["buyer", "foreign", null, {}, ""],
            ["pair", "foreign", "id || buyer", {}, null],
        ]);
        assert_eq!(short(&model["entities"]), entities);
        let dimensions = json!([
            ["sort", "categorical", "kind", {"t": 1, "d": 1}, "kd"],
            ["at", "time", null, {}, ""],
            ["month_at", "time", "date_trunc('month', at)", {}, null],
        ]);
        assert_eq!(short(&model["dimensions"]), dimensions);
        assert_eq!(model["dimensions"][1]["type_params"]["time_granularity"], "day");
        let visits = &manifest["semantic_models"]["semantic_model.shop.visits"];
        assert_eq!(visits["config"], json!({"enabled": true, "group": "g", "meta": {"k": 1}}));
        assert_eq!((&visits["primary_entity"], &visits["group"]), (&json!("visit"), &json!("g")));
        assert_eq!(visits["entities"][0]["config"]["meta"], json!({"k": 1}));
        let day = &manifest["nodes"]["model.shop.days"]["columns"]["day"];
        assert_eq!(day["granularity"], "day", "in small letters, as dbt has it");
    });
}

#[test]
fn metrics_need_no_measures() {
    on_adapters(|p| {
        let manifest = layer(p, LAYER).success().manifest();
        let metric = |name: &str| manifest["metrics"][format!("metric.shop.{name}")].clone();
        let many = metric("many");
        assert_eq!(
            (&many["type"], &many["label"], &many["meta"]),
            (&json!("simple"), &json!("Many"), &json!({}))
        );
        assert_eq!(many["config"]["meta"], json!({"q": 1}));
        assert_eq!(many["depends_on"]["nodes"], json!(["semantic_model.shop.orders"]));
        assert_eq!(
            many["filter"]["where_filters"][0]["where_sql_template"],
            "{{ Dimension('order_id__sort') }} = 'x'"
        );
        insta::assert_snapshot!(
            "params_of_a_metric_of_spec_2",
            format!("{:#}", metric("total")["type_params"])
        );
        let written: Value = serde_json::from_str(&p.text("target/semantic_manifest.json")).unwrap();
        let of = |name: &str| {
            let all = written["metrics"].as_array().unwrap();
            all.iter().find(|metric| metric["name"] == name).unwrap()["type_params"].clone()
        };
        insta::assert_snapshot!("a_conversion_in_semantic_manifest", format!("{:#}", of("bought")));
        assert_eq!(of("p90")["metric_aggregation_params"]["agg_params"]["use_approximate_percentile"], true);
        let running = of("running");
        assert_eq!(running["cumulative_type_params"]["metric"]["name"], "total");
        assert_eq!((&running["window"], &running["input_measures"]), (&Value::Null, &json!([])));
        let nodes = |name: &str| metric(name)["depends_on"]["nodes"].clone();
        assert_eq!(nodes("running"), json!(["metric.shop.total"]));
        assert_eq!(nodes("bought"), json!(["metric.shop.seen_count", "metric.shop.many"]));
        assert_eq!(nodes("share"), json!(["metric.shop.many", "metric.shop.total"]));
        assert_eq!((&metric("share")["label"], &metric("share")["group"]), (&json!("share"), &json!("g")));
    });
}

#[test]
fn a_model_may_take_it_back() {
    on_duckdb(|p| {
        let alone = LAYER.replace("      - {name: bought,", "      # {name: bought,");
        for said in ["false", "{enabled: false}", "null"] {
            let off = alone.replace("{name: visits, group: g, config: {meta: {k: 1}}}", said);
            let manifest = layer(p, &off).success().manifest();
            assert_eq!(manifest["semantic_models"].as_object().unwrap().len(), 1, "{said}");
            assert!(manifest["metrics"]["metric.shop.seen_count"].is_null(), "{said}");
        }
        let versions =
            alone.replace("  - name: hits\n", "  - name: hits\n    versions: [{v: 1, defined_in: hits}]\n");
        let manifest = layer(p, &versions).success().manifest();
        assert_eq!(
            manifest["semantic_models"].as_object().unwrap().len(),
            1,
            "versions are no semantic models"
        );
        p.configure("semantic-models: {+enabled: false}");
        layer(p, LAYER).exit(2).stdout_has("belongs to the disabled semantic model `orders`");
    });
}

const BROKEN: [(&str, &str, &str); 23] = [
    ("{name: visits, group", "{name: visits, grup: h, group", "semantic_model has no key `grup`"),
    ("window: 7 days", "windo: 7 days", "did you mean `window`?"),
    ("dimension: {type: time}", "dimension: {type: tim}", "`type` must be one of categorical, time"),
    ("dimension: time", "dimension: tim", "`dimension` must be one of categorical, time"),
    ("entity: foreign", "entity: foregn", "did you mean `foreign`?"),
    ("granularity: hour", "granularity: age", "`age` is not a valid granularity name"),
    (
        "type: time, granularity: month, expr",
        "type: time, granularity: age, expr",
        "must be one of nanosecond",
    ),
    (", expr: \"id || buyer\"", "", "'expr' is a required property"),
    ("{name: pair, type", "{type", "'name' is a required property"),
    ("{name: p90, agg: percentile,", "{name: p90,", "'agg' is a required property"),
    ("agg: percentile", "agg: percent", "`agg` must be one of sum"),
    ("input_metric: total, ", "", "a cumulative metric says `input_metric: ...`"),
    ("entity: buyer, base", "base", "a conversion metric says `entity: ...`"),
    ("conversion_metric: many", "conversion_metric: total", "`total` is a sum"),
    ("conversion_metric: many", "conversion_metric: running", "`running`, which is no simple metric"),
    ("entity: buyer, base", "entity: payer, base", "Entity: payer not found"),
    ("input_metric: total", "input_metric: totals", "The metric `totals` does not exist"),
    ("numerator: many, ", "", "a ratio metric says `numerator: ...`"),
    ("type: ratio, numerator: many", "agg: sum, numerator: many", "must be attached to semantic_model"),
    ("type: derived, expr", "type: derived, agg: sum, expr", "only metrics of the type simple"),
    ("    primary_entity: visit\n", "", "does not define a primary entity"),
    ("agg_time_dimension: seen", "agg_time_dimension: buyer", "which is no time dimension"),
    ("window: 7 days", "window: 7 days, grain_to_date: month", "both `window` and `grain_to_date`"),
];

#[test]
fn faults_are_told_with_their_place() {
    on_duckdb(|p| {
        for (from, to, told) in BROKEN {
            assert!(LAYER.contains(from), "{from}");
            layer(p, &LAYER.replacen(from, to, 1)).exit(2).stdout_has(told).stdout_has("models/layer.yml:");
        }
    });
}
