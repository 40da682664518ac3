//! What stands between a node and the faults of a shared engine: [`claim`] keeps two runs from building
//! one relation at a time, [`again`] repeats what was undone through no fault of its own.

mod again;
mod claim;

pub use again::{again, is_conflict};
pub use claim::{Claim, claim};
