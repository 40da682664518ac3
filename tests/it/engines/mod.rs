//! What one engine has and the other has not: files and Python on DuckDB, objects that depend on others and
//! long names on PostgreSQL.

mod external;
mod foreign_keys;
mod profile;
mod python_models;
mod source_files;
