//! What an earlier run left, where `retry` takes it up again: when it began, and the batches of its models.

use crate::context::event_time::Span;
use crate::manifest::UniqueId;
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use std::collections::HashMap;

/// The earlier run; empty for a run of its own.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// When it began: batches of models that start anew end there.
    pub started_at: Option<DateTime<Utc>>,
    /// Models of which some batches ran and some did not.
    pub batches: HashMap<UniqueId, EarlierBatches>,
}

/// The batches of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EarlierBatches {
    /// Those that are in the table.
    pub successful: Vec<Span>,
    /// Those that are not.
    pub failed: Vec<Span>,
}

impl EarlierBatches {
    /// From `batch_results` of run_results.json; `None` where all or none of them ran: then the model
    /// starts anew (dbt's rule).
    pub fn read(json: &Json) -> Option<EarlierBatches> {
        let instant = |json: &Json| Some(DateTime::parse_from_rfc3339(json.as_str()?).ok()?.to_utc());
        let span = |pair: &Json| Some(Span { start: instant(pair.get(0)?)?, end: instant(pair.get(1)?)? });
        let spans = |key: &str| json.get(key)?.as_array()?.iter().map(span).collect::<Option<Vec<Span>>>();
        let found = EarlierBatches { successful: spans("successful")?, failed: spans("failed")? };
        (!found.successful.is_empty() && !found.failed.is_empty()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_models_that_ran_in_part_go_on() {
        let day =
            |n: u32| json!([format!("2024-01-0{n}T00:00:00+00:00"), format!("2024-01-0{}T00:00:00Z", n + 1)]);
        let check = |json: Json, expect: Option<(usize, usize)>| {
            let got = EarlierBatches::read(&json).map(|it| (it.successful.len(), it.failed.len()));
            assert_eq!(got, expect, "{json}");
        };
        check(json!({"successful": [day(1)], "failed": [day(2), day(3)]}), Some((1, 2)));
        check(json!({"successful": [], "failed": [day(1)]}), None);
        check(json!({"successful": [day(1)], "failed": []}), None);
        check(json!({"successful": [["x"]], "failed": [day(1)]}), None);
        check(json!(null), None);
    }
}
