//! Exposures: who uses the warehouse, and what of it.

use super::Docs;
use crate::error::{Error, Result};
use crate::manifest::{DependsOn, Exposure, Owner, ResourceType, UniqueId};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::findings::Findings;
use crate::parse::json::{map, sorted, texts};
use crate::parse::properties::{Entry, Key, Properties, Spot};
use crate::parse::stage::Stage;
use crate::project::config_tree::TreeKind;
use crate::project::yaml::suggestion;
use serde_json::{Value as Json, json};
use std::sync::Arc;

const TYPES: &[&str] = &["dashboard", "notebook", "analysis", "ml", "application"];
const MATURITIES: &[&str] = &["low", "medium", "high"];

/// Every exposure, disabled ones too.
pub(super) fn exposures(
    stage: &Stage<'_>,
    properties: &Properties,
    docs: &Docs,
    findings: &mut Findings,
) -> Vec<(Exposure, Spot)> {
    let entries: Vec<&Entry> = properties.of(Key::Exposures).collect();
    entries
        .into_iter()
        .filter_map(|entry| {
            let exposure = findings.keep(exposure(stage, docs, entry))?;
            let plain = |c: char| c.is_alphanumeric() || c == '_';
            if !exposure.name.chars().all(plain) {
                findings.warn("ExposureNameDeprecation", unusual(entry));
            }
            Some((exposure, entry.spot()))
        })
        .collect()
}

/// A name that dbt means to refuse.
fn unusual(entry: &Entry) -> Error {
    let message = format!(
        "The 'name' of an exposure should contain only letters, numbers, and underscores, which `{}` does not keep to. \
         Its `label` may hold anything.",
        entry.name
    );
    entry.fault(message).with_field("exposure", entry.name.as_str())
}

fn exposure(stage: &Stage<'_>, docs: &Docs, entry: &Entry) -> Result<Exposure> {
    let id = UniqueId::new(ResourceType::Exposure, &entry.file.package, &entry.name);
    let mut fqn = entry.file.fqn();
    fqn.push(entry.name.clone());
    let said = entry.map("config")?;
    let own = Own { patch: Some(&said), ..Own::default() };
    let whose = Whose { kind: ResourceType::Exposure, package: &entry.file.package, fqn: &fqn };
    let mut config = stage.configs.merged(whose, own).map_err(|error| entry.spot().mark(error))?;
    if let Some(error) = Error::all(check(ResourceType::Exposure, &config)) {
        return Err(entry.spot().mark(error));
    }
    let unrendered_config = stage.configs.unrendered(whose, own);
    let project = stage.project.package(&entry.file.package);
    let project =
        project.and_then(|p| p.file.configs.0.get(&TreeKind::Exposures)).cloned().unwrap_or_default();
    let tags = [texts(project.get("tags")), texts(entry.data.get("tags")), texts(config.get("tags"))];
    let tags = sorted(tags.concat());
    let mut meta = map(&project, "meta");
    meta.extend(map(&entry.data, "meta"));
    meta.extend(map(&config, "meta"));
    config.insert("tags".to_string(), json!(tags));
    config.insert("meta".to_string(), Json::Object(meta.clone()));
    let (refs, sources, metrics) = reads(stage, entry)?;
    Ok(Exposure {
        name: entry.name.clone(),
        resource_type: ResourceType::Exposure,
        package_name: entry.file.package.to_string(),
        path: entry.file.path.clone(),
        original_file_path: entry.file.original_file_path.clone(),
        fqn,
        kind: word(entry, "type", TYPES)?.ok_or_else(|| {
            entry
                .fault(format!("exposure `{}` has no `type`", entry.name))
                .help(format!("types: {}", TYPES.join(", ")))
        })?,
        owner: owner(entry)?,
        description: docs.render(stage, &entry.file, &id, &entry.text("description")?)?,
        label: entry.optional_text("label")?,
        maturity: word(entry, "maturity", MATURITIES)?,
        meta,
        tags,
        config: config.into(),
        unrendered_config,
        url: entry.optional_text("url")?,
        depends_on: DependsOn::default(),
        refs,
        sources,
        metrics,
        created_at: stage.now,
        unique_id: id,
    })
}

type Reads = (Vec<crate::manifest::RefArgs>, Vec<Vec<String>>, Vec<Vec<String>>);

/// What its `depends_on` names.
fn reads(stage: &Stage<'_>, entry: &Entry) -> Result<Reads> {
    let (context, recorder) = stage.base.naming(stage.session, &entry.file.package);
    let context = Arc::new(context);
    let Some(list) = entry.node.get("depends_on").filter(|list| !list.is_null()) else {
        return Ok(Reads::default());
    };
    for item in entry.file.yaml.expect_list(list, "depends_on")? {
        let text = entry.file.yaml.expect_str(item, "item of depends_on")?;
        let template = format!("{{{{ {text} }}}}");
        let rendered = stage.session.engine.render_str(&entry.file.yaml.path, &template, &context);
        rendered.map_err(|error| {
            let place = entry.file.yaml.place(item);
            entry.file.yaml.lines.draw(error.about(format!("exposure {}", entry.name)).located(place))
        })?;
    }
    let recorded = recorder.take();
    Ok((recorded.refs, recorded.sources, recorded.metrics))
}

fn word(entry: &Entry, key: &str, words: &[&str]) -> Result<Option<String>> {
    let Some(word) = entry.optional_text(key)? else { return Ok(None) };
    if words.contains(&word.as_str()) {
        return Ok(Some(word));
    }
    let node = entry.node.get(key).unwrap_or(&entry.node);
    let fault =
        entry.file.yaml.fault(node, format!("`{key}` must be one of {}, not `{word}`", words.join(", ")));
    Err(suggestion(&word, words).map_or(fault.clone(), |near| fault.help(format!("did you mean `{near}`?"))))
}

/// The owner of an exposure or a group: a name or a mail address is needed.
///
/// # Errors
/// There is none.
pub(super) fn owner(entry: &Entry) -> Result<Owner> {
    let owner = entry.map("owner")?;
    if !owner.contains_key("name") && !owner.contains_key("email") {
        let what = entry.key.kind();
        let said =
            format!("{what} `{}` must have at least one of 'name' or 'email' for its owner", entry.name);
        let name = entry.node.get("name").unwrap_or(&entry.node);
        let (written, key) = entry.node.get("owner").map_or((&entry.node, "owner"), |owner| (owner, "name"));
        return Err(entry
            .file
            .yaml
            .lacks((name, written), key, said)
            .help("write `owner: {name: ..., email: ...}`"));
    }
    serde_json::from_value(Json::Object(owner))
        .map_err(|why| entry.fault(format!("`owner` cannot be read: {why}")))
}
