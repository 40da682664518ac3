//! The semantic layer: metrics, semantic models and saved queries, kept as they are written.

use crate::manifest::{Map, UniqueId};
use crate::parse::configs::{Own, Whose};
use crate::parse::findings::Findings;
use crate::parse::properties::{Entry, Key, Properties};
use crate::parse::stage::Stage;
use serde_json::{Value as Json, json};

/// Every metric, semantic model and saved query, with what all resources have.
pub(super) fn semantic(stage: &Stage<'_>, properties: &Properties, findings: &mut Findings) -> Vec<Json> {
    let keys = [Key::SemanticModels, Key::Metrics, Key::SavedQueries];
    let entries: Vec<&Entry> = keys.into_iter().flat_map(|key| properties.of(key)).collect();
    entries.into_iter().filter_map(|entry| findings.keep(one(stage, entry))).collect()
}

fn one(stage: &Stage<'_>, entry: &Entry) -> crate::error::Result<Json> {
    let kind = entry.key.kind();
    let mut fqn = entry.file.fqn();
    fqn.push(entry.name.clone());
    let said = entry.map("config")?;
    let own = Own { patch: Some(&said), ..Own::default() };
    let whose = Whose { kind, package: &entry.file.package, fqn: &fqn };
    let config = stage.configs.merged(whose, own).map_err(|error| entry.spot().mark(error))?;
    let mut fields = json!({
        "name": entry.name,
        "resource_type": kind.as_str(),
        "package_name": &*entry.file.package,
        "path": entry.file.path,
        "original_file_path": entry.file.original_file_path,
        "unique_id": UniqueId::new(kind, &entry.file.package, &entry.name).as_str(),
        "fqn": fqn,
    });
    let own_fields: Map = entry.data.clone();
    let model = entry.data.get("model").and_then(Json::as_str).map(str::to_string);
    let (refs, metrics) = match kind {
        crate::manifest::ResourceType::SemanticModel => (model_ref(stage, entry, model)?, Vec::new()),
        _ => (Vec::new(), named_metrics(&entry.data)),
    };
    if let Some(all) = fields.as_object_mut() {
        all.extend(own_fields);
        all.insert("config".into(), Json::Object(config));
        all.insert("unrendered_config".into(), Json::Object(stage.configs.unrendered(whose, own)));
        all.insert("refs".into(), json!(refs));
        all.insert("depends_on".into(), json!({"macros": [], "nodes": []}));
        all.insert("karat_metrics".into(), json!(metrics));
        all.insert("created_at".into(), json!(stage.now));
    }
    Ok(fields)
}

fn model_ref(
    stage: &Stage<'_>,
    entry: &Entry,
    model: Option<String>,
) -> crate::error::Result<Vec<crate::manifest::RefArgs>> {
    let Some(model) = model else {
        return Err(entry
            .fault(format!("semantic model `{}` names no model", entry.name))
            .help("write `model: ref('...')`"));
    };
    let (context, recorder) = stage.base.naming(stage.session, &entry.file.package);
    let context = std::sync::Arc::new(context);
    let template = format!("{{{{ {model} }}}}");
    stage
        .session
        .engine
        .render_str(&entry.file.yaml.path, &template, &context)
        .map_err(|error| entry.spot().mark(error))?;
    Ok(recorder.take().refs)
}

/// The metrics and measures that a metric or a saved query is made of.
fn named_metrics(data: &Map) -> Vec<String> {
    let name = |one: &Json| one.as_str().or_else(|| one.get("name")?.as_str()).map(str::to_string);
    let at = |path: &str| data.get("type_params").and_then(|params| params.pointer(path));
    let lists = [at("/metrics"), data.get("query_params").and_then(|params| params.get("metrics"))];
    let listed = lists.into_iter().flatten().filter_map(Json::as_array).flatten();
    let single = ["/measure", "/numerator", "/denominator", "/conversion_type_params/base_measure"];
    let single = single.into_iter().chain(["/conversion_type_params/conversion_measure"]).filter_map(at);
    listed.chain(single).filter_map(name).collect()
}
