//! A unit test: given rows, a model, expected rows.

use super::{Config, DependsOn, ResourceType, UniqueId};
use serde::Serialize;
use serde_json::Value as Json;

/// A unit test of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitTest {
    /// The model's name.
    pub model: String,
    /// The inputs.
    pub given: Vec<UnitTestFixture>,
    /// The rows to come out.
    pub expect: UnitTestFixture,
    /// Its name.
    pub name: String,
    /// Always `unit_test`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path of the property file below the resource folder.
    pub path: String,
    /// Path of the property file below the package's root.
    pub original_file_path: String,
    /// Its id: `unit_test.package.model.name`.
    pub unique_id: UniqueId,
    /// Package, folders, model, name.
    pub fqn: Vec<String>,
    /// Its description.
    pub description: String,
    /// Macros, vars and env vars to replace.
    pub overrides: Option<Json>,
    /// What it depends on: the model.
    pub depends_on: DependsOn,
    /// Its config.
    pub config: Config,
    /// Hash of its definition.
    pub checksum: Option<String>,
    /// The schema its queries live in.
    pub schema: Option<String>,
    /// Seconds since 1970 when it was parsed.
    pub created_at: f64,
    /// Versions of the model that it covers, as written.
    pub versions: Option<Json>,
    /// The version of the model that this test runs.
    pub version: Option<Json>,
    /// The node that it tests. Not shown.
    #[serde(skip)]
    pub tested_node_unique_id: Option<UniqueId>,
    /// The node that stands for `this`. Not shown.
    #[serde(skip)]
    pub this_input_node_unique_id: Option<UniqueId>,
}

/// Rows for an input, or the rows expected.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct UnitTestFixture {
    /// `ref('x')`, `source('a', 'b')`, `this`; absent for the expectation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Rows as objects, or the text of CSV or SQL.
    pub rows: Option<Json>,
    /// `dict`, `csv`, `sql`.
    pub format: String,
    /// Name of a fixture file.
    pub fixture: Option<String>,
}
