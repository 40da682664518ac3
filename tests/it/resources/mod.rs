//! Resources beyond models, seeds and data tests, and what their properties do.

mod access;
mod broken_promises;
mod contracts;
mod freshness;
mod microbatch;
mod snapshot_deletes;
mod snapshots;
mod unit_test_inputs;
mod unit_tests;
mod versions;
