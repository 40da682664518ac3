//! What every artifact says of the invocation that wrote it.

use crate::manifest::Map;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

/// The release of dbt Core whose artifacts these are, for the tools that ask.
pub const DBT_VERSION: &str = "1.11.16";

/// One call of karat.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// Its id, a UUID.
    pub id: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The environment's `DBT_ENV_CUSTOM_ENV_*`, without that prefix.
    pub env: Map,
}

impl Invocation {
    /// The metadata that all artifacts share; `schema` is `manifest/v12`, `run-results/v6`.
    pub(super) fn metadata(&self, schema: &str) -> Map {
        let metadata = json!({
            "dbt_schema_version": format!("https://schemas.getdbt.com/dbt/{schema}.json"),
            "dbt_version": DBT_VERSION,
            "generated_at": instant(Utc::now()),
            "invocation_id": self.id,
            "invocation_started_at": instant(self.started_at),
            "env": self.env,
        });
        match metadata {
            // The schemas allow no keys but dbt's.
            serde_json::Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// An instant as dbt's artifacts write it: `2026-11-21T00:57:01.918844Z`.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}
