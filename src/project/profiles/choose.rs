//! Chooses profile and target, and renders the chosen target alone.

use super::{Target, example};
use crate::error::{Error, Result};
use crate::project::environment::{Environment, Secrets};
use crate::project::render::Renderer;
use crate::project::yaml::{Yaml, YamlFile, YamlValue, suggestion};
use crate::project::{Flags, Map};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;

/// What choosing a target needs.
pub(in crate::project) struct Choice<'a> {
    /// The profiles.yml.
    pub file: &'a YamlFile,
    /// The profile's name.
    pub profile: &'a str,
    /// The flags: `target`, `threads`, `vars`.
    pub flags: &'a Flags,
    /// The environment.
    pub environment: &'a Arc<Environment>,
}

impl Choice<'_> {
    /// Finds the target and renders it; `connection` is still empty.
    ///
    /// # Errors
    /// Unknown profile or target, a target without `type`, templates that fail.
    pub(in crate::project) fn target(&self, root: &Path) -> Result<Target> {
        let renderer = Renderer::new(self.environment, &self.flags.vars, Secrets::Allowed, None)?;
        let profile = self.find_profile()?;
        let name = self.target_name(profile, &renderer)?;
        let output = self.find_output(profile, &name)?;
        let output = self.render(output, &renderer)?;
        let adapter_type = self.adapter_type(&output, &name)?;
        let threads = self.threads(&output)?;
        let mut fields = match output.to_json() {
            Json::Object(fields) => fields,
            _ => Map::new(),
        };
        // The engine's name is no secret, whatever the password is.
        self.environment.hide_output(&fields);
        fields.retain(|key, _| key != "type" && key != "threads");
        Ok(Target {
            profile_name: self.profile.to_string(),
            name,
            adapter_type,
            threads,
            fields,
            connection: Map::new(),
            root: root.to_path_buf(),
        })
    }

    /// Faults of a target's output that its adapter found, each at the key that it names.
    pub(in crate::project) fn placed(&self, target: &Target, faults: Error) -> Error {
        let outputs = self.find_profile().ok().and_then(|profile| profile.get("outputs"));
        let Some((name, output)) = outputs.and_then(|outputs| outputs.entry(&target.name)) else {
            return faults;
        };
        let placed = |fault: Error| {
            let key =
                fault.fields().iter().find(|(name, _)| *name == "key").and_then(|(_, key)| key.as_str());
            let node = key.and_then(|key| output.entry(key)).map_or(name, |(key, _)| key);
            self.file.lines.draw(fault.or_located(self.file.place(node)))
        };
        let all = faults.clone().apart().into_iter().map(placed).collect();
        Error::all(all).unwrap_or(faults)
    }

    fn find_profile(&self) -> Result<&Yaml> {
        let names = keys(&self.file.root, &["config"]);
        let Some((key, profile)) = self.file.root.entry(self.profile) else {
            let message = format!("Could not find profile named '{}'", self.profile);
            let fault = self.file.fault(&self.file.root, message);
            return Err(told(fault, self.profile, &names, "profiles.yml has the profiles"));
        };
        if profile.is_null() {
            return Err(self
                .file
                .fault(key, format!("Profile {} in profiles.yml is empty", self.profile))
                .help(example(self.profile)));
        }
        self.file.expect_map(profile, self.profile)?;
        Ok(profile)
    }

    fn target_name(&self, profile: &Yaml, renderer: &Renderer) -> Result<String> {
        if let Some(name) = &self.flags.target {
            return Ok(name.clone());
        }
        match profile.get("target") {
            Some(node) => {
                let rendered = renderer.render(self.file, node)?;
                Ok(self.file.expect_str(&rendered, "target")?.to_string())
            }
            None => Ok("default".to_string()),
        }
    }

    fn find_output<'y>(&self, profile: &'y Yaml, name: &str) -> Result<&'y Yaml> {
        let Some(outputs) = profile.get("outputs") else {
            let said = format!("outputs not specified in profile '{}'", self.profile);
            return Err(self.file.lacks((profile, profile), "outputs", said).help(format!(
                "add `outputs: {{{name}: {{type: duckdb, path: {}.duckdb}}}}`",
                self.profile
            )));
        };
        self.file.expect_map(outputs, "outputs")?;
        let names = keys(outputs, &[]);
        let Some(output) = outputs.get(name) else {
            let list: Vec<String> = names.iter().map(|name| format!(" - {name}")).collect();
            let message = format!(
                "The profile '{}' does not have a target named '{name}'. \
                 The valid target names for this profile are:\n{}",
                self.profile,
                list.join("\n")
            );
            let is_named = profile.get("target").is_some() || self.flags.target.is_some();
            let fault = match is_named {
                true => self.file.fault(outputs, message),
                false => self.file.lacks((outputs, profile), "target", message),
            };
            return Err(told(fault, name, &names, "choose with `--target` one of"));
        };
        if output.is_map() {
            return Ok(output);
        }
        let message =
            format!("output '{name}' of profile '{}' is misconfigured in profiles.yml", self.profile);
        Err(self.file.fault(output, message).help("an output is a mapping with at least `type`"))
    }

    /// A password that is no valid template stays as it is written.
    fn render(&self, output: &Yaml, renderer: &Renderer) -> Result<Yaml> {
        let mut faults = Vec::new();
        let mut entries = Vec::new();
        for (key, value) in output.entries() {
            let mut own = Vec::new();
            let rendered = renderer.render_tree(self.file, value, |_| false, &mut own);
            entries.push((key.clone(), rendered));
            if !matches!(key.as_str(), Some("password" | "pass")) {
                faults.extend(own);
            }
        }
        let rendered = output.with(YamlValue::Map(entries));
        Error::all(faults).map_or(Ok(rendered), Err)
    }

    fn adapter_type(&self, output: &Yaml, name: &str) -> Result<String> {
        match output.get("type").filter(|node| !node.is_null()) {
            Some(node) => Ok(self.file.expect_str(node, "type")?.to_string()),
            None => Err(self
                .file
                .fault(
                    output,
                    format!(
                        "required field \"type\" not found in profile {} and target {name}",
                        self.profile
                    ),
                )
                .help("add `type: duckdb` or `type: postgres`")),
        }
    }

    fn threads(&self, output: &Yaml) -> Result<usize> {
        let written = match output.get("threads").filter(|node| !node.is_null()) {
            None => 1,
            Some(node) => {
                let number = node.as_int().or_else(|| node.as_str()?.trim().parse().ok());
                let number =
                    number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
                number.ok_or_else(|| {
                    self.file.wrong(node, "threads", "a whole number above 0").help("write `threads: 4`")
                })?
            }
        };
        Ok(self.flags.threads.unwrap_or(written).max(1))
    }
}

fn keys<'y>(map: &'y Yaml, but: &[&str]) -> Vec<&'y str> {
    let names = map.entries().iter().filter_map(|(key, _)| key.as_str());
    names.filter(|name| !but.contains(name)).collect()
}

fn told(fault: Error, name: &str, known: &[&str], lead: &str) -> Error {
    let fault = match suggestion(name, known) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault,
    };
    fault.help(format!("{lead}: {}", known.join(", ")))
}
