//! Sources: each table of each entry under `sources`.

use super::Docs;
use super::freshness::{check as check_freshness, freshness};
use super::overriding;
use crate::error::{Error, Result};
use crate::manifest::{Config, FreshnessThreshold, Map, ResourceType, Source, UniqueId};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::findings::Findings;
use crate::parse::json::{map, sorted, text, texts};
use crate::parse::properties::{Asked, Entry, Key, Properties, PropertyFile, Reader, Spot, asked_of};
use crate::parse::stage::Stage;
use crate::project::yaml::Yaml;
use crate::relation::Relation;
use rayon::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A table of a source and its tests.
pub(in crate::parse) struct SourceDraft {
    /// The source; disabled ones too.
    pub source: Source,
    /// What its tests need.
    pub table: SourceTable,
}

/// What the tests of a table need to know.
pub(in crate::parse) struct SourceTable {
    /// The property file.
    pub file: Arc<PropertyFile>,
    /// The source's name.
    pub source: String,
    /// The table's name.
    pub name: String,
    /// Tags of source and table.
    pub tags: Vec<String>,
    /// The tests.
    pub tests: Vec<Asked>,
    /// Where the table stands.
    pub spot: Spot,
}

/// Reads all sources.
///
/// # Errors
/// Every fault, at once.
pub(in crate::parse) fn sources(
    stage: &Stage<'_>,
    properties: &Properties,
    docs: &Docs,
    findings: &mut Findings,
) -> Result<Vec<SourceDraft>> {
    let entries = overriding::settled(properties.of(Key::Sources), findings);
    let read: Vec<Result<Vec<SourceDraft>>> =
        entries.par_iter().map(|entry| tables(stage, docs, entry)).collect();
    let sources = read.into_iter().filter_map(|outcome| findings.keep(outcome)).flatten().collect();
    findings.check()?;
    Ok(sources)
}

fn tables(stage: &Stage<'_>, docs: &Docs, entry: &Entry) -> Result<Vec<SourceDraft>> {
    let Some(list) = entry.node.get("tables").filter(|list| !list.is_null()) else { return Ok(Vec::new()) };
    check_freshness(&entry.file.yaml, &entry.node)?;
    let mut made = Vec::new();
    let mut faults = Vec::new();
    for node in entry.file.yaml.expect_list(list, "tables")? {
        match (Table { stage, docs, entry, node }).make() {
            Ok(draft) => made.push(draft),
            Err(fault) => faults.push(fault),
        }
    }
    Error::all(faults).map_or(Ok(made), Err)
}

struct Table<'a> {
    stage: &'a Stage<'a>,
    docs: &'a Docs,
    entry: &'a Entry,
    node: &'a Yaml,
}

impl Table<'_> {
    fn make(&self) -> Result<SourceDraft> {
        let (entry, yaml) = (self.entry, &self.entry.file.yaml);
        let Some(name) = self.node.get("name") else {
            return Err(yaml.fault(self.node, "a table has no name").help("write `- name: ...`"));
        };
        let spot = Spot::of(yaml, name);
        let name = yaml.expect_str(name, "name")?.to_string();
        let mut fqn = entry.file.fqn();
        fqn.extend([entry.name.clone(), name.clone()]);
        let whose = Whose { kind: ResourceType::Source, package: &entry.file.package, fqn: &fqn };
        let said = self.said()?;
        let own = Own { patch: Some(&said), ..Own::default() };
        let told = |error: Error| spot.mark(error.about(format!("source {}.{name}", entry.name)));
        let config = self.stage.configs.merged(whose, own).map_err(told)?;
        if let Some(error) = Error::all(check(ResourceType::Source, &config).into_iter().map(told).collect())
        {
            return Err(error);
        }
        let unrendered = self.stage.configs.unrendered(whose, own);
        let source = self.source(name, &fqn, (config, unrendered))?;
        let columns: Vec<&Yaml> = self.node.get("columns").map_or(&[][..], Yaml::items).iter().collect();
        let quote_columns = self.quotes_columns();
        let tests = asked_of(&entry.file, &columns, (self.node, quote_columns))?;
        let of = |node: &Yaml| texts(node.get("tags").map(Yaml::to_json).as_ref());
        let table = SourceTable {
            file: entry.file.clone(),
            source: entry.name.clone(),
            name: source.name.clone(),
            tags: [of(&entry.node), of(self.node)].concat(),
            tests,
            spot,
        };
        Ok(SourceDraft { source, table })
    }

    /// What source and table say of their config, one over the other.
    fn said(&self) -> Result<Map> {
        let (source, table) = (&self.entry.data, self.data());
        let (of_source, of_table) = (map(source, "config"), map(&table, "config"));
        let mut said = of_source.clone();
        said.extend(of_table.clone());
        check_freshness(&self.entry.file.yaml, self.node)?;
        match freshness(&self.entry.node, self.node) {
            Some(freshness) => said.insert("freshness".to_string(), freshness),
            None => said.shift_remove("freshness"),
        };
        let (field, query) = self.loaded_at((source, &of_source), (&table, &of_table))?;
        said.insert("loaded_at_field".to_string(), json!(field));
        said.insert("loaded_at_query".to_string(), json!(query));
        let mut meta = map(source, "meta");
        [map(&of_source, "meta"), map(&table, "meta"), map(&of_table, "meta")]
            .into_iter()
            .for_each(|m| meta.extend(m));
        said.insert("meta".to_string(), Json::Object(meta));
        let tags = [source, &of_source, &table, &of_table].map(|of| texts(of.get("tags")));
        said.insert("tags".to_string(), json!(sorted(tags.concat())));
        Ok(said)
    }

    fn data(&self) -> Map {
        self.node.to_json().as_object().cloned().unwrap_or_default()
    }

    /// `loaded_at_field` and `loaded_at_query`: the table's own, else the source's.
    fn loaded_at(
        &self,
        (source, of_source): (&Map, &Map),
        (table, of_table): (&Map, &Map),
    ) -> Result<(Option<String>, Option<String>)> {
        let either = |own: &Map, config: &Map, key: &str| text(own, key).or_else(|| text(config, key));
        let present = table.contains_key("loaded_at_field") || of_table.get("loaded_at_field").is_some();
        let both = |level: &str, field: bool, query: bool| {
            let message =
                format!("Cannot specify both loaded_at_field and loaded_at_query at {level} level.");
            (field && query).then(|| self.entry.file.yaml.fault(self.node, message))
        };
        let (table_field, table_query) =
            (either(table, of_table, "loaded_at_field"), either(table, of_table, "loaded_at_query"));
        let (source_field, source_query) =
            (either(source, of_source, "loaded_at_field"), either(source, of_source, "loaded_at_query"));
        let empty = || {
            let message = "loaded_at_field cannot be an empty string. If loaded_at_field is not needed, use null instead.";
            let said = [table.get("loaded_at_field"), of_table.get("loaded_at_field")];
            let is_empty = said.into_iter().flatten().any(|field| field.as_str() == Some(""));
            is_empty.then(|| self.entry.file.yaml.fault(self.node, message))
        };
        let faults = [
            empty(),
            both("table", present, table_query.is_some()),
            both("source", source_field.is_some(), source_query.is_some()),
        ];
        if let Some(error) = Error::all(faults.into_iter().flatten().collect()) {
            return Err(error);
        }
        let field = if present { table_field } else { source_field };
        let query = table_query.or(if present { None } else { source_query });
        Ok((field, query))
    }

    fn source(&self, name: String, fqn: &[String], (config, unrendered): (Map, Map)) -> Result<Source> {
        let (stage, entry, table) = (self.stage, self.entry, self.data());
        let id = UniqueId::from(format!("source.{}.{}.{name}", entry.file.package, entry.name));
        let enabled = Config::from(config.clone()).enabled();
        let render = |text: &str| match enabled {
            true => self.docs.describe(stage, &entry.file, &id, text),
            false => Ok(super::docs::Described { text: text.to_string(), blocks: Vec::new() }),
        };
        let described = render(&text(&table, "description").unwrap_or_default())?;
        let reader = Reader { stage, docs: self.docs, file: &entry.file, owner: &id };
        let columns = reader.columns(self.node.get("columns").map_or(&[][..], Yaml::items))?;
        let mut source_meta = map(&entry.data, "meta");
        source_meta.extend(map(&map(&entry.data, "config"), "meta"));
        let raw = |key: &str| entry.raw.get(key).and_then(Yaml::as_str).map(str::to_string);
        let quoting = quoting(&map(&entry.data, "quoting"), &map(&table, "quoting"));
        let freshness = config.get("freshness").filter(|freshness| !freshness.is_null());
        let mut source = Source {
            database: Some(
                entry.optional_text("database")?.unwrap_or_else(|| stage.session.database().to_string()),
            ),
            schema: entry
                .optional_text("schema")?
                .filter(|schema| !schema.is_empty())
                .unwrap_or_else(|| entry.name.clone()),
            identifier: text(&table, "identifier")
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| name.clone()),
            name,
            resource_type: ResourceType::Source,
            package_name: entry.file.package.to_string(),
            path: entry.file.original_file_path.clone(),
            original_file_path: entry.file.original_file_path.clone(),
            fqn: fqn.to_vec(),
            source_name: entry.name.clone(),
            source_description: render(&entry.text("description")?)?.text,
            loader: entry.text("loader")?,
            quoting,
            loaded_at_field: text(&config, "loaded_at_field"),
            loaded_at_query: text(&config, "loaded_at_query"),
            freshness: freshness.and_then(|f| serde_json::from_value::<FreshnessThreshold>(f.clone()).ok()),
            external: table.get("external").filter(|external| external.is_object()).map(external),
            description: described.text,
            doc_blocks: described.blocks,
            columns,
            meta: map(&config, "meta"),
            source_meta,
            tags: texts(config.get("tags")),
            patch_path: None,
            unrendered_config: unrendered,
            relation_name: None,
            created_at: stage.now,
            unrendered_database: raw("database"),
            unrendered_schema: raw("schema"),
            config: config.into(),
            unique_id: id,
        };
        let file = self.stage.session.adapter.source_file(&source.fields());
        let file =
            file.map_err(|error| error.or_located(crate::error::Location::file(&source.original_file_path)))?;
        source.relation_name = Some(file.unwrap_or_else(|| self.relation_name(&source)));
        Ok(source)
    }

    /// Are the columns of its tests quoted? The table's word stands before the source's.
    fn quotes_columns(&self) -> bool {
        let under_quoting = |node: &Yaml| node.get("quoting")?.get("column")?.as_bool();
        let written = || self.node.get("quote_columns").and_then(Yaml::as_bool);
        let said = under_quoting(self.node).or_else(|| under_quoting(&self.entry.node)).or_else(written);
        said.unwrap_or(false)
    }

    fn relation_name(&self, source: &Source) -> String {
        let mut relation =
            Relation::new(source.database.as_deref(), Some(&source.schema), Some(&source.identifier));
        let project = self.stage.session.quoting;
        let quoted =
            |part: &str, usual: bool| source.quoting.get(part).and_then(Json::as_bool).unwrap_or(usual);
        relation.quoting.database = quoted("database", project.database);
        relation.quoting.schema = quoted("schema", project.schema);
        relation.quoting.identifier = quoted("identifier", project.identifier);
        relation.name()
    }
}

/// The table's quoting over the source's, every part shown.
fn quoting(source: &Map, table: &Map) -> Map {
    let part = |key: &str| {
        let said = |of: &Map| of.get(key).filter(|value| !value.is_null()).cloned();
        (key.to_string(), said(table).or_else(|| said(source)).unwrap_or(Json::Null))
    };
    ["database", "schema", "identifier", "column"].into_iter().map(part).collect()
}

/// `external` with every key that dbt knows.
fn external(written: &Json) -> Json {
    let mut all = json!({
        "location": null, "file_format": null, "row_format": null, "tbl_properties": null, "partitions": null
    });
    if let (Some(all), Some(written)) = (all.as_object_mut(), written.as_object()) {
        all.extend(written.clone());
    }
    all
}
