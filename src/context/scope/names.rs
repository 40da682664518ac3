//! `ref`, `source`, `function`, `metric` of a node that runs: from names to relations.

use super::Scope;
use crate::adapter::Adapter;
use crate::context::event_time::Input;
use crate::context::objects::relation::relation;
use crate::error::{Error, Result};
use crate::jinja::value::{Args, Outcome, from_json, function, split_args, type_error};
use crate::jinja::{Value, raise};
use crate::manifest::{Asking, Found, Node, RefArgs};
use crate::relation::{Policy, Relation, RelationKind};
use std::sync::Arc;

/// The arguments of a `ref` call: `ref('x')`, `ref('package', 'x')`, `ref('x', v=2)`.
///
/// # Errors
/// Another number of arguments, or something else than texts.
pub fn ref_args(args: &[Value]) -> Result<RefArgs, minijinja::Error> {
    let (positional, named) = split_args(args)?;
    let text = |value: &Value, what: &str| {
        let wrong = || {
            raise(Error::compilation(format!("the {what} argument to ref() must be a string, got `{value}`")))
        };
        value.as_str().map(str::to_string).ok_or_else(wrong)
    };
    let version = named.get("version").or_else(|| named.get("v")).filter(|v| v.is_true());
    let version = version.map(crate::jinja::value::to_json).transpose()?;
    match &positional[..] {
        [name] => Ok(RefArgs { name: text(name, "name")?, package: None, version }),
        [package, name] => {
            Ok(RefArgs { name: text(name, "name")?, package: Some(text(package, "package")?), version })
        }
        other => Err(raise(
            Error::compilation(format!("ref() takes at most two arguments ({} given)", other.len()))
                .help("write `ref('model')` or `ref('package', 'model')`"),
        )),
    }
}

/// The two texts of a `source` call.
///
/// # Errors
/// Another number of arguments, or something else than texts.
pub fn source_args(args: &[Value]) -> Result<(String, String), minijinja::Error> {
    let (positional, _) = split_args(args)?;
    match &positional[..] {
        [source, table] => match (source.as_str(), table.as_str()) {
            (Some(source), Some(table)) => Ok((source.to_string(), table.to_string())),
            _ => Err(raise(Error::compilation("the arguments to source() must be strings"))),
        },
        other => Err(raise(
            Error::compilation(format!("source() takes exactly two arguments ({} given)", other.len()))
                .help("write `source('source', 'table')`"),
        )),
    }
}

/// `ref` for a node that runs.
pub fn ref_function(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("ref", move |_, args| {
        let r = ref_args(args)?;
        scope.resolve_ref(&r).map(relation).map_err(raise)
    })
}

/// `source` for a node that runs.
pub fn source_function(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("source", move |_, args| {
        let (source, table) = source_args(args)?;
        scope.resolve_source(&source, &table).map(relation).map_err(raise)
    })
}

/// `function` for a node that runs.
pub fn function_function(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("function", move |_, args| {
        let r = ref_args(args)?;
        scope.resolve_function(&r).map(relation).map_err(raise)
    })
}

/// `metric` for a node that runs: the metric's own data.
pub fn metric_function(scope: &Arc<Scope>) -> Value {
    let scope = scope.clone();
    function("metric", move |_, args| -> Outcome {
        let args = Args::bind("metric", &["name", "package"], args)?;
        let name = args.text(0)?;
        let metrics = &scope.run.manifest.metrics;
        let found = metrics.values().find(|metric| metric.get("name").and_then(|n| n.as_str()) == Some(name));
        found.map(from_json).ok_or_else(|| type_error(format!("there is no metric named `{name}`")))
    })
}

impl Scope {
    fn asking(&self) -> Asking<'_> {
        Asking {
            root: &self.run.session.project_name,
            package: self.package(),
            own_first: self.run.session.flags.own_package_first(),
        }
    }

    fn who(&self) -> String {
        self.node().map_or("the operation".to_string(), |node| {
            let kind = node.resource_type.as_str();
            let title = kind[..1].to_uppercase() + &kind[1..];
            format!("{title} '{}' ({})", node.unique_id, node.original_file_path)
        })
    }

    fn not_found(&self, what: &str, name: &str, disabled: bool) -> Error {
        let reason = if disabled { "is disabled" } else { "was not found" };
        Error::compilation(format!("{} depends on a {what} named '{name}' which {reason}", self.who()))
    }

    /// What a `ref` names, as this node reads it.
    pub(super) fn resolve_ref(&self, r: &RefArgs) -> Result<Relation> {
        let run = &self.run;
        match run.index.node(&run.manifest, self.asking(), r) {
            Found::Enabled(node) => {
                self.check_declared(node, r)?;
                self.read_from(node)
            }
            found => Err(self.not_found("node", &r.name, matches!(found, Found::Disabled(_)))),
        }
    }

    /// A ref that parsing did not see would break the order of the build (dbt's rule).
    fn check_declared(&self, target: &Node, r: &RefArgs) -> Result<()> {
        let Some(node) = self.node() else { return Ok(()) };
        let operation = node.resource_type == crate::manifest::ResourceType::Operation
            || node.resource_type == crate::manifest::ResourceType::SqlOperation
            || node.resource_type == crate::manifest::ResourceType::UnitTest;
        if operation || node.depends_on.nodes.contains(&target.unique_id) {
            return Ok(());
        }
        let call = match &r.package {
            Some(package) => format!("ref('{package}', '{}')", r.name),
            None => format!("ref('{}')", r.name),
        };
        Err(Error::compilation(format!(
            "dbt was unable to infer all dependencies for the model \"{}\".\nThis typically happens when ref() is \
             placed within a conditional block.\n\nTo fix this, add the following hint to the top of the model \
             \"{}\":\n\n-- depends_on: {{{{ {call} }}}}",
            node.name, node.name
        )))
    }

    /// The relation that a reader of a node reads: a CTE's name for an ephemeral model, another
    /// environment's relation where the node is deferred.
    fn read_from(&self, node: &Arc<Node>) -> Result<Relation> {
        let run = &self.run;
        if node.is_ephemeral() {
            let cte = self.read_cte(node)?;
            // The rows of a unit test are never thinned out.
            return Ok(if run.fixtures.is_empty() { self.filtered(cte, node) } else { cte });
        }
        let own = run.relation_of(node);
        let chosen = match run.deferred.get(&node.unique_id) {
            Some(other) => {
                let favoured = run.session.flags.favor_state && !run.is_selected(&node.unique_id);
                let absent = || run.cache.knows(&own) && run.cache.get(&own).is_none();
                if favoured || absent() { other.clone() } else { own }
            }
            _ => own,
        };
        Ok(self.filtered(chosen, node))
    }

    /// What a reader of a node gets of its rows: none under `--empty`, a span of time where it asks for one.
    fn filtered(&self, mut relation: Relation, node: &Node) -> Relation {
        let session = &self.run.session;
        relation.limit = session.flags.empty.then_some(0);
        relation.named_subquery = session.adapter.names_subqueries();
        let input = Input { config: &node.config, columns: &node.columns, quoting: None };
        relation.event_time = self.node().and_then(|reader| input.filter(reader, session));
        relation
    }

    fn read_cte(&self, node: &Arc<Node>) -> Result<Relation> {
        if self.node().is_none() {
            return Err(Error::compilation(format!(
                "operations can not ref() ephemeral nodes, but {} is ephemeral",
                node.name
            )));
        }
        Ok(self.read_ephemeral(&node.unique_id, &node.alias))
    }

    /// What a `source` names.
    pub(super) fn resolve_source(&self, source: &str, table: &str) -> Result<Relation> {
        let run = &self.run;
        match run.index.source(&run.manifest, self.asking(), (source, table)) {
            Found::Enabled(found) if run.fixtures.contains_key(&found.unique_id) => {
                let alias = run.manifest.nodes.get(&found.unique_id).map_or("", |node| &node.alias);
                Ok(self.read_ephemeral(&found.unique_id, alias))
            }
            Found::Enabled(found) => {
                run.session.adapter.check_source(&found.fields())?;
                let mut relation = source_relation(found, run.session.adapter.as_ref());
                relation.limit = run.session.flags.empty.then_some(0);
                relation.named_subquery = run.session.adapter.names_subqueries();
                let input =
                    Input { config: &found.config, columns: &found.columns, quoting: Some(&found.quoting) };
                relation.event_time = self.node().and_then(|reader| input.filter(reader, &run.session));
                Ok(relation)
            }
            other => {
                let name = format!("{source}.{table}");
                Err(self.not_found("source", &name, matches!(other, Found::Disabled(_))))
            }
        }
    }

    fn resolve_function(&self, r: &RefArgs) -> Result<Relation> {
        let run = &self.run;
        match run.index.function(&run.manifest, self.asking(), (r.package.as_deref(), &r.name)) {
            Found::Enabled(node) => {
                let other = run.deferred.get(&node.unique_id).filter(|_| !run.is_selected(&node.unique_id));
                let relation = other.cloned().unwrap_or_else(|| run.relation_of(node));
                Ok(relation.of_kind(RelationKind::Function))
            }
            found => Err(self.not_found("function", &r.name, matches!(found, Found::Disabled(_)))),
        }
    }
}

/// The relation of a source table. Its quoting is its own over the adapter's; the project's does not
/// count (dbt's rule).
pub fn source_relation(source: &crate::manifest::Source, engine: &dyn Adapter) -> Relation {
    let adapter = engine.quoting();
    let own = |part: &str, default: bool| {
        source.quoting.get(part).and_then(serde_json::Value::as_bool).unwrap_or(default)
    };
    let external = source.external.as_ref().and_then(|e| e.get("location")).is_some();
    let relation = Relation::new(source.database.as_deref(), Some(&source.schema), Some(&source.identifier));
    Relation {
        // A place that makes no sense was told of when the project was parsed.
        external: engine.source_file(&source.fields()).unwrap_or_default(),
        kind: external.then_some(RelationKind::External),
        quoting: Policy {
            database: own("database", adapter.database),
            schema: own("schema", adapter.schema),
            identifier: own("identifier", adapter.identifier),
        },
        ..relation
    }
}
