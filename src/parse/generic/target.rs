//! What a generic test stands on: a model, one of its versions, a seed, a snapshot, a table of a source.

use crate::manifest::version_text;
use crate::parse::documents::SourceTable;
use crate::parse::properties::{Patch, PropertyFile};
use serde_json::Value as Json;

/// A thing that is tested.
#[derive(Debug, Clone)]
pub(super) struct Target<'a> {
    /// Its name; `source_table` for a table.
    pub name: String,
    /// The property file.
    pub file: &'a PropertyFile,
    /// Its package.
    pub package: &'a str,
    /// Its path.
    pub original_file_path: &'a str,
    /// `models.my_model`, `sources.my_source`.
    pub file_key_name: String,
    /// The version of a model.
    pub version: Option<&'a Json>,
    /// Source and table, where it is one.
    pub source: Option<(&'a str, &'a str)>,
    /// Tags that all its tests take.
    pub tags: &'a [String],
}

impl<'a> Target<'a> {
    /// The node that a patch describes.
    pub fn of_patch(patch: &'a Patch) -> Self {
        Target {
            name: patch.name.clone(),
            file: &patch.file,
            package: &patch.file.package,
            original_file_path: &patch.file.original_file_path,
            file_key_name: format!("{}.{}", patch.key.as_str(), patch.name),
            version: patch.version.as_ref().map(|version| &version.v),
            source: None,
            tags: &[],
        }
    }

    /// A table of a source.
    pub fn of_source(table: &'a SourceTable) -> Self {
        Target {
            name: format!("{}_{}", table.source, table.name),
            file: &table.file,
            package: &table.file.package,
            original_file_path: &table.file.original_file_path,
            file_key_name: format!("sources.{}", table.source),
            version: None,
            source: Some((&table.source, &table.name)),
            tags: &table.tags,
        }
    }

    /// The template of the relation under test.
    pub fn model_argument(&self) -> String {
        let named = match (self.source, self.version) {
            (Some((source, table)), _) => format!("source('{source}', '{table}')"),
            (None, Some(version)) => format!("ref('{}', version='{}')", self.name, version_text(version)),
            (None, None) => format!("ref('{}')", self.name),
        };
        format!("{{{{ get_where_subquery({named}) }}}}")
    }

    /// Its name as names of tests have it.
    pub fn shown(&self) -> String {
        match self.version {
            Some(version) => format!("{}_v{}", self.name, version_text(version)),
            None => self.name.clone(),
        }
    }
}
