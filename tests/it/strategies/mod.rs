//! Materializations and strategies with all their configs, and what happens around a node.

mod batches;
mod clone;
mod custom;
mod incremental;
mod latest_pointer;
mod materialized_views;
mod on_error;
mod persisted;
mod samples;
mod seeds;
mod snapshot_keys;
