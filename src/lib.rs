//! karat turns a folder of SQL `SELECT`s into a warehouse. ARCHITECTURE.md has the floors.

pub mod adapter;
pub mod cli;
pub mod error;
pub mod event;
pub mod jinja;
pub mod manifest;
pub mod project;
pub mod relation;
pub mod ui;
