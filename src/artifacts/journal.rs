//! The journal of a run that was killed: what it set out to do, and what became of the nodes that ended.

use super::{EarlierResult, EarlierRun};
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

/// The first line of a journal.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct JournalPlan {
    /// The invocation.
    pub invocation_id: String,
    /// When it began.
    pub started_at: String,
    /// Its `args`, as run_results.json has them.
    pub args: Map,
    /// The ids of the nodes that were to run.
    pub nodes: Vec<String>,
}

/// The outcome of a run that did not come to its end, as if it had written its results: nodes without an
/// outcome count as skipped. `None` where there is no journal: the last run has ended as it should.
///
/// # Errors
/// The journal cannot be read.
pub fn interrupted(path: &Path) -> Result<Option<EarlierRun>> {
    let text = match crate::disk::read_text(path) {
        Ok(text) => text,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => {
            let said = format!("`{}` cannot be read: {why}", path.display());
            return Err(Error::runtime(said).located(Location::file(path)));
        }
    };
    let mut lines = text.lines();
    // A run that was killed before its first line was whole has done nothing.
    let Some(plan) = lines.next().and_then(|line| serde_json::from_str::<JournalPlan>(line).ok()) else {
        return Ok(None);
    };
    let mut results: Vec<EarlierResult> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    let known: HashSet<String> = results.iter().map(|result| result.unique_id.clone()).collect();
    let missing = plan.nodes.into_iter().filter(|id| !known.contains(id));
    let skipped =
        |unique_id| EarlierResult { unique_id, status: "skipped".into(), ..EarlierResult::default() };
    results.extend(missing.map(skipped));
    let metadata = Map::from_iter([("invocation_started_at".to_string(), plan.started_at.into())]);
    Ok(Some(EarlierRun { metadata, results, args: plan.args }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kill_left_is_skipped() {
        let check = |text: Option<&str>, expect: Option<&[(&str, &str)]>| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("j");
            text.iter().for_each(|text| std::fs::write(&path, text).unwrap());
            let run = interrupted(&path).unwrap();
            let got =
                run.map(|run| run.results.into_iter().map(|r| (r.unique_id, r.status)).collect::<Vec<_>>());
            let expect = expect.map(|all| all.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect());
            assert_eq!(got, expect, "{text:?}");
        };
        let head = r#"{"invocation_id":"x","args":{"which":"run"},"nodes":["a","b"]}"#;
        check(None, None);
        check(Some("{\"invocat"), None);
        check(Some(head), Some(&[("a", "skipped"), ("b", "skipped")]));
        let done =
            format!("{head}\n{{\"unique_id\":\"a\",\"status\":\"success\"}}\n{{\"unique_id\":\"b\",\"sta");
        check(Some(&done), Some(&[("a", "success"), ("b", "skipped")]));
    }
}
