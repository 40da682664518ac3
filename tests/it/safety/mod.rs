//! What must hold at every moment: readers are never disturbed, dependents survive, a stopped run leaves
//! nothing behind.

mod dependents;
mod interrupt;
mod kill;
mod readers;
mod retry;

pub use kill::moments;
