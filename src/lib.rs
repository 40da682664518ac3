//! karat turns a folder of SQL `SELECT`s into a warehouse. ARCHITECTURE.md has the floors.

pub mod adapter;
pub mod artifacts;
pub mod error;
pub mod event;
pub mod graph;
pub mod manifest;
pub mod relation;
pub mod sql;
