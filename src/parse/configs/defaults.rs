//! dbt's default config of each kind, in the order in which its manifest shows the keys.

use crate::manifest::{Map, ResourceType};
use serde_json::{Value as Json, json};

/// The defaults, made once a parse.
pub(super) struct Defaults {
    model: Map,
    node: Map,
    seed: Map,
    snapshot: Map,
    test: Map,
    function: Map,
    unit_test: Map,
    source: Map,
    exposure: Map,
    saved_query: Map,
    small: Map,
    group: Map,
}

impl Defaults {
    pub fn new() -> Self {
        let node = node("view");
        let with = |materialized: &str, more: Json| {
            let mut all = node.clone();
            all.insert("materialized".into(), materialized.into());
            all.extend(map(more));
            all
        };
        Defaults {
            model: with("view", json!({"access": "protected", "freshness": null})),
            seed: with("seed", json!({"delimiter": ",", "quote_columns": null})),
            snapshot: with("snapshot", snapshot()),
            function: with(
                "function",
                json!({"type": "scalar", "volatility": null, "runtime_version": null, "entry_point": null}),
            ),
            test: test(),
            unit_test: map(json!({"tags": [], "meta": {}, "enabled": true, "static_analysis": null})),
            source: map(json!({
                "enabled": true,
                "event_time": null,
                "freshness": {
                    "warn_after": {"count": null, "period": null},
                    "error_after": {"count": null, "period": null},
                    "filter": null,
                },
                "loaded_at_field": null,
                "loaded_at_query": null,
                "meta": {},
                "tags": [],
                "static_analysis": null,
            })),
            exposure: map(json!({"enabled": true, "tags": [], "meta": {}})),
            saved_query: map(json!({
                "enabled": true, "group": null, "meta": {}, "export_as": null, "schema": null, "cache": {"enabled": false}
            })),
            small: map(json!({"enabled": true, "group": null, "meta": {}})),
            group: map(json!({"meta": {}})),
            node,
        }
    }

    /// The defaults of a kind.
    pub fn of(&self, kind: ResourceType) -> &Map {
        match kind {
            ResourceType::Model => &self.model,
            ResourceType::Seed => &self.seed,
            ResourceType::Snapshot => &self.snapshot,
            ResourceType::Test => &self.test,
            ResourceType::Function => &self.function,
            ResourceType::UnitTest => &self.unit_test,
            ResourceType::Source => &self.source,
            ResourceType::Exposure => &self.exposure,
            ResourceType::SavedQuery => &self.saved_query,
            ResourceType::Metric | ResourceType::SemanticModel => &self.small,
            ResourceType::Group => &self.group,
            _ => &self.node,
        }
    }
}

fn map(json: Json) -> Map {
    json.as_object().cloned().unwrap_or_default()
}

/// What nodes and tests share.
fn shared(schema: Json) -> Map {
    map(json!({
        "enabled": true, "alias": null, "schema": schema, "database": null, "tags": [], "meta": {},
        "group": null, "static_analysis": null,
    }))
}

fn node(materialized: &str) -> Map {
    let mut all = shared(Json::Null);
    all.extend(map(json!({
        "materialized": materialized,
        "incremental_strategy": null,
        "batch_size": null,
        "lookback": 1,
        "begin": null,
        "persist_docs": {},
        "post-hook": [],
        "pre-hook": [],
        "quoting": {},
        "column_types": {},
        "full_refresh": null,
        "unique_key": null,
        "on_schema_change": "ignore",
        "on_configuration_change": "apply",
        "grants": {},
        "packages": [],
        "docs": {"show": true, "node_color": null},
        "contract": {"enforced": false, "alias_types": true},
        "event_time": null,
        "concurrent_batches": null,
    })));
    all
}

fn test() -> Map {
    let mut all = shared("dbt_test__audit".into());
    all.extend(map(json!({
        "materialized": "test",
        "severity": "ERROR",
        "store_failures": null,
        "store_failures_as": null,
        "where": null,
        "limit": null,
        "fail_calc": "count(*)",
        "warn_if": "!= 0",
        "error_if": "!= 0",
    })));
    all
}

fn snapshot() -> Json {
    json!({
        "strategy": null,
        "target_schema": null,
        "target_database": null,
        "updated_at": null,
        "check_cols": null,
        "snapshot_meta_column_names": {
            "dbt_valid_to": null, "dbt_valid_from": null, "dbt_scd_id": null, "dbt_updated_at": null,
            "dbt_is_deleted": null,
        },
        "dbt_valid_to_current": null,
    })
}
