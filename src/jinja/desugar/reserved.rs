//! `loop` and `self` as names of variables: Jinja2 takes them, minijinja does not.
//!
//! Where a text gives one of them a value, it goes by a name of ours in all of that text, but for
//! the `loop` that a `for` provides.

use super::edits::Edits;
use crate::jinja::scan::{Scanned, Token, fault};

/// The reserved names that a text uses.
#[derive(Debug, Default)]
pub(crate) struct Reserved {
    used: Vec<(Token, &'static str)>,
    assigned: bool,
    /// How many `for` are open.
    loops: usize,
}

impl Reserved {
    /// Notes a name that is read.
    pub fn read(&mut self, token: Token, name: &str) {
        if let Some(ours) = ours(name).filter(|_| name != "loop" || self.loops == 0) {
            self.used.push((token, ours));
        }
    }

    /// Notes a name that is given a value.
    ///
    /// # Errors
    /// It is the `loop` of a `for`.
    pub fn assign(&mut self, token: Token, name: &str) -> Scanned<()> {
        if name == "loop" && self.loops > 0 {
            return fault(token.start, "cannot assign to the special variable `loop` of a `for`");
        }
        self.assigned |= ours(name).is_some();
        self.read(token, name);
        Ok(())
    }

    pub fn enter_loop(&mut self) {
        self.loops += 1;
    }

    pub fn leave_loop(&mut self) {
        self.loops = self.loops.saturating_sub(1);
    }

    /// Renames what was noted, if it has to be.
    pub fn rename(&mut self, edits: &mut Edits) {
        for (token, ours) in std::mem::take(&mut self.used).into_iter().filter(|_| self.assigned) {
            edits.replace(token.start, token.end, ours);
        }
    }
}

fn ours(name: &str) -> Option<&'static str> {
    match name {
        "loop" => Some("karat__loop"),
        "self" => Some("karat__self"),
        _ => None,
    }
}

/// The name under which minijinja takes a parameter.
pub(super) fn native_name(name: &str) -> &str {
    ours(name).unwrap_or(name)
}
