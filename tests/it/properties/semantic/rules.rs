//! The rules of the semantic layer: what they let pass, what they tell of, what they refuse.

use super::{LAYER, layer, written};
use crate::harness::*;
use serde_json::json;

#[test]
fn filters_and_groups_may_say_all_that_they_can() {
    on_duckdb(|p| {
        let filters = [
            "{{ TimeDimension('order_id__at', 'month') }} > '2024-01-01'",
            "{{ TimeDimension('metric_time', time_granularity_name='fiscal') }} > 1",
            "{{ Dimension('order_id__at').grain('week') }} > 1 and {{ Entity('order_id') }} = 2",
            "{{ Dimension('order_id__at').date_part('DOW') }} = 1 {% if true %} or 1 = 1 {% endif %}",
            "{{ Metric('share', group_by=['order_id']) }} > 1",
        ];
        for filter in filters {
            let text = LAYER.replace("{{ Dimension('order_id__kind') }} = 'y'", filter);
            layer(p, &text).success();
            assert_eq!(
                written(p)["saved_queries"][0]["query_params"]["where"]["where_filters"][0]["where_sql_template"],
                filter
            );
        }
        let ordered = "[\"Dimension('order_id__kind')\", \"TimeDimension('metric_time', 'day')\"], limit: 5, \
                       order_by: [\"Metric('many').descending(True)\", \"Dimension('order_id__kind')\"]";
        layer(p, &LAYER.replace("[\"Dimension('order_id__kind')\"]", ordered)).success();
    });
}

const BROKEN: [(&str, &str, &str); 41] = [
    ("name: many, label", "name: Many, label", "Invalid name `Many`"),
    ("name: many, label", "name: week, label", "granularities are taken"),
    ("name: kind, type", "name: metric_time, type", "uses it itself"),
    ("name: kind, type", "name: natural, type", "`natural` is a keyword"),
    ("    defaults: {agg_time_dimension: at}\n", "", "Aggregation time dimension for measure number"),
    ("agg_time_dimension: at", "agg_time_dimension: kind", "which is no time dimension"),
    ("type: primary", "type: foreign", "does not define a primary entity"),
    ("description: told", "primary_entity: other", "leave one of them out"),
    ("type: primary", "type: natural", "no dimensions with `validity_params`"),
    ("name: kind, type", "name: at, type", "more than one element named `at`"),
    ("granularity: day}, {name: fy}", "granularity: month}, {name: fy}", "requires a time spine model"),
    (
        "{time_granularity: day}}",
        "{time_granularity: day, validity_params: {is_start: true}}}",
        "need two time dimensions",
    ),
    (
        "name: fiscal, column_name: fy",
        "name: total, column_name: fy",
        "the granularity `total` has the name of a metric",
    ),
    ("agg: count, expr: id", "agg: count", "is a count and needs an `expr`"),
    ("agg: count, expr: id", "agg: count, expr: distinct id", "is to be `count_distinct`"),
    ("agg: count, expr: id", "agg: percentile, expr: id", "needs `agg_params.percentile`"),
    ("agg: count, expr: id", "agg: median, expr: id, agg_params: {percentile: 0.7}", "is a median"),
    ("agg: count, expr: id", "agg: max, expr: id, agg_params: {percentile: 0.7}", "but its `agg` is `max`"),
    (
        "agg: count, expr: id",
        "agg: max, expr: id, non_additive_dimension: {name: kind, window_choice: sum, window_groupings: [kind]}",
        "which is no time dimension",
    ),
    (
        "agg: count, expr: id",
        "agg: max, expr: id, non_additive_dimension: {name: at, window_choice: sum}",
        "it can be `min` or `max`",
    ),
    (
        "agg: count, expr: id",
        "agg: max, expr: id, non_additive_dimension: {name: at, window_choice: min, window_groupings: [kind]}",
        "no entities",
    ),
    ("label: Share", "label: Many", "have the same label `Many`"),
    ("numerator: many, ", "", "type_params.numerator"),
    ("alias: now}", "alias: many}", "is the name of another input"),
    ("offset_window: 1 month", "offset_window: 1 age", "Invalid time granularity 'age'"),
    (
        "offset_window: 1 month",
        "offset_window: 1 month, offset_to_grain: month",
        "both `offset_window` and `offset_to_grain`",
    ),
    ("period_agg: first", "grain_to_date: month", "both `window` and `grain_to_date`"),
    ("window: 7 days", "grain_to_date: fiscal", "every engine knows"),
    ("window: 7 days", "window: 7 fiscal", "Invalid time granularity 'fiscal'"),
    ("measure: {name: number, ", "measure: {name: number, alias: total, ", "is the name of a measure"),
    ("filter: \"{{ Dimension(", "filter: \"{{ Dimensions(", "Error while parsing Jinja template"),
    ("Dimension('order_id__kind') }} = 'x'", "Dimension('kind') }} = 'x'", "incorrect format: 'kind'"),
    ("('order_id__kind') }} = 'y'", "('order_id__at').round('day') }} = 'y'", "no method `round`"),
    ("('order_id__kind') }} = 'y'", "('order_id__at').date_part('week') }} = 1", "`week` is no part"),
    ("Dimension('order_id__kind') }} = 'y'", "Metric('many') }} = 1", "needs `group_by`"),
    ("Dimension('order_id__kind') }} = 'y'", "Entity('order_id__day') }} = 1", "time grain suffix"),
    ("[\"Dimension('order_id__kind')\"]", "[\"Dimension('order_id__none')\"]", "is not a valid group-by"),
    ("[\"Dimension('order_id__kind')\"]", "[], order_by: [\"Metric('change')\"]", "does not match any"),
    ("[\"Dimension('order_id__kind')\"]", "[], limit: -1", "Invalid limit value: -1"),
    ("name: day, granularity: day", "name: day, granularity: age", "`age` is not a valid granularity name"),
    ("time_granularity: day}}", "time_granularity: age}}", "must be one of nanosecond"),
];

#[test]
fn broken_rules_are_told_with_their_place() {
    on_duckdb(|p| {
        for (from, to, told) in BROKEN {
            assert!(LAYER.contains(from), "{from}");
            layer(p, &LAYER.replacen(from, to, 1)).exit(2).stdout_has(told).stdout_has("models/");
        }
    });
}

#[test]
fn what_only_looks_wrong_is_a_warning() {
    on_duckdb(|p| {
        for (from, to, told) in [
            (
                "'order_id__kind') }} = 'y'",
                "'order_id__at').grain('age') }} = 'y'",
                "`age` is not a valid granularity",
            ),
            ("expr: now - before, ", "", "has no `expr`"),
            ("expr: now - before", "expr: now - 1", "does not use its input `before`"),
            ("time_granularity: day}", "time_granularity: hour}", "queries may fail without a finer one"),
            ("cumulative_type_params: {window: 7 days, period_agg: first}", "window: 7 days", "belong under"),
        ] {
            assert!(LAYER.contains(from), "{from}");
            layer(p, &LAYER.replacen(from, to, 1)).success().stdout_has(told);
        }
        p.configure("flags: {require_nested_cumulative_type_params: true}");
        let old =
            LAYER.replace("cumulative_type_params: {window: 7 days, period_agg: first}", "window: 7 days");
        layer(p, &old).exit(2).stdout_has("belong under `type_params.cumulative_type_params`");
    });
}

const CONVERSION: &str = "
  - {name: bought, label: Bought, type: conversion, type_params: {conversion_type_params: {base_measure: visits, conversion_measure: number, entity: buyer, window: 7 days, constant_properties: [{base_property: page, conversion_property: kind}]}}}
semantic_models:
  - name: visits
    model: ref('a')
    defaults: {agg_time_dimension: seen}
    entities: [{name: visit_id, type: primary}, {name: buyer, type: foreign}]
    dimensions: [{name: seen, type: time, type_params: {time_granularity: day}}, {name: page, type: categorical}]
    measures: [{name: visits, agg: count_distinct, expr: id}, {name: weight, agg: sum, expr: id}]
";

#[test]
fn conversions_count_one_entity_twice() {
    on_duckdb(|p| {
        let (head, queries) = LAYER.split_once("saved_queries:").unwrap();
        let head = head.replace(
            "order_id, type: primary, expr: id}",
            "order_id, type: primary, expr: id}, {name: buyer, type: foreign}",
        );
        let (models, rest) = head.split_once("semantic_models:").unwrap();
        let (own, metrics) = rest.split_once("metrics:").unwrap();
        let (metric, other) = CONVERSION.split_once("semantic_models:").unwrap();
        let whole =
            format!("{models}semantic_models:{own}{other}metrics:{metrics}{metric}saved_queries:{queries}");
        let manifest = layer(p, &whole).success().manifest();
        let metric = &manifest["metrics"]["metric.shop.bought"];
        assert_eq!(
            metric["depends_on"]["nodes"],
            json!(["semantic_model.shop.visits", "semantic_model.shop.orders"])
        );
        for (from, to, told) in [
            ("entity: buyer, window", "entity: payer, window", "Entity: payer not found"),
            ("base_measure: visits", "base_measure: weight", "`weight` is a sum"),
            ("base_property: page", "base_property: kind", "constant property `kind`"),
            ("window: 7 days, constant", "window: 7 ages, constant", "Invalid time granularity 'ages'"),
            ("name: seen, type: time", "name: kind, type: time", "`kind` has `type: time`"),
            ("name: page, type", "name: order_id, type", "`order_id` is a"),
            ("{name: weight, agg", "{name: number, agg", "defined more than once"),
        ] {
            assert!(whole.contains(from), "{from}");
            layer(p, &whole.replacen(from, to, 1)).exit(2).stdout_has(told);
        }
        let same = whole.replace("name: visit_id", "name: order_id").replace("name: seen", "name: at");
        let same = same.replace("agg_time_dimension: seen", "agg_time_dimension: at");
        layer(p, &same).exit(2).stdout_has("both the primary entity `order_id` and the dimension `at`");
    });
}
