//! The first reading: dbt_project.yml, vars.yml, and the target that profiles.yml has for the command. It is done
//! before the first line is said, since arguments may repeat a password of profiles.yml; whoever needs what could not
//! be read tells why.

use crate::error::{Error, Result};
use crate::project::environment::{Environment, Secrets};
use crate::project::profiles::{self, Choice, profile_name, search_path};
use crate::project::project_file::{self, Asked, FILE_NAME, ProjectFile};
use crate::project::render::Renderer;
use crate::project::yaml::YamlFile;
use crate::project::{Flags, Map, Target, Warning, vars_file};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read of a project before the first line was said.
#[derive(Debug)]
pub struct FirstReading {
    root: PathBuf,
    working_dir: PathBuf,
    written: Result<Written>,
    chosen: Result<Chosen>,
}

/// A dbt_project.yml as it is written.
#[derive(Debug)]
pub(super) struct Written {
    /// The file.
    pub(super) file: YamlFile,
    /// Its keys that are written twice.
    pub(super) doubled: Vec<Warning>,
    /// The vars of vars.yml.
    apart: Result<Map>,
}

/// The target of a command and where it was found.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The folder of profiles.yml.
    pub(super) dir: PathBuf,
    /// The file.
    pub(super) file: YamlFile,
    /// The profile's name.
    pub(super) profile: String,
    /// The target; its `connection` is still empty.
    pub(super) target: Target,
}

impl FirstReading {
    /// Reads what there is. From now on the passwords of the chosen output are secrets; of a profiles.yml that
    /// cannot be read, whatever its lines may mean.
    pub fn of(flags: &Flags, environment: &Arc<Environment>, working_dir: &Path) -> Self {
        let root = find_root(flags, working_dir);
        let home = environment.get("HOME").map(PathBuf::from);
        let places = search_path(flags, working_dir, home.as_deref(), &root);
        let written = Written::read(&root, flags, environment);
        let project = written.as_ref().map_err(Clone::clone);
        let chosen =
            project.and_then(|project| Chosen::read((&root, &places), project, (flags, environment)));
        if chosen.is_err() {
            let path = places.iter().map(|dir| dir.join(profiles::FILE_NAME)).find(|path| path.is_file());
            let text = path.and_then(|path| crate::disk::read(&path).ok()).unwrap_or_default();
            environment.hide_output(&lines(&String::from_utf8_lossy(&text)));
        }
        FirstReading { root, working_dir: working_dir.to_path_buf(), written, chosen }
    }

    /// The folder of the project: the one that was named, else the nearest above that has a dbt_project.yml, else
    /// the one where the command was started.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the command was started.
    pub fn working_dir(&self) -> &Path {
        &self.working_dir
    }

    /// dbt_project.yml alone, rendered without a target: for `clean`, `deps`, and the flags that the project sets.
    ///
    /// # Errors
    /// As of [`super::load`], of that file.
    pub fn project_file(
        &self,
        flags: &Flags,
        environment: &Arc<Environment>,
    ) -> Result<(ProjectFile, Vec<Warning>)> {
        let written = self.written()?;
        let renderer = Renderer::without_target(environment, &written.vars(flags)?)?;
        let asked = Asked { renderer: &renderer, check_version: flags.version_check, lenient: false };
        let mut warnings = written.doubled.clone();
        Ok((written.render(&asked, &mut warnings)?, warnings))
    }

    /// dbt_project.yml.
    pub(super) fn written(&self) -> Result<&Written> {
        self.written.as_ref().map_err(Error::clone)
    }

    /// The target.
    pub(super) fn chosen(&self) -> Result<&Chosen> {
        self.chosen.as_ref().map_err(Error::clone)
    }
}

impl Written {
    fn read(root: &Path, flags: &Flags, environment: &Arc<Environment>) -> Result<Self> {
        let mut doubled = Vec::new();
        let file = project_file::read(root, FILE_NAME, &mut doubled)?;
        let apart = vars_file::read(root, &file, (flags, environment));
        Ok(Written { file, doubled, apart })
    }

    /// What templates of the file may ask for: vars.yml, and the command line over it.
    pub(super) fn vars(&self, flags: &Flags) -> Result<Map> {
        let mut vars = self.apart.clone()?;
        vars.extend(flags.vars.clone());
        Ok(vars)
    }

    /// Renders the file and adds the vars of vars.yml.
    pub(super) fn render(&self, asked: &Asked<'_>, warnings: &mut Vec<Warning>) -> Result<ProjectFile> {
        let mut file = project_file::render(&self.file, asked, warnings)?;
        file.vars.extend(self.apart.clone()?);
        Ok(file)
    }
}

impl Chosen {
    fn read(
        (root, places): (&Path, &[PathBuf]),
        project: &Written,
        (flags, environment): (&Flags, &Arc<Environment>),
    ) -> Result<Self> {
        // A fault of vars.yml is told before any of profiles.yml, but passwords are found without it.
        let vars = project.vars(flags).unwrap_or_else(|_| flags.vars.clone());
        let renderer = Renderer::new(environment, &vars, Secrets::Refused, None)?;
        let profile = profile_name(flags, &project.file, &renderer)?;
        let (dir, file) = profiles::read(places, &profile)?;
        let target = Choice { file: &file, profile: &profile, flags, environment }.target(root)?;
        Ok(Chosen { dir, file, profile, target })
    }
}

/// The folder of the project; see [`FirstReading::root`].
fn find_root(flags: &Flags, working_dir: &Path) -> PathBuf {
    if let Some(named) = &flags.project_dir {
        return working_dir.join(named);
    }
    let found = working_dir.ancestors().find(|dir| project_file::is_project(dir));
    found.unwrap_or(working_dir).to_path_buf()
}

/// `key: value` of every line and of every part of it, each key by its place so that none takes the place of another.
fn lines(text: &str) -> Map {
    let pair = |(at, part): (usize, &str)| {
        let (key, value) = part.split_once(':')?;
        let value = value.trim().trim_matches(['"', '\'']);
        let plain = !value.is_empty() && !value.contains("{{");
        plain.then(|| (format!("{} {at}", key.trim()), value.into()))
    };
    text.lines().chain(text.split(['\n', ',', '{', '}'])).enumerate().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_hides_its_passwords_too() {
        let check = |profiles: &str, typed: &str, expect: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("profiles.yml"), profiles).expect("a file");
            std::fs::write(folder.path().join("dbt_project.yml"), "name: a\nprofile: a\n").expect("a file");
            let environment = Arc::new(Environment::new([("PW".to_string(), "hunter4x".to_string())]));
            FirstReading::of(&Flags::default(), &environment, folder.path());
            assert_eq!(environment.scrub(typed), expect);
        };
        let sound =
            "a: {target: dev, outputs: {dev: {type: postgres, user: postgres, password: hunter2x}}}\n";
        check(sound, "{t: hunter2x} postgres", "{t: *****} postgres");
        check(
            "a: {target: dev, outputs: {dev: {type: x, password: \"{{ env_var('PW') }}\"}}}\n",
            "hunter4x",
            "*****",
        );
        check(
            "a:\n  outputs:\n    dev:\n      password: 'hunter3x'\n      port: [\n",
            "hunter3x 5",
            "***** 5",
        );
        check("a: {outputs: {dev: {password: hunter5x, port: [}}\n", "hunter5x", "*****");
        check("", "nothing", "nothing");
    }
}
