//! The builder that every integration test speaks: a project in a temporary folder, the built binary
//! run in it, and the project's database looked at with the engine's own client.
//!
//! ```text
//! on_adapters(|p| {
//!     p.file("models/a.sql", "select 1 as id");
//!     p.karat(["build"]).success().prints("Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=1");
//!     assert_eq!(p.rows("select id from analytics.a"), [["1"]]);
//! });
//! ```
//!
//! The projects run in a cleaned environment. `KARAT_BIN=/path/to/dbt` runs the same tests with another
//! program, by which an expectation can be held against dbt Core.

mod adapter;
mod database;
mod normalise;
mod outcome;
mod postgres;
mod process;
mod project;
mod python;
mod reader;

pub use adapter::{Adapter, on_adapters, on_duckdb, on_postgres};
pub use normalise::normalise;
pub use outcome::Outcome;
pub use postgres::{PASSWORD, PASSWORD_ROLE, Server};
pub use process::Running;
pub use project::Project;
pub use python::python;
pub use reader::Reader;
