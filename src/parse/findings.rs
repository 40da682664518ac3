//! What the stages find wrong: faults that stop the parse, and warnings.

use crate::error::{Error, Result};
use crate::jinja::strays_in;
use crate::project::Warning;

/// Faults and warnings, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    errors: Vec<Error>,
    warnings: Vec<Warning>,
}

impl Findings {
    /// Notes a fault.
    pub fn error(&mut self, error: Error) {
        self.errors.push(error);
    }

    /// Notes a warning by dbt's event class.
    pub fn warn(&mut self, name: &'static str, error: Error) {
        self.warnings.push(Warning { name, error });
    }

    /// Warns of tags that stand outside of the blocks of a file, where they mean nothing.
    pub fn strays(&mut self, file: &str, contents: &str, kinds: &[&str]) {
        for (word, line, column) in strays_in(contents, kinds) {
            let said = format!("Found unexpected '{word}' block tag.");
            let error = Error::compilation(format!("{said} in file `{file}`")).at(file, line, column);
            let error = error.with_field("msg", said).with_field("file", file);
            self.warn("UnexpectedJinjaBlockDeprecation", error);
        }
    }

    /// The value of an outcome; its fault is noted.
    pub fn keep<T>(&mut self, outcome: Result<T>) -> Option<T> {
        outcome.map_err(|error| self.errors.push(error)).ok()
    }

    /// Was nothing found?
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty()
    }

    /// Takes over what another stage found.
    pub fn extend(&mut self, other: Findings) {
        self.errors.extend(other.errors);
        self.warnings.extend(other.warnings);
    }

    /// Ends a stage.
    ///
    /// # Errors
    /// All faults found so far, at once.
    pub fn check(&mut self) -> Result<()> {
        Error::all(std::mem::take(&mut self.errors)).map_or(Ok(()), Err)
    }

    /// The warnings, at the end.
    ///
    /// # Errors
    /// As [`Findings::check`].
    pub fn finish(mut self) -> Result<Vec<Warning>> {
        self.check()?;
        Ok(self.warnings)
    }
}
