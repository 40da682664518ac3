//! From a draft to a node: one render with `execute` false, then config, names, contract.

use super::ParsedNode;
use super::draft::Draft;
use super::finish::finish;
use super::naming::settle_names;
use super::{contract, python, written};
use crate::context::parse::{Recorded, Recorder};
use crate::error::{Error, Result};
use crate::jinja::{BEYOND, Context, Engine};
use crate::manifest::{Config, Map, Node, NodeKind, ResourceType, UniqueId};
use crate::parse::configs::{Own, Whose, check};
use crate::parse::stage::Stage;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Renders and finishes a node.
///
/// # Errors
/// What its template raises, values that its config cannot have.
pub(super) fn build(stage: &Stage<'_>, engine: &Engine, draft: Draft) -> Result<ParsedNode> {
    let node = Arc::new(start(stage, &draft)?);
    let subject = node.described();
    let told = |error: Error| draft.origin.mark(error.about(&subject));
    let (context, recorder) = stage.base.node(stage.session, &node);
    let context = Arc::new(context);
    let rendered = render(engine, &draft, (&context, &recorder));
    let call = recorder.take();
    let config = configured(stage, &node, &draft, &call.config);
    let mut macros = match rendered {
        // Nobody will ask for its text.
        Err(fault) if is_beyond(&fault) && config.as_ref().is_ok_and(is_off) => context.called_macros(),
        rendered => rendered.map_err(told)?,
    };
    let config = config.map_err(told)?;
    let faults = check(draft.kind, &config);
    if let Some(error) = Error::all(faults.into_iter().map(told).collect()) {
        return Err(error);
    }
    let later = late(engine, &draft, &config, (&context, &recorder)).map_err(told)?;
    let by_hooks = context.called_macros().into_iter().filter(|id| !macros.contains(id));
    macros.extend(by_hooks.collect::<Vec<_>>());
    drop(context);
    let mut node = Arc::try_unwrap(node).unwrap_or_else(|node| Node::clone(&node));
    let unknown = call.unknown.clone().or_else(|| later.unknown.clone()).map(told);
    let unknown = unknown.filter(|error| draft.origin.is_certain(error));
    record(&mut node, call, later, macros);
    node.unrendered_config = unrendered(stage, &node, &draft);
    finish(&mut node, &draft, config);
    let settled = node.config.0.clone();
    let mut node = settle_names(stage, engine, node, &settled).map_err(told)?;
    contract::settle(&mut node, draft.patch.as_deref()).map_err(told)?;
    node.relation_name = super::relation_name(stage, &node);
    let moment = recorder.moment();
    if moment && !super::again::is_lone(&draft) {
        stage.base.reads().note_moment();
    }
    Ok(ParsedNode { node, origin: draft.origin, unknown, moment })
}

/// What a node's template says, rendered by itself. `kind` is that of an earlier parse, for what a property file
/// says of it.
///
/// # Errors
/// What the template raises.
pub(super) fn said_by(
    stage: &Stage<'_>,
    engine: &Engine,
    draft: &Draft,
    kind: &NodeKind,
) -> Result<(Recorded, Vec<String>)> {
    let mut node = start(stage, draft)?;
    if let (
        NodeKind::Model { deprecation_date: date, time_spine: spine, .. },
        NodeKind::Model { deprecation_date, time_spine, .. },
    ) = (&mut node.kind, kind)
    {
        date.clone_from(deprecation_date);
        spine.clone_from(time_spine);
    }
    let (context, recorder) = stage.base.node(stage.session, &Arc::new(node));
    let context = Arc::new(context);
    let called = render(engine, draft, (&context, &recorder))?;
    Ok((recorder.take(), called))
}

/// Is a draft enabled, by the config trees and its own `config` calls?
pub(super) fn is_enabled(stage: &Stage<'_>, draft: &Draft) -> bool {
    let enabled = || -> Result<bool> {
        let node = Arc::new(start(stage, draft)?);
        let (context, recorder) = stage.base.node(stage.session, &node);
        let rendered = render(&stage.session.engine, draft, (&Arc::new(context), &recorder));
        let config = configured(stage, &node, draft, &recorder.take().config)?;
        rendered.map(drop).or_else(|fault| if is_beyond(&fault) { Ok(()) } else { Err(fault) })?;
        Ok(!is_off(&config))
    };
    // What fails here fails again when the node is built, and is told then.
    enabled().unwrap_or(true)
}

fn is_off(config: &Arc<Map>) -> bool {
    !Config(config.clone()).bool("enabled", true)
}

/// Did a template grow beyond all bounds? What it said before that holds.
fn is_beyond(fault: &Error) -> bool {
    fault.code() == Some(BEYOND)
}

/// The node as its own template sees it.
fn start(stage: &Stage<'_>, draft: &Draft) -> Result<Node> {
    let (name, fqn, id) = identity(draft);
    let whose = Whose { kind: draft.kind, package: &draft.package, fqn: &fqn };
    let config = stage.configs.shared(whose, Own::default()).map_err(|error| draft.origin.mark(error))?;
    Ok(Node {
        database: Some(stage.session.database().to_string()),
        schema: stage.session.schema().to_string(),
        path: draft.path.clone(),
        original_file_path: draft.original_file_path.clone(),
        fqn,
        checksum: draft.checksum.clone(),
        config: Config(config),
        tags: draft.tags.clone(),
        created_at: stage.now,
        raw_code: if draft.kind == ResourceType::Seed { String::new() } else { draft.raw_code.clone() },
        language: draft.language.map(str::to_string),
        ..Node::blank(&draft.package, name, id, (draft.kind, kind(draft)))
    })
}

/// Name, fqn and id; a version of a model has the model's name.
fn identity(draft: &Draft) -> (String, Vec<String>, UniqueId) {
    let version =
        draft.patch.as_deref().and_then(|patch| patch.version.as_ref().map(|version| (patch, version)));
    let Some((patch, version)) = version else {
        return (
            draft.name.clone(),
            draft.fqn.clone(),
            UniqueId::new(draft.kind, &draft.package, &draft.name),
        );
    };
    let mut fqn = draft.fqn.clone();
    fqn.pop();
    fqn.extend([patch.name.clone(), version.formatted()]);
    let id = UniqueId::new(draft.kind, &draft.package, &format!("{}.{}", patch.name, version.formatted()));
    (patch.name.clone(), fqn, id)
}

fn kind(draft: &Draft) -> NodeKind {
    let patch = draft.patch.as_deref();
    let version = patch.and_then(|patch| patch.version.as_ref());
    match draft.kind {
        ResourceType::Model => NodeKind::Model {
            access: "protected".to_string(),
            constraints: Vec::new(),
            version: version.map(|version| version.v.clone()),
            latest_version: version.map(|version| version.latest.clone()),
            deprecation_date: patch.and_then(|patch| patch.deprecation_date.clone()),
            primary_key: Vec::new(),
            time_spine: patch.and_then(|patch| patch.time_spine.clone()),
        },
        ResourceType::Seed => NodeKind::Seed { root_path: draft.root.clone() },
        ResourceType::Snapshot => NodeKind::Snapshot {},
        ResourceType::Analysis => NodeKind::Analysis {},
        ResourceType::Operation => NodeKind::Operation { index: draft.index },
        ResourceType::Function => {
            let unknown =
                || json!({"returns": {"data_type": "INVALID_TYPE", "description": null}, "arguments": []});
            let said = patch.map(|patch| patch.function.clone());
            NodeKind::Function {
                definition: said.unwrap_or_else(|| unknown().as_object().cloned().unwrap_or_default()),
            }
        }
        _ => NodeKind::SingularTest {},
    }
}

/// Renders the node's own template; gives the macros that it called. Names that do not exist are a matter of
/// its compilation: it is rendered again as if they were there, so that all that it reads is known.
fn render(
    engine: &Engine,
    draft: &Draft,
    (context, recorder): (&Arc<Context>, &Arc<Recorder>),
) -> Result<Vec<String>> {
    let calls;
    let text = match (draft.kind, draft.language) {
        (ResourceType::Seed, _) => return Ok(Vec::new()),
        (ResourceType::Model, Some("python")) => {
            calls = python::template(&draft.raw_code, &draft.origin.path, draft.origin.start)?;
            &calls
        }
        _ => &draft.raw_code,
    };
    let template = engine.compile_at(&draft.origin.path, draft.origin.start, text)?;
    if recorder.forgive(engine.render(&template, context))?.is_some() {
        return Ok(context.called_macros());
    }
    let unknown = recorder.take().unknown;
    let again = Arc::new(context.forgiving());
    // What fails now as well ends the second reading; the first fault is the one that is told.
    let _ = engine.render(&template, &again);
    recorder.remember(unknown);
    Ok(again.called_macros())
}

fn configured(stage: &Stage<'_>, node: &Node, draft: &Draft, call: &Map) -> Result<Arc<Map>> {
    let whose = Whose { kind: node.resource_type, package: &node.package_name, fqn: &node.fqn };
    let python = json!({"materialized": "table"});
    let mut patch = draft.patch.as_ref().map(|patch| patch.config.clone());
    if draft.language == Some("python") && draft.kind == ResourceType::Model {
        let said = patch.get_or_insert_with(Map::new);
        said.entry("materialized").or_insert_with(|| python["materialized"].clone());
    }
    stage.configs.shared(whose, Own { patch: patch.as_ref(), call: Some(call), unrendered_patch: None })
}

fn unrendered(stage: &Stage<'_>, node: &Node, draft: &Draft) -> Map {
    let whose = Whose { kind: node.resource_type, package: &node.package_name, fqn: &node.fqn };
    let patch = draft.patch.as_deref();
    let written = stage.configs.compares_as_written().then(|| written::config(&node.raw_code));
    let written = written.filter(|written| !written.is_empty());
    let own = Own {
        patch: patch.map(|patch| &patch.config),
        unrendered_patch: patch.map(|patch| &patch.unrendered_config),
        call: Some(written.as_ref().unwrap_or(&node.config_call_dict)),
    };
    stage.configs.unrendered(whose, own)
}

/// Renders hooks, and what foreign keys point to, for the sake of their `ref` calls.
fn late(
    engine: &Engine,
    draft: &Draft,
    config: &Map,
    (context, recorder): (&Arc<Context>, &Arc<Recorder>),
) -> Result<Recorded> {
    if draft.kind != ResourceType::Test {
        let hooks =
            ["pre-hook", "post-hook"].into_iter().filter_map(|key| config.get(key)?.as_array()).flatten();
        for sql in hooks.filter_map(|hook| hook.get("sql")?.as_str()) {
            recorder.forgive(engine.render_str(&draft.origin.path, sql, context))?;
        }
    }
    let patch = draft.patch.as_deref();
    let of_columns = patch.into_iter().flat_map(|patch| patch.columns.values().flat_map(|c| &c.constraints));
    let of_model = patch.into_iter().flat_map(|patch| &patch.constraints);
    for constraint in of_columns.chain(of_model).filter(|constraint| constraint.kind == "foreign_key") {
        if let Some(to) = constraint.to.as_deref() {
            if !to.contains('(') {
                return Err(Error::parsing(format!(
                    "Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model {}: {to}.",
                    draft.name
                ))
                .help("write `to: ref('model')` or `to: source('source', 'table')`"));
            }
            recorder.forgive(engine.render_str(&draft.origin.path, &format!("{{{{ {to} }}}}"), context))?;
        }
    }
    Ok(recorder.take())
}

fn record(node: &mut Node, call: Recorded, later: Recorded, macros: Vec<String>) {
    node.refs = [call.refs, later.refs].concat();
    node.sources = [call.sources, later.sources].concat();
    node.metrics = [call.metrics, later.metrics].concat();
    node.functions = [call.functions, later.functions].concat();
    node.config_call_dict = call.config;
    node.depends_on.macros = macros.iter().map(|id| UniqueId::from(id.as_str())).collect();
}

/// A text under a key of a config.
pub(super) fn word<'a>(config: &'a Map, key: &str) -> Option<&'a str> {
    config.get(key).and_then(Json::as_str)
}
