//! The commands that work on selected nodes of the graph; [`execute`] is what they have in common.

pub mod build;
pub mod clone;
pub mod compile;
pub mod execute;
pub mod freshness;
pub mod retry;
pub mod run;
pub mod seed;
pub mod show;
pub mod snapshot;
pub mod test;
