//! Deprecations are told once for each class, unless all are asked for; the end of the command counts them.

use crate::error::Error;
use crate::event::Event;
use serde_json::Value as Json;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Classes that count as deprecations though their names do not end so.
const OTHERS: [&str; 5] = [
    "CollectFreshnessReturnSignature",
    "EnvironmentVariableRenamed",
    "MetricAttributesRenamed",
    "SourceFreshnessProjectHooksNotRun",
    "DeprecationsSummary",
];

/// Classes that are told each time and that no summary counts: they name one thing each.
const EACH: [&str; 3] =
    ["CollectFreshnessReturnSignature", "SpacesInResourceNameDeprecation", "UpcomingReferenceDeprecation"];

/// Classes that the summary counts and that are told each time: each of them is one place to mend.
const PLACES: [&str; 4] = [
    "CustomKeyInConfigDeprecation",
    "CustomKeyInObjectDeprecation",
    "CustomTopLevelKeyDeprecation",
    "DuplicateYAMLKeysDeprecation",
];

/// Is a class one of the group `Deprecations`?
pub fn is_deprecation(name: &str) -> bool {
    name.ends_with("Deprecation") || OTHERS.contains(&name)
}

/// How often each deprecation was met.
pub struct Deprecations {
    show_all: bool,
    met: Mutex<Vec<Met>>,
}

struct Met {
    name: &'static str,
    /// The variable, of those that are told for each one.
    of: Json,
    times: usize,
}

impl Deprecations {
    /// Nothing met yet. `show_all`: is each one told, not only the first of its class?
    pub fn new(show_all: bool) -> Self {
        Deprecations { show_all, met: Mutex::default() }
    }

    /// Takes note of a warning. Is it to be told?
    pub fn note(&self, name: &'static str, error: &Error) -> bool {
        if !is_deprecation(name) || EACH.contains(&name) {
            return true;
        }
        let of = error.fields().iter().find(|(field, _)| *field == OLD_NAME);
        let of = of.map_or(Json::Null, |(_, name)| name.clone());
        let mut met = self.met();
        match met.iter_mut().find(|it| it.name == name && it.of == of) {
            Some(known) => {
                known.times += 1;
                self.show_all || PLACES.contains(&name)
            }
            None => {
                met.push(Met { name, of, times: 1 });
                true
            }
        }
    }

    /// What was met, in the order of first sight; none where nothing was.
    pub fn summary(&self) -> Option<Event> {
        let met: Vec<_> = self.met().iter().map(|it| (it.name, it.times)).collect();
        (!met.is_empty()).then_some(Event::Deprecations { met, show_all_hint: !self.show_all })
    }

    fn met(&self) -> MutexGuard<'_, Vec<Met>> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The field that holds the older name of an environment variable.
pub const OLD_NAME: &str = "old_name";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_class_is_told_and_all_are_counted() {
        let plain = Error::runtime("x");
        let renamed = |name: &str| Error::runtime("x").with_field(OLD_NAME, name);
        let met = Deprecations::new(false);
        assert!(met.note("JinjaLogWarning", &plain) && met.note("JinjaLogWarning", &plain));
        assert!(met.summary().is_none());
        assert!(met.note("ExposureNameDeprecation", &plain) && !met.note("ExposureNameDeprecation", &plain));
        assert!(met.note("EnvironmentVariableRenamed", &renamed("A")));
        assert!(met.note("EnvironmentVariableRenamed", &renamed("B")));
        let Some(Event::Deprecations { met: all, show_all_hint: true }) = met.summary() else {
            panic!("no summary");
        };
        let renamed_once = ("EnvironmentVariableRenamed", 1);
        assert_eq!(all, [("ExposureNameDeprecation", 2), renamed_once, renamed_once]);
        let every = Deprecations::new(true);
        assert!(
            every.note("ExposureNameDeprecation", &plain) && every.note("ExposureNameDeprecation", &plain)
        );
    }
}
