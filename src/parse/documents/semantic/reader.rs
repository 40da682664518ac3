//! One mapping of the semantic layer, read key by key, with its faults drawn where they stand.

use super::model::{DIMENSIONS, ENTITIES};
use crate::error::Result;
use crate::manifest::{Map, UniqueId};
use crate::parse::documents::Docs;
use crate::parse::json::{map, python_str};
use crate::parse::properties::{Entry, PropertyFile};
use crate::parse::stage::Stage;
use crate::project::yaml::{Yaml, suggestion};
use serde_json::{Value as Json, json};

/// What reading an entry of the semantic layer needs.
pub(super) struct Reading<'a> {
    /// The parse.
    pub stage: &'a Stage<'a>,
    /// Docs blocks.
    pub docs: &'a Docs,
    /// The entry.
    pub entry: &'a Entry,
    /// Its id.
    pub id: UniqueId,
}

impl<'a> Reading<'a> {
    /// The entry itself as a part.
    pub fn whole(&self) -> Part<'a> {
        Part { file: &self.entry.file, node: &self.entry.node, what: self.entry.key.as_str() }
    }

    /// The rendered `description` of a part; null where there is none.
    ///
    /// # Errors
    /// It is no text, or does not render.
    pub fn description(&self, part: &Part<'_>) -> Result<Json> {
        match part.text("description")? {
            Json::String(text) => {
                let text = self.docs.render(self.stage, &self.entry.file, &self.id, &text);
                text.map(Json::String).map_err(|error| self.entry.spot().mark(error))
            }
            other => Ok(other),
        }
    }

    /// An entity that is written out; its role, expression and config are read last.
    ///
    /// # Errors
    /// The first key that is absent or of a wrong kind.
    pub fn entity(&self, part: &Part<'_>, rest: impl FnOnce() -> Result<(Json, Json, Json)>) -> Result<Json> {
        let [name, kind, description, label] = self.head(part, ENTITIES)?;
        let (role, expr, config) = rest()?;
        Ok(json!({
            "name": name, "type": kind, "description": description, "label": label,
            "role": role, "expr": expr, "config": config,
        }))
    }

    /// A dimension that is written out; its parameters, expression and config are read last.
    ///
    /// # Errors
    /// As [`Reading::entity`].
    pub fn dimension(
        &self,
        part: &Part<'_>,
        rest: impl FnOnce() -> Result<(Json, Json, Json)>,
    ) -> Result<Json> {
        let [name, kind, description, label] = self.head(part, DIMENSIONS)?;
        let is_partition = part.flag("is_partition")?;
        let (params, expr, config) = rest()?;
        Ok(json!({
            "name": name, "type": kind, "description": description, "label": label,
            "is_partition": is_partition, "type_params": params, "expr": expr, "metadata": null, "config": config,
        }))
    }

    /// Name, type, description and label.
    fn head(&self, part: &Part<'_>, kinds: &[&str]) -> Result<[Json; 4]> {
        let (name, kind) = (part.required("name")?, part.required_word("type", kinds)?);
        Ok([name, kind, self.description(part)?, part.text("label")?])
    }
}

/// A mapping below an entry: a dimension, the parameters of a metric, ...
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Where it stands.
    pub file: &'a PropertyFile,
    /// The mapping.
    pub node: &'a Yaml,
    /// What it is, for faults.
    pub what: &'a str,
}

impl<'a> Part<'a> {
    /// The node under a key, unless it is absent or null.
    pub fn at(&self, key: &str) -> Option<&'a Yaml> {
        self.node.get(key).filter(|node| !node.is_null())
    }

    /// A node as a part.
    ///
    /// # Errors
    /// It is no mapping.
    pub fn part(&self, node: &'a Yaml, what: &'a str) -> Result<Part<'a>> {
        self.file.yaml.expect_map(node, what)?;
        Ok(Part { file: self.file, node, what })
    }

    /// The mapping under a key.
    ///
    /// # Errors
    /// It is something else.
    pub fn below(&self, key: &'a str) -> Result<Option<Part<'a>>> {
        self.at(key).map(|node| self.part(node, key)).transpose()
    }

    /// The items under a key, each read by `read`; an empty list where there are none.
    ///
    /// # Errors
    /// It is no list, or an item cannot be read.
    pub fn list(&self, key: &str, read: impl Fn(&'a Yaml) -> Result<Json>) -> Result<Json> {
        let Some(list) = self.at(key) else { return Ok(json!([])) };
        self.file.yaml.expect_list(list, key)?.iter().map(read).collect()
    }

    /// The texts under a key.
    ///
    /// # Errors
    /// It is no list of texts.
    pub fn texts(&self, key: &str) -> Result<Json> {
        self.list(key, |item| self.file.yaml.expect_str(item, key).map(Json::from))
    }

    /// A text, or null.
    ///
    /// # Errors
    /// It is something else.
    pub fn text(&self, key: &str) -> Result<Json> {
        let text = self.at(key).map(|node| self.file.yaml.expect_str(node, key)).transpose()?;
        Ok(text.map_or(Json::Null, Json::from))
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// It is absent or something else.
    pub fn required(&self, key: &str) -> Result<Json> {
        let node = self.needed(key)?;
        self.file.yaml.expect_str(node, key).map(Json::from)
    }

    /// The node under a key that must be there.
    ///
    /// # Errors
    /// It is absent.
    pub fn needed(&self, key: &str) -> Result<&'a Yaml> {
        self.at(key).ok_or_else(|| {
            let fault =
                self.file.yaml.fault(self.node, format!("'{key}' is a required property of {}", self.what));
            fault.help(format!("write `{key}: ...`"))
        })
    }

    /// One of some words, in any case, if it is there.
    ///
    /// # Errors
    /// It is another word.
    pub fn word<'w>(&self, key: &str, words: &[&'w str]) -> Result<Option<&'w str>> {
        let Some(node) = self.at(key) else { return Ok(None) };
        let word = self.file.yaml.expect_str(node, key)?;
        if let Some(known) = words.iter().find(|known| known.eq_ignore_ascii_case(word)) {
            return Ok(Some(known));
        }
        let told = format!("`{key}` must be one of {}, not `{word}`", words.join(", "));
        let fault = self.file.yaml.fault(node, told);
        Err(suggestion(word, words)
            .map_or(fault.clone(), |near| fault.help(format!("did you mean `{near}`?"))))
    }

    /// One of some words, which must be there.
    ///
    /// # Errors
    /// It is absent or another word.
    pub fn required_word(&self, key: &str, words: &[&str]) -> Result<Json> {
        self.needed(key)?;
        self.word(key, words).map(Json::from)
    }

    /// A flag; false where it is absent.
    ///
    /// # Errors
    /// It is something else.
    pub fn flag(&self, key: &str) -> Result<bool> {
        self.at(key).map_or(Ok(false), |node| self.file.yaml.expect_bool(node, key))
    }

    /// A whole number, or null.
    ///
    /// # Errors
    /// It is something else.
    pub fn whole_number(&self, key: &str) -> Result<Json> {
        let number = self.at(key).map(|node| self.file.yaml.expect_int(node, key)).transpose()?;
        Ok(number.map_or(Json::Null, Json::from))
    }

    /// An expression as text: `1` and `true` are written as Python writes them.
    pub fn expression(&self, key: &str) -> Json {
        self.at(key).map_or(Json::Null, |node| Json::String(python_str(&node.to_json())))
    }

    /// `config.meta` over what the whole semantic model says.
    ///
    /// # Errors
    /// `config` is no mapping.
    pub fn element_config(&self, of_all: &Map) -> Result<Json> {
        let mut meta = of_all.clone();
        meta.extend(self.meta()?);
        Ok(json!({"meta": meta}))
    }

    /// `config.meta`.
    ///
    /// # Errors
    /// `config` is no mapping.
    pub fn meta(&self) -> Result<Map> {
        let config = self.below("config")?.map(|part| part.node.to_json());
        let config = config.and_then(|config| config.as_object().cloned()).unwrap_or_default();
        Ok(map(&config, "meta"))
    }

    /// It has no keys but these.
    ///
    /// # Errors
    /// Every other key, at once.
    pub fn only(&self, keys: &[&str]) -> Result<()> {
        self.file.yaml.expect_keys(self.node, keys, self.what)
    }
}
