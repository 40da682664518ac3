//! Tests of `deps` against a hub, repositories and archives of their own.
#![allow(clippy::unwrap_used)]

mod add;
mod archives;
mod git;
mod hub;
mod lock;
mod safety;
mod world;
