//! What each materialization leaves in the database, on the first run and on those after it.

mod ephemeral;
mod incremental;
mod incremental_schema;
mod seed;
mod seed_text;
mod view_and_table;
