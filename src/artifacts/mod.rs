//! The files that a run leaves behind, in dbt's shapes: written whole or not at all, read tolerantly.
//!
//! `manifest.rs` writes manifest.json (v12), `run_results.rs` writes and reads run_results.json (v6);
//! `catalog.rs` writes catalog.json (v1); `metadata.rs` is what both say of the invocation, `file.rs` how a file comes to the disk.

mod catalog;
mod durations;
mod file;
mod journal;
mod manifest;
mod metadata;
mod previous;
mod run_results;
mod semantic_manifest;
mod sources;
#[cfg(test)]
mod tests;

pub use catalog::{Catalog, CatalogColumn, CatalogTable, Stat};
pub use durations::Durations;
pub use file::{beside, read_json, remove_strays, write_json, write_text};
pub use journal::{JournalPlan, dead_journals, interrupted, journal_path};
pub use manifest::{Compiled, ExtraCte, write_manifest};
pub use metadata::{DBT_VERSION, Invocation, instant};
pub use previous::EarlierManifest;
pub use run_results::{EarlierResult, EarlierRun, RunResults, result_json};
pub use semantic_manifest::write_semantic_manifest;
pub use sources::{EarlierFreshness, EarlierSources, SourceFreshness, aware, write_sources};
