//! The values that a running node adds to those of every template.

use super::model::{ConfigObject, hooks, model};
use super::names::{function_function, metric_function, ref_function, source_function};
use super::{Scope, lock, python};
use crate::context::adapter::AdapterObject;
use crate::context::base::log;
use crate::context::exceptions::exceptions;
use crate::context::objects::relation::relation;
use crate::context::objects::runtime_config::with_config;
use crate::context::objects::{none, nothing};
use crate::context::seed;
use crate::context::variables::{VarObject, render_function};
use crate::error::{Error, Location};
use crate::jinja::value::{Args, from_json, function, list, object_of};
use crate::jinja::{Context, Value, raise};
use crate::manifest::ResourceType;
use serde_json::json;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Every value, by name.
pub fn all(scope: &Arc<Scope>) -> Vec<(&'static str, Value)> {
    let session = &scope.run.session;
    let mut values = vec![
        ("execute", Value::from(true)),
        ("ref", with_config(ref_function(scope), &session.runtime_config)),
        ("source", source_function(scope)),
        ("function", function_function(scope)),
        ("metric", metric_function(scope)),
        ("adapter", AdapterObject::value(scope)),
        ("config", ConfigObject::value(scope)),
        ("exceptions", exceptions(session.reporter.clone(), scope.place())),
        ("graph", scope.run.graph()),
        ("selected_resources", selected(scope)),
        ("var", VarObject::value(session.vars.clone(), scope.package(), &who(scope), false)),
        ("write", write(scope)),
        ("render", render_function()),
        ("load_agate_table", seed::load_function(scope)),
        ("thread_id", Value::from(std::thread::current().name().unwrap_or("MainThread"))),
        ("submit_python_job", python::submit(scope)),
        ("doc", doc(scope)),
        ("context_macro_stack", object_of("context_macro_stack", [("depth", Value::from(0))], None)),
        ("database", Value::from(session.database())),
        ("schema", Value::from(session.schema())),
        ("sql_now", Value::from("now()")),
    ];
    if scope.info.is_some() {
        values.push(("log", log(session.reporter.clone(), scope.info.clone())));
    }
    values.extend(scope.results.functions());
    values.extend(of_node(scope));
    values
}

/// What a node has. The `model` of an operation is the macro that is called.
fn of_node(scope: &Arc<Scope>) -> Vec<(&'static str, Value)> {
    let Some(node) = scope.node() else {
        let called = json!({"resource_type": "macro", "package_name": scope.package(), "depends_on": {"macros": []},
            "description": "", "meta": {}, "config": {"meta": {}}, "arguments": []});
        return vec![("model", from_json(&called))];
    };
    let text = |text: Option<&str>| text.map_or_else(none, Value::from);
    let sql = scope.compiled.as_ref().map(|compiled| compiled.sql.as_str());
    let this = match node.resource_type {
        ResourceType::Operation | ResourceType::SqlOperation => none(),
        _ => match scope.run.fixtures.get(&node.unique_id) {
            Some(fixture) => relation(fixture.relation.clone()),
            None => relation(scope.run.relation_of(node)),
        },
    };
    vec![
        ("this", this),
        ("defer_relation", scope.run.deferred.get(&node.unique_id).cloned().map_or_else(none, relation)),
        ("model", model(scope)),
        ("pre_hooks", hooks(node, "pre-hook")),
        ("post_hooks", hooks(node, "post-hook")),
        ("sql", text(sql)),
        ("compiled_code", text(sql)),
        ("database", text(node.database.as_deref())),
        ("schema", Value::from(node.schema.as_str())),
    ]
}

fn who(scope: &Scope) -> String {
    scope.node().map_or("operation".to_string(), |node| node.name.clone())
}

fn selected(scope: &Scope) -> Value {
    let ids = || list(scope.run.selected.iter().map(|id| Value::from(id.as_str())).collect());
    scope.run.selected_resources.get_or_init(ids).clone()
}

/// `write(sql)`: puts the SQL that runs under `run/` in the target path.
fn write(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("write", move |_, args| {
        let args = Args::bind("write", &["payload"], args)?;
        scope.write_run(&args.need(0)?.to_string()).map_err(raise)?;
        nothing()
    })
}

impl Scope {
    fn write_run(&self, sql: &str) -> Result<(), Error> {
        let Some(node) = self.node() else { return Ok(()) };
        let session = &self.run.session;
        let path = written_path(&session.target_path, "run", node);
        write_file(&path, sql)?;
        let shown = path.strip_prefix(&session.root).unwrap_or(&path).display().to_string();
        *lock(&self.written) = Some(shown);
        Ok(())
    }
}

/// Where a node's SQL goes below the target path: `<kind>/<package>/<path>`; tests of a property file
/// lie below that file's name.
pub fn written_path(target: &Path, kind: &str, node: &crate::manifest::Node) -> PathBuf {
    // Names and resource paths may hold `..`: none leads out of the folder.
    let plain = |path: PathBuf| {
        path.components().filter(|part| matches!(part, Component::Normal(_))).collect::<PathBuf>()
    };
    target.join(kind).join(&node.package_name).join(plain(below_package(node)))
}

fn below_package(node: &crate::manifest::Node) -> PathBuf {
    let own = node.path.rsplit('/').next().unwrap_or(&node.path);
    let original = Path::new(&node.original_file_path);
    if let Some(batch) = &node.batch {
        let stem = original.with_extension("");
        let name = stem.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let end = original.extension().map(|end| end.to_string_lossy().into_owned()).unwrap_or_default();
        return stem.join(format!("{name}_{}.{end}", batch.label));
    }
    let is_property = original.extension().is_some_and(|end| end == "yml" || end == "yaml");
    match is_property {
        true if matches!(node.resource_type, ResourceType::UnitTest | ResourceType::Operation) => {
            original.join(node.path.trim_start_matches('/'))
        }
        true => original.join(own),
        false => original.to_path_buf(),
    }
}

/// Writes a file with its folders.
///
/// # Errors
/// The disk refuses.
pub fn write_file(path: &Path, text: &str) -> Result<(), Error> {
    // Most texts are those of the run before: reading costs less than writing, which empties the file first.
    if !path.is_symlink() && crate::disk::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    // What stands there under the file's name, a link or a pipe, is replaced: nothing is written through it.
    crate::disk::claim(path);
    let written = fs::write(path, text)
        .or_else(|_| path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text)));
    written.map_err(|fault| {
        // Half a file is none.
        let _ = path.is_file().then(|| fs::remove_file(path));
        Error::runtime(format!("cannot write the file: {fault}"))
            .located(Location::file(path))
            .help(crate::disk::remedy(&fault))
    })
}

/// A context for the query comment: the base values and `node`, without the adapter.
pub fn comment_context(scope: &Arc<Scope>) -> Arc<Context> {
    let session = &scope.run.session;
    let node = match scope.node() {
        Some(_) => model(scope),
        None => none(),
    };
    let context = Context::new(session.project_name.as_str()).base(session.base.clone());
    let vars = VarObject::value(session.vars.clone(), &session.project_name, "query-comment", false);
    Arc::new(context.set("node", node).set("connection_name", scope.connection_name()).set("var", vars))
}

/// `doc('name')` at run time: the text of a docs block.
fn doc(scope: &Arc<Scope>) -> Value {
    let manifest = scope.run.manifest.clone();
    function("doc", move |_, args| {
        let args = Args::bind("doc", &["package_or_name", "name"], args)?;
        let name = args.text(if args.get(1).is_some() { 1 } else { 0 })?;
        let found = manifest.docs.values().find(|doc| doc.name == name);
        let missing = || raise(Error::compilation(format!("there is no docs block named `{name}`")));
        found.map(|doc| Value::from(doc.block_contents.as_str())).ok_or_else(missing)
    })
}
