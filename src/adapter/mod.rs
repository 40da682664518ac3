//! The engines. `base.rs` says what karat asks of one; each has a folder; the list is here.
//!
//! What both engines need stands beside them: `keys` and `shapes` read a profile's output, `statements` cuts SQL text,
//! `transaction` follows what statements do to it, `csv_file` reads seeds.

pub mod base;
pub mod cache;
mod csv_file;
#[cfg(feature = "duckdb")]
mod duckdb;
mod keys;
mod postgres;
pub mod sessions;
#[cfg(feature = "duckdb")]
mod shapes;
mod statements;
pub mod table;
mod transaction;

pub use base::{Adapter, AdapterResponse, Cancel, Connection, CsvLoad, Fetch, PythonJob};
pub use cache::RelationCache;
pub use sessions::{Lent, Sessions, Waiting, is_lost};
pub use table::{Cell, Table, TableColumn};

use crate::error::Result;
use include_dir::{Dir, include_dir};
use serde_json::{Map, Value as Json};
use std::path::Path;
use std::sync::Arc;

/// What an engine takes from around the profile.
pub struct Settings<'a> {
    /// Threads of the run.
    pub threads: usize,
    /// The project's folder: relative paths in a profile begin here.
    pub root: &'a Path,
    /// The environment, as far as the engine's own clients read it.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

type Open = fn(&Map<String, Json>, &Settings<'_>) -> Result<Arc<dyn Adapter>>;

/// One engine: its name in profiles, its macros, its door.
struct Engine {
    kind: &'static str,
    package: &'static str,
    version: &'static str,
    macros: Dir<'static>,
    open: Open,
}

/// The list. An adapter is added by a folder and a row.
static ENGINES: &[Engine] = &[
    #[cfg(feature = "duckdb")]
    Engine {
        kind: "duckdb",
        package: "dbt_duckdb",
        version: duckdb::VERSION,
        macros: include_dir!("$CARGO_MANIFEST_DIR/src/adapter/duckdb/macros"),
        open: |output, settings| Ok(Arc::new(duckdb::DuckDb::open(output, settings)?)),
    },
    Engine {
        kind: "postgres",
        package: "dbt_postgres",
        version: postgres::VERSION,
        macros: include_dir!("$CARGO_MANIFEST_DIR/src/adapter/postgres/macros"),
        open: |output, settings| Ok(Arc::new(postgres::Postgres::open(output, settings)?)),
    },
];

/// The engines of this build, by their names in profiles.
pub fn known() -> Vec<&'static str> {
    ENGINES.iter().map(|engine| engine.kind).collect()
}

/// Opens the engine of a profile's output (`type: duckdb`). Faults of the output are told all at once, as
/// [`crate::error::ErrorKind::Profile`]; no session is opened yet.
pub fn open(kind: &str, output: &Map<String, Json>, settings: &Settings<'_>) -> Result<Arc<dyn Adapter>> {
    match ENGINES.iter().find(|engine| engine.kind == kind) {
        Some(engine) => (engine.open)(output, settings),
        None => Err(keys::fault(format!("there is no adapter of type `{kind}`"))
            .with_field(keys::KEY, "type")
            .help(format!("the types are: {}", known().join(", ")))),
    }
}

/// The macros that an engine brings, in dbt's folder names; `None` for a kind that is not known.
pub fn macro_package(kind: &str) -> Option<&'static Dir<'static>> {
    ENGINES.iter().find(|engine| engine.kind == kind).map(|engine| &engine.macros)
}

/// The name of the package of an engine's macros: `dbt_duckdb`; empty for a kind that is not known.
pub fn known_package(kind: &str) -> &'static str {
    ENGINES.iter().find(|engine| engine.kind == kind).map_or("", |engine| engine.package)
}

/// The engines of this build with the versions of dbt's adapters that they stand for.
pub fn versions() -> Vec<(&'static str, &'static str)> {
    ENGINES.iter().map(|engine| (engine.kind, engine.version)).collect()
}
