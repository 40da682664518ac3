//! profiles.yml: which file, which profile, which target; only the chosen target is rendered.

use super::Map;
use serde_json::Value as Json;
use std::path::PathBuf;

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
