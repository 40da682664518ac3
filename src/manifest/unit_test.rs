//! A unit test: given rows, a model, expected rows.

use super::{Checksum, Config, DependsOn, Map, Node, NodeKind, ResourceType, UniqueId, version_text};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value as Json, json};

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

impl UnitTest {
    /// Its name with the version that it runs: `my_test_v2`.
    pub fn versioned_name(&self) -> String {
        match &self.version {
            Some(version) => format!("{}_v{}", self.name, version_text(version)),
            None => self.name.clone(),
        }
    }

    /// The test as a node that can be compiled and run: the SQL of its model under the test's own id,
    /// with the expected rows in its config.
    pub fn node(&self, tested: &Node) -> Node {
        let name = self.versioned_name();
        let below = self.original_file_path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let separator = if below.is_empty() { "" } else { "/" };
        let fqn = self.unique_id.as_str().split('.').map(str::to_string).collect();
        Node {
            resource_type: ResourceType::UnitTest,
            package_name: self.package_name.clone(),
            path: format!("{below}{separator}{name}.sql"),
            original_file_path: self.original_file_path.clone(),
            unique_id: self.unique_id.clone(),
            fqn,
            alias: name.clone(),
            name,
            checksum: Checksum { name: "none".into(), checksum: String::new() },
            config: self.node_config(),
            tags: self.config.tags(),
            description: self.description.clone(),
            columns: IndexMap::new(),
            meta: Map::new(),
            group: None,
            patch_path: None,
            relation_name: None,
            depends_on: self.depends_on.clone(),
            kind: NodeKind::UnitTest {
                tested_node_unique_id: Some(tested.unique_id.clone()),
                this_input_node_unique_id: self.this_input_node_unique_id.clone(),
                overrides: self.overrides.clone(),
            },
            ..tested.clone()
        }
    }

    fn node_config(&self) -> Config {
        let mut config = self.config.clone();
        let rows = self.expect.rows.clone().unwrap_or(Json::Null);
        let (rows, sql) = if self.expect.format == "sql" { (json!([]), rows) } else { (rows, Json::Null) };
        config.insert("materialized", json!("unit"));
        config.insert("expected_rows", rows);
        config.insert("expected_sql", sql);
        config
    }
}
