//! `--warn-error` and `--warn-error-options`: the one place where warnings become errors, or are silenced.

use super::deprecations::{Deprecations, is_deprecation};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Reporter};
use crate::project::Flags;
use crate::project::flags::WarnErrorOptions;
use std::sync::{Arc, Mutex, PoisonError};

/// What is no warning to dbt, but a note or an error of its own: it stays what it is.
const NEVER_ERRORS: [&str; 2] = ["UnpinnedRefNewVersionAvailable", "WriteCatalogFailure"];
/// Warnings that stay warnings until the flag `require_all_warnings_handled_by_warn_error` asks for them, too.
const ERRORS_BY_FLAG: [&str; 6] = [
    "AdapterEventWarning",
    "FreshnessConfigProblem",
    "GetMetaKeyWarning",
    "MicrobatchModelNoEventTimeInputs",
    "SemanticValidationFailure",
    "WarnStateTargetEqual",
];

/// Stands before the reporters: passes on what is said, and keeps warnings that are errors.
pub struct Strict {
    inner: Arc<dyn Reporter>,
    all: bool,
    by_flag: bool,
    options: WarnErrorOptions,
    faults: Mutex<Vec<Error>>,
    deprecations: Deprecations,
}

impl Strict {
    /// The rules of these flags.
    pub fn new(inner: Arc<dyn Reporter>, flags: &Flags) -> Self {
        let (all, options) = (flags.warn_error, flags.warn_error_options.clone());
        let deprecations = Deprecations::new(flags.show_all_deprecations);
        let by_flag = flags.behaviour("require_all_warnings_handled_by_warn_error");
        Strict { inner, all, by_flag, options, faults: Mutex::default(), deprecations }
    }

    /// Sums up the deprecations of a command at its end, where they are not silenced.
    pub fn sum_up(&self) {
        if let Some(summary) = self.deprecations.summary()
            && self.verdict("DeprecationsSummary") != Verdict::Silent
        {
            self.inner.report(summary);
        }
    }

    /// The warnings so far that are errors, as one fault; they are then forgotten.
    pub fn take(&self) -> Option<Error> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        Error::all(std::mem::take(&mut *faults))
    }

    /// Can a warning of this class be an error at all?
    fn can_be_error(&self, name: &str) -> bool {
        !NEVER_ERRORS.contains(&name) && (self.by_flag || !ERRORS_BY_FLAG.contains(&name))
    }

    /// What is said of a class: its own name goes before `Deprecations`, that before `all`; and among those
    /// of one rank, silence before warning before error (dbt's order).
    fn verdict(&self, name: &str) -> Verdict {
        let lists = [
            (&self.options.silence, Verdict::Silent),
            (&self.options.warn, Verdict::Warning),
            (&self.options.error, Verdict::Error),
        ];
        let said =
            |word: &str| lists.iter().find(|(list, _)| list.iter().any(|it| it == word)).map(|(_, v)| *v);
        let group = || if is_deprecation(name) { said("Deprecations") } else { None };
        let all = || match self.all || self.options.error.iter().any(|it| it == "all" || it == "*") {
            true => Verdict::Error,
            false => Verdict::Warning,
        };
        said(name).or_else(group).unwrap_or_else(all)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Silent,
    Warning,
    Error,
}

impl Reporter for Strict {
    fn report(&self, event: Event) {
        let (name, error) = match &event {
            Event::Warning { name, error } => (*name, error.clone()),
            Event::NothingToDo => {
                let said = "Nothing to do. Try checking your model configs and model specification args";
                ("NothingToDo", Error::compilation(said))
            }
            _ => return self.inner.report(event),
        };
        let verdict = self.verdict(name);
        let told = self.deprecations.note(name, &error);
        match verdict {
            Verdict::Silent => {}
            Verdict::Error if self.can_be_error(name) => {
                let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
                faults.push(error.with_kind(ErrorKind::Compilation));
            }
            _ if told => self.inner.report(event),
            _ => {}
        }
    }

    fn refuses(&self, name: &str) -> bool {
        self.verdict(name) == Verdict::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Tee;

    #[test]
    fn names_go_before_groups_and_groups_before_all() {
        let check = |error: &[&str], warn: &[&str], silence: &[&str], name: &str, expect: Verdict| {
            let list = |all: &[&str]| all.iter().map(|it| it.to_string()).collect();
            let (error, warn, silence) = (list(error), list(warn), list(silence));
            let options = WarnErrorOptions { error, warn, silence, older: (false, false) };
            let flags = Flags { warn_error_options: options, ..Flags::default() };
            let got = Strict::new(Arc::new(Tee(Vec::new())), &flags).verdict(name);
            assert_eq!(got, expect, "{name}");
        };
        check(&[], &[], &[], "X", Verdict::Warning);
        check(&["all"], &[], &[], "X", Verdict::Error);
        check(&["all"], &["X"], &[], "X", Verdict::Warning);
        check(&["all"], &[], &["Deprecations"], "YDeprecation", Verdict::Silent);
        check(&["YDeprecation"], &[], &["Deprecations"], "YDeprecation", Verdict::Error);
        check(&["X"], &["X"], &["X"], "X", Verdict::Silent);
        check(&["Deprecations"], &[], &[], "EnvironmentVariableRenamed", Verdict::Error);
    }
}
