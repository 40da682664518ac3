//! karat turns a folder of SQL `SELECT`s into a warehouse. ARCHITECTURE.md has the floors.

pub mod error;
pub mod jinja;
