//! From a node to the SQL that runs: render its template, put in the ephemeral models that it reads.

mod generic_test;
mod unit_test;

use crate::context::scope::{foreign_keys, written_path};
use crate::context::test_arguments::KWARGS;
use crate::context::{Compiled, Run, Scope, Session, Subject};
use crate::error::{Error, Location, Result};
use crate::event::NodeInfo;
use crate::manifest::{Node, NodeKind, ResourceType, UniqueId};
use crate::sql::{ephemeral_name, inject_ctes};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Compiles the nodes of one run; ephemeral models are compiled once and remembered.
pub struct Compiler {
    run: Arc<Run>,
    ephemeral: Mutex<HashMap<UniqueId, Arc<Compiled>>>,
}

impl Compiler {
    /// A compiler for a run.
    pub fn new(run: &Arc<Run>) -> Self {
        Compiler { run: run.clone(), ephemeral: Mutex::default() }
    }

    /// Compiles a node and writes the SQL under `compiled/` in the target path. Seeds have no SQL.
    ///
    /// # Errors
    /// The template fails, or a query that it asks.
    pub fn compile(&self, node: &Arc<Node>, info: Option<&Arc<NodeInfo>>) -> Result<Compiled> {
        if node.resource_type == ResourceType::Seed {
            return Ok(Compiled::default());
        }
        if node.resource_type == ResourceType::UnitTest && self.run.fixtures.is_empty() {
            let inputs = unit_test::inputs(&self.run, node).map_err(|error| placed(error, node))?;
            return Compiler::new(&inputs).write(node, info);
        }
        self.write(node, info)
    }

    fn write(&self, node: &Arc<Node>, info: Option<&Arc<NodeInfo>>) -> Result<Compiled> {
        let compiled = self.in_memory(node, info).map_err(|error| placed(error, node))?;
        // As dbt: only the SQL that built a snapshot is kept.
        if node.resource_type == ResourceType::Snapshot {
            return Ok(compiled);
        }
        write_compiled(&self.run.session, node, compiled)
    }

    /// The ephemeral models that were met while others were compiled, written as those are.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn met(&self) -> Result<Vec<(UniqueId, Compiled)>> {
        let all = self.ephemeral.lock().unwrap_or_else(PoisonError::into_inner);
        let write = |(id, compiled): (&UniqueId, &Arc<Compiled>)| {
            let node = self.run.manifest.nodes.get(id)?;
            let named: Vec<_> =
                compiled.ctes.iter().map(|(id, sql)| (self.cte_name(id), sql.clone())).collect();
            let whole = Compiled { sql: inject_ctes(&compiled.sql, &named), ..Compiled::clone(compiled) };
            Some(write_compiled(&self.run.session, node, whole).map(|compiled| (id.clone(), compiled)))
        };
        all.iter().filter_map(write).collect()
    }

    /// Compiles a node without writing anything.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    pub fn in_memory(&self, node: &Arc<Node>, info: Option<&Arc<NodeInfo>>) -> Result<Compiled> {
        let Rendered { sql, read, macros } = self.render(node, info)?;
        let mut ctes: Vec<(UniqueId, String)> = Vec::new();
        if let Some(id) = read.first().filter(|_| is_python_model(node)) {
            return Err(reads_ephemeral(id));
        }
        for id in read {
            self.collect(&id, &mut ctes)?;
        }
        let named: Vec<(String, String)> =
            ctes.iter().map(|(id, sql)| (self.cte_name(id), sql.clone())).collect();
        let scope = Arc::new(Scope::new(&self.run, Subject::Node(node.clone()), info.cloned()));
        let foreign_keys = foreign_keys(&scope);
        if !self.run.session.flags.inject_ephemeral_ctes {
            return Ok(Compiled { sql, foreign_keys, macros, ..Compiled::default() });
        }
        Ok(Compiled { sql: inject_ctes(&sql, &named), ctes, foreign_keys, macros, path: None })
    }

    /// Adds an ephemeral model after those that it reads, each once.
    fn collect(&self, id: &UniqueId, ctes: &mut Vec<(UniqueId, String)>) -> Result<()> {
        if ctes.iter().any(|(known, _)| known == id) {
            return Ok(());
        }
        let compiled = self.ephemeral(id)?;
        for (inner, sql) in &compiled.ctes {
            if !ctes.iter().any(|(known, _)| known == inner) {
                ctes.push((inner.clone(), sql.clone()));
            }
        }
        ctes.push((id.clone(), compiled.sql.clone()));
        Ok(())
    }

    /// An ephemeral model: its own SQL, and the ephemeral models that it reads beside it. Compiled once.
    ///
    /// # Errors
    /// As [`Compiler::compile`]; the id is none of a node.
    pub fn ephemeral(&self, id: &UniqueId) -> Result<Arc<Compiled>> {
        let known = self.ephemeral.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let node = self.run.manifest.nodes.get(id);
        let node = node.ok_or_else(|| Error::internal(format!("`{id}` is not in the manifest")))?;
        let Rendered { sql, read, .. } = self.render(node, None).map_err(|error| placed(error, node))?;
        let mut ctes = Vec::new();
        for inner in read {
            self.collect(&inner, &mut ctes)?;
        }
        let compiled = Arc::new(Compiled { sql, ctes, ..Compiled::default() });
        let mut all = self.ephemeral.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(id.clone(), compiled.clone());
        Ok(compiled)
    }

    fn cte_name(&self, id: &UniqueId) -> String {
        let alias = self.run.manifest.nodes.get(id).map_or("", |node| node.alias.as_str());
        ephemeral_name(alias)
    }

    fn render(&self, node: &Arc<Node>, info: Option<&Arc<NodeInfo>>) -> Result<Rendered> {
        let engine = &self.run.session.engine;
        let mut scope = Scope::new(&self.run, Subject::Node(node.clone()), info.cloned());
        let (mut read, mut macros) = (Vec::new(), Vec::new());
        if let NodeKind::GenericTest { test_metadata, .. } = &node.kind {
            let arguments = generic_test::kwargs(&self.run, node, test_metadata)?;
            scope = scope.with_value(KWARGS, arguments.values);
            (read, macros) = (arguments.read, arguments.macros);
        }
        scope = match (&node.kind, self.run.fixtures.get(&node.unique_id)) {
            (NodeKind::UnitTest { .. }, _) => unit_test::overridden(scope, node),
            (_, Some(fixture)) => unit_test::with_rows(scope, fixture),
            _ => scope,
        };
        let scope = Arc::new(scope);
        let mut sql = engine.render_str(&node.original_file_path, template(node), &scope.context())?;
        if is_python_model(node) {
            sql = format!("{}\n\n{sql}", node.raw_code);
        }
        scope.commit()?;
        let met = scope.ctes().into_iter().filter(|id| !read.contains(id)).collect::<Vec<_>>();
        read.extend(met);
        Ok(Rendered { sql, read, macros })
    }
}

fn is_python_model(node: &Node) -> bool {
    node.resource_type == ResourceType::Model && node.language.as_deref() == Some("python")
}

fn reads_ephemeral(id: &UniqueId) -> Error {
    Error::compilation(format!("a Python model cannot read `{id}`: an ephemeral model has no table or view"))
        .help("give that model another materialization")
}

/// What is rendered of a node: a Python model's own text is not, only what is added to it.
fn template(node: &Node) -> &str {
    if is_python_model(node) { "{{ py_script_postfix(model) }}" } else { &node.raw_code }
}

/// A template, rendered.
struct Rendered {
    sql: String,
    /// The ephemeral models that it reads.
    read: Vec<UniqueId>,
    /// The macros that the arguments of a generic test called.
    macros: Vec<String>,
}

/// Writes the SQL of a node below `compiled/` in the target path.
///
/// # Errors
/// The disk refuses.
pub fn write_compiled(session: &Session, node: &Node, compiled: Compiled) -> Result<Compiled> {
    let path = written_path(&session.target_path, "compiled", node);
    crate::context::scope::write_file(&path, &compiled.sql)?;
    let shown = path.strip_prefix(&session.root).unwrap_or(&path).display().to_string();
    Ok(Compiled { path: Some(shown), ..compiled })
}

/// A fault with the node that it is about; its file, where no better place is known.
fn placed(error: Error, node: &Node) -> Error {
    error.about(node.described()).or_located(Location::file(&node.original_file_path))
}
