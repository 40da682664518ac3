//! One batch of a microbatch model.

use chrono::{DateTime, Utc};

/// The span of time that a run of a microbatch model works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// dbt's id of it: `20240917`.
    pub id: String,
    /// As file names and lines show it: `2024-09-17`.
    pub label: String,
    /// The first instant within.
    pub start: DateTime<Utc>,
    /// The first instant beyond.
    pub end: DateTime<Utc>,
    /// Is it added to a table that is there?
    pub incremental: bool,
}
