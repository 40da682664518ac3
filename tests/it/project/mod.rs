//! What a project sets: variables, targets, names, configs, macros.

mod configs;
mod macros;
mod naming;
mod packages;
mod queries;
mod state_edits;
mod tables;
mod targets;
mod vars;
