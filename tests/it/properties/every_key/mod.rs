//! Every key of every resource, in every place where it may stand: what the manifest has of it. The snapshots were
//! compared with dbt's manifests.

mod columns;
mod configs;
mod refused;
