//! The commands beside build and run, their flags, and the language of selection.

mod clean;
mod compile;
mod debug;
mod flags;
mod init;
mod ls;
mod pull_request;
mod selection;
mod selection_builds;
mod show;
mod version;
