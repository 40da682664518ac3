//! `load`: from a folder and the flags to a [`Project`].

use super::catalogs;
use super::environment::Secrets;
use super::files::Stamps;
use super::packages::{self, BuiltInPackage, Package};
use super::profiles::{self, Choice};
use super::project_file::{self, Asked, FILE_NAME, ProjectFile};
use super::render::Renderer;
use super::vars_file;
use super::yaml::YamlFile;
use super::{Environment, Flags, Map, Project, Target, Vars, Warning};
use crate::error::{Error, ErrorKind, Result};
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

/// Where to look and what was asked for.
pub struct LoadOptions<'a> {
    /// The flags of the run; `project_dir`, `profiles_dir`, `profile`, `target`, `threads`, `vars`,
    /// `target_path`, `log_path` and `version_check` matter here.
    pub flags: Flags,
    /// The environment of the run.
    pub environment: Arc<Environment>,
    /// The adapters.
    pub adapters: &'a dyn Adapters,
    /// Where the command was started.
    pub working_dir: PathBuf,
    /// The user's home, where `.dbt/profiles.yml` may be.
    pub home: Option<PathBuf>,
}

/// Reads a project: project file, profile, packages, files.
///
/// # Errors
/// What is missing or wrong, with its place in the user's files; all faults of a file at once.
pub fn load(options: &LoadOptions<'_>) -> Result<Project> {
    let root = find_root(&options.flags, &options.working_dir);
    let mut doubled = Vec::new();
    let raw = project_file::read(&root, FILE_NAME, &mut doubled)?;
    let (profiles_dir, target, moved) = choose_target(options, &root, &raw)?;
    let seen = target.to_jinja();
    let apart = vars_file::read(&root, &raw, (&options.flags, &options.environment))?;
    let mut loader = Loader::new(&root, (&options.flags, &apart), &options.environment, Some(&seen))?;
    loader.warnings.append(&mut doubled);
    let mut file = loader.render(&raw)?;
    file.vars.extend(apart);
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
    let log_path = log_path(&root, &options.working_dir, &flags, main);
    // From here on the flags say where things were found.
    flags.log_path = Some(log_path.display().to_string());
    flags.project_dir = Some(root.clone());
    flags.profiles_dir = Some(profiles_dir.clone());
    Ok(Project {
        target_path: target_path(&root, &flags, main),
        log_path,
        vars: vars(&flags, &packages),
        root,
        packages,
        target,
        profiles_dir,
        flags,
        environment: options.environment.clone(),
        selectors,
        warnings,
        stamps,
    })
}

/// Reads dbt_project.yml alone, without profile and packages: for `clean`, `deps`, and the flags that
/// the project sets.
///
/// # Errors
/// As [`load`], of that file.
pub fn load_project_file(
    root: &Path,
    flags: &Flags,
    environment: &Arc<Environment>,
) -> Result<(ProjectFile, Vec<Warning>)> {
    let mut doubled = Vec::new();
    let raw = project_file::read(root, FILE_NAME, &mut doubled)?;
    let apart = vars_file::read(root, &raw, (flags, environment))?;
    let mut loader = Loader::new(root, (flags, &apart), environment, None)?;
    loader.warnings.append(&mut doubled);
    let mut file = loader.render(&raw)?;
    file.vars.extend(apart);
    Ok((file, loader.warnings))
}

/// The folder of the project: the one that was named, else the nearest above that has a
/// dbt_project.yml, else here.
pub fn find_root(flags: &Flags, working_dir: &Path) -> PathBuf {
    if let Some(named) = &flags.project_dir {
        return working_dir.join(named);
    }
    let found = working_dir.ancestors().find(|dir| project_file::is_project(dir));
    found.unwrap_or(working_dir).to_path_buf()
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

/// The folder of profiles.yml, the target that was chosen of it, and the flags that it sets.
fn choose_target(options: &LoadOptions<'_>, root: &Path, raw: &YamlFile) -> Result<(PathBuf, Target, Map)> {
    let (flags, environment) = (&options.flags, &options.environment);
    let mut vars = vars_file::read(root, raw, (flags, environment))?;
    vars.extend(flags.vars.clone());
    let renderer = Renderer::new(environment, &vars, Secrets::Refused, None)?;
    let profile = profiles::profile_name(flags, raw, &renderer)?;
    let places = profiles::search_path(flags, &options.working_dir, options.home.as_deref(), root);
    let (dir, file) = profiles::read(&places, &profile)?;
    let choice = Choice { file: &file, profile: &profile, flags, environment };
    let target = choice.target(root)?;
    let connection = options.adapters.connection(&target).map_err(|fault| choice.placed(&target, fault))?;
    let moved = match file.root.get("config").map(|config| config.to_json()) {
        Some(Json::Object(moved)) => moved,
        _ => Map::new(),
    };
    Ok((dir, Target { connection, ..target }, moved))
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
    check_version: bool,
    warnings: Vec<Warning>,
}

impl<'a> Loader<'a> {
    /// `apart` are the vars of vars.yml, which dbt_project.yml may use.
    fn new(
        root: &'a Path,
        (flags, apart): (&Flags, &Map),
        environment: &Arc<Environment>,
        target: Option<&Map>,
    ) -> Result<Self> {
        let mut vars = apart.clone();
        vars.extend(flags.vars.clone());
        let renderer = match target {
            Some(_) => Renderer::new(environment, &vars, Secrets::Refused, target)?,
            None => Renderer::without_target(environment, &vars)?,
        };
        Ok(Loader { root, renderer, check_version: flags.version_check, warnings: Vec::new() })
    }

    fn render(&mut self, raw: &YamlFile) -> Result<ProjectFile> {
        let asked = Asked { renderer: &self.renderer, check_version: self.check_version, lenient: false };
        project_file::render(raw, &asked, &mut self.warnings)
    }

    fn packages(
        &mut self,
        file: ProjectFile,
        built_in: &[BuiltInPackage],
        stamps: &Stamps,
    ) -> Result<Vec<Package>> {
        let asked = Asked { renderer: &self.renderer, check_version: self.check_version, lenient: true };
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
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in FILES.iter().chain(changes) {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if text.is_empty() { fs::remove_file(path).unwrap() } else { fs::write(path, text).unwrap() }
        }
        let environment = Arc::new(Environment::default());
        let working_dir = dir.path().join("models");
        let flags = Flags { profiles_dir: Some(dir.path().into()), ..Flags::default() };
        let loaded = load(&LoadOptions { flags, environment, adapters: &Known, working_dir, home: None });
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
