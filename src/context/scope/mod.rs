//! A node that runs, as templates see it: [`Run`] is what all nodes of a run share, [`Scope`] what one
//! node adds: its relation, its session with the engine, the results of its statements.

mod calls;
mod model;
pub mod names;
mod order;
mod python;
mod sql;
mod sql_place;
mod values;

pub use model::foreign_keys;
pub use sql_place::locate;
pub use values::{write_file, written_path};

use super::results::Results;
use super::session::Session;
use crate::adapter::{AdapterResponse, Lent, RelationCache, Sessions, Table, Waiting};
use crate::error::Location;
use crate::event::NodeInfo;
use crate::jinja::{Context, Value};
use crate::manifest::{Manifest, Node, RefIndex, UniqueId};
use crate::relation::{Policy, Relation, RelationKind};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// What all nodes of one run share.
pub struct Run {
    /// The project's words and the template engine.
    pub session: Arc<Session>,
    /// The parsed project.
    pub manifest: Arc<Manifest>,
    /// Its names.
    pub index: RefIndex,
    /// The sessions with the engine.
    pub sessions: Arc<Sessions>,
    /// What exists in the warehouse.
    pub cache: Arc<RelationCache>,
    /// Ids that were selected, in order.
    pub selected: Vec<UniqueId>,
    /// `--defer`: where unselected nodes stand in another environment, by id.
    pub deferred: HashMap<UniqueId, Relation>,
    /// The rows that a unit test gives, by the ids of what they stand for; empty in other runs.
    pub fixtures: HashMap<UniqueId, Fixture>,
    /// `graph`, made when a template first looks at it.
    graph: OnceLock<Value>,
    /// `selected_resources`, made once.
    selected_resources: OnceLock<Value>,
    rebuilt: OnceLock<order::Rebuilt>,
    selected_set: HashSet<UniqueId>,
}

impl Run {
    /// A run over some nodes of a manifest.
    pub fn new(session: Arc<Session>, manifest: Arc<Manifest>, selected: Vec<UniqueId>) -> Self {
        let sessions = Sessions::new(session.adapter.clone(), waiting(&session));
        Run {
            index: RefIndex::new(&manifest),
            selected_set: selected.iter().cloned().collect(),
            session,
            manifest,
            sessions,
            cache: Arc::default(),
            selected,
            deferred: HashMap::new(),
            fixtures: HashMap::new(),
            graph: OnceLock::new(),
            selected_resources: OnceLock::new(),
            rebuilt: OnceLock::new(),
        }
    }

    /// The run as a unit test's templates see it: a manifest of its inputs alone, with the sessions and
    /// the knowledge of the warehouse of the whole run.
    pub fn over_fixtures(&self, manifest: Manifest, fixtures: HashMap<UniqueId, Fixture>) -> Run {
        Run {
            index: RefIndex::new(&manifest),
            session: self.session.clone(),
            manifest: Arc::new(manifest),
            sessions: self.sessions.clone(),
            cache: self.cache.clone(),
            selected: self.selected.clone(),
            deferred: self.deferred.clone(),
            fixtures,
            graph: OnceLock::new(),
            selected_resources: OnceLock::new(),
            rebuilt: OnceLock::new(),
            selected_set: self.selected_set.clone(),
        }
    }

    /// Was this node selected?
    pub fn is_selected(&self, id: &UniqueId) -> bool {
        self.selected_set.contains(id)
    }

    /// The relation of a node, by the project's quoting.
    pub fn relation_of(&self, node: &Node) -> Relation {
        relation_of(node, self.session.quoting)
    }
}

/// A database that another process holds is waited for where `--wait` says so.
fn waiting(session: &Session) -> Waiting {
    let reporter = session.reporter.clone();
    let tell = move |fault: &crate::error::Error| {
        let message = format!("Waiting: {}", fault.message());
        reporter.report(crate::event::Event::Note { name: "Note", message });
    };
    Waiting { limit: Duration::from_secs(session.flags.wait.unwrap_or(0)), tell: Box::new(tell) }
}

/// Rows that stand in for a relation in a unit test.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The relation whose columns shape the rows.
    pub relation: Relation,
    /// The rows; absent where the fixture is SQL of its own.
    pub rows: Option<serde_json::Value>,
}

/// The relation of a node: its kind is told where the materialization tells it.
pub fn relation_of(node: &Node, quoting: Policy) -> Relation {
    let kind = match node.config.materialized() {
        _ if node.is_ephemeral() => Some(RelationKind::Cte),
        "view" => Some(RelationKind::View),
        "table" | "incremental" | "seed" | "snapshot" => Some(RelationKind::Table),
        "materialized_view" => Some(RelationKind::MaterializedView),
        "external" => Some(RelationKind::External),
        "function" => Some(RelationKind::Function),
        _ => None,
    };
    let own = |part: &str, default: bool| {
        node.config
            .get("quoting")
            .and_then(|q| q.get(part))
            .and_then(serde_json::Value::as_bool)
            .unwrap_or(default)
    };
    Relation {
        kind,
        quoting: Policy {
            database: own("database", quoting.database),
            schema: own("schema", quoting.schema),
            identifier: own("identifier", quoting.identifier),
        },
        ..Relation::new(node.database.as_deref(), Some(&node.schema), Some(&node.alias))
    }
}

/// Whose templates are rendered.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A node.
    Node(Arc<Node>),
    /// A macro called for itself (`run-operation`, listing the catalog), seen from a package.
    Operation(String),
}

/// One node at work. Used by one thread at a time; made anew for each node.
pub struct Scope {
    run: Arc<Run>,
    subject: Subject,
    info: Option<Arc<NodeInfo>>,
    connection: Mutex<Option<Lent>>,
    results: Arc<Results>,
    compiled: Option<Compiled>,
    answer: Option<Answer>,
    ctes: Mutex<Vec<UniqueId>>,
    written: Mutex<Option<String>>,
    extra: HashMap<String, Value>,
    replaced: HashMap<String, Value>,
    before_commit: Option<BeforeCommit>,
}

/// What is done in a node's transaction before it is committed.
pub type BeforeCommit = Box<dyn Fn(&Arc<Scope>) -> crate::error::Result<()> + Send + Sync>;

/// What an engine says of a statement.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its words.
    pub response: AdapterResponse,
    /// The rows.
    pub table: Table,
}

/// A node's SQL after rendering.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compiled {
    /// The SQL with its CTEs.
    pub sql: String,
    /// Ephemeral models that it was given, id and SQL, in order.
    pub ctes: Vec<(UniqueId, String)>,
    /// Where it was written, relative to the project.
    pub path: Option<String>,
    /// The calls in `to:` of its foreign keys, each with the relation that it names.
    pub foreign_keys: Vec<(String, String)>,
    /// The macros that the arguments of a generic test called, by id.
    pub macros: Vec<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Scope {
    /// A node that is to be compiled or run.
    pub fn new(run: &Arc<Run>, subject: Subject, info: Option<Arc<NodeInfo>>) -> Self {
        Scope {
            run: run.clone(),
            subject,
            info,
            connection: Mutex::default(),
            results: Arc::default(),
            compiled: None,
            answer: None,
            ctes: Mutex::default(),
            written: Mutex::default(),
            extra: HashMap::new(),
            replaced: HashMap::new(),
            before_commit: None,
        }
    }

    /// The same node with its compiled SQL: what materializations see.
    pub fn with_compiled(mut self, compiled: Compiled) -> Self {
        self.compiled = Some(compiled);
        self
    }

    /// What the engine would say of its statements is known: none is sent.
    pub fn with_answer(mut self, answer: Answer) -> Self {
        self.answer = Some(answer);
        self
    }

    /// Adds a value for templates, over those that every node has.
    pub fn with_value(mut self, name: &str, value: Value) -> Self {
        self.extra.insert(name.to_string(), value);
        self
    }

    /// Replaces what a macro gives, by its unique id.
    pub fn with_macro(mut self, unique_id: &str, value: Value) -> Self {
        self.replaced.insert(unique_id.to_string(), value);
        self
    }

    /// Adds a last word to its transactions: no commit is sent where it fails.
    pub fn before_commit(mut self, work: BeforeCommit) -> Self {
        self.before_commit = Some(work);
        self
    }

    /// The run that it belongs to.
    pub fn run(&self) -> &Arc<Run> {
        &self.run
    }

    /// The node, unless an operation is at work.
    pub fn node(&self) -> Option<&Arc<Node>> {
        match &self.subject {
            Subject::Node(node) => Some(node),
            Subject::Operation(_) => None,
        }
    }

    /// The package whose macros come first.
    pub fn package(&self) -> &str {
        match &self.subject {
            Subject::Node(node) => &node.package_name,
            Subject::Operation(package) => package,
        }
    }

    /// The results of its statements.
    pub fn results(&self) -> &Arc<Results> {
        &self.results
    }

    /// Notes that the node reads an ephemeral model, and gives the relation to read.
    pub fn read_ephemeral(&self, id: &UniqueId, alias: &str) -> Relation {
        let mut ctes = lock(&self.ctes);
        if !ctes.contains(id) {
            ctes.push(id.clone());
        }
        let name = format!("__dbt__cte__{alias}");
        Relation {
            quoting: Policy { identifier: false, ..Policy::ALL },
            ..Relation::new(None, None, Some(&name))
        }
        .of_kind(RelationKind::Cte)
    }

    /// Ephemeral models that rendering met, in order.
    pub fn ctes(&self) -> Vec<UniqueId> {
        lock(&self.ctes).clone()
    }

    /// Where `write` put the SQL that was run, relative to the project.
    pub fn build_path(&self) -> Option<String> {
        lock(&self.written).clone()
    }

    /// The node's file, for warnings and errors.
    pub fn place(&self) -> Option<Location> {
        self.node().map(|node| Location::file(&node.original_file_path))
    }

    /// The context for its templates. `self` lives as long as the context does.
    pub fn context(self: &Arc<Self>) -> Arc<Context> {
        let session = &self.run.session;
        let context = Context::new(self.package()).base(session.base.clone()).stop_flag(session.stop.clone());
        let context =
            values::all(self).into_iter().fold(context, |context, (name, value)| context.set(name, value));
        let replaced = self.replaced.iter();
        let context =
            replaced.fold(context, |context, (id, value)| context.override_macro(id.clone(), value.clone()));
        let extra = self.extra.iter();
        Arc::new(extra.fold(context, |context, (name, value)| context.set(name.clone(), value.clone())))
    }
}
