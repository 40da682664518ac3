//! `~/.dbt/user_settings.yml` (dbt 1.12): flags that a person sets for all projects, where neither command line,
//! environment nor project spoke.

use super::{BEHAVIOUR, Flags};
use crate::disk::read_text;
use crate::error::{Error, ErrorKind, Result};
use crate::project::Map;
use crate::project::yaml::YamlFile;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The file, below the user's home.
const FILE: &str = ".dbt/user_settings.yml";

/// The `flags:` of the user's settings. No file, no flags.
///
/// # Errors
/// It is there and no YAML, or its `flags:` are no mapping.
pub fn user_settings(home: &Path) -> Result<Map> {
    let path = home.join(FILE);
    let Ok(text) = read_text(&path) else { return Ok(Map::new()) };
    let file = YamlFile::parse(&format!("~/{FILE}"), text.as_bytes(), ErrorKind::Runtime)?;
    let Some(flags) = file.root.get("flags").filter(|flags| !flags.is_null()) else { return Ok(Map::new()) };
    file.expect_map(flags, "flags")?;
    Ok(flags.to_json().as_object().cloned().unwrap_or_default())
}

impl Flags {
    /// Takes over what the user's settings say of flags that no project can set, and keeps the rest for where the
    /// project's `flags:` are silent.
    ///
    /// # Errors
    /// Every value of a wrong type, all at once, by name; they are passed over.
    pub fn take_user_settings(&mut self, settings: Map) -> Result<()> {
        let mut faults = Vec::new();
        for (name, value) in settings {
            let said = self.explicit.contains(name.as_str());
            let own = if said { Flags::default().place(&name, &value) } else { self.place(&name, &value) };
            let checked = match own {
                Ok(false) => Flags::default().take(&Map::from_iter([(name.clone(), value.clone())])),
                own => own.map(drop),
            };
            match checked {
                Ok(()) => drop(self.user.insert(name, value)),
                Err(fault) => faults.push(fault.help(format!("it is set under `flags:` in ~/{FILE}"))),
            }
        }
        Error::all(faults).map_or(Ok(()), Err)
    }

    /// Takes over the rest of the user's settings, where the project's `flags:` are silent. How a project behaves
    /// is its own.
    pub(super) fn apply_user_settings(&mut self, project: &Map) -> Result<()> {
        let behaviour = |name: &str| BEHAVIOUR.iter().any(|(known, _)| *known == name);
        let known = Flags::project_names();
        let own = |name: &str| known.contains(&name) && !behaviour(name) && !project.contains_key(name);
        let rest = self.user.iter().filter(|(name, _)| own(name));
        let rest: Map = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
        self.take(&rest)
    }

    /// A flag that only a command line or a user says. Is it one?
    fn place(&mut self, name: &str, value: &Json) -> Result<bool> {
        let text = |slot: &mut Option<String>| -> Result<()> {
            let said = value.as_str().ok_or_else(|| super::project::wrong(name, "a text", value))?;
            slot.get_or_insert_with(|| said.to_string());
            Ok(())
        };
        let path = |slot: &mut Option<PathBuf>| -> Result<()> {
            let said = value.as_str().ok_or_else(|| super::project::wrong(name, "a path", value))?;
            slot.get_or_insert_with(|| PathBuf::from(said));
            Ok(())
        };
        match name {
            _ if value.is_null() => {}
            "profile" => text(&mut self.profile)?,
            "target" => text(&mut self.target)?,
            "target_path" => text(&mut self.target_path)?,
            "log_path" => text(&mut self.log_path)?,
            "profiles_dir" => path(&mut self.profiles_dir)?,
            "state" => path(&mut self.state)?,
            "defer_state" => path(&mut self.defer_state)?,
            "threads" => {
                let said =
                    value.as_u64().ok_or_else(|| super::project::wrong(name, "a whole number", value))?;
                self.threads.get_or_insert(said as usize);
            }
            "defer" => self.defer = super::project::truth(name, value)?,
            "favor_state" => self.favor_state = super::project::truth(name, value)?,
            "show_all_deprecations" => self.show_all_deprecations = super::project::truth(name, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn settled(user: Json, project: Json) -> Flags {
        let mut flags = Flags { explicit: BTreeSet::from(["quiet"]), ..Flags::default() };
        flags.take_user_settings(user.as_object().unwrap().clone()).unwrap();
        flags.apply_project_flags(project.as_object().unwrap()).unwrap();
        flags
    }

    #[test]
    fn the_user_speaks_last() {
        let user = json!({
            "fail_fast": true, "printer_width": 100, "quiet": true, "threads": 7, "target": "mine",
            "require_explicit_package_overrides_for_builtin_materializations": false, "from_the_future": 1,
        });
        let flags = settled(user, json!({"printer_width": 120}));
        assert!(flags.fail_fast && !flags.quiet, "the command line said quiet");
        assert_eq!(
            (flags.printer_width, flags.threads, flags.target.as_deref()),
            (120, Some(7), Some("mine"))
        );
        let behaviour = "require_explicit_package_overrides_for_builtin_materializations";
        assert!(flags.behaviour(behaviour), "behaviour is the project's");
    }

    #[test]
    fn wrong_types_are_told() {
        let refused = |user: Json| Flags::default().take_user_settings(user.as_object().unwrap().clone());
        assert_eq!(
            refused(json!({"threads": "x"})).unwrap_err().message(),
            "flag `threads` must be a whole number, not `\"x\"`"
        );
        assert!(refused(json!({"debug": "late"})).is_err() && refused(json!({"target": null})).is_ok());
    }
}
