//! Columns and constraints as property files declare them.

use super::entry::PropertyFile;
use crate::error::{Error, Result};
use crate::manifest::{ColumnInfo, Constraint, Map, UniqueId};
use crate::parse::documents::{Docs, GRANULARITIES};
use crate::parse::json::{distinct, map, python_repr, text, texts};
use crate::parse::stage::Stage;
use crate::project::yaml::Yaml;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

const KNOWN: &[&str] = &[
    "name",
    "description",
    // As dbt, only what descriptions use is told of.
    "doc_blocks",
    "data_type",
    "quote",
    "tags",
    "meta",
    "constraints",
    "data_tests",
    "tests",
    "config",
    "docs",
    "granularity",
];
const TESTS: [&str; 2] = ["data_tests", "tests"];
const TYPES: &[&str] = &["check", "not_null", "unique", "primary_key", "foreign_key", "custom"];

/// Reads columns of one owner.
pub(in crate::parse) struct Reader<'a> {
    /// The parse.
    pub stage: &'a Stage<'a>,
    /// Docs blocks.
    pub docs: &'a Docs,
    /// The file.
    pub file: &'a PropertyFile,
    /// Whose columns they are.
    pub owner: &'a UniqueId,
}

impl Reader<'_> {
    /// The columns of a list, by name.
    ///
    /// # Errors
    /// Every column without a name, of a wrong type, or with a description that does not render.
    pub fn columns<'y>(
        &self,
        list: impl IntoIterator<Item = &'y Yaml>,
    ) -> Result<IndexMap<String, ColumnInfo>> {
        let mut columns = IndexMap::new();
        let mut faults = Vec::new();
        for item in list {
            match self.column(item) {
                Ok(column) => {
                    columns.insert(column.name.clone(), column);
                }
                Err(fault) => faults.push(fault),
            }
        }
        Error::all(faults).map_or(Ok(columns), Err)
    }

    fn column(&self, item: &Yaml) -> Result<ColumnInfo> {
        let yaml = &self.file.yaml;
        yaml.expect_map(item, "column")?;
        let Some(name) = item.get("name") else {
            return Err(yaml
                .fault(item, "a column has no name")
                .help("each item of `columns:` needs a `name:`"));
        };
        let name = yaml.expect_str(name, "name")?.to_string();
        let optional = |key: &str| -> Result<Option<String>> {
            let value = item.get(key).filter(|value| !value.is_null());
            value.map(|value| yaml.expect_str(value, key).map(str::to_string)).transpose()
        };
        let described = self.docs.describe(
            self.stage,
            self.file,
            self.owner,
            &optional("description")?.unwrap_or_default(),
        )?;
        // Tests are read elsewhere, and are most of what is written of a column.
        let read = |(key, _): &&(Yaml, Yaml)| !key.as_str().is_some_and(|key| TESTS.contains(&key));
        let data = item.entries().iter().filter(read).map(|(key, value)| (key.key_text(), value.to_json()));
        let data: Map = data.collect();
        let config = map(&data, "config");
        let mut meta = map(&data, "meta");
        meta.extend(map(&config, "meta"));
        let tags = distinct([texts(data.get("tags")), texts(config.get("tags"))].concat());
        let own = Map::from_iter([("meta".into(), Json::Object(meta.clone())), ("tags".into(), json!(tags))]);
        Ok(ColumnInfo {
            data_type: optional("data_type")?,
            constraints: self.constraints(item, &format!("column {name}"), false)?,
            quote: item.get("quote").and_then(Yaml::as_bool),
            granularity: self.granularity(item)?,
            name,
            description: described.text,
            doc_blocks: described.blocks,
            meta,
            tags,
            config: if own == *self.stage.plain_column.0 {
                self.stage.plain_column.clone()
            } else {
                own.into()
            },
            extra: data.into_iter().filter(|(key, _)| !KNOWN.contains(&key.as_str())).collect(),
        })
    }

    /// One of the grains, in small letters.
    fn granularity(&self, item: &Yaml) -> Result<Option<String>> {
        let Some(node) = item.get("granularity").filter(|node| !node.is_null()) else { return Ok(None) };
        let written = self.file.yaml.expect_str(node, "granularity")?.to_lowercase();
        if written.is_empty() || GRANULARITIES.contains(&written.as_str()) {
            return Ok(Some(written).filter(|grain| !grain.is_empty()));
        }
        let fault = self.file.yaml.fault(node, format!("`{written}` is not a valid granularity name"));
        Err(fault.help(format!("the granularities are {}", GRANULARITIES.join(", "))))
    }

    fn constraints(&self, item: &Yaml, whose: &str, of_model: bool) -> Result<Vec<Constraint>> {
        constraints(self.file, item, (whose, of_model))
    }
}

/// The constraints of a column or a model.
///
/// # Errors
/// A constraint without a known type.
pub(in crate::parse) fn constraints(
    file: &PropertyFile,
    item: &Yaml,
    (whose, of_model): (&str, bool),
) -> Result<Vec<Constraint>> {
    let Some(list) = item.get("constraints").filter(|list| !list.is_null()) else { return Ok(Vec::new()) };
    let one = |node: &Yaml| {
        let data = node.to_json().as_object().cloned().unwrap_or_default();
        let kind = text(&data, "type").filter(|kind| TYPES.contains(&kind.as_str())).ok_or_else(|| {
            file.yaml
                .fault(node, format!("Invalid constraint type on {whose}"))
                .help(format!("the types are {}", TYPES.join(", ")))
        })?;
        let flag = |key: &str| data.get(key).and_then(Json::as_bool).unwrap_or(true);
        Ok(Constraint {
            kind,
            name: text(&data, "name"),
            expression: text(&data, "expression"),
            warn_unenforced: flag("warn_unenforced"),
            warn_unsupported: flag("warn_unsupported"),
            to: text(&data, "to"),
            to_columns: texts(data.get("to_columns")),
            columns: of_model.then(|| texts(data.get("columns"))),
        })
    };
    file.yaml.expect_list(list, "constraints")?.iter().map(one).collect()
}

/// Constraints as Python prints its list of them: what the checksum of a contract is made of.
pub(in crate::parse) fn python_constraints(constraints: &[Constraint]) -> String {
    let one = |c: &Constraint| {
        let text = |text: &Option<String>| python_repr(&json!(text));
        let flag = |flag: bool| if flag { "True" } else { "False" };
        let class = if c.columns.is_some() { "ModelLevelConstraint" } else { "ColumnLevelConstraint" };
        let columns =
            c.columns.as_ref().map_or(String::new(), |all| format!(", columns={}", python_repr(&json!(all))));
        format!(
            "{class}(type=<ConstraintType.{kind}: '{kind}'>, name={}, expression={}, warn_unenforced={}, \
             warn_unsupported={}, to={}, to_columns={}{columns})",
            text(&c.name),
            text(&c.expression),
            flag(c.warn_unenforced),
            flag(c.warn_unsupported),
            text(&c.to),
            python_repr(&json!(c.to_columns)),
            kind = c.kind,
        )
    };
    format!("[{}]", constraints.iter().map(one).collect::<Vec<_>>().join(", "))
}
