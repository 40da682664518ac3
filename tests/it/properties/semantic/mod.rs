//! The semantic layer: parsed, held to its rules, written for the tools that query it.

mod on_models;
mod rules;
mod written;

use crate::harness::*;

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

fn written(p: &Project) -> serde_json::Value {
    serde_json::from_str(&p.text("target/semantic_manifest.json")).unwrap()
}
