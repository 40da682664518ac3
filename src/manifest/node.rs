//! A node: one struct of what all share, and a [`NodeKind`] of what each kind adds.

use super::{Batch, ColumnInfo, Config, Constraint, Map, ResourceType, UniqueId};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A model, seed, test, snapshot, analysis, operation or function. Serializes to the object that
/// manifest.json, Jinja's `model` and `graph.nodes`, and `ls --output json` show alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// Database of its relation; null for tests without stored failures only by value.
    pub database: Option<String>,
    /// Schema of its relation.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its kind's word.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path below the resource folder: `silver/transaction.sql`.
    pub path: String,
    /// Path below the package's root: `models/silver/transaction.sql`.
    pub original_file_path: String,
    /// Its id.
    pub unique_id: UniqueId,
    /// Package, folders, name.
    pub fqn: Vec<String>,
    /// The name of its relation.
    pub alias: String,
    /// Hash of its source.
    pub checksum: Checksum,
    /// Its merged config.
    pub config: Config,
    /// Its tags (same as `config.tags`).
    pub tags: Vec<String>,
    /// Its description, rendered.
    pub description: String,
    /// Declared columns by name.
    pub columns: Arc<IndexMap<String, ColumnInfo>>,
    /// Free data of the user (same as `config.meta`).
    pub meta: Map,
    /// Its group, if any.
    pub group: Option<String>,
    /// How the docs show it.
    pub docs: Map,
    /// `package://path` of the property file that describes it.
    pub patch_path: Option<String>,
    /// Where its SQL was written for the run; set on artifacts only.
    pub build_path: Option<String>,
    /// The config as written, before rendering: what `state:modified` compares.
    pub unrendered_config: Map,
    /// Seconds since 1970 when it was parsed.
    pub created_at: f64,
    /// What `config()` said, before merging. Not shown.
    #[serde(skip)]
    pub config_call_dict: Map,
    /// What `config()` said, before rendering. Not shown.
    #[serde(skip)]
    pub unrendered_config_call_dict: Map,
    /// The full quoted name of its relation; null for ephemeral models and tests that store nothing.
    pub relation_name: Option<String>,
    /// Its source as the user wrote it.
    pub raw_code: String,
    /// Docs blocks that the description uses.
    pub doc_blocks: Vec<String>,
    /// `sql` or `python`; absent for seeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its `ref` calls; absent for seeds.
    pub refs: Vec<RefArgs>,
    /// Its `source` calls: `[source, table]`.
    pub sources: Vec<Vec<String>>,
    /// Its `metric` calls.
    pub metrics: Vec<Vec<String>>,
    /// Its `function` calls.
    pub functions: Vec<Vec<String>>,
    /// What it depends on.
    pub depends_on: DependsOn,
    /// Where its compiled SQL lies; set on artifacts only.
    pub compiled_path: Option<String>,
    /// Its contract.
    pub contract: Contract,
    /// The batch that is at work, of a microbatch model that runs. Not shown.
    #[serde(skip)]
    pub batch: Option<Batch>,
    /// What its kind adds.
    #[serde(flatten)]
    pub kind: NodeKind,
}

/// What only some kinds have.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant)]
pub enum NodeKind {
    /// A model.
    Model {
        /// `private`, `protected`, `public`.
        access: String,
        /// Constraints of the whole table.
        constraints: Vec<Constraint>,
        /// Its version, a number or a text.
        version: Option<Json>,
        /// The newest version of its name.
        latest_version: Option<Json>,
        /// When it is to go, ISO time.
        deprecation_date: Option<String>,
        /// Columns that make its primary key, by constraints and tests.
        primary_key: Vec<String>,
        /// Its time spine, as written.
        time_spine: Option<Json>,
    },
    /// A seed.
    Seed {
        /// Root of its package.
        root_path: Option<String>,
    },
    /// A generic test.
    GenericTest {
        /// The column it stands on.
        column_name: Option<String>,
        /// `models.my_model`: the entry of the property file.
        file_key_name: Option<String>,
        /// The node that it tests.
        attached_node: Option<UniqueId>,
        /// Which test, with which arguments.
        test_metadata: TestMetadata,
    },
    /// A test that is an SQL file.
    SingularTest {},
    /// A snapshot.
    Snapshot {},
    /// An analysis.
    Analysis {},
    /// A hook of the project, or SQL given on the command line.
    Operation {
        /// Place among the hooks of its kind.
        index: Option<usize>,
    },
    /// A unit test that runs: its model's SQL over given rows.
    UnitTest {
        /// The model.
        tested_node_unique_id: Option<UniqueId>,
        /// The input that stands for `this`.
        this_input_node_unique_id: Option<UniqueId>,
        /// Macros, vars and environment variables to replace.
        overrides: Option<Json>,
    },
    /// A function (UDF): its own keys as dbt writes them.
    Function {
        /// `arguments`, `returns` and the rest.
        #[serde(flatten)]
        definition: Map,
    },
}

/// A test's name and arguments, before it became SQL.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TestMetadata {
    /// `not_null`.
    pub name: String,
    /// Its arguments, `model` and `column_name` among them.
    pub kwargs: Map,
    /// The package that was named: `dbt_utils`.
    pub namespace: Option<String>,
}

/// The arguments of one `ref` call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RefArgs {
    /// The model.
    pub name: String,
    /// The package, if named.
    pub package: Option<String>,
    /// The version, if named.
    pub version: Option<Json>,
}

/// Edges: macros used, nodes read. Each once, in order of first use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DependsOn {
    /// Ids of macros.
    pub macros: Vec<UniqueId>,
    /// Ids of nodes, sources and other resources.
    pub nodes: Vec<UniqueId>,
}

/// A hash with the name of its method: `sha256`, `path` for large seeds, `none`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checksum {
    /// The method.
    pub name: String,
    /// The hash in hex.
    pub checksum: String,
}

/// Whether a model's columns are promised and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Is it enforced?
    pub enforced: bool,
    /// Are types translated by the adapter?
    pub alias_types: bool,
    /// Hash of the promise.
    pub checksum: Option<String>,
}

impl Default for Contract {
    fn default() -> Self {
        Contract { enforced: false, alias_types: true, checksum: None }
    }
}

impl Node {
    /// The node that a generic test stands on.
    pub fn attached_node(&self) -> Option<&UniqueId> {
        match &self.kind {
            NodeKind::GenericTest { attached_node, .. } => attached_node.as_ref(),
            _ => None,
        }
    }

    /// Is it a test of data, generic or singular?
    pub fn is_test(&self) -> bool {
        self.resource_type == ResourceType::Test
    }

    /// Is it written into its readers instead of built?
    pub fn is_ephemeral(&self) -> bool {
        self.resource_type == ResourceType::Model && self.config.materialized() == "ephemeral"
    }

    /// Is it built batch by batch of its event time?
    pub fn is_microbatch(&self) -> bool {
        self.config.materialized() == "incremental"
            && self.config.str("incremental_strategy") == Some("microbatch")
    }

    /// Does it become a relation that others can read?
    pub fn is_relational(&self) -> bool {
        use ResourceType::*;
        matches!(self.resource_type, Model | Seed | Snapshot) && !self.is_ephemeral()
    }

    /// The version of a model, as text: `2`, `preview`.
    pub fn version(&self) -> Option<String> {
        match &self.kind {
            NodeKind::Model { version: Some(Json::String(text)), .. } => Some(text.clone()),
            NodeKind::Model { version: Some(other), .. } => Some(other.to_string()),
            _ => None,
        }
    }

    /// The node as dbt's JSON object (manifest.json's keys for its kind).
    pub fn to_json(&self) -> Json {
        let mut json = serde_json::to_value(self).unwrap_or_else(|_| json!({}));
        if let (ResourceType::Seed, Some(fields)) = (self.resource_type, json.as_object_mut()) {
            for absent in ["refs", "sources", "metrics", "functions", "contract", "compiled_path"] {
                fields.shift_remove(absent);
            }
            fields.shift_remove("depends_on");
            fields.insert("depends_on".into(), json!({ "macros": self.depends_on.macros }));
        }
        json
    }

    /// How errors name it: `model my_model (models/my_model.sql)`.
    pub fn described(&self) -> String {
        format!("{} {} ({})", self.resource_type, self.name, self.original_file_path)
    }
}

impl Node {
    /// A node of which nothing is said yet but its kind, its package, its name and its id.
    pub fn blank(package: &str, name: String, unique_id: UniqueId, kind: (ResourceType, NodeKind)) -> Self {
        let (resource_type, kind) = kind;
        Node {
            database: None,
            schema: String::new(),
            resource_type,
            package_name: package.to_string(),
            path: String::new(),
            original_file_path: String::new(),
            unique_id,
            fqn: Vec::new(),
            alias: name.clone(),
            name,
            checksum: Checksum::default(),
            config: Config::default(),
            tags: Vec::new(),
            description: String::new(),
            columns: Arc::default(),
            meta: Map::new(),
            group: None,
            docs: Map::new(),
            patch_path: None,
            build_path: None,
            unrendered_config: Map::new(),
            created_at: 0.0,
            config_call_dict: Map::new(),
            unrendered_config_call_dict: Map::new(),
            relation_name: None,
            raw_code: String::new(),
            doc_blocks: Vec::new(),
            kind,
            language: None,
            refs: Vec::new(),
            sources: Vec::new(),
            metrics: Vec::new(),
            functions: Vec::new(),
            depends_on: DependsOn::default(),
            compiled_path: None,
            contract: Contract::default(),
            batch: None,
        }
    }

    /// A query that was typed on the command line, as a node: `sql_operation.project.inline_query`.
    pub fn inline(project: &str, sql: &str) -> Self {
        let name = "inline_query";
        let mut config = Config::default();
        config.insert("materialized", json!("view"));
        let id = UniqueId::new(ResourceType::SqlOperation, project, name);
        let kind = (ResourceType::SqlOperation, NodeKind::Operation { index: None });
        Node {
            path: format!("{name}.sql"),
            original_file_path: format!("{name}.sql"),
            fqn: vec![project.to_string(), name.to_string()],
            config,
            raw_code: sql.to_string(),
            language: Some("sql".to_string()),
            ..Node::blank(project, name.to_string(), id, kind)
        }
    }
}
