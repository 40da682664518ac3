//! What one engine has and the other has not: files and Python on DuckDB, objects that depend on others and
//! long names on PostgreSQL.

mod dependents;
mod external;
mod foreign_keys;
mod long_names;
mod materialized_views;
mod merge;
mod profile;
mod python_models;
mod replaced_views;
mod source_files;
mod table_functions;
