//! Identities: `model.my_project.my_model`, and the kinds of resources that their first word names.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// dbt's unique id of a resource: type, package and name, joined by dots. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UniqueId(Arc<str>);

impl UniqueId {
    /// `type.package.name`.
    pub fn new(kind: ResourceType, package: &str, name: &str) -> Self {
        UniqueId(format!("{}.{package}.{name}", kind.as_str()).into())
    }

    /// The id as the text that its clones share.
    pub(super) fn shared(&self) -> &Arc<str> {
        &self.0
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind that the first word names.
    pub fn resource_type(&self) -> Option<ResourceType> {
        ResourceType::parse(self.0.split('.').next()?)
    }
}

impl From<&str> for UniqueId {
    fn from(text: &str) -> Self {
        UniqueId(text.into())
    }
}

impl From<Arc<str>> for UniqueId {
    fn from(text: Arc<str>) -> Self {
        UniqueId(text)
    }
}

impl From<String> for UniqueId {
    fn from(text: String) -> Self {
        UniqueId(text.into())
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for UniqueId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The kinds of resources, by dbt's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ResourceType {
    Model,
    Analysis,
    Test,
    Snapshot,
    Operation,
    Seed,
    #[serde(rename = "sql_operation")]
    SqlOperation,
    Doc,
    Source,
    Macro,
    Exposure,
    Metric,
    Group,
    SavedQuery,
    SemanticModel,
    UnitTest,
    Fixture,
    Function,
}

impl ResourceType {
    /// Every kind.
    pub const ALL: [ResourceType; 18] = {
        use ResourceType::*;
        [
            Model,
            Analysis,
            Test,
            Snapshot,
            Operation,
            Seed,
            SqlOperation,
            Doc,
            Source,
            Macro,
            Exposure,
            Metric,
            Group,
            SavedQuery,
            SemanticModel,
            UnitTest,
            Fixture,
            Function,
        ]
    };

    /// dbt's word: `model`, `unit_test`.
    pub fn as_str(self) -> &'static str {
        use ResourceType::*;
        match self {
            Model => "model",
            Analysis => "analysis",
            Test => "test",
            Snapshot => "snapshot",
            Operation => "operation",
            Seed => "seed",
            SqlOperation => "sql_operation",
            Doc => "doc",
            Source => "source",
            Macro => "macro",
            Exposure => "exposure",
            Metric => "metric",
            Group => "group",
            SavedQuery => "saved_query",
            SemanticModel => "semantic_model",
            UnitTest => "unit_test",
            Fixture => "fixture",
            Function => "function",
        }
    }

    /// The kind that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        ResourceType::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How people count them: `3 data tests`, `1 analysis`, `2 analyses`.
    pub fn counted(self, n: usize) -> String {
        let word = match self {
            ResourceType::Test => "data test".to_string(),
            ResourceType::Analysis if n != 1 => return format!("{n} analyses"),
            ResourceType::SavedQuery if n != 1 => return format!("{n} saved queries"),
            kind => kind.as_str().replace('_', " "),
        };
        format!("{n} {word}{}", if n == 1 { "" } else { "s" })
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
