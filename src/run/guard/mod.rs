//! What stands between a node and the faults of a shared engine: [`claim`] keeps two runs from building
//! one relation at a time, [`again`] repeats what was undone through no fault of its own, [`CommitMark`] tells whether
//! a commit was done.

mod again;
mod claim;
mod commit;

pub use again::{again, is_conflict};
pub use claim::{Claim, claim};
pub use commit::{CommitMark, committed, forget, goes_on_after_commit};
