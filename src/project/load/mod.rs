//! From a folder and the flags to a project: a first reading, and the rest.

mod first;
mod rest;

pub use first::FirstReading;
pub use rest::{Adapters, LoadOptions, load, log_path, target_path};
