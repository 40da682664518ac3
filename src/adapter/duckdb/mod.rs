//! DuckDB, inside the process: one database that all sessions of the run share.
//!
//! `credentials`, `secrets` and `attach` read the profile; `open` opens the database and its sessions;
//! `cores` and `memory` share the machine with them; `connection` runs statements, with `types` and `error` putting
//! DuckDB's answers into karat's words; `load` reads CSV files; `source_file` finds sources that are files,
//! `python` runs Python models.

mod attach;
mod connection;
mod cores;
mod credentials;
mod error;
mod load;
mod memory;
mod open;
mod python;
mod secrets;
mod source_file;
#[cfg(test)]
mod tests;
mod types;

use crate::adapter::Settings;
use crate::adapter::base::{Adapter, Connection};
use crate::error::{Error, Result};
use connection::DuckDbConnection;
use cores::Cores;
use credentials::Credentials;
use memory::Memory;
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The version of dbt's adapter whose behaviour this is.
pub const VERSION: &str = "1.11.1";

/// A DuckDB database as a profile names it. The file is opened by the first session.
pub struct DuckDb {
    credentials: Arc<Credentials>,
    database: Mutex<Option<duckdb::Connection>>,
    /// The file that was opened, whatever bears its name later.
    file: OnceLock<(u64, u64)>,
    cores: Cores,
    memory: Arc<Memory>,
}

impl DuckDb {
    /// Reads the profile's output; nothing is opened yet.
    pub fn open(output: &Map<String, Json>, settings: &Settings<'_>) -> Result<Self> {
        let credentials = Arc::new(Credentials::read(output, settings)?);
        let memory = Arc::new(Memory::of(&credentials));
        Ok(DuckDb {
            credentials,
            database: Mutex::new(None),
            file: OnceLock::new(),
            cores: Cores::default(),
            memory,
        })
    }

    fn shared(&self) -> MutexGuard<'_, Option<duckdb::Connection>> {
        // A thread that panicked left the connection itself sound.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Adapter for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn version(&self) -> String {
        VERSION.to_string()
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["duckdb"]
    }

    fn connect(&self, _name: &str) -> Result<Box<dyn Connection>> {
        let mut database = self.shared();
        if database.is_none() {
            *database = Some(open::database(&self.credentials)?);
            if let Some(file) = self.credentials.path.as_deref().and_then(open::identity) {
                self.file.get_or_init(|| file);
            }
        }
        let shared = database.as_ref().ok_or_else(|| Error::internal("the database is closed"))?;
        let session = open::session(shared, &self.credentials)?;
        Ok(Box::new(DuckDbConnection::new(session, self.credentials.clone(), self.memory.clone())))
    }

    fn database(&self) -> &str {
        &self.credentials.database
    }

    fn schema(&self) -> &str {
        &self.credentials.schema
    }

    fn connection_info(&self) -> Vec<(&'static str, Json)> {
        self.credentials.shown.clone()
    }

    fn target_fields(&self) -> Map<String, Json> {
        let shown = self.credentials.shown.iter().map(|(key, value)| (key.to_string(), value.clone()));
        let mut fields: Map<String, Json> = shown.collect();
        fields.insert("type".into(), json!(self.name()));
        fields
    }

    fn warnings(&self) -> Vec<String> {
        self.credentials.warnings.clone()
    }

    fn concurrent_batches(&self) -> bool {
        true
    }

    fn names_subqueries(&self) -> bool {
        false
    }

    fn max_identifier_bytes(&self) -> Option<usize> {
        None
    }

    /// DuckDB takes no database before a foreign key's target, not even its own.
    fn foreign_key_target<'a>(&self, relation: &'a str) -> &'a str {
        let mut quoted = false;
        let mut dots = relation.char_indices().filter_map(|(at, letter)| {
            quoted ^= letter == '"';
            (letter == '.' && !quoted).then_some(at)
        });
        match (dots.next(), dots.next()) {
            (Some(first), Some(_)) => &relation[first + 1..],
            _ => relation,
        }
    }

    fn answer(&self, question: &str, database: Option<&str>) -> bool {
        let credentials = &self.credentials;
        match question {
            "disable_transactions" => credentials.disable_transactions,
            "is_motherduck" => credentials.is_hosted,
            "is_ducklake" => database.is_some_and(|name| credentials.lakes.iter().any(|lake| lake == name)),
            _ => false,
        }
    }

    fn attempts(&self, fault: &Error) -> u32 {
        let retries = &self.credentials.retries;
        if retries.on.contains(&error::exception(fault)) { retries.query } else { 1 }
    }

    fn source_file(&self, fields: &Map<String, Json>) -> Result<Option<String>> {
        source_file::place(fields)
    }

    fn instead_of_plugin(&self, name: &str) -> String {
        source_file::instead_of(name)
    }

    fn check_source(&self, fields: &Map<String, Json>) -> Result<()> {
        source_file::plugin(fields)
    }

    fn share_cores(&self, at_work: usize) -> bool {
        if self.credentials.sets("threads") || self.credentials.sets("worker_threads") {
            return false;
        }
        // A session of its own: the others go on working meanwhile.
        self.cores.share(at_work, || self.shared().as_ref()?.try_clone().ok());
        true
    }

    /// What was built in a file that is gone, or that another one took the place of, nobody will find.
    fn still_there(&self) -> Result<()> {
        let (Some(path), Some(file)) = (&self.credentials.path, self.file.get()) else { return Ok(()) };
        if open::identity(path) == Some(*file) {
            return Ok(());
        }
        let said = format!("the database file `{}` was removed or replaced during the run", path.display());
        Err(Error::database(said).help("what the run built went with the old file: run it again"))
    }

    /// Writes everything into the file and lets it go, so that no `.wal` stays beside it.
    fn close(&self) {
        if let Some(connection) = self.shared().take() {
            if self.credentials.path.is_some() {
                // A checkpoint that another session forbids happens when that session ends.
                let _ = connection.execute_batch("checkpoint");
            }
            drop(connection);
        }
    }
}
