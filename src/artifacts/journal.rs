//! The journals of runs that were killed: what each set out to do, and what became of the nodes that ended.

use super::{EarlierResult, EarlierRun};
use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

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
    /// Nodes among them that an earlier run had committed, which are only to be finished: by id, the marks of
    /// their commits.
    pub commit_marks: BTreeMap<String, String>,
}

/// A line of a node that has not ended.
#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    /// Its transaction is about to be committed.
    Mark { unique_id: String, commit_mark: String },
    /// The batches that it is to have.
    Batches { unique_id: String, batches: Vec<Json>, incremental: bool },
    /// One of them is built.
    Batch { unique_id: String, batch: Json },
}

/// The batches of a model: all, whether the first was added to a table, and those that were built.
#[derive(Default)]
struct Batches {
    all: Vec<Json>,
    incremental: bool,
    built: Vec<Json>,
}

impl Batches {
    /// What became of the model, as if the run had ended by itself.
    fn result(self, unique_id: String) -> EarlierResult {
        let Batches { all, incremental, built } = self;
        let failed: Vec<Json> = all.into_iter().filter(|batch| !built.contains(batch)).collect();
        let batches = json!({"successful": built, "failed": failed, "incremental": incremental});
        let status = "partial success".to_string();
        EarlierResult { unique_id, status, batch_results: Some(batches), ..EarlierResult::default() }
    }
}

/// What the names of all journals begin with, below the target folder; each run has its own.
const PREFIX: &str = "karat_journal";

/// Where the journal of an invocation lies.
pub fn journal_path(folder: &Path, invocation_id: &str) -> PathBuf {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let id: String = invocation_id.chars().filter(plain).take(64).collect();
    folder.join(format!("{PREFIX}-{id}.jsonl"))
}

/// The journals of runs that were killed. A run that is alive holds a lock on its own, which ends with it.
pub fn dead_journals(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(PREFIX) && name.ends_with(".jsonl")
    });
    named.map(|entry| entry.path()).filter(|path| !is_held(path)).collect()
}

/// Does a living run hold it? A file system without locks tells of nobody.
fn is_held(path: &Path) -> bool {
    let is_file = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    is_file
        && File::open(path)
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
}

/// The outcome of the last run that did not come to its end, as if it had written its results: nodes without
/// an outcome count as skipped. `None` where there is none: every run has ended as it should, or goes on.
///
/// # Errors
/// A journal cannot be read.
pub fn interrupted(folder: &Path) -> Result<Option<EarlierRun>> {
    let mut last: Option<(String, EarlierRun)> = None;
    for path in dead_journals(folder) {
        if let Some((began, run)) = read(&path)?
            && last.as_ref().is_none_or(|(other, _)| *other < began)
        {
            last = Some((began, run));
        }
    }
    Ok(last.map(|(_, run)| run))
}

/// A run, and when it began. One that was killed before the first line of its journal was whole has done
/// nothing.
fn read(path: &Path) -> Result<Option<(String, EarlierRun)>> {
    let text = match crate::disk::read_text(path) {
        Ok(text) => text,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => {
            let said = format!("`{}` cannot be read: {why}", path.display());
            return Err(Error::runtime(said).located(Location::file(path)));
        }
    };
    let mut lines = text.lines();
    let Some(mut plan) = lines.next().and_then(|line| serde_json::from_str::<JournalPlan>(line).ok()) else {
        return Ok(None);
    };
    let mut results: Vec<EarlierResult> = Vec::new();
    let mut batched: BTreeMap<String, Batches> = BTreeMap::new();
    for line in lines {
        match serde_json::from_str::<Step>(line) {
            Ok(Step::Mark { unique_id, commit_mark }) => {
                drop(plan.commit_marks.insert(unique_id, commit_mark))
            }
            Ok(Step::Batches { unique_id, batches, incremental }) => {
                batched.insert(unique_id, Batches { all: batches, incremental, built: Vec::new() });
            }
            Ok(Step::Batch { unique_id, batch }) => batched.entry(unique_id).or_default().built.push(batch),
            Err(_) => results.extend(serde_json::from_str::<EarlierResult>(line)),
        }
    }
    let known: HashSet<String> = results.iter().map(|result| result.unique_id.clone()).collect();
    plan.commit_marks.retain(|id, _| !known.contains(id));
    batched.retain(|id, _| !known.contains(id));
    let missing = plan.nodes.into_iter().filter(|id| !known.contains(id));
    let missing: Vec<String> = missing.filter(|id| !batched.contains_key(id)).collect();
    results.extend(batched.into_iter().map(|(id, batches)| batches.result(id)));
    let skipped =
        |unique_id| EarlierResult { unique_id, status: "skipped".into(), ..EarlierResult::default() };
    results.extend(missing.into_iter().map(skipped));
    let metadata = Map::from_iter([("invocation_started_at".to_string(), plan.started_at.clone().into())]);
    Ok(Some((
        plan.started_at,
        EarlierRun { metadata, results, args: plan.args, commit_marks: plan.commit_marks },
    )))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kill_left_is_skipped() {
        let check = |text: Option<&str>, expect: Option<&[(&str, &str)]>| {
            let folder = tempfile::tempdir().unwrap();
            let path = journal_path(folder.path(), "1-a");
            text.iter().for_each(|text| std::fs::write(&path, text).unwrap());
            let run = interrupted(folder.path()).unwrap();
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

    #[test]
    fn the_last_of_the_dead_is_continued_and_the_living_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let begin = |id: &str, time: &str| {
            let head = format!(r#"{{"started_at":"{time}","args":{{}},"nodes":["{id}"]}}"#);
            std::fs::write(journal_path(folder.path(), id), head).unwrap();
        };
        let continued = || interrupted(folder.path()).unwrap().map(|run| run.results[0].unique_id.clone());
        begin("a", "2026-01-01T00:00:01Z");
        begin("b", "2026-01-01T00:00:02Z");
        assert_eq!(continued().as_deref(), Some("b"));
        let living = File::open(journal_path(folder.path(), "b")).unwrap();
        living.lock().unwrap();
        assert_eq!(continued().as_deref(), Some("a"));
        drop(living);
        assert_eq!(continued().as_deref(), Some("b"));
    }
}
