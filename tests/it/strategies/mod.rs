//! Materializations and strategies with all their configs, and what happens around a node.

mod clone;
mod contracts;
mod custom;
mod incremental;
mod materialized_views;
mod microbatch;
mod on_error;
mod persisted;
mod samples;
mod seeds;
mod snapshots;
mod versions;
