//! The semantic layer in manifest.json and semantic_manifest.json.

use super::{LAYER, layer, written};
use crate::harness::*;
use serde_json::json;

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
