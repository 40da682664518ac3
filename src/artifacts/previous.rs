//! An earlier manifest.json, by karat or any dbt that wrote versions 4 to 12: read as it stands, as JSON,
//! since only some keys of some nodes are ever looked at.

use super::read_json;
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use serde::Deserialize;
use serde_json::Value as Json;
use std::path::Path;

/// Versions of manifest.json that can be read.
const VERSIONS: std::ops::RangeInclusive<u32> = 4..=12;

/// A manifest of another run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EarlierManifest {
    /// As written.
    pub metadata: Map,
    /// Models, seeds, tests, snapshots, analyses, operations.
    pub nodes: Map,
    /// Source tables.
    pub sources: Map,
    /// Exposures.
    pub exposures: Map,
    /// Metrics.
    pub metrics: Map,
    /// Semantic models.
    pub semantic_models: Map,
    /// Saved queries.
    pub saved_queries: Map,
    /// Unit tests.
    pub unit_tests: Map,
    /// Functions.
    pub functions: Map,
    /// Macros.
    pub macros: Map,
}

impl EarlierManifest {
    /// Reads manifest.json; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read, is no JSON of that shape, or of a version that karat does not know.
    pub fn read(path: &Path) -> Result<Option<EarlierManifest>> {
        let Some(found) = read_json::<EarlierManifest>(path)? else { return Ok(None) };
        if found.version().is_some_and(|version| VERSIONS.contains(&version)) {
            return Ok(Some(found));
        }
        let schema = found.metadata.get("dbt_schema_version").and_then(Json::as_str).unwrap_or("none");
        Err(Error::runtime(format!(
            "Expected a schema version of \"https://schemas.getdbt.com/dbt/manifest/v12.json\" in {}, but found \
             \"{schema}\". Are you running with a different version of dbt?",
            path.display()
        ))
        .located(Location::file(path))
        .help("versions 4 to 12 can be read; write the manifest anew with `karat parse`"))
    }

    /// `12` of `.../manifest/v12.json`.
    fn version(&self) -> Option<u32> {
        let schema = self.metadata.get("dbt_schema_version")?.as_str()?;
        schema.rsplit_once("/v")?.1.strip_suffix(".json")?.parse().ok()
    }

    /// A resource of any kind that stands in the graph.
    pub fn find(&self, id: &str) -> Option<&Json> {
        let all = [
            &self.nodes,
            &self.sources,
            &self.exposures,
            &self.metrics,
            &self.semantic_models,
            &self.unit_tests,
            &self.saved_queries,
            &self.functions,
        ];
        all.into_iter().find_map(|of| of.get(id))
    }
}
