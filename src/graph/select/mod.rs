//! The selection language: what `--select`, `--exclude` and selectors.yml mean.
//!
//! [`Spec::parse`] reads the command line, [`Selectors`] reads selectors.yml; both give a [`Spec`], a
//! tree of set operations over [`Criterion`]s. [`select`] works it out on a graph: each criterion's
//! method (one row in `methods.rs`) finds nodes, `+` and `@` add relatives, tests come along as
//! `--indirect-selection` says.

mod criterion;
mod evaluate;
mod glob;
mod member;
mod methods;
mod named;
mod nodes;
mod paths;
mod previous;
#[cfg(test)]
mod recorded;
mod spec;

pub use crate::project::flags::IndirectSelection;
pub use criterion::Criterion;
pub use evaluate::{Selected, select};
pub use methods::{Method, STATE_CHECKS};
pub use named::{Selectors, normalized, selectors_checked};
pub use nodes::compare_versions;
pub use previous::PreviousState;
pub use spec::{Group, SetOperation, Spec};
