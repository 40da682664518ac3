//! What a run says and leaves: console lines, the log file, the artifacts.

mod artifacts;
mod deprecations;
mod lines;
mod log_file;
mod timing;
