//! What karat asks of an engine: an [`Adapter`] for the run, a [`Connection`] for each thread.

use super::table::Table;
use crate::error::{Error, Location, Result};
use crate::relation::{Policy, Relation};
use serde_json::{Map, Value as Json};
use std::path::PathBuf;
use std::sync::Arc;

/// What the engine said of a statement, as run_results.json shows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdapterResponse {
    /// The line that dbt prints in brackets: `SELECT 100`, `INSERT 0 5`, `OK`.
    pub message: String,
    /// The command's word: `SELECT`, `INSERT`; empty where the engine has none.
    pub code: String,
    /// Rows touched, where the engine counts them.
    pub rows_affected: Option<i64>,
}

impl AdapterResponse {
    /// The fields that run_results.json carries: `{"_message": .., "code": .., "rows_affected": ..}`.
    pub fn to_json(&self) -> Map<String, Json> {
        let mut fields = Map::new();
        fields.insert("_message".into(), self.message.clone().into());
        if !self.code.is_empty() {
            fields.insert("code".into(), self.code.clone().into());
        }
        if let Some(rows) = self.rows_affected {
            fields.insert("rows_affected".into(), rows.into());
        }
        fields
    }
}

/// Whether, and how much of, a result is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// Nobody reads it.
    Nothing,
    /// Every row.
    All,
    /// Every row, each value as the text that the engine sent, without a question for their types.
    Texts,
    /// At most so many rows.
    Limit(usize),
}

/// A CSV file on its way into a table that exists already.
#[derive(Debug, Clone)]
pub struct CsvLoad {
    /// The file.
    pub path: PathBuf,
    /// Its field separator: one byte.
    pub delimiter: u8,
    /// The table.
    pub into: Relation,
    /// The columns in the file's order, which are all columns of the table in its order: name and SQL type.
    pub columns: Vec<(String, String)>,
    /// Bytes of the longest row, without its quotes.
    pub longest_row: usize,
}

/// A Python model on its way into the engine.
#[derive(Debug, Clone)]
pub struct PythonJob {
    /// The model's name, as a module's.
    pub name: String,
    /// The whole text: the model's own lines, then what dbt adds.
    pub code: String,
    /// How many of the lines are the model's own.
    pub own_lines: usize,
    /// The model's file, for tracebacks.
    pub file: String,
    /// The project's folder, in which it runs.
    pub root: PathBuf,
    /// `packages` of its config.
    pub packages: Vec<String>,
}

/// Stops what a connection is doing, from any thread.
pub trait Cancel: Send + Sync {
    /// Asks the engine to end the running statement, and does not wait for it.
    fn cancel(&self);
}

/// One session with the engine, used by one thread at a time.
pub trait Connection: Send {
    /// Runs SQL (one statement or several) and returns what the engine said of the last, with its rows
    /// as far as `fetch` wants them. Errors are [`crate::error::ErrorKind::Database`], carry the
    /// engine's code, and the line within `sql` where the engine tells it.
    fn execute(&mut self, sql: &str, fetch: Fetch) -> Result<(AdapterResponse, Table)>;

    /// Opens a transaction; nothing where one is open.
    fn begin(&mut self) -> Result<()>;

    /// Ends the open transaction, keeping its work; nothing where none is open.
    fn commit(&mut self) -> Result<()>;

    /// Ends the open transaction, undoing its work; nothing where none is open.
    fn rollback(&mut self) -> Result<()>;

    /// Is a transaction open?
    fn in_transaction(&self) -> bool;

    /// Streams a CSV file into a table, in constant memory; empty fields are NULL, quoted or not. Returns
    /// the number of rows. A bad row is an error that names file and line.
    fn load_csv(&mut self, load: &CsvLoad) -> Result<u64>;

    /// Names and types (as the engine writes them in DDL) of a query's columns, without running it.
    /// Statements that stand before the query are run.
    fn describe(&mut self, sql: &str) -> Result<Vec<(String, String)>>;

    /// Runs a Python model within the session's transaction; what it prints is added to `printed`. Engines
    /// without Python say so.
    fn run_python(&mut self, job: &PythonJob, _printed: &mut String) -> Result<AdapterResponse> {
        Err(Error::runtime("this engine runs no Python models")
            .located(Location::file(&job.file))
            .help("write the model in SQL"))
    }

    /// The handle by which another thread stops this session's statement.
    fn canceller(&self) -> Arc<dyn Cancel>;
}

/// An engine as one run knows it: opened from a profile's output, shared by all threads.
pub trait Adapter: Send + Sync {
    /// dbt's name of it: `postgres`, `duckdb`.
    fn name(&self) -> &'static str;

    /// The version shown in `Registered adapter: duckdb=1.10.0`.
    fn version(&self) -> String;

    /// The prefixes that dispatch tries, in order, without `default`: `["postgres"]`.
    fn prefixes(&self) -> &'static [&'static str];

    /// Opens a session. `name` tells the server who it is where it can show it. Bounded in time, with
    /// the retries that the profile asks for.
    fn connect(&self, name: &str) -> Result<Box<dyn Connection>>;

    /// The database that relations without one belong to.
    fn database(&self) -> &str;

    /// The schema of the target.
    fn schema(&self) -> &str;

    /// What may be shown of the credentials: dbt's connection keys, in its order, without secrets.
    fn connection_info(&self) -> Vec<(&'static str, Json)>;

    /// What Jinja's `target` shows of the credentials, besides the profile's own names: dbt's keys with
    /// their aliases and `type`; never a secret.
    fn target_fields(&self) -> Map<String, Json>;

    /// What the user should know of the profile: keys without effect, files that were ignored.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// Do batches of one model run side by side unless told otherwise?
    fn concurrent_batches(&self) -> bool {
        false
    }

    /// Must a subquery within `from` have a name?
    fn names_subqueries(&self) -> bool {
        true
    }

    /// The longest identifier, in bytes; `None` where there is no limit.
    fn max_identifier_bytes(&self) -> Option<usize>;

    /// The default quoting of names.
    fn quoting(&self) -> Policy {
        Policy::ALL
    }

    /// The type for text, numbers and so on in DDL, by agate's word, or `bigint`, `wide_integer`: `text integer number boolean date
    /// datetime time`. dbt's adapters agree on them.
    fn sql_type(&self, agate_type: &str) -> &'static str {
        match agate_type {
            "integer" => "integer",
            "bigint" => "bigint",
            "wide_integer" => "numeric(38, 0)",
            "number" => "float8",
            "boolean" => "boolean",
            "date" => "date",
            "datetime" => "timestamp without time zone",
            "time" => "time",
            _ => "text",
        }
    }

    /// The family by which contracts compare a type that [`Connection::describe`] named; two types of one
    /// family agree.
    fn type_family(&self, type_name: &str) -> String {
        type_name.to_string()
    }

    /// The name of the relation that a foreign key points to, as the engine wants it written in DDL.
    fn foreign_key_target<'a>(&self, relation: &'a str) -> &'a str {
        relation
    }

    /// What the engine's own macros ask by a method of that name, of a database or of all: yes or no.
    fn answer(&self, _question: &str, _database: Option<&str>) -> bool {
        false
    }

    /// How often a node's transaction is tried that ends with such a fault, as the profile asks for.
    fn attempts(&self, _fault: &Error) -> u32 {
        1
    }

    /// What a query reads of a source that is no table of the engine, but a file. The fields are those of
    /// the source (`name`, `schema` and so on), of its `meta` and of its config.
    ///
    /// # Errors
    /// The source says it in a way that makes no sense.
    fn source_file(&self, _fields: &Map<String, Json>) -> Result<Option<String>> {
        Ok(None)
    }

    /// Can a source with these fields be read?
    ///
    /// # Errors
    /// It needs what karat does not have.
    fn check_source(&self, _fields: &Map<String, Json>) -> Result<()> {
        Ok(())
    }

    /// How to do without a plugin that is a Python module.
    fn instead_of_plugin(&self, _name: &str) -> String {
        String::new()
    }

    /// So many nodes are at work: an engine within this process may let go of threads of its own, which would
    /// fight with them for the cores, or take them back. May wait for what the engine is doing. `false` if it
    /// has none to share, and need not be told again.
    fn share_cores(&self, _at_work: usize) -> bool {
        false
    }

    /// Is the database where it was when the run began? Asked at the end.
    ///
    /// # Errors
    /// It was taken away meanwhile, and what was built with it.
    fn still_there(&self) -> Result<()> {
        Ok(())
    }

    /// Does the engine share one file among all sessions of this process, so that the first session
    /// must outlive the others? Called at the end of a run, after all sessions are closed.
    fn close(&self) {}
}
