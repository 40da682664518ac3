//! Saved queries, and the filters of everything.

use super::names::bad_name;
use super::{Verdicts, items, text};
use crate::manifest::UniqueId;
use crate::parse::resolve::semantic::filters::{Names, of_filters, of_query};
use serde_json::Value as Json;
use std::collections::HashSet;

/// Tells of every rule that a saved query breaks.
pub(super) fn check<'m>(
    (id, query): (&'m UniqueId, &'m Json),
    names: &Names<'_>,
    verdicts: &mut Verdicts<'m>,
) {
    verdicts.faults(id, bad_name(text(query, "name")));
    let mut seen = HashSet::new();
    for export in items(query, "exports").map(|export| text(export, "name")) {
        if !seen.insert(export) {
            verdicts.fault(
                id,
                format!("the saved query `{}` has two exports named `{export}`", text(query, "name")),
            );
        }
    }
    verdicts.faults(id, of_query(query, names));
}

/// Filters that are no templates are faults; grains that nobody knows are told of.
pub(super) fn filters<'m>(
    (id, entry): (&'m UniqueId, &'m Json),
    (kind, names): (&str, &Names<'_>),
    verdicts: &mut Verdicts<'m>,
) {
    for outcome in of_filters(entry, names) {
        match outcome {
            Err(fault) => verdicts.fault(id, fault),
            Ok(grains) => {
                for grain in grains {
                    verdicts.warn(
                        id,
                        format!(
                            "Filter for {kind} `{}` is not valid. `{grain}` is not a valid granularity name",
                            text(entry, "name")
                        ),
                    );
                }
            }
        }
    }
}
