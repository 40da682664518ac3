//! profiles.yml: which file, which profile, which target; only the chosen target is rendered.

mod choose;
#[cfg(test)]
mod tests;

pub(super) use choose::Choice;

use super::render::Renderer;
use super::yaml::YamlFile;
use super::{Flags, Map};
use crate::error::{Error, ErrorKind, Location, Result};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The file's name.
pub(super) const FILE_NAME: &str = "profiles.yml";

/// The chosen target: where a run connects to.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Name of the profile.
    pub profile_name: String,
    /// Name of the target: `dev`.
    pub name: String,
    /// `type`: `postgres`, `duckdb`.
    pub adapter_type: String,
    /// `threads`, or what the command line said.
    pub threads: usize,
    /// The other keys, rendered, secrets and all: for the adapter alone.
    pub fields: Map,
    /// What templates may see of the connection, as the adapter tells it: no passwords.
    pub connection: Map,
    /// The folder that relative paths in it start from: the project.
    pub root: PathBuf,
}

impl Target {
    /// `target` of a template.
    pub fn to_jinja(&self) -> Map {
        let mut target = self.connection.clone();
        let own = [
            ("type", Json::from(self.adapter_type.as_str())),
            ("threads", Json::from(self.threads)),
            ("name", Json::from(self.name.as_str())),
            ("target_name", Json::from(self.name.as_str())),
            ("profile_name", Json::from(self.profile_name.as_str())),
        ];
        target.extend(own.map(|(key, value)| (key.to_string(), value)));
        target
    }
}

/// Where profiles.yml is looked for, in order. A folder that the user named is the only one.
pub(super) fn search_path(
    flags: &Flags,
    working_dir: &Path,
    home: Option<&Path>,
    root: &Path,
) -> Vec<PathBuf> {
    if let Some(named) = &flags.profiles_dir {
        return vec![working_dir.join(named)];
    }
    let mut places = vec![working_dir.to_path_buf()];
    places.extend(home.map(|home| home.join(".dbt")));
    if root != working_dir {
        places.push(root.to_path_buf());
    }
    places
}

/// The profiles.yml of a run and the folder it is in.
///
/// # Errors
/// There is none; it is no YAML, empty, or no mapping.
pub(super) fn read(places: &[PathBuf], profile: &str) -> Result<(PathBuf, YamlFile)> {
    let Some(dir) = places.iter().find(|dir| dir.join(FILE_NAME).exists()) else {
        return Err(nowhere(places, profile));
    };
    let path = dir.join(FILE_NAME);
    let file = YamlFile::read(&path, &path.display().to_string(), ErrorKind::Profile)?;
    if file.root.is_null() {
        return Err(file
            .fault(&file.root, format!("The profiles.yml file at {} is empty", path.display()))
            .help(example(profile)));
    }
    file.expect_map(&file.root, FILE_NAME).map_err(|fault| fault.help(example(profile)))?;
    Ok((dir.clone(), file))
}

fn nowhere(places: &[PathBuf], profile: &str) -> Error {
    let looked: Vec<String> = places.iter().map(|dir| format!("`{}`", dir.display())).collect();
    let message =
        format!("Could not find profile named '{profile}': no {FILE_NAME} in {}", looked.join(", "));
    let first = places.first().map(|dir| dir.join(FILE_NAME)).unwrap_or_default();
    Error::new(ErrorKind::Profile, message)
        .located(Location::file(first))
        .help(example(profile))
        .help("or name the folder that has one: `--profiles-dir`, `DBT_PROFILES_DIR`")
}

fn example(profile: &str) -> String {
    format!(
        "write one: `{profile}: {{target: dev, outputs: {{dev: {{type: duckdb, path: {profile}.duckdb}}}}}}`"
    )
}

/// The name of the profile: the command line's, else the project's.
///
/// # Errors
/// Neither names one, in dbt's words.
pub(super) fn profile_name(flags: &Flags, project: &YamlFile, renderer: &Renderer) -> Result<String> {
    if let Some(name) = &flags.profile {
        return Ok(name.clone());
    }
    let Some(node) = project.root.get("profile").filter(|node| !node.is_null()) else {
        return Err(project
            .fault(&project.root, "dbt cannot run because no profile was specified for this dbt project")
            .help("add the line `profile: my_profile` to dbt_project.yml, with a name from profiles.yml")
            .help("or name it with `--profile`"));
    };
    let rendered = renderer.render(project, node)?;
    Ok(project.expect_str(&rendered, "profile")?.to_string())
}
