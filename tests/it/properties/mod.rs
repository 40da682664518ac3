//! The files of a project and every key that a resource may have in them.

mod advice;
mod described;
mod every_key;
mod fixtures;
mod functions;
mod models;
mod project_file;
mod selectors;
mod semantic;
mod sources;
mod spellings;
mod user_settings;
mod vars_file;
