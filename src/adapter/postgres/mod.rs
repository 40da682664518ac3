//! PostgreSQL, and what speaks its protocol (Citus). Async code stays in this folder: each session is a
//! blocking front over an event loop of its own.
//!
//! `credentials` and `pgpass` read the profile; `connect` and `tls` open a session; `connection` runs
//! statements, with `reading`, `tag`, `types` and `error` putting the server's answers into karat's words; `copy`
//! loads CSV files; `cancel` stops a statement from outside.

mod cancel;
mod connect;
mod connection;
mod copy;
mod credentials;
mod error;
mod pgpass;
mod reading;
mod tag;
#[cfg(test)]
mod tests;
mod tls;
mod types;

use crate::adapter::Settings;
use crate::adapter::base::{Adapter, Connection};
use crate::error::Result;
use connection::PostgresConnection;
use credentials::Credentials;
use serde_json::{Map, Value as Json, json};

/// The version of dbt's adapter whose behaviour this is.
pub const VERSION: &str = "1.11.0";

/// A PostgreSQL server as a profile names it.
pub struct Postgres {
    credentials: Credentials,
}

impl Postgres {
    /// Reads the profile's output; nothing is opened yet.
    pub fn open(output: &Map<String, Json>, settings: &Settings<'_>) -> Result<Self> {
        Ok(Postgres { credentials: Credentials::read(output, settings)? })
    }
}

impl Adapter for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn version(&self) -> String {
        VERSION.to_string()
    }

    fn prefixes(&self) -> &'static [&'static str] {
        &["postgres"]
    }

    fn connect(&self, _name: &str) -> Result<Box<dyn Connection>> {
        Ok(Box::new(PostgresConnection::new(connect::open(&self.credentials)?)))
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
        fields.insert("dbname".into(), json!(self.credentials.database));
        fields.insert("type".into(), json!(self.name()));
        fields
    }

    fn warnings(&self) -> Vec<String> {
        self.credentials.warnings.clone()
    }

    fn max_identifier_bytes(&self) -> Option<usize> {
        Some(63)
    }

    /// The names by which psycopg2 calls types: dbt compares contracts by them, so that `varchar(10)` and
    /// `text` agree.
    fn type_family(&self, type_name: &str) -> String {
        types::family(type_name)
    }
}
