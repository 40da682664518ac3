//! karat turns a folder of SQL `SELECT`s into a warehouse. ARCHITECTURE.md has the floors.

pub mod adapter;
pub mod artifacts;
pub mod cli;
pub mod compile;
pub mod context;
pub mod disk;
pub mod docs;
pub mod error;
pub mod event;
pub mod graph;
pub mod jinja;
pub mod manifest;
pub mod packages;
pub mod parse;
pub mod project;
pub mod relation;
pub mod run;
pub mod sql;
pub mod ui;
