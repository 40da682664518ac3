//! packages.yml and dependencies.yml: the entries of a project or of a package.

use super::spec::Spec;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::project::Renderer;
use crate::project::yaml::{Yaml, YamlFile};
use std::path::Path;
use std::sync::Arc;

/// Who lists packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lister {
    /// The project: its templates are rendered in packages.yml only, as dbt has it.
    Project,
    /// A package, written by others: read leniently, rendered in both files.
    Package,
}

/// The file that lists the packages of a folder, and its entries. `shown` is the folder in messages,
/// with a slash at its end, or nothing.
///
/// # Errors
/// All faults of both files at once.
pub(super) fn listed(
    folder: &Path,
    shown: &str,
    renderer: &Renderer,
    lister: Lister,
) -> Result<(&'static str, Vec<Spec>)> {
    let read = |name: &str| {
        let path = folder.join(name);
        let file = || YamlFile::read(&path, &format!("{shown}{name}"), ErrorKind::Dependency).map(Arc::new);
        path.exists().then(file).transpose()
    };
    let (packages, dependencies) = (read("packages.yml")?, read("dependencies.yml")?);
    if let (Some(file), Lister::Project) = (&dependencies, lister) {
        let slips = file.slips(&file.root, &["packages", "projects"], "dependencies.yml");
        Error::all(slips).map_or(Ok(()), Err)?;
    }
    let lists =
        |file: &Option<Arc<YamlFile>>| file.as_ref().is_some_and(|f| f.root.get("packages").is_some());
    if let (Some(file), true) = (&dependencies, lists(&dependencies)) {
        if lists(&packages) {
            let key = file.root.entry("packages").map_or(&file.root, |(key, _)| key);
            let message = "The 'packages' key cannot be specified in both packages.yml and dependencies.yml";
            return Err(file.fault(key, message).help("move all packages into one of the two files"));
        }
        let renderer = (lister == Lister::Package).then_some(renderer);
        return Ok(("dependencies.yml", entries(file, renderer)?));
    }
    let Some(file) = packages else { return Ok(("packages.yml", Vec::new())) };
    if lister == Lister::Project {
        check_keys(&file)?;
    }
    Ok(("packages.yml", entries(&file, Some(renderer))?))
}

/// packages.yml takes nothing but packages.
fn check_keys(file: &YamlFile) -> Result<()> {
    if !file.root.is_map() && !file.root.is_null() {
        return Err(file
            .wrong(&file.root, "packages.yml", "a mapping")
            .help("write `packages:` and below it lines with `- `"));
    }
    if let Some((key, _)) = file.root.entry("projects") {
        let message = "The 'projects' key cannot be specified in packages.yml";
        return Err(file.fault(key, message).help("move it into dependencies.yml"));
    }
    Error::all(file.unknown_keys(&file.root, &["packages"], "packages.yml")).map_or(Ok(()), Err)
}

/// The entries of a file.
///
/// # Errors
/// All faults of the list at once.
pub(super) fn entries(file: &Arc<YamlFile>, renderer: Option<&Renderer>) -> Result<Vec<Spec>> {
    let Some(list) = file.root.get("packages").filter(|list| !list.is_null()) else { return Ok(Vec::new()) };
    let mut faults = Vec::new();
    let mut specs = Vec::new();
    for written in file.expect_list(list, "packages")? {
        let known = faults.len();
        let node = rendered(file, renderer, written, &mut faults);
        if faults.len() > known {
            continue;
        }
        match Spec::read(file, &node, written) {
            Ok(spec) => specs.push(spec),
            Err(fault) => faults.push(told(fault, file, renderer)),
        }
    }
    // People look for dbt's words.
    let told =
        |fault: Error| fault.help(format!("The {} file in this project is malformed there", file.path));
    Error::all(faults.into_iter().map(told).collect()).map_or(Ok(specs), Err)
}

fn rendered(file: &YamlFile, renderer: Option<&Renderer>, node: &Yaml, faults: &mut Vec<Error>) -> Yaml {
    match renderer {
        Some(renderer) => renderer.render_tree(file, node, |_| false, faults),
        None => node.clone(),
    }
}

/// Says why a template stands there unrendered.
fn told(fault: Error, file: &YamlFile, renderer: Option<&Renderer>) -> Error {
    match renderer {
        None if file.text.contains("{{") => fault
            .help("templates are rendered in packages.yml, not in dependencies.yml: move `packages:` there"),
        _ => fault,
    }
}

/// Entries that stand in no file but in the answer of the hub; `about` names them in faults.
///
/// # Errors
/// As [`entries`].
pub(super) fn entries_of(about: &str, packages: &serde_json::Value) -> Result<Vec<Spec>> {
    let json = serde_json::json!({ "packages": packages });
    let text = serde_json::to_string_pretty(&json).unwrap_or_default();
    let file = YamlFile::parse(about, text.as_bytes(), ErrorKind::Dependency)?;
    entries(&Arc::new(file), None)
}

/// `name` in the dbt_project.yml of a package's folder.
///
/// # Errors
/// The file is missing, cannot be read, or has no name that could be a folder's.
pub(super) fn project_name(folder: &Path, shown: &str) -> Result<String> {
    let (path, shown) = (folder.join("dbt_project.yml"), format!("{shown}dbt_project.yml"));
    if !path.is_file() {
        let message = format!("No dbt_project.yml found at expected path {}", path.display());
        return Err(Error::new(ErrorKind::Dependency, message)
            .located(Location::file(&shown))
            .help("a package is a dbt project: name the folder that has a dbt_project.yml"));
    }
    let file = YamlFile::read(&path, &shown, ErrorKind::Dependency)?;
    let unnamed = || file.fault(&file.root, "a package must have a `name` in its dbt_project.yml");
    let node = file.root.get("name").filter(|node| !node.is_null()).ok_or_else(unnamed)?;
    let name = file.expect_str(node, "name")?;
    if super::spec::is_name(name) {
        return Ok(name.to_string());
    }
    Err(file
        .fault(node, format!("`{name}` cannot be the name of a package"))
        .help("a name has letters, digits and underscores"))
}
