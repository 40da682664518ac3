//! What all contexts of one invocation share: the project's words, the engine of templates, the adapter.

use super::base::{BaseParts, base_values};
use super::objects::runtime_config::runtime_config;
use crate::adapter::Adapter;
use crate::event::Reporter;
use crate::jinja::{Engine, Value};
use crate::manifest::Map;
use crate::project::{Environment, Flags, Project, Vars};
use crate::relation::Policy;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// One call of karat.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// A UUID.
    pub id: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// Everything that templates may see and that does not depend on a node. Immutable.
pub struct Session {
    /// The root project's name.
    pub project_name: String,
    /// The root project's folder.
    pub root: PathBuf,
    /// Where artifacts and compiled SQL go.
    pub target_path: PathBuf,
    /// Vars by package.
    pub vars: Vars,
    /// Environment variables.
    pub environment: Arc<Environment>,
    /// The flags of the command line.
    pub flags: Arc<Flags>,
    /// `target` as templates see it.
    pub target: Map,
    /// How many threads run.
    pub threads: usize,
    /// The project's quoting of names over the adapter's.
    pub quoting: Policy,
    /// `query-comment` of dbt_project.yml.
    pub query_comment: QueryComment,
    /// The engine of the target.
    pub adapter: Arc<dyn Adapter>,
    /// The template engine with all macros.
    pub engine: Engine,
    /// Who listens.
    pub reporter: Arc<dyn Reporter>,
    /// This call.
    pub invocation: Invocation,
    /// Set when the run is to stop.
    pub stop: Arc<AtomicBool>,
    /// What `builtins.ref.config` gives.
    pub runtime_config: Value,
    /// Values that every template sees; see [`super::base`].
    pub base: Arc<HashMap<String, Value>>,
}

/// What a session has besides what its project says.
pub struct SessionParts {
    /// The engine of the target.
    pub adapter: Arc<dyn Adapter>,
    /// The template engine with all macros.
    pub engine: Engine,
    /// Who listens.
    pub reporter: Arc<dyn Reporter>,
    /// This call.
    pub invocation: Invocation,
    /// Set when the run is to stop.
    pub stop: Arc<AtomicBool>,
}

/// What is written beside each statement, so that the server's log names the node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryComment {
    /// Jinja text; `None` is dbt's own JSON comment, an empty text is no comment.
    pub comment: Option<String>,
    /// At the end of the statement instead of at its beginning.
    pub append: bool,
}

impl Session {
    /// The session of a project.
    pub fn new(project: &Project, parts: SessionParts) -> Self {
        let target = project.target.to_jinja();
        let file = &project.main().file;
        let base = base_values(&BaseParts {
            project_name: project.name(),
            target: &target,
            flags: &project.flags,
            environment: project.environment.clone(),
            invocation: &parts.invocation,
            reporter: parts.reporter.clone(),
        });
        let own = parts.adapter.quoting();
        Session {
            project_name: project.name().to_string(),
            root: project.root.clone(),
            target_path: project.target_path.clone(),
            vars: project.vars.clone(),
            environment: project.environment.clone(),
            flags: Arc::new(project.flags.clone()),
            threads: if project.flags.single_threaded { 1 } else { project.target.threads },
            quoting: Policy {
                database: file.quoting.database.unwrap_or(own.database),
                schema: file.quoting.schema.unwrap_or(own.schema),
                identifier: file.quoting.identifier.unwrap_or(own.identifier),
            },
            query_comment: QueryComment {
                comment: file.query_comment.comment.clone(),
                append: file.query_comment.append,
            },
            target,
            adapter: parts.adapter,
            engine: parts.engine,
            reporter: parts.reporter,
            invocation: parts.invocation,
            stop: parts.stop,
            runtime_config: runtime_config(project),
            base: Arc::new(base),
        }
    }

    /// A fresh invocation, now.
    pub fn invocation() -> Invocation {
        Invocation { id: uuid::Uuid::new_v4().to_string(), started_at: Utc::now() }
    }

    /// The database where relations without one stand.
    pub fn database(&self) -> &str {
        self.adapter.database()
    }

    /// The target's schema.
    pub fn schema(&self) -> &str {
        self.adapter.schema()
    }
}
