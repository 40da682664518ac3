//! Everything the inside says to the outside: one [`Event`] enum, one [`Reporter`] trait.
//!
//! The inside never prints. A reporter (floor `ui/`) turns events into dbt's text lines, JSON lines with
//! dbt's names and codes, a live terminal view, or a log file.

use crate::adapter::Table;
use crate::error::Error;
use crate::manifest::{Map, Node, NodeStatus, ResourceType, RunResult, UniqueId};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Who listens. Called from many threads; must not block for long and must not fail.
pub trait Reporter: Send + Sync {
    /// Takes note of an event.
    fn report(&self, event: Event);

    /// Is a warning of this class (`JinjaLogWarning`) an error here? Where one can be raised, it is.
    fn refuses(&self, _name: &str) -> bool {
        false
    }
}

/// What events say of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeInfo {
    /// Its id.
    pub unique_id: UniqueId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub resource_type: ResourceType,
    /// Its materialization.
    pub materialized: String,
    /// Path of its file below the package's root: `models/silver/a.sql`.
    pub path: String,
    /// Path below its resource folder: `silver/a.sql`.
    pub node_path: String,
    /// Hash of its source.
    pub checksum: String,
    /// Does this test keep the rows that it finds?
    pub store_failures: bool,
    /// Database, schema, alias and the rendered name of its relation.
    pub relation: NodeRelation,
    /// Free data of the user.
    pub meta: Map,
    /// Its group, with its owner; where it is known.
    pub group: Option<Map>,
    /// The node that it tests.
    pub attached_node: Option<UniqueId>,
    /// When its run began.
    pub started_at: Option<DateTime<Utc>>,
}

impl NodeInfo {
    /// What events say of a node of the manifest, before it has run.
    pub fn of(node: &Node) -> Self {
        NodeInfo {
            unique_id: node.unique_id.clone(),
            name: node.name.clone(),
            resource_type: node.resource_type,
            materialized: node.config.materialized().to_string(),
            path: node.original_file_path.clone(),
            node_path: node.path.clone(),
            checksum: node.checksum.checksum.clone(),
            store_failures: node.config.bool("store_failures", false),
            relation: NodeRelation {
                database: node.database.clone().unwrap_or_default(),
                schema: node.schema.clone(),
                alias: node.alias.clone(),
                rendered: node.relation_name.clone().unwrap_or_default(),
            },
            meta: node.meta.clone(),
            group: None,
            attached_node: node.attached_node().cloned(),
            started_at: None,
        }
    }
}

/// The relation part of [`NodeInfo`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeRelation {
    /// Database.
    pub database: String,
    /// Schema.
    pub schema: String,
    /// Alias.
    pub alias: String,
    /// The quoted name; empty where there is none.
    pub rendered: String,
}

/// What is said. dbt's event names are given where one corresponds.
#[derive(Debug, Clone)]
pub enum Event {
    /// `Running with dbt=1.11.16` (MainReportVersion); karat's own version is known to the reporter.
    Started {
        /// The command: `build`.
        command: String,
        /// The arguments as typed, secrets scrubbed.
        args: Map,
    },
    /// `Registered adapter: duckdb=1.10.0` (AdapterRegistered).
    AdapterRegistered {
        /// `duckdb`.
        name: String,
        /// Version that dbt users know.
        version: String,
    },
    /// `Found 5 models, 3 seeds, ...` (FoundStats).
    Found {
        /// How many of each kind, in dbt's order, without zeros.
        counts: Vec<(ResourceType, usize)>,
    },
    /// `Concurrency: 4 threads (target='dev')` (ConcurrencyLine).
    Concurrency {
        /// Threads.
        threads: usize,
        /// Name of the target.
        target: String,
        /// Nodes that will run.
        total: usize,
    },
    /// `1 of 28 START sql table model main.x ... [RUN]` (LogStartLine).
    NodeStarted {
        /// The node.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Nodes that run.
        total: usize,
        /// `sql table model main.x`, `test not_null_x`, `seed file main.y`.
        description: String,
    },
    /// `1 of 28 OK created sql table model main.x ... [SELECT 5 in 0.12s]` (LogModelResult,
    /// LogTestResult, LogSeedResult, LogSnapshotResult, SkippingDetails by kind and status).
    NodeFinished {
        /// The node.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Nodes that run.
        total: usize,
        /// As at its start.
        description: String,
        /// The outcome.
        result: Box<RunResult>,
        /// The fault behind it, if any.
        error: Option<Error>,
        /// The failed node that made this one be skipped.
        skipped_for: Option<UniqueId>,
    },
    /// `Batch 1 of 3 START batch 2024-09-17 of main.x ... [RUN]` (LogStartBatch).
    BatchStarted {
        /// The model.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Batches of the model.
        total: usize,
        /// `batch 2024-09-17 of main.x`.
        description: String,
    },
    /// A batch has ended (LogBatchResult), after the fault behind it, if any (GenericExceptionOnRun).
    BatchFinished {
        /// The model.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Batches of the model.
        total: usize,
        /// As at its start.
        description: String,
        /// The outcome.
        result: Box<RunResult>,
        /// The fault behind it, if any.
        error: Option<Error>,
    },
    /// A hook of the project begins (LogHookStartLine).
    HookStarted {
        /// The hook's node.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Hooks of this kind.
        total: usize,
    },
    /// A hook of the project has ended (LogHookEndLine).
    HookFinished {
        /// The hook's node.
        node: Arc<NodeInfo>,
        /// From 1.
        index: usize,
        /// Hooks of this kind.
        total: usize,
        /// What the engine said.
        status: String,
        /// Seconds.
        execution_time: f64,
        /// Did it fail?
        outcome: NodeStatus,
    },
    /// The compiled SQL of a node or of inline text (CompiledNode).
    Compiled {
        /// `Compiled node 'x' is:` or `Compiled inline node is:` without its text.
        name: Option<String>,
        /// The SQL.
        sql: String,
        /// As `--output json` wants it?
        json: bool,
    },
    /// The rows of a node or of inline SQL, for `show` (ShowNode).
    Shown {
        /// `Previewing node 'x':` or `Previewing inline node:` without its text.
        name: Option<String>,
        /// The rows.
        table: Arc<Table>,
        /// As `--output json` wants it?
        json: bool,
    },
    /// The rows of a seed, for `seed --show` (SeedHeader).
    SeedShown {
        /// Schema and alias of the seed.
        relation: String,
        /// Some of its rows.
        table: Arc<Table>,
    },
    /// A running query is cancelled (LogCancelLine).
    Cancelled {
        /// The id of the node that ran it.
        connection: String,
    },
    /// A statement is sent (SQLQuery, debug).
    Sql {
        /// Connection's name.
        connection: String,
        /// The node behind it.
        node: Option<Arc<NodeInfo>>,
        /// The SQL.
        sql: String,
    },
    /// A statement was answered (SQLQueryStatus, debug).
    SqlStatus {
        /// Connection's name.
        connection: String,
        /// `SELECT 5`.
        status: String,
        /// Seconds.
        elapsed: f64,
    },
    /// `{{ log(...) }}` (JinjaLogInfo, JinjaLogDebug).
    Log {
        /// The text.
        message: String,
        /// Was `info=true` given?
        info: bool,
        /// The node behind it.
        node: Option<Arc<NodeInfo>>,
    },
    /// `{{ print(...) }}` (PrintEvent): to stdout, without a stamp, also under `--quiet`.
    Print {
        /// The text.
        message: String,
    },
    /// A warning (JinjaLogWarning and the many named ones).
    Warning {
        /// dbt's event class: `JinjaLogWarning`, `NodeNotFoundOrDisabled`, `UnusedResourceConfigPath`.
        name: &'static str,
        /// The fault.
        error: Error,
    },
    /// How often each deprecation was met (DeprecationsSummary).
    Deprecations {
        /// Class and number, in the order of first sight.
        met: Vec<(&'static str, usize)>,
        /// Is it said how to see all of them?
        show_all_hint: bool,
    },
    /// A line of information that has no shape of its own (Note, Formatting and the like).
    Note {
        /// dbt's event class, or `Note`.
        name: &'static str,
        /// The text.
        message: String,
    },
    /// A line of information for the log file only (debug level).
    Debug {
        /// dbt's event class, or `Note`.
        name: &'static str,
        /// The text.
        message: String,
    },
    /// What the command is for: rows of `ls`, tables of `show`, reports of `debug`. To stdout, without
    /// a stamp, also under `--quiet`.
    Output {
        /// The text.
        text: String,
    },
    /// Nothing was selected (NothingToDo, NoNodesSelected).
    NothingToDo,
    /// An artifact was written (ArtifactWritten, debug).
    ArtifactWritten {
        /// `Manifest`, `RunExecutionResult`.
        kind: &'static str,
        /// The file.
        path: String,
    },
    /// `Finished running 3 seeds, 20 data tests in 0 hours 0 minutes and 0.74 seconds (0.74s).`
    /// (FinishedRunningStats).
    RunFinished {
        /// How many of each kind ran, by the words of dbt's line (`table model`, `data test`).
        counts: Vec<(String, usize)>,
        /// Seconds.
        elapsed: f64,
    },
    /// Where the time of a run went (Note).
    Timing(Box<RunTiming>),
    /// The end: failures one by one, `Completed ...`, `Done. PASS=..` (EndOfRunSummary, RunResultError,
    /// StatsLine).
    Summary {
        /// Every outcome, with its node and fault.
        results: Vec<(Arc<NodeInfo>, RunResult, Option<Error>)>,
        /// Was the run interrupted?
        interrupted: bool,
    },
    /// The end of a check of sources: what failed one by one, `Done.` (FreshnessCheckComplete).
    FreshnessFinished {
        /// Every outcome, with its source and fault.
        results: Vec<(Arc<NodeInfo>, RunResult, Option<Error>)>,
    },
    /// A macro that was called for itself failed (RunningOperationCaughtError).
    OperationFailed {
        /// The fault.
        error: Error,
    },
    /// The command could not start, or stopped: `Encountered an error:` (MainEncounteredError).
    Failed {
        /// The fault, with all that were found with it.
        error: Error,
    },
    /// The command has ended (CommandCompleted, debug).
    Completed {
        /// `build`.
        command: String,
        /// Did it succeed?
        success: bool,
        /// Seconds.
        elapsed: f64,
    },
}

/// Where the time of a run went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunTiming {
    /// Seconds from the first node's beginning to the last one's end.
    pub elapsed: f64,
    /// Nodes that ran.
    pub nodes: usize,
    /// The nodes that the end waited for, each for the one before it.
    pub critical: Vec<Span>,
    /// Each thread with the seconds that it worked.
    pub threads: Vec<(String, f64)>,
    /// The nodes that took longest, the slowest first.
    pub slowest: Vec<Span>,
}

/// When a node ran.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// `model orders`.
    pub name: String,
    /// Seconds from the first node's beginning.
    pub began: f64,
    /// Seconds that it took.
    pub seconds: f64,
}

/// A reporter that tells several others.
pub struct Tee(pub Vec<Arc<dyn Reporter>>);

impl Reporter for Tee {
    fn report(&self, event: Event) {
        for reporter in &self.0 {
            reporter.report(event.clone());
        }
    }
}
