//! What a template sees while it is parsed: `execute` is false, nothing reaches the engine, and every
//! `ref`, `source`, `metric`, `function` and `config` call is recorded.

mod adapter;
mod calls;
mod config;
mod reads;

pub use calls::{Recorded, Recorder};
pub use reads::{Reads, flag_hash};

use super::Session;
use super::exceptions::exceptions;
use super::objects::lazy::LazyDict;
use super::objects::relation::relation;
use super::objects::runtime_config::with_config;
use super::objects::{none, nothing};
use super::results::Results;
use super::variables::{VarObject, render_function};
use crate::error::Location;
use crate::jinja::value::{Args, dict_of, from_json, function, list, object_of};
use crate::jinja::{Context, Value};
use crate::manifest::{Node, ResourceType};
use crate::relation::{Policy, Relation};
use std::collections::HashMap;
use std::sync::Arc;

/// The values that all parse contexts of a session share. Made once, then cheap to clone.
#[derive(Clone)]
pub struct ParseBase {
    values: Arc<HashMap<String, Value>>,
    quoting: Policy,
    reads: Arc<Reads>,
}

impl ParseBase {
    /// Adds to the session's base values those of the parse phase.
    pub fn new(session: &Session) -> Self {
        let mut values = HashMap::clone(&session.base);
        let reads = Arc::new(Reads::default());
        let empty = || dict_of([]);
        let graph = ["nodes", "sources", "exposures", "metrics", "groups", "functions", "semantic_models"];
        let graph = graph.into_iter().chain(["saved_queries", "unit_tests"]).map(|kind| (kind, empty()));
        let stack = object_of("context_macro_stack", [("depth", Value::from(0))], None);
        let fixed = [
            ("execute", Value::from(false)),
            ("flags", reads::flags(&session.flags, &reads)),
            ("adapter", adapter::value(session)),
            ("graph", dict_of(graph)),
            ("exceptions", exceptions(session.reporter.clone(), None)),
            ("selected_resources", list(Vec::new())),
            ("database", Value::from(session.database())),
            ("schema", Value::from(session.schema())),
            ("sql_now", Value::from("now()")),
            ("thread_id", Value::from("MainThread")),
            ("context_macro_stack", stack),
            ("render", render_function()),
            ("write", function("write", |_, _| nothing())),
            ("submit_python_job", function("submit_python_job", |_, _| Ok(none()))),
            ("load_agate_table", function("load_agate_table", |_, _| Ok(none()))),
        ];
        values.extend(fixed.map(|(name, value)| (name.to_string(), value)));
        ParseBase { values: Arc::new(values), quoting: session.quoting, reads }
    }

    /// What the templates of this parse have read.
    pub fn reads(&self) -> &Arc<Reads> {
        &self.reads
    }

    /// A context for templates of a package that belong to no node: naming macros, values of YAML files.
    pub fn plain(&self, session: &Session, package: &str) -> Context {
        let var = VarObject::value(session.vars.clone(), package, "", true);
        let context = Context::new(package).base(self.values.clone()).set("var", var).lenient();
        context.watch(reads::MOMENTS, self.reads.moment_flag())
    }

    /// As [`ParseBase::plain`], for macros whose answer is final: a var that nobody gave is a fault.
    pub fn final_values(&self, session: &Session, package: &str) -> Context {
        let var = VarObject::value(session.vars.clone(), package, "", false);
        self.plain(session, package).set("var", var)
    }

    /// A context for a node, as far as it is known before its template is rendered, and what records its
    /// calls.
    pub fn node(&self, session: &Session, node: &Arc<Node>) -> (Context, Arc<Recorder>) {
        let recorder = Arc::new(Recorder::default());
        (self.recorded(session, node, &recorder), recorder)
    }

    /// As [`ParseBase::node`], with a recorder that may serve several contexts.
    pub fn recorded(&self, session: &Session, node: &Arc<Node>, recorder: &Arc<Recorder>) -> Context {
        let this = this(node, self.quoting);
        let model = node.clone();
        let database = node.database.as_deref().map_or_else(none, Value::from);
        let operation = node.resource_type == ResourceType::Operation;
        let mut context = self
            .plain(session, &node.package_name)
            .watch(reads::MOMENTS, recorder.moment_flag())
            .set("model", LazyDict::of_node(node.clone(), move || from_json(&model.to_json())))
            .set("this", if operation { none() } else { this.clone() })
            .set("database", database)
            .set("schema", node.schema.as_str())
            .set("pre_hooks", list(Vec::new()))
            .set("post_hooks", list(Vec::new()))
            .set(
                "exceptions",
                exceptions(session.reporter.clone(), Some(Location::file(&node.original_file_path))),
            )
            .set("config", config::value(recorder));
        for (name, value) in calls::functions(recorder, &this) {
            let value = if name == "ref" { with_config(value, &session.runtime_config) } else { value };
            context = context.set(name, value);
        }
        for (name, value) in Arc::new(Results::default()).functions() {
            context = context.set(name, value);
        }
        context
    }

    /// A context for what is no node but names what it reads: an exposure, a unit test's inputs.
    pub fn naming(&self, session: &Session, package: &str) -> (Context, Arc<Recorder>) {
        let recorder = Arc::new(Recorder::default());
        let named = calls::functions(&recorder, &none()).into_iter();
        let context =
            named.fold(self.plain(session, package), |context, (name, value)| context.set(name, value));
        (context, recorder)
    }

    /// A context that resolves `doc` by a function, for descriptions.
    pub fn docs(
        &self,
        session: &Session,
        package: &str,
        find: impl Fn(&Args) -> crate::jinja::value::Outcome + Send + Sync + 'static,
    ) -> Context {
        let doc = function("doc", move |_, args| find(&Args::bind("doc", &["package", "name"], args)?));
        self.plain(session, package).set("doc", doc)
    }
}

/// The relation of a node whose names are not settled yet.
fn this(node: &Node, quoting: Policy) -> Value {
    let mut it = Relation::new(node.database.as_deref(), Some(&node.schema), Some(&node.alias));
    it.quoting = quoting;
    relation(it)
}
