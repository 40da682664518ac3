//! Who depends on whom: the graph of a project, the queue that works it off, and the selection language.
//!
//! [`Graph::build`] reads a frozen manifest and finds cycles; [`select`](select::select) turns what a
//! user typed into a set of ids; [`Graph::subset`] keeps the order between the chosen ones;
//! [`GraphQueue`] hands them to the workers.

mod build;
mod cycles;
mod gates;
mod net;
mod queue;
pub mod select;
pub mod state;
mod subset;
#[cfg(test)]
mod tests;
mod walk;

pub use net::Graph;
pub use queue::{GraphQueue, Seconds};
