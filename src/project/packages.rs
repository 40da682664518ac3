//! Packages: the project itself, those installed below it, and those built into karat.

use super::Warning;
use super::files::{self, SourceFile, Stamps, built_in_files, read_package_files};
use super::project_file::{self, Asked, ProjectFile};
use super::yaml::YamlFile;
use crate::error::{Error, ErrorKind, Location, Result};
use std::fs;
use std::path::{Path, PathBuf};

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
    /// Pipes and devices under names of files, which are not opened.
    pub passed_over: Vec<String>,
}

impl Package {
    /// Reads the files of a package whose project file was read.
    pub(super) fn on_disk(root: &Path, file: ProjectFile, shown: &str, stamps: &Stamps) -> Result<Self> {
        let package = files::Package { name: &file.name, root, paths: &file.paths, shown };
        let (files, passed) = read_package_files(&package, stamps)?;
        let passed_over = passed.into_iter().map(|path| format!("{shown}{path}")).collect();
        Ok(Package {
            passed_over,
            name: file.name.clone(),
            root: Some(root.to_path_buf()),
            file,
            files,
            built_in: false,
        })
    }

    /// A package that comes with the program.
    pub(super) fn built_in(tree: &BuiltInPackage) -> Self {
        Package {
            name: tree.name.to_string(),
            root: None,
            file: ProjectFile::named(tree.name),
            files: built_in_files(tree.name, &tree.files),
            built_in: true,
            passed_over: Vec::new(),
        }
    }
}

/// The installed packages of a project, by folder name.
///
/// # Errors
/// Fewer are installed than packages.yml lists; a package that cannot be read; all at once.
pub(super) fn installed(
    root: &Path,
    project: &ProjectFile,
    (asked, stamps): (&Asked<'_>, &Stamps),
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Package>> {
    let folders = folders(&root.join(&project.packages_install_path));
    check_installed(root, project, folders.len())?;
    let mut packages = Vec::new();
    let mut faults = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = format!("{}/{name}/", project.packages_install_path);
        let read = project_file::read(&folder, &format!("{shown}{}", project_file::FILE_NAME), warnings)
            .and_then(|raw| project_file::render(&raw, asked, warnings))
            .and_then(|file| Package::on_disk(&folder, file, &shown, stamps));
        match read {
            Ok(package) => packages.push(package),
            Err(fault) => faults.push(fault),
        }
    }
    Error::all(faults).map_or(Ok(packages), Err)
}

/// Folders below the install path, links to folders too; not those that begin with `__`.
fn folders(install: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(install).into_iter().flatten().flatten().map(|entry| entry.path());
    let hidden =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("__"));
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir() && !hidden(path)).collect();
    folders.sort();
    folders
}

fn check_installed(root: &Path, project: &ProjectFile, installed: usize) -> Result<()> {
    let (file, count) = wanted(root)?;
    if count <= installed {
        return Ok(());
    }
    let install = &project.packages_install_path;
    let message = format!(
        "dbt found {count} package(s) specified in {file}, but only {installed} package(s) installed in {install}. \
         Run \"dbt deps\" to install package dependencies."
    );
    Err(Error::compilation(message).located(Location::file(file)).help("run `karat deps`"))
}

/// The file that lists packages, and how many it lists.
fn wanted(root: &Path) -> Result<(&'static str, usize)> {
    let read = |name: &str| {
        let path = root.join(name);
        path.exists().then(|| YamlFile::read(&path, name, ErrorKind::Project)).transpose()
    };
    let (packages, dependencies) = (read("packages.yml")?, read("dependencies.yml")?);
    let listed = |file: &Option<YamlFile>| {
        let list = file.as_ref().and_then(|file| Some((file, file.root.get("packages")?)));
        let Some((file, list)) = list.filter(|(_, list)| !list.is_null()) else { return Ok(None) };
        Ok(Some(file.expect_list(list, "packages")?.len()))
    };
    match (listed(&packages)?, listed(&dependencies)?) {
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::Project,
            "The 'packages' key cannot be specified in both packages.yml and dependencies.yml",
        )
        .located(Location::file("dependencies.yml"))
        .help("move all packages into one of the two files")),
        (_, Some(count)) => Ok(("dependencies.yml", count)),
        (count, None) => Ok(("packages.yml", count.unwrap_or(0))),
    }
}

/// Two packages of one name.
pub(super) fn check_names(packages: &[Package]) -> Result<()> {
    let clash =
        |(index, package): &(usize, &Package)| packages[..*index].iter().any(|p| p.name == package.name);
    let twice = packages.iter().enumerate().filter(clash);
    let faults = twice.map(|(_, package)| {
        Error::compilation(format!(
            "dbt found more than one package with the name \"{}\" included in this project. Package names must be \
             unique in a project. Please rename one of these packages.",
            package.name
        ))
        .located(Location::file(&package.file.path))
        .help("change `name` in one of the dbt_project.yml files")
    });
    Error::all(faults.collect()).map_or(Ok(()), Err)
}
