//! Macros: every package's compiled into one engine, and described for the manifest.

use super::documents::Docs;
use super::findings::Findings;
use super::json::{map, text};
use super::properties::{Entry, Key, Properties};
use super::stage::Stage;
use crate::error::{Error, Result};
use crate::jinja::{Engine, Lookup, MacroInfo, MacroSource, macros_in};
use crate::manifest::{DependsOn, MacroArgument, MacroNode, Manifest, Map, ResourceType, UniqueId};
use crate::project::{FileKind, Project, SourceFile};
use rayon::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Compiles the macros of all packages. `prefixes` is what dispatch tries before `default`: those of
/// [`crate::adapter::Adapter::prefixes`].
///
/// # Errors
/// Every block that cannot be read, every macro that does not compile, every name given twice.
pub fn macros(project: &Project, prefixes: &[&str]) -> Result<Engine> {
    let files: Vec<&SourceFile> = macro_files(project).collect();
    let read: Vec<Result<Vec<MacroSource>>> = files
        .into_par_iter()
        .map(|file| macros_in(&file.package, &shown(project, file), &file.contents))
        .collect();
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    for outcome in read {
        match outcome {
            Ok(found) => sources.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    match Error::all(faults) {
        Some(fault) => Err(fault),
        None => Engine::new(sources, lookup(project, prefixes)),
    }
}

fn lookup(project: &Project, prefixes: &[&str]) -> Lookup {
    let built_in = project.packages.iter().filter(|package| package.built_in);
    let dispatch = project.main().file.dispatch.iter();
    Lookup {
        root: project.name().to_string(),
        internal: built_in.map(|package| package.name.clone()).collect(),
        prefixes: prefixes.iter().copied().chain(["default"]).map(str::to_string).collect(),
        dispatch: dispatch.map(|one| (one.macro_namespace.clone(), one.search_order.clone())).collect(),
    }
}

/// What the files of macros are made of.
const BLOCKS: &[&str] = &["macro", "materialization", "test", "data_test"];

fn macro_files(project: &Project) -> impl Iterator<Item = &SourceFile> {
    let files = project.packages.iter().flat_map(|package| &package.files);
    files.filter(|file| matches!(file.kind, FileKind::Macro | FileKind::GenericTest))
}

/// A file's path as messages show it.
fn shown(project: &Project, file: &SourceFile) -> String {
    let below = file.absolute_path();
    let below = below.as_deref().and_then(|path| path.strip_prefix(&project.root).ok());
    below.map_or_else(|| file.original_file_path.clone(), |path| path.display().to_string())
}

/// Puts all macros into the manifest, with what property files say of them.
///
/// # Errors
/// Two descriptions of one macro, a description that does not render.
pub(super) fn describe(
    stage: &Stage<'_>,
    properties: &Properties,
    docs: &Docs,
    manifest: &mut Manifest,
    findings: &mut Findings,
) -> Result<()> {
    let paths: HashMap<(String, String), &str> = macro_files(stage.project)
        .map(|file| ((file.package.to_string(), shown(stage.project, file)), &*file.original_file_path))
        .collect();
    for file in macro_files(stage.project).filter(|file| file.root.is_some()) {
        findings.strays(&shown(stage.project, file), &file.contents, BLOCKS);
    }
    let mut patches = patches(stage, properties, findings);
    for info in stage.session.engine.macros() {
        let source = info.found.source();
        let path = paths.get(&(source.package.clone(), source.file.clone())).copied().unwrap_or(&source.file);
        let mut node = plain(stage, &info, path);
        if let Some(entry) = patches.remove(node.unique_id.as_str()) {
            let outcome = patch(stage, &mut node, entry, docs);
            findings.keep(outcome);
            if stage.session.flags.behaviour("validate_macro_args") {
                annotations(info.found.parameters(), &mut node, entry, findings);
            }
        } else if stage.session.flags.behaviour("validate_macro_args") && !of_tests(path) {
            node.arguments = info.found.parameters().map(written).collect();
        }
        manifest.macros.insert(node.unique_id.clone(), Arc::new(node));
    }
    findings.check()
}

fn plain(stage: &Stage<'_>, info: &MacroInfo<'_>, path: &str) -> MacroNode {
    let source = info.found.source();
    let docs = json!({"show": true, "node_color": null});
    MacroNode {
        name: source.name.clone(),
        resource_type: ResourceType::Macro,
        package_name: source.package.clone(),
        path: path.to_string(),
        original_file_path: path.to_string(),
        unique_id: UniqueId::from(info.found.unique_id()),
        macro_sql: source.text.clone(),
        depends_on: DependsOn {
            macros: info.depends_on.iter().map(|id| UniqueId::from(id.as_str())).collect(),
            nodes: Vec::new(),
        },
        description: String::new(),
        meta: Map::new(),
        docs: docs.as_object().cloned().unwrap_or_default(),
        patch_path: None,
        arguments: Vec::new(),
        created_at: stage.now,
        supported_languages: source.supported_languages.clone(),
        config: Map::from_iter([("meta".into(), json!({})), ("docs".into(), docs)]).into(),
    }
}

/// A file below `generic/` of a test path: dbt says nothing of the parameters of the tests in it.
fn of_tests(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| folder == "generic")
}

/// A parameter as the macro itself writes it.
fn written((name, kind): (&str, Option<&str>)) -> MacroArgument {
    MacroArgument { name: name.into(), kind: kind.map(str::to_string), description: String::new() }
}

/// Warns where the described arguments are not those of the macro; takes the macro's own where none is
/// described.
fn annotations<'m>(
    parameters: impl Iterator<Item = (&'m str, Option<&'m str>)>,
    node: &mut MacroNode,
    entry: &Entry,
    findings: &mut Findings,
) {
    let own: Vec<MacroArgument> = parameters.map(written).collect();
    if node.arguments.is_empty() {
        node.arguments = own;
        return;
    }
    let name = &node.name;
    let mut warn = |message| findings.warn("InvalidMacroAnnotation", entry.fault(message));
    for (said, _) in node.arguments.iter().zip(&own).filter(|(said, own)| said.name != own.name) {
        warn(format!("Argument {} in yaml for macro {name} does not match the jinja definition.", said.name));
    }
    if node.arguments.len() != own.len() {
        warn(format!(
            "The number of arguments in the yaml for macro {name} does not match the jinja definition."
        ));
    }
    for said in &node.arguments {
        let kind: String =
            said.kind.iter().flat_map(|kind| kind.chars()).filter(|c| !" \t".contains(*c)).collect();
        if !kind.is_empty() && after_type(&kind) != Some("") {
            warn(format!("Argument {} in the yaml for macro {name} has an invalid type.", said.name));
        }
    }
}

/// What follows the type that a text begins with: `list[int]`, `dict[str,any]`; `None` where it begins with
/// none.
fn after_type(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let inner = match name {
        "str" | "string" | "bool" | "int" | "integer" | "float" | "any" | "relation" | "column" => {
            return Some(rest);
        }
        "list" | "optional" => 1,
        "dict" => 2,
        _ => return None,
    };
    for n in 0..inner {
        rest = after_type(rest.strip_prefix(if n == 0 { '[' } else { ',' })?)?;
    }
    rest.strip_prefix(']')
}

/// The descriptions by the ids of their macros.
fn patches<'p>(
    stage: &Stage<'_>,
    properties: &'p Properties,
    findings: &mut Findings,
) -> HashMap<String, &'p Entry> {
    let mut patches: HashMap<String, &Entry> = HashMap::new();
    for entry in properties.of(Key::Macros) {
        let id = format!("macro.{}.{}", entry.file.package, entry.name);
        if stage.session.engine.macro_by_id(&id).is_none() {
            let message = format!("Found patch for macro \"{}\" which was not found", entry.name);
            findings.warn("MacroNotFoundForPatch", entry.fault(message));
        } else if let Some(first) = patches.get(&id) {
            findings.error(twice(entry, first));
        } else {
            patches.insert(id, entry);
        }
    }
    patches
}

fn twice(entry: &Entry, first: &Entry) -> Error {
    entry
        .fault(format!(
            "dbt found two schema.yml entries for the same macro in package {} named {}. Macros may only be described \
             a single time.",
            entry.file.package, entry.name
        ))
        .help(format!("remove one of the two; the other is at {}", first.place()))
}

fn patch(stage: &Stage<'_>, node: &mut MacroNode, entry: &Entry, docs: &Docs) -> Result<()> {
    let data = &entry.data;
    let config = map(data, "config");
    let render = |text: &str| docs.render(stage, &entry.file, &node.unique_id, text);
    let mut meta = map(data, "meta");
    meta.extend(map(&config, "meta"));
    let mut shown = json!({"show": true, "node_color": null});
    if let (Some(shown), false) =
        (shown.as_object_mut(), map(data, "docs").is_empty() && map(&config, "docs").is_empty())
    {
        let said = if config.contains_key("docs") { map(&config, "docs") } else { map(data, "docs") };
        shown.extend(said);
    }
    let arguments = data.get("arguments").and_then(Json::as_array).into_iter().flatten();
    let argument = |one: &Json| {
        let one = one.as_object()?;
        let description = text(one, "description").map_or(Ok(String::new()), |text| render(&text));
        let kind = one.get("type").filter(|kind| !kind.is_null()).map(super::json::python_str);
        Some(description.map(|description| MacroArgument {
            name: text(one, "name").unwrap_or_default(),
            kind,
            description,
        }))
    };
    let arguments = arguments.filter_map(argument).collect::<Result<Vec<_>>>()?;
    let description = render(&text(data, "description").unwrap_or_default())?;
    node.config =
        Map::from_iter([("meta".into(), Json::Object(meta.clone())), ("docs".into(), shown.clone())]).into();
    node.arguments = arguments;
    node.description = description;
    node.meta = meta;
    node.docs = shown.as_object().cloned().unwrap_or_default();
    node.patch_path = Some(entry.file.id());
    Ok(())
}
