//! Where the faults of a resource stand: at the call in its template, or at its entry.

use crate::error::{Error, Location};
use crate::manifest::UniqueId;
use crate::parse::nodes::Origin;
use crate::parse::properties::Spot;
use std::collections::HashMap;

/// Where a resource was written.
pub(super) enum Place {
    /// A template of its own.
    Template(Origin),
    /// An entry of a property file.
    Entry(Spot),
}

/// The places of all resources.
#[derive(Default)]
pub(super) struct Places(HashMap<UniqueId, Place>);

impl Places {
    /// Notes a place.
    pub fn add(&mut self, id: UniqueId, place: Place) {
        self.0.insert(id, place);
    }

    /// A fault of a whole resource.
    pub fn mark(&self, id: &UniqueId, error: Error) -> Error {
        match self.0.get(id) {
            Some(place) => place.mark(error),
            None => error,
        }
    }

    /// A fault of one call (`ref`, `source`) with this argument.
    pub fn mark_call(&self, id: &UniqueId, (callee, argument): (&str, &str), error: Error) -> Error {
        match self.0.get(id) {
            Some(Place::Template(origin)) => match find_call(&origin.text, callee, argument) {
                Some((line, column)) => {
                    error.or_located(Location::at(&origin.path, line, column)).with_source(&origin.text)
                }
                None => origin.mark(error),
            },
            Some(place) => place.mark(error),
            None => error,
        }
    }
}

impl Place {
    /// A fault of the whole resource.
    pub fn mark(&self, error: Error) -> Error {
        match self {
            Place::Template(origin) => origin.mark(error),
            Place::Entry(spot) => spot.mark(error),
        }
    }
}

/// Line and column of a call with a quoted argument: `ref('x')`. Comments of Jinja are not told apart.
fn find_call(text: &str, callee: &str, argument: &str) -> Option<(usize, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut starts = text.match_indices(callee).filter(|(at, _)| !text[..*at].ends_with(is_word));
    let (at, _) = starts.find(|(at, _)| {
        let rest = text[at + callee.len()..].trim_start();
        let Some(arguments) = rest.strip_prefix('(') else { return false };
        let arguments = &arguments[..arguments.find(')').unwrap_or(arguments.len())];
        ['\'', '"'].iter().any(|quote| arguments.contains(&format!("{quote}{argument}{quote}")))
    })?;
    let before = &text[..at];
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((before.matches('\n').count() + 1, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_call() {
        let text = "-- ref to x\nselect * from {{ ref('y') }}\n join {{ ref( \"p\", 'x') }} {{ xref('x') }}";
        let check =
            |argument: &str, expect| assert_eq!(find_call(text, "ref", argument), expect, "{argument}");
        check("y", Some((2, 18)));
        check("x", Some((3, 10)));
        check("z", None);
    }
}
