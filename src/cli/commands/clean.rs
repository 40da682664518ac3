//! `karat clean`: deletes the folders that karat writes, and never what the user wrote.

use super::{Command, CommandSpec, PLAIN};
use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use crate::project::ProjectFile;
use std::path::{Component, Path, PathBuf};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Clean,
    name: "clean",
    about: "Delete the folders of clean-targets, such as target and dbt_packages",
    examples: "  karat clean",
    flags: &["clean-project-files-only"],
    ..PLAIN
};

/// Deletes the clean-targets of a project below `root`. Nothing is deleted where one of them is refused.
///
/// # Errors
/// A target that is the project itself or holds source files; one outside the project, unless
/// `only_inside` is off.
pub fn run(root: &Path, project: &ProjectFile, only_inside: bool, reporter: &dyn Reporter) -> Result<()> {
    let resolve = |path: &String| resolved(&root.join(path));
    let mut targets: Vec<PathBuf> = project.clean_targets().iter().map(resolve).collect();
    targets.sort();
    targets.dedup();
    let root = resolved(root);
    let mut sources: Vec<PathBuf> = project.paths.all().iter().map(resolve_below(&root)).collect();
    sources.push(root.clone());
    if only_inside {
        refuse_outside(&targets, &root)?;
    }
    refuse_sources(&targets, &sources)?;
    if project.clean_targets().iter().any(|path| path == "dbt_modules")
        && project.packages_install_path != "dbt_modules"
    {
        let said = "The default package install path has changed from `dbt_modules` to `dbt_packages`. Name that in \
                    `clean-targets` of dbt_project.yml and in .gitignore, or set `packages-install-path: dbt_modules`.";
        let error = Error::runtime(said);
        reporter.report(Event::Warning { name: "PackageInstallPathDeprecation", error });
    }
    for target in &targets {
        say(reporter, "CheckCleanPath", format!("Checking {}/*", target.display()));
        delete(target)?;
        say(reporter, "ConfirmCleanPath", format!("Cleaned {}/*", target.display()));
    }
    say(reporter, "FinishedCleanPaths", "Finished cleaning all paths.".into());
    Ok(())
}

fn resolve_below(root: &Path) -> impl Fn(&String) -> PathBuf + '_ {
    move |path| resolved(&root.join(path))
}

fn refuse_sources(targets: &[PathBuf], sources: &[PathBuf]) -> Result<()> {
    let holds_source = |target: &&PathBuf| sources.iter().any(|source| source.starts_with(target));
    let refused: Vec<String> = targets.iter().filter(holds_source).map(|path| quoted(path)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let list = refused.join(", ");
    Err(Error::runtime(format!("dbt will not clean the following source paths: [{list}]"))
        .help("take them out of `clean-targets` in dbt_project.yml"))
}

fn refuse_outside(targets: &[PathBuf], root: &Path) -> Result<()> {
    let refused: Vec<String> =
        targets.iter().filter(|t| !t.starts_with(root)).map(|path| quoted(path)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let list = refused.join(", ");
    Err(Error::runtime(format!("dbt will not clean the following directories outside the project: [{list}]"))
        .help("`--no-clean-project-files-only` deletes them nevertheless"))
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}

/// A symbolic link is removed, never followed.
fn delete(path: &Path) -> Result<()> {
    let done = match path.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
    };
    done.map_err(|why| Error::runtime(format!("cannot delete `{}`: {why}", path.display())))
}

/// The path with links in its parents followed and `..` taken away; its last part may be a link itself.
fn resolved(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    match (plain.parent().and_then(|parent| parent.canonicalize().ok()), plain.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => plain,
    }
}

fn say(reporter: &dyn Reporter, name: &'static str, message: String) {
    reporter.report(Event::Note { name, message });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::event::Tee;

    /// Cleans with these targets; gives the error's message, if any.
    fn check(root: &Path, targets: &[&str], only_inside: bool) -> Option<String> {
        let mut project = ProjectFile::named("shop");
        project.clean_targets = Some(targets.iter().map(|t| t.to_string()).collect());
        run(root, &project, only_inside, &Tee(Vec::new())).err().map(|e| e.message().to_string())
    }

    #[test]
    fn deletes_what_it_may() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("shop");
        for path in ["target/compiled", "models", "dbt_packages"] {
            std::fs::create_dir_all(root.join(path)).unwrap();
        }
        std::fs::create_dir_all(folder.path().join("outside")).unwrap();
        assert_eq!(check(&root, &["target", "dbt_packages", "missing"], true), None);
        assert!(!root.join("target").exists() && !root.join("dbt_packages").exists());
        for source in ["models", ".", "models/..", ".."] {
            let said = check(&root, &[source], false).unwrap();
            assert!(said.starts_with("dbt will not clean the following source paths"), "{source}");
        }
        assert!(check(&root, &["../outside"], true).unwrap().contains("outside the project"));
        assert_eq!(check(&root, &["../outside"], false), None);
        assert!(root.join("models").exists() && !folder.path().join("outside").exists());
    }
}
