//! Integration tests: real projects, the built binary, real engines. One behaviour is one test, which runs
//! on DuckDB and on PostgreSQL where both have it. Fixtures are strings, since a `.sql` file in this folder
//! would be a test of the demo.

#![allow(clippy::unwrap_used, missing_docs)]

mod bad_input;
mod build;
mod commands;
mod data_tests;
mod demo;
mod engines;
mod faults;
mod floors;
mod harness;
mod licences;
mod materializations;
mod output;
mod project;
mod properties;
mod resources;
mod rows;
mod safety;
mod strategies;
mod toolkit;
mod warm;
