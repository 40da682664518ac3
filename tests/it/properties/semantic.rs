//! The semantic layer: parsed, held to its rules, written for the tools that query it.

use crate::harness::*;
use serde_json::{Value, json};

const LAYER: &str = "
models:
  - name: days
    time_spine: {standard_granularity_column: day, custom_granularities: [{name: fiscal, column_name: fy}]}
    columns: [{name: day, granularity: day}, {name: fy}]
semantic_models:
  - name: orders
    model: ref('a')
    description: told
    config: {meta: {k: 1}}
    defaults: {agg_time_dimension: at}
    entities: [{name: order_id, type: primary, expr: id}]
    dimensions:
      - {name: at, type: time, type_params: {time_granularity: day}}
      - {name: kind, type: categorical}
    measures:
      - {name: number, agg: count, expr: id}
      - {name: total, agg: sum, expr: amount, create_metric: true}
metrics:
  - {name: many, label: Many, type: simple, type_params: {measure: {name: number, fill_nulls_with: 0}}, filter: \"{{ Dimension('order_id__kind') }} = 'x'\"}
  - {name: share, label: Share, type: ratio, type_params: {numerator: many, denominator: total}}
  - {name: change, label: Change, type: derived, type_params: {expr: now - before, metrics: [{name: many, alias: now}, {name: many, alias: before, offset_window: 1 month}]}}
  - {name: running, label: Running, type: cumulative, type_params: {measure: total, cumulative_type_params: {window: 7 days, period_agg: first}}}
saved_queries:
  - name: weekly
    query_params: {metrics: [many, share], group_by: [\"Dimension('order_id__kind')\"], where: [\"{{ Dimension('order_id__kind') }} = 'y'\"]}
    exports: [{name: out, config: {export_as: table, schema: marts}}]
";

fn layer(p: &Project, text: &str) -> Outcome {
    p.file("models/a.sql", "select 1 as id, 2 as amount, 'x' as kind, cast('2024-01-01' as date) as at");
    p.file("models/days.sql", "select cast('2024-01-01' as date) as day, 2024 as fy");
    p.file("models/layer.yml", text);
    p.karat(["parse"])
}

fn written(p: &Project) -> Value {
    serde_json::from_str(&p.text("target/semantic_manifest.json")).unwrap()
}

#[test]
fn it_is_in_both_manifests() {
    on_adapters(|p| {
        let manifest = layer(p, LAYER).success().manifest();
        assert_eq!(
            manifest["metrics"]["metric.shop.share"]["depends_on"]["nodes"],
            json!(["metric.shop.many", "metric.shop.total"])
        );
        assert_eq!(
            manifest["semantic_models"]["semantic_model.shop.orders"]["depends_on"]["nodes"],
            json!(["model.shop.a"])
        );
        let all = written(p);
        let keys: Vec<&String> = all.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["semantic_models", "metrics", "project_configuration", "saved_queries"]);
        let model = &all["semantic_models"][0];
        assert_eq!(model["node_relation"]["alias"], "a");
        assert_eq!(model["config"], json!({"meta": {"k": 1}}));
        assert_eq!(
            model["dimensions"][0]["type_params"],
            json!({"time_granularity": "day", "validity_params": null})
        );
        let metric = |name: &str| {
            all["metrics"].as_array().unwrap().iter().find(|m| m["name"] == name).unwrap().clone()
        };
        assert_eq!(metric("total")["type"], "simple", "made by `create_metric`");
        assert_eq!(
            metric("change")["type_params"]["metrics"][1]["offset_window"],
            json!({"count": 1, "granularity": "month"})
        );
        assert_eq!(
            metric("running")["type_params"]["cumulative_type_params"]["window"],
            json!({"count": 7, "granularity": "day"})
        );
        assert_eq!(metric("many")["type_params"]["input_measures"][0]["fill_nulls_with"], 0);
        let spine = &all["project_configuration"]["time_spines"][0];
        assert_eq!(spine["primary_column"], json!({"name": "day", "time_granularity": "day"}));
        assert_eq!(spine["custom_granularities"], json!([{"name": "fiscal", "column_name": "fy"}]));
        let query = &all["saved_queries"][0];
        assert_eq!(
            query["exports"][0]["config"],
            json!({"export_as": "table", "schema_name": "marts", "alias": "out"})
        );
        assert_eq!(
            query["query_params"]["where"]["where_filters"][0]["where_sql_template"],
            "{{ Dimension('order_id__kind') }} = 'y'"
        );
    });
}

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

#[test]
fn broken_rules_are_told_with_their_place() {
    on_duckdb(|p| {
        for (from, to, told) in [
            ("name: many, label", "name: Many, label", "Invalid name `Many`"),
            ("    defaults: {agg_time_dimension: at}\n", "", "Aggregation time dimension for measure number"),
            ("agg_time_dimension: at", "agg_time_dimension: kind", "which is no time dimension"),
            ("type: primary", "type: foreign", "does not define a primary entity"),
            ("name: kind, type", "name: at, type", "more than one element named `at`"),
            (
                "granularity: day}, {name: fy}",
                "granularity: month}, {name: fy}",
                "requires a time spine model",
            ),
            ("expr: now - before, ", "", "type_params.expr"),
            ("numerator: many, ", "", "type_params.numerator"),
            ("filter: \"{{ Dimension(", "filter: \"{{ Dimensions(", "Error while parsing Jinja template"),
            (
                "Dimension('order_id__kind') }} = 'x'",
                "Dimension('kind') }} = 'x'",
                "incorrect format: 'kind'",
            ),
            ("('order_id__kind') }} = 'y'", "('order_id__at').grain('age') }} = 'y'", "`age` is not a valid"),
            ("('order_id__kind') }} = 'y'", "('order_id__at').round('day') }} = 'y'", "no method `round`"),
            ("('order_id__kind') }} = 'y'", "('order_id__at').date_part('week') }} = 1", "`week` is no part"),
            ("Dimension('order_id__kind') }} = 'y'", "Metric('many') }} = 1", "needs `group_by`"),
            ("Dimension('order_id__kind') }} = 'y'", "Entity('order_id__day') }} = 1", "time grain suffix"),
            (
                "[\"Dimension('order_id__kind')\"]",
                "[\"Dimension('order_id__none')\"]",
                "is not a valid group-by",
            ),
            (
                "[\"Dimension('order_id__kind')\"]",
                "[], order_by: [\"Metric('change')\"]",
                "does not match any",
            ),
            ("[\"Dimension('order_id__kind')\"]", "[], limit: -1", "Invalid limit value: -1"),
        ] {
            assert!(LAYER.contains(from), "{from}");
            layer(p, &LAYER.replacen(from, to, 1)).exit(2).stdout_has(told).stdout_has("models/layer.yml:");
        }
    });
}
