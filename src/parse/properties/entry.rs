//! One entry of a property file: a model, a source, a macro, ... as written and as rendered.

use super::render::render;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::manifest::{Map, ResourceType};
use crate::parse::stage::Stage;
use crate::project::yaml::{Lines, Yaml, YamlFile};
use std::sync::Arc;

/// A property file of a package.
#[derive(Debug)]
pub(in crate::parse) struct PropertyFile {
    /// The package.
    pub package: Arc<str>,
    /// Path below the resource folder.
    pub path: String,
    /// Path below the package's root.
    pub original_file_path: String,
    /// Its tree and text.
    pub yaml: YamlFile,
}

impl PropertyFile {
    /// dbt's id of a file: `package://models/s.yml`.
    pub fn id(&self) -> String {
        format!("{}://{}", self.package, self.original_file_path)
    }

    /// Package and folders, for the fqn of what is defined here.
    pub fn fqn(&self) -> Vec<String> {
        let folders = self.path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let folders = folders.split('/').filter(|folder| !folder.is_empty());
        std::iter::once(&*self.package).chain(folders).map(str::to_string).collect()
    }
}

/// A place in a property file that outlives its tree; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Spot {
    path: Arc<str>,
    lines: Lines,
    line: usize,
    column: usize,
}

impl Spot {
    /// Where a node of a file stands.
    pub fn of(file: &YamlFile, node: &Yaml) -> Self {
        Spot { path: file.path.clone(), lines: file.lines.clone(), line: node.line, column: node.column }
    }

    /// A fault here, with its line drawn.
    pub fn mark(&self, error: Error) -> Error {
        self.lines.draw(error.or_located(Location::at(&*self.path, self.line, self.column)))
    }

    /// A parsing fault here.
    pub fn fault(&self, message: impl Into<String>) -> Error {
        self.mark(Error::new(ErrorKind::Parsing, message))
    }

    /// The file's path as messages show it.
    pub fn location(&self) -> Location {
        Location::at(&*self.path, self.line, self.column)
    }
}

macro_rules! keys {
    ($($variant:ident = $word:literal),+) => {
        /// The lists that a property file may have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(in crate::parse) enum Key { $(#[allow(missing_docs)] $variant),+ }

        impl Key {
            /// Every list, in the order in which they are read.
            pub const ALL: &'static [Key] = &[$(Key::$variant),+];

            /// Its key.
            pub fn as_str(self) -> &'static str {
                match self { $(Key::$variant => $word),+ }
            }
        }
    };
}
keys!(
    Models = "models",
    Seeds = "seeds",
    Snapshots = "snapshots",
    Sources = "sources",
    Macros = "macros",
    DataTests = "data_tests",
    Analyses = "analyses",
    Exposures = "exposures",
    Functions = "functions",
    Metrics = "metrics",
    Groups = "groups",
    SemanticModels = "semantic_models",
    UnitTests = "unit_tests",
    SavedQueries = "saved_queries"
);

impl Key {
    /// The kind that its entries describe.
    pub fn kind(self) -> ResourceType {
        match self {
            Key::Models => ResourceType::Model,
            Key::Seeds => ResourceType::Seed,
            Key::Snapshots => ResourceType::Snapshot,
            Key::Sources => ResourceType::Source,
            Key::Macros => ResourceType::Macro,
            Key::DataTests => ResourceType::Test,
            Key::Analyses => ResourceType::Analysis,
            Key::Exposures => ResourceType::Exposure,
            Key::Functions => ResourceType::Function,
            Key::Metrics => ResourceType::Metric,
            Key::Groups => ResourceType::Group,
            Key::SemanticModels => ResourceType::SemanticModel,
            Key::UnitTests => ResourceType::UnitTest,
            Key::SavedQueries => ResourceType::SavedQuery,
        }
    }
}

/// One item of one list.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Entry {
    /// Which list.
    pub key: Key,
    /// Where.
    pub file: Arc<PropertyFile>,
    /// Its name.
    pub name: String,
    /// As written.
    pub raw: Yaml,
    /// Rendered but for descriptions, tests and hooks.
    pub node: Yaml,
    /// The same as JSON.
    pub data: Map,
}

impl Entry {
    /// Reads an item.
    ///
    /// # Errors
    /// It is no mapping, has no name, or does not render.
    pub fn read(stage: &Stage<'_>, file: &Arc<PropertyFile>, key: Key, item: &Yaml) -> Result<Self> {
        let what = format!("entry of {}", key.as_str());
        file.yaml.expect_map(item, &what)?;
        let node = render(stage, file, key, item)?;
        let Some(name) = node.get("name") else {
            return Err(file
                .yaml
                .lacks((item, &node), "name", "Entry did not contain a name")
                .help(format!("each item of `{}:` needs a `name:`", key.as_str())));
        };
        let name = file.yaml.expect_str(name, "name")?.to_string();
        let data = node.to_json().as_object().cloned().unwrap_or_default();
        Ok(Entry { key, file: file.clone(), name, raw: item.clone(), node, data })
    }

    /// Is it a model that says that it is a semantic model as well? Those with versions are none.
    pub fn is_semantic_model(&self) -> bool {
        let said = self.node.get("semantic_model").filter(|said| !said.is_null());
        let versions = self.node.get("versions").is_some_and(|versions| !versions.items().is_empty());
        let off = |said: &Yaml| said.get("enabled").and_then(Yaml::as_bool) == Some(false);
        let wanted = said.is_some_and(|said| said.as_bool() != Some(false) && !off(said));
        self.key == Key::Models && wanted && !versions
    }

    /// Where it begins: its name.
    pub fn spot(&self) -> Spot {
        Spot::of(&self.file.yaml, self.node.get("name").unwrap_or(&self.node))
    }

    /// Where it begins.
    pub fn place(&self) -> Location {
        self.spot().location()
    }

    /// A fault of the whole entry.
    pub fn fault(&self, message: impl Into<String>) -> Error {
        self.spot().fault(message)
    }

    /// A text under a key; empty where it is absent or null.
    ///
    /// # Errors
    /// It is something else.
    pub fn text(&self, key: &str) -> Result<String> {
        self.optional_text(key).map(Option::unwrap_or_default)
    }

    /// A text under a key, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn optional_text(&self, key: &str) -> Result<Option<String>> {
        match self.node.get(key).filter(|value| !value.is_null()) {
            Some(value) => self.file.yaml.expect_str(value, key).map(|text| Some(text.to_string())),
            None => Ok(None),
        }
    }

    /// A mapping under a key; an empty one where it is absent or null.
    ///
    /// # Errors
    /// It is something else.
    pub fn map(&self, key: &str) -> Result<Map> {
        match self.node.get(key).filter(|value| !value.is_null()) {
            Some(value) => {
                self.file.yaml.expect_map(value, key)?;
                Ok(value.to_json().as_object().cloned().unwrap_or_default())
            }
            None => Ok(Map::new()),
        }
    }
}
