//! The tree of a selection: criteria joined by set operations.

use super::Criterion;
use crate::error::{Error, Location, Result};
use crate::project::flags::IndirectSelection;

/// How a group joins its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperation {
    /// Everything that is in any part.
    Union,
    /// What is in all parts.
    Intersection,
    /// What is in the first part and in no other.
    Difference,
}

/// Parts joined by a set operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How they are joined.
    pub operation: SetOperation,
    /// The parts.
    pub parts: Vec<Spec>,
    /// Which tests come along once the parts are joined.
    pub indirect: IndirectSelection,
    /// As written, where finding nothing deserves a warning.
    pub expected: Option<String>,
}

/// A selection: what to select, not yet worked out.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// A single criterion.
    Criterion(Criterion),
    /// Parts joined.
    Group(Group),
}

/// What is selected where nothing is said.
const EVERYTHING: [&str; 5] = ["fqn:*", "source:*", "exposure:*", "metric:*", "semantic_model:*"];

impl Spec {
    /// Reads `--select` and `--exclude`. Spaces join as a union, commas as an intersection; no
    /// `--select` means everything.
    ///
    /// # Errors
    /// Every criterion that cannot be read.
    pub fn parse(select: &[String], exclude: &[String], indirect: IndirectSelection) -> Result<Spec> {
        let included = match select {
            [] => union(&EVERYTHING.map(str::to_string), indirect, None),
            words => union(words, indirect, Some("--select")),
        };
        let excluded = union(exclude, indirect, Some("--exclude"));
        match (included, excluded) {
            (Ok(included), Ok(excluded)) => Ok(Spec::minus(included, excluded)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
            (Err(one), Err(two)) => {
                Error::all([one.clone().apart(), two.apart()].concat()).map_or(Err(one), Err)
            }
        }
    }

    /// What is in `from` and not in `less`.
    pub fn minus(from: Spec, less: Spec) -> Spec {
        Spec::group(SetOperation::Difference, vec![from, less])
    }

    /// A group whose tests come along eagerly, as dbt joins the parts of selectors.yml.
    pub(super) fn group(operation: SetOperation, parts: Vec<Spec>) -> Spec {
        Spec::Group(Group { operation, parts, indirect: IndirectSelection::Eager, expected: None })
    }
}

/// Words of a flag; those of no flag may find nothing without a warning.
fn union(words: &[String], indirect: IndirectSelection, flag: Option<&str>) -> Result<Spec> {
    let (mut parts, mut errors) = (Vec::new(), Vec::new());
    for word in words.iter().flat_map(|word| word.split_whitespace()) {
        match intersection(word, indirect, flag.is_some()) {
            Ok(part) => parts.push(part),
            Err(error) => errors.extend(error.iter().map(|error| typed_at(error, flag))),
        }
    }
    match Error::all(errors) {
        Some(error) => Err(error),
        None => Ok(Spec::Group(Group { operation: SetOperation::Union, parts, indirect, expected: None })),
    }
}

fn typed_at(error: &Error, flag: Option<&str>) -> Error {
    let place = error.location().cloned().unwrap_or_default();
    error.clone().located(Location { path: flag.unwrap_or_default().to_string(), ..place })
}

fn intersection(word: &str, indirect: IndirectSelection, expect: bool) -> Result<Spec> {
    let criteria = word.split(',').map(|one| Criterion::parse(one, indirect).map(Spec::Criterion));
    let parts = criteria.collect::<Result<Vec<_>>>()?;
    let expected = expect.then(|| word.to_string());
    Ok(Spec::Group(Group { operation: SetOperation::Intersection, parts, indirect, expected }))
}
