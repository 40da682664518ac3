//! Packages: the project itself, those installed below it, and those built into karat.

use super::Map;
use super::files::SourceFile;
use super::project_file::ProjectFile;
use std::path::PathBuf;

/// A tree of files that comes with the program.
#[derive(Debug, Clone, Default)]
pub struct BuiltInPackage {
    /// The package's name: `dbt`, `dbt_duckdb`.
    pub name: &'static str,
    /// Paths below its root (`macros/etc/statement.sql`) and contents.
    pub files: Vec<(String, &'static str)>,
}

/// A package: one loader and one layout for the project, the installed and the built-in ones.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name, unique in the project.
    pub name: String,
    /// Where it is on disk; `None` for a built-in one.
    pub root: Option<PathBuf>,
    /// Its dbt_project.yml, rendered; all defaults for a built-in one.
    pub file: ProjectFile,
    /// Its files, ordered by kind and path.
    pub files: Vec<SourceFile>,
    /// Does it come with the program?
    pub built_in: bool,
}
