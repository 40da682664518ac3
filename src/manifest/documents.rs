//! What describes the warehouse without being built: macros, docs blocks, exposures, groups.

use super::{Config, DependsOn, Map, RefArgs, ResourceType, UniqueId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A macro.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MacroNode {
    /// Its name; tests are `test_x`, materializations `materialization_x_default`.
    pub name: String,
    /// Always `macro`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path below the package's root.
    pub path: String,
    /// The same path.
    pub original_file_path: String,
    /// Its id.
    pub unique_id: UniqueId,
    /// Its text.
    pub macro_sql: String,
    /// Macros that it calls.
    #[serde(serialize_with = "macros_only")]
    pub depends_on: DependsOn,
    /// Its description.
    pub description: String,
    /// Free data of the user.
    pub meta: Map,
    /// How the docs show it.
    pub docs: Map,
    /// Its config.
    pub config: Config,
    /// `package://path` of the property file that describes it.
    pub patch_path: Option<String>,
    /// Its arguments as described.
    pub arguments: Vec<MacroArgument>,
    /// Seconds since 1970 when it was parsed.
    pub created_at: f64,
    /// Languages of a materialization.
    pub supported_languages: Option<Vec<String>>,
}

/// Macros depend on macros alone, and dbt shows no other key.
fn macros_only<S: serde::Serializer>(depends_on: &DependsOn, to: S) -> Result<S::Ok, S::Error> {
    serde_json::json!({ "macros": depends_on.macros }).serialize(to)
}

/// An argument of a macro, as described.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MacroArgument {
    /// Its name.
    pub name: String,
    /// Its type's name.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its description.
    pub description: String,
}

/// A docs block.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Doc {
    /// Its name.
    pub name: String,
    /// Always `doc`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path below the docs folder.
    pub path: String,
    /// Path below the package's root.
    pub original_file_path: String,
    /// Its id: `doc.package.name`.
    pub unique_id: UniqueId,
    /// Its text.
    pub block_contents: String,
}

/// Who answers for something.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Owner {
    /// Mail address: a text or a list.
    pub email: Option<Json>,
    /// Name.
    pub name: Option<String>,
    /// Keys that dbt does not know, kept.
    #[serde(flatten)]
    pub extra: Map,
}

/// A use of the warehouse downstream of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// Its name.
    pub name: String,
    /// Always `exposure`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path of the property file below the resource folder.
    pub path: String,
    /// Path of the property file below the package's root.
    pub original_file_path: String,
    /// Its id.
    pub unique_id: UniqueId,
    /// Package, folders, name.
    pub fqn: Vec<String>,
    /// `dashboard`, `notebook`, `analysis`, `ml`, `application`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who answers for it.
    pub owner: Owner,
    /// Its description.
    pub description: String,
    /// Its label.
    pub label: Option<String>,
    /// `high`, `medium`, `low`.
    pub maturity: Option<String>,
    /// Free data of the user.
    pub meta: Map,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its merged config.
    pub config: Config,
    /// The config as written.
    pub unrendered_config: Map,
    /// Where to look at it.
    pub url: Option<String>,
    /// What it reads.
    pub depends_on: DependsOn,
    /// Its `ref` calls.
    pub refs: Vec<RefArgs>,
    /// Its `source` calls.
    pub sources: Vec<Vec<String>>,
    /// Its `metric` calls.
    pub metrics: Vec<Vec<String>>,
    /// Seconds since 1970 when it was parsed.
    pub created_at: f64,
}

/// A group of models with an owner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Always `group`.
    pub resource_type: ResourceType,
    /// The package that defines it.
    pub package_name: String,
    /// Path of the property file below the resource folder.
    pub path: String,
    /// Path of the property file below the package's root.
    pub original_file_path: String,
    /// Its id.
    pub unique_id: UniqueId,
    /// Who answers for it.
    pub owner: Owner,
    /// Its description.
    pub description: Option<String>,
    /// Its config.
    pub config: Config,
}

impl Group {
    /// The group as events tell of it: its name, and its owner with texts alone.
    pub fn told(&self) -> Map {
        let list = |all: &[Json]| {
            let quoted =
                all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), |it| format!("'{it}'")));
            format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
        };
        let text = |value: &Json| match value {
            Json::String(text) => text.clone(),
            Json::Array(all) => list(all),
            other => other.to_string(),
        };
        let own = [("name", self.owner.name.clone().map(Json::from)), ("email", self.owner.email.clone())];
        let own = own.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?)));
        let owner: Map =
            own.chain(self.owner.extra.clone()).map(|(key, value)| (key, text(&value).into())).collect();
        Map::from_iter([("name".to_string(), self.name.clone().into()), ("owner".to_string(), owner.into())])
    }
}
