//! Saved queries: metrics asked for in one go, and the tables or views that hold the answer.

use super::inputs;
use super::reader::{Part, Reading};
use crate::error::Result;
use crate::manifest::{Map, Node};
use crate::parse::json::{sorted, texts};
use crate::parse::nodes::settle_names;
use serde_json::{Value as Json, json};

const EXPORTED: &[&str] = &["table", "view"];

/// The fields that only saved queries have; `head` has those that every resource has.
///
/// # Errors
/// Something that a saved query needs is absent, or of a wrong kind.
pub(super) fn saved_query(reading: &Reading<'_>, head: super::Head) -> Result<Json> {
    let part = reading.whole();
    part.only(&["name", "query_params", "description", "label", "exports", "config", "tags"])?;
    let params = part.part(part.needed("query_params")?, "query_params")?;
    params.only(&["metrics", "group_by", "where", "order_by", "limit"])?;
    let exports = part.list("exports", |node| {
        part.file.yaml.expect_map(node, "exports")?;
        export(reading, &head.config, Part { file: part.file, node, what: "exports" })
    })?;
    let tags = [texts(reading.entry.data.get("tags")), texts(head.config.get("tags"))].concat();
    let group = head.group();
    let own = json!({
        "query_params": query_params(&params)?,
        "exports": exports,
        "description": reading.description(&part)?,
        "label": part.text("label")?,
        "metadata": null,
        "config": head.config,
        "unrendered_config": head.unrendered_config,
        "group": group,
        "depends_on": {"macros": [], "nodes": []},
        "created_at": reading.stage.now,
        "refs": [],
        "tags": sorted(tags),
    });
    Ok(super::joined(head.fields, own))
}

fn query_params(part: &Part<'_>) -> Result<Json> {
    Ok(json!({
        "metrics": part.texts("metrics")?,
        "group_by": part.texts("group_by")?,
        "where": inputs::filter(part, "where")?,
        "order_by": part.texts("order_by")?,
        "limit": part.whole_number("limit")?,
    }))
}

/// An export: what it does not say itself it takes from the config of its query.
fn export(reading: &Reading<'_>, of_query: &Map, part: Part<'_>) -> Result<Json> {
    let name = part.required("name")?;
    let said = part.below("config")?;
    if let Some(said) = &said {
        said.word("export_as", EXPORTED)?;
    }
    let written = said.map(|said| said.node.to_json()).and_then(|said| said.as_object().cloned());
    let written = written.unwrap_or_default();
    let value = |key: &str| {
        let value = written.get(key).or_else(|| of_query.get(key));
        value.filter(|value| !value.is_null()).cloned()
    };
    let Some(export_as) = value("export_as") else {
        return Err(part
            .file
            .yaml
            .fault(part.node, format!("export `{}` has no `export_as`", name.as_str().unwrap_or_default()))
            .help("write `config: {export_as: table}` or `view`"));
    };
    let asked = Map::from_iter(["database", "alias"].map(|key| (key.into(), json!(value(key)))));
    let named = named(reading, name.as_str().unwrap_or_default(), &asked)?;
    let schema = value("schema_name").or_else(|| value("schema"));
    Ok(json!({
        "name": name,
        "config": {
            "export_as": export_as,
            "schema_name": schema.unwrap_or_else(|| json!(named.schema)),
            "alias": value("alias").unwrap_or_else(|| json!(named.alias)),
            "database": named.database.map(Json::from).or_else(|| value("database")),
        },
        "unrendered_config": written,
    }))
}

/// Where the macros `generate_*_name` put an export.
fn named(reading: &Reading<'_>, name: &str, asked: &Map) -> Result<Node> {
    let stage = reading.stage;
    let mut node = Node::inline(&reading.entry.file.package, "");
    node.name = name.to_string();
    node.alias = name.to_string();
    let settled = settle_names(stage, &stage.session.engine, node, asked);
    settled.map_err(|error| reading.entry.spot().mark(error))
}
