//! The engines, and how one test body runs on each of them.

use super::Project;

/// An engine that a project is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// DuckDB, a file in the project's folder.
    DuckDb,
    /// PostgreSQL, a database of its own in the server of this test run.
    Postgres,
}

impl Adapter {
    /// The `type` of an output in profiles.yml.
    pub fn name(self) -> &'static str {
        match self {
            Adapter::DuckDb => "duckdb",
            Adapter::Postgres => "postgres",
        }
    }

    /// What stands for this engine: the first on DuckDB, the second on PostgreSQL.
    pub fn pick<T>(self, duckdb: T, postgres: T) -> T {
        match self {
            Adapter::DuckDb => duckdb,
            Adapter::Postgres => postgres,
        }
    }
}

/// Runs the body in a new project on each engine.
pub fn on_adapters(body: impl Fn(&Project)) {
    on_duckdb(&body);
    on_postgres(&body);
}

/// Runs the body in a new project on DuckDB.
pub fn on_duckdb(body: impl Fn(&Project)) {
    if cfg!(feature = "duckdb") {
        body(&Project::new(Adapter::DuckDb));
    }
}

/// Runs the body in a new project on PostgreSQL.
pub fn on_postgres(body: impl Fn(&Project)) {
    body(&Project::new(Adapter::Postgres));
}
