//! Big seeds, whose rows are not hashed: what their path tells of a change, and what it does not.

use super::compare::Pair;
use crate::error::{Error, Location};
use serde_json::Value as Json;

/// The warning about a seed that is known by its path alone, with its name for JSON logs.
pub fn doubt(pair: &Pair) -> Option<(&'static str, Error)> {
    let text = |json: &Json, pointer: &str| {
        json.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_string()
    };
    let by_path = |json: &Json| text(json, "/checksum/name") == "path";
    if text(pair.new, "/resource_type") != "seed" || !by_path(pair.new) {
        return None;
    }
    let (name, told) = if !by_path(pair.old) {
        ("SeedIncreased", "it was smaller before, so it has changed")
    } else if text(pair.old, "/checksum/checksum") == text(pair.new, "/checksum/checksum") {
        ("SeedExceedsLimitSamePath", "whether its rows have changed cannot be told: taken to be the same")
    } else {
        ("SeedExceedsLimitAndPathChanged", "it lay elsewhere before, so it is taken to have changed")
    };
    let seed = format!("{}.{}", text(pair.new, "/package_name"), text(pair.new, "/name"));
    let error = Error::compilation(format!("Found a seed ({seed}) >1MB in size: {told}"));
    Some((name, error.located(Location::file(text(pair.new, "/original_file_path")))))
}
