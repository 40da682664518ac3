//! `load`: from a folder and the flags to a [`Project`].

use super::first::{Chosen, FirstReading, Written};
use crate::error::{Error, ErrorKind, Result};
use crate::project::catalogs;
use crate::project::environment::Secrets;
use crate::project::files::Stamps;
use crate::project::packages::{self, BuiltInPackage, Package};
use crate::project::profiles::Choice;
use crate::project::project_file::{Asked, ProjectFile};
use crate::project::render::Renderer;
use crate::project::yaml::YamlFile;
use crate::project::{Environment, Flags, Map, Project, Target, Vars, Warning};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What loading must know of the adapters, which stand on the same floor: given by `cli/`.
pub trait Adapters {
    /// The built-in packages for a type of adapter: `dbt` and the adapter's own.
    ///
    /// # Errors
    /// An unknown type of adapter.
    fn packages(&self, adapter_type: &str) -> Result<Vec<BuiltInPackage>>;

    /// What templates may see of a connection (`target.host`, `target.schema`): every field that is no
    /// secret, defaults filled in.
    ///
    /// # Errors
    /// Fields that the adapter does not take.
    fn connection(&self, target: &Target) -> Result<Map>;
}

/// What was read already, and what was asked for.
pub struct LoadOptions<'a> {
    /// What was read before.
    pub first: &'a FirstReading,
    /// The flags of the run, those of the first reading; `target_path`, `log_path`, `vars` and `version_check`
    /// matter here.
    pub flags: Flags,
    /// The environment of the run.
    pub environment: Arc<Environment>,
    /// The adapters.
    pub adapters: &'a dyn Adapters,
}

/// Reads a project: its files and packages, and what was read of it before.
///
/// # Errors
/// What is missing or wrong, with its place in the user's files; all faults of a file at once.
pub fn load(options: &LoadOptions<'_>) -> Result<Project> {
    let root = options.first.root().to_path_buf();
    let written = options.first.written()?;
    let vars_seen = written.vars(&options.flags)?;
    let chosen = options.first.chosen()?;
    let (target, moved) = connected(options, chosen)?;
    let seen = target.to_jinja();
    let renderer = Renderer::new(&options.environment, &vars_seen, Secrets::Refused, Some(&seen))?;
    // dbt's rule: packages do not see what the command line sets.
    let of_packages = Renderer::new(&options.environment, &Map::new(), Secrets::Refused, Some(&seen))?;
    let (check_version, warnings) = (options.flags.version_check, written.doubled.clone());
    let mut loader = Loader { root: &root, renderer, of_packages, check_version, warnings };
    let file = loader.render(written)?;
    let stamps = Arc::new(Stamps::read(&target_path(&root, &options.flags, &file)));
    let built_in = options.adapters.packages(&target.adapter_type)?;
    let packages = loader.packages(file, &built_in, &stamps)?;
    let selectors = loader.selectors()?;
    catalogs::check(&root, &loader.renderer)?;
    let mut warnings = loader.warnings;
    warnings.extend(packages.iter().flat_map(|package| &package.passed_over).map(|path| passed_over(path)));
    let mut flags = options.flags.clone();
    flags.apply_project_flags(&packages[0].file.flags)?;
    if !moved.is_empty() {
        warnings.push(flags_of_profiles(&moved, &packages[0].file, &mut flags)?);
    }
    let main = &packages[0].file;
    let log_path = log_path(&root, options.first.working_dir(), &flags, main);
    // From here on the flags say where things were found.
    flags.log_path = Some(log_path.display().to_string());
    flags.project_dir = Some(root.clone());
    flags.profiles_dir = Some(chosen.dir.clone());
    Ok(Project {
        target_path: target_path(&root, &flags, main),
        log_path,
        vars: vars(&flags, &packages),
        root,
        packages,
        target,
        profiles_dir: chosen.dir.clone(),
        flags,
        environment: options.environment.clone(),
        selectors,
        warnings,
        stamps,
    })
}

/// The folder of compiled files and artifacts.
pub fn target_path(root: &Path, flags: &Flags, file: &ProjectFile) -> PathBuf {
    let written = flags.target_path.as_ref().or(file.target_path.as_ref());
    root.join(written.map_or("target", String::as_str))
}

/// The folder of logs: as the command line names it, from where the command was started; as the project
/// names it, from the project.
pub fn log_path(root: &Path, working_dir: &Path, flags: &Flags, file: &ProjectFile) -> PathBuf {
    match &flags.log_path {
        Some(named) => working_dir.join(named),
        None => root.join(file.log_path.as_deref().unwrap_or("logs")),
    }
}

/// Takes the flags that dbt once looked for in profiles.yml.
fn flags_of_profiles(moved: &Map, file: &ProjectFile, flags: &mut Flags) -> Result<Warning> {
    if !file.flags.is_empty() {
        let both = "Do not specify both 'config' in profiles.yml and 'flags' in dbt_project.yml";
        return Err(Error::runtime(both).help("move what stands under `config:` to `flags:`"));
    }
    flags.apply_project_flags(moved)?;
    let said = "User config should be moved from the 'config' key in profiles.yml to the 'flags' key in \
                dbt_project.yml.";
    Ok(Warning { name: "ProjectFlagsMovedDeprecation", error: Error::runtime(said) })
}

/// The chosen target with what its adapter tells of the connection, and the flags that profiles.yml sets.
fn connected(options: &LoadOptions<'_>, chosen: &Chosen) -> Result<(Target, Map)> {
    let (flags, environment) = (&options.flags, &options.environment);
    let choice = Choice { file: &chosen.file, profile: &chosen.profile, flags, environment };
    let target = &chosen.target;
    let connection = options.adapters.connection(target).map_err(|fault| choice.placed(target, fault))?;
    let moved = match chosen.file.root.get("config").map(|config| config.to_json()) {
        Some(Json::Object(moved)) => moved,
        _ => Map::new(),
    };
    Ok((Target { connection, ..target.clone() }, moved))
}

/// A pipe or a device under a file's name.
fn passed_over(path: &str) -> Warning {
    let error = Error::new(
        ErrorKind::Project,
        format!("`{path}` is a pipe or a device, not a file: it is passed over"),
    );
    Warning { name: "InputFileDiffError", error: error.located(crate::error::Location::file(path)) }
}

fn vars(flags: &Flags, packages: &[Package]) -> Vars {
    let by_package = packages.iter().map(|package| (package.name.clone(), package.file.vars.clone()));
    Vars::new(flags.vars.clone(), &packages[0].name, by_package.collect())
}

/// Reads what lies in the project's folder.
struct Loader<'a> {
    root: &'a Path,
    renderer: Renderer,
    of_packages: Renderer,
    check_version: bool,
    warnings: Vec<Warning>,
}

impl Loader<'_> {
    fn render(&mut self, written: &Written) -> Result<ProjectFile> {
        let asked = Asked { renderer: &self.renderer, check_version: self.check_version, lenient: false };
        written.render(&asked, &mut self.warnings)
    }

    fn packages(
        &mut self,
        file: ProjectFile,
        built_in: &[BuiltInPackage],
        stamps: &Stamps,
    ) -> Result<Vec<Package>> {
        let asked = Asked { renderer: &self.of_packages, check_version: self.check_version, lenient: true };
        let installed = packages::installed(self.root, &file, (&asked, stamps), &mut self.warnings);
        let main = Package::on_disk(self.root, file, "", stamps);
        let mut all = match (main, installed) {
            (Ok(main), Ok(installed)) => [vec![main], installed].concat(),
            (Err(one), Err(other)) => return Err(both(one, other)),
            (Err(fault), _) | (_, Err(fault)) => return Err(fault),
        };
        all.extend(built_in.iter().map(Package::built_in));
        packages::check_names(&all)?;
        Ok(all)
    }

    fn selectors(&self) -> Result<Option<YamlFile>> {
        let path = self.root.join("selectors.yml");
        if !path.exists() {
            return Ok(None);
        }
        let mut file = YamlFile::read(&path, "selectors.yml", ErrorKind::Project)?;
        let mut faults = Vec::new();
        file.root = self.renderer.render_tree(&file, &file.root, |_| false, &mut faults);
        Error::all(faults).map_or(Ok(Some(file)), Err)
    }
}

fn both(one: Error, other: Error) -> Error {
    let rest = other.apart();
    Error::all([one.clone().apart(), rest].concat()).unwrap_or(one)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::project::FileKind;
    use std::fs;

    /// Two adapters with one macro each.
    struct Known;

    impl Adapters for Known {
        fn packages(&self, adapter_type: &str) -> Result<Vec<BuiltInPackage>> {
            match adapter_type {
                "duckdb" => {
                    Ok(vec![BuiltInPackage { name: "dbt", files: vec![("macros/m.sql".into(), "x")] }])
                }
                other => Err(Error::new(ErrorKind::Profile, format!("no adapter `{other}`"))),
            }
        }

        fn connection(&self, target: &Target) -> Result<Map> {
            Ok(target.fields.clone())
        }
    }

    const FILES: &[(&str, &str)] = &[
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nflags: {fail_fast: true}\nvars: {a: 1}\n\
             models: {+schema: \"{{ target.path }}\"}\n",
        ),
        ("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: w.duckdb}}}\n"),
        ("models/a.sql", "select 1"),
        ("packages.yml", "packages:\n  - local: ../tools\n"),
        ("dbt_packages/tools/dbt_project.yml", "name: tools\nvars: {b: 2}\nnewer-key: 1\n"),
        ("dbt_packages/tools/macros/t.sql", "x"),
    ];

    /// The project of [`FILES`], with some files written otherwise; an empty text takes one away.
    fn with(changes: &[(&str, &str)]) -> (tempfile::TempDir, Result<Project>) {
        with_change(changes, |_| ())
    }

    /// The same, where something happens between the first reading and the rest.
    fn with_change(
        changes: &[(&str, &str)],
        between: impl FnOnce(&Path),
    ) -> (tempfile::TempDir, Result<Project>) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in FILES.iter().chain(changes) {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if text.is_empty() { fs::remove_file(path).unwrap() } else { fs::write(path, text).unwrap() }
        }
        let environment = Arc::new(Environment::default());
        let working_dir = dir.path().join("models");
        let flags = Flags { profiles_dir: Some(dir.path().into()), ..Flags::default() };
        let first = FirstReading::of(&flags, &environment, &working_dir);
        between(dir.path());
        let loaded = load(&LoadOptions { first: &first, flags, environment, adapters: &Known });
        (dir, loaded)
    }

    #[track_caller]
    fn fails(changes: &[(&str, &str)], expect: &str) {
        let (dir, loaded) = with(changes);
        let told = loaded.unwrap_err().to_string();
        assert_eq!(told.replace(&dir.path().display().to_string(), "DIR"), expect);
    }

    #[test]
    fn reads_a_project_from_a_folder_below_it() {
        let (dir, project) = with(&[]);
        let project = project.unwrap();
        assert_eq!((project.root.as_path(), project.name()), (dir.path(), "shop"));
        let names: Vec<_> = project.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["shop", "tools", "dbt"]);
        assert_eq!(project.main().files[0].file_id(), "shop://models/a.sql");
        assert_eq!(project.package("tools").unwrap().files[0].kind, FileKind::Macro);
        let schema =
            &project.main().file.configs.0[&crate::project::config_tree::TreeKind::Models]["+schema"];
        assert_eq!(schema, "w.duckdb");
        assert_eq!(
            (project.vars.get("tools", "a"), project.vars.get("tools", "b")),
            (Some(&1.into()), Some(&2.into()))
        );
        assert!(project.flags.fail_fast);
        assert_eq!(project.target_path, dir.path().join("target"));
        assert_eq!(
            project.warnings[0].error.to_string(),
            "dbt_project.yml has no key `newer-key` (dbt_packages/tools/dbt_project.yml:3:1)"
        );
    }

    #[test]
    fn reads_the_two_files_once() {
        let (_dir, project) = with_change(&[], |root| {
            fs::remove_file(root.join("dbt_project.yml")).unwrap();
            fs::remove_file(root.join("profiles.yml")).unwrap();
        });
        let project = project.unwrap();
        assert_eq!((project.name(), project.target.name.as_str()), ("shop", "dev"));
        assert_eq!(&*project.main().file.text, FILES[0].1);
    }

    #[test]
    fn says_what_is_missing() {
        fails(
            &[("dbt_project.yml", "")],
            "No dbt_project.yml found at expected path DIR/models/dbt_project.yml (dbt_project.yml)",
        );
        fails(
            &[("dbt_project.yml", "- a\n")],
            "dbt_project.yml must be a mapping, not a list (dbt_project.yml:1:1)",
        );
        fails(
            &[("profiles.yml", "")],
            "Could not find profile named 'shop': no profiles.yml in `DIR` (DIR/profiles.yml)",
        );
        fails(
            &[("profiles.yml", "# nothing\n")],
            "The profiles.yml file at DIR/profiles.yml is empty (DIR/profiles.yml:1:1)",
        );
        fails(
            &[("dbt_project.yml", "name: shop\n")],
            "dbt cannot run because no profile was specified for this dbt project (dbt_project.yml:1:1)",
        );
        fails(
            &[("packages.yml", "packages: [{local: a}, {local: b}]\n")],
            "dbt found 2 package(s) specified in packages.yml, but only 1 package(s) installed in dbt_packages. Run \
             \"dbt deps\" to install package dependencies. (packages.yml)",
        );
        fails(
            &[("dbt_packages/tools/dbt_project.yml", "name: shop\n")],
            "dbt found more than one package with the name \"shop\" included in this project. Package names must be \
             unique in a project. Please rename one of these packages. (dbt_packages/tools/dbt_project.yml)",
        );
        fails(&[("selectors.yml", "a:\n\t- b\n")], "a tab indents this line (selectors.yml:2:1)");
    }
}
