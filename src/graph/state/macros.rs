//! Which macros are not what they were, and who calls them, however far down.

use crate::artifacts::EarlierManifest;
use crate::manifest::Manifest;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Ids of macros whose text changed, that are new, or that are gone. Those of karat and dbt themselves are
/// left out where the other program wrote the earlier manifest: they are not the user's doing.
pub fn changed(old: &EarlierManifest, manifest: &Manifest) -> HashSet<String> {
    let is_ours = old.macros.keys().any(|id| id.contains(".karat__"));
    let built_in = |id: &str| {
        let package = id.split('.').nth(1).unwrap_or_default();
        package == "dbt" || package == format!("dbt_{}", manifest.adapter_type)
    };
    let counts = |id: &str| is_ours || !built_in(id);
    let text = |id: &str| old.macros.get(id).and_then(|it| it["macro_sql"].as_str()).map(ends);
    let now = manifest.macros.values();
    let new = now.filter(|it| text(it.unique_id.as_str()).as_ref() != Some(&ends(&it.macro_sql)));
    let new = new.map(|it| it.unique_id.to_string());
    let gone = old
        .macros
        .iter()
        .map(|(id, _): (&String, &Json)| id)
        .filter(|id| !manifest.macros.contains_key(id.as_str()));
    new.chain(gone.cloned()).filter(|id| counts(id)).collect()
}

fn ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Is one of `changed` called, by these macros or by what they call?
pub fn reaches<'a>(
    called: impl Iterator<Item = &'a str>,
    changed: &HashSet<String>,
    manifest: &Manifest,
) -> bool {
    let mut waiting: Vec<String> = called.map(str::to_string).collect();
    let mut seen = HashSet::new();
    while let Some(id) = waiting.pop() {
        if changed.contains(&id) {
            return true;
        }
        let found = manifest.macros.get(id.as_str());
        if seen.insert(id) {
            let deeper = found.into_iter().flat_map(|it| &it.depends_on.macros);
            waiting.extend(deeper.map(|id| id.to_string()));
        }
    }
    false
}
