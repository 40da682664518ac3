//! How long nodes took, remembered from run to run, so that the next one can begin with what takes longest.
//! Nothing else depends on it: a file that cannot be read counts as none.

use crate::manifest::{NodeStatus, RunResult, UniqueId};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::path::Path;

/// The file's name in the target folder.
const FILE: &str = "karat_durations.json";
/// Longer than any node takes: what says more is damaged.
const LONGEST: f64 = 1e7;

/// Seconds by node.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Durations(HashMap<UniqueId, f64>);

impl Durations {
    /// What is remembered in a target folder.
    pub fn read(target: &Path) -> Self {
        let text = crate::disk::read(&target.join(FILE)).unwrap_or_default();
        let all: Map<String, Json> = serde_json::from_slice(&text).unwrap_or_default();
        let seconds = |seconds: &Json| seconds.as_f64().filter(|it| (0.0..LONGEST).contains(it));
        let known = all.iter().filter_map(|(id, json)| Some((UniqueId::from(id.as_str()), seconds(json)?)));
        Durations(known.collect())
    }

    /// Takes over what ran to its end, and forgets what is no part of the project any more.
    pub fn learn(&mut self, results: &[RunResult], is_known: impl Fn(&UniqueId) -> bool) {
        self.0.retain(|id, _| is_known(id));
        let ended = |result: &&RunResult| {
            use NodeStatus::*;
            matches!(result.status, Success | Pass | Warn | Fail)
        };
        self.0.extend(results.iter().filter(ended).map(|it| (it.unique_id.clone(), it.execution_time)));
    }

    /// Writes them down. A disk that refuses costs nothing but the order of the next run.
    pub fn write(&self, target: &Path) {
        let round = |seconds: f64| (seconds * 1e4).round() / 1e4;
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(id, _)| *id);
        let all: Map<String, Json> =
            all.into_iter().map(|(id, s)| (id.to_string(), round(*s).into())).collect();
        let _ = super::write_json(&target.join(FILE), &all);
    }

    /// Seconds for each of some nodes: those that are not known take as long as the others on average.
    pub fn of<'a>(&self, ids: impl Iterator<Item = &'a UniqueId>) -> HashMap<UniqueId, f64> {
        let usual = match self.0.len() {
            0 => 1.0,
            n => self.0.values().sum::<f64>() / n as f64,
        };
        ids.map(|id| (id.clone(), self.0.get(id).copied().unwrap_or(usual))).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let check = |text: &str, expect: &[(&str, f64)]| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            let found = Durations::read(folder.path());
            let expect = expect.iter().map(|(id, seconds)| (UniqueId::from(*id), *seconds)).collect();
            assert_eq!(found, Durations(expect), "{text}");
        };
        check("{\"model.p.a\": 1.5, \"model.p.b\": 0}", &[("model.p.a", 1.5), ("model.p.b", 0.0)]);
        check("{\"model.p.a\": -1, \"b\": \"x\", \"c\": null, \"d\": 1e99}", &[]);
        check("{\"model.p.a\": 1.5", &[]);
        check("[1]", &[]);
        check("\u{0}\u{1}", &[]);
        assert_eq!(Durations::read(&folder.path().join("nowhere")), Durations::default());
    }

    #[test]
    fn what_is_not_known_takes_as_long_as_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b, c] = ["model.p.a", "model.p.b", "model.p.c"].map(UniqueId::from);
        let known = Durations(HashMap::from([(a.clone(), 1.0), (b.clone(), 3.00001)]));
        known.write(folder.path());
        let mut known = Durations::read(folder.path());
        assert_eq!(known.of([&b, &c].into_iter()), HashMap::from([(b, 3.0), (c.clone(), 2.0)]));
        known.learn(&[], |id| *id == a);
        assert_eq!(known.of([&c].into_iter()), HashMap::from([(c.clone(), 1.0)]));
        assert_eq!(Durations::default().of([&c].into_iter()), HashMap::from([(c, 1.0)]));
    }
}
