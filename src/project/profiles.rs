//! profiles.yml: which file, which profile, which target; only the chosen target is rendered.

use super::environment::{Environment, Secrets};
use super::render::Renderer;
use super::yaml::{Yaml, YamlFile, suggestion};
use super::{Flags, Map};
use crate::error::{Error, ErrorKind, Location, Result};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file's name.
const FILE_NAME: &str = "profiles.yml";

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
    let Some(dir) = places.iter().find(|dir| dir.join(FILE_NAME).is_file()) else {
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

/// What choosing a target needs.
pub(super) struct Choice<'a> {
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
    pub(super) fn target(&self, root: &Path) -> Result<Target> {
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
            return Err(self
                .file
                .fault(profile, format!("outputs not specified in profile '{}'", self.profile))
                .help(format!(
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
            return Err(told(
                self.file.fault(outputs, message),
                name,
                &names,
                "choose with `--target` one of",
            ));
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
        let rendered = output.with(super::yaml::YamlValue::Map(entries));
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
                number.ok_or_else(|| self.file.wrong(node, "threads", "a whole number above 0"))?
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    const PROFILES: &str = "\
shop:
  target: \"{{ env_var('TARGET', 'dev') }}\"
  outputs:
    dev:
      type: duckdb
      path: \"{{ env_var('DB') }}.duckdb\"
      threads: \"{{ env_var('N', 2) }}\"
    pro:
      type: postgres
      host: \"{{ env_var('NOT_SET') }}\"
      password: \"{{ env_var('DBT_ENV_SECRET_PW') }}-x\"
    odd: {type: postgres, password: \"a{{b\"}
    bare: {host: x}
    text: x
empty:
lonely: {target: dev}
";

    fn choose(profile: &str, flags: &Flags) -> Result<Target> {
        let vars = [("DB", "w"), ("DBT_ENV_SECRET_PW", "hush")];
        let vars = vars.map(|(name, value)| (name.to_string(), value.to_string()));
        let environment = Arc::new(Environment::new(vars));
        let file = YamlFile::parse("profiles.yml", PROFILES.as_bytes(), ErrorKind::Profile)?;
        Choice { file: &file, profile, flags, environment: &environment }.target(Path::new("/shop"))
    }

    fn with_target(name: &str) -> Flags {
        Flags { target: Some(name.to_string()), ..Flags::default() }
    }

    #[test]
    fn renders_the_chosen_target_alone() {
        let target = choose("shop", &Flags::default()).unwrap();
        assert_eq!(
            (target.name.as_str(), target.adapter_type.as_str(), target.threads),
            ("dev", "duckdb", 2)
        );
        assert_eq!(Json::Object(target.fields), json!({"path": "w.duckdb"}));
        let flags = Flags { threads: Some(8), ..Flags::default() };
        assert_eq!(choose("shop", &flags).unwrap().threads, 8);
        let odd = choose("shop", &with_target("odd")).unwrap();
        assert_eq!(odd.fields["password"], "a{{b");
    }

    #[test]
    fn says_what_is_missing_and_what_is_there() {
        let check = |profile: &str, flags: Flags, expect: &str, help: &str| {
            let fault = choose(profile, &flags).unwrap_err();
            assert_eq!((fault.to_string().as_str(), fault.helps()[0].as_str()), (expect, help));
        };
        check(
            "shpo",
            Flags::default(),
            "Could not find profile named 'shpo' (profiles.yml:1:1)",
            "did you mean `shop`?",
        );
        check(
            "shop",
            with_target("prod"),
            "The profile 'shop' does not have a target named 'prod'. The valid target names for this profile \
             are:\n - dev\n - pro\n - odd\n - bare\n - text (profiles.yml:4:5)",
            "did you mean `pro`?",
        );
        check(
            "shop",
            with_target("bare"),
            "required field \"type\" not found in profile shop and target bare (profiles.yml:13:11)",
            "add `type: duckdb` or `type: postgres`",
        );
        check(
            "shop",
            with_target("text"),
            "output 'text' of profile 'shop' is misconfigured in profiles.yml (profiles.yml:14:11)",
            "an output is a mapping with at least `type`",
        );
        check(
            "lonely",
            Flags::default(),
            "outputs not specified in profile 'lonely' (profiles.yml:16:9)",
            "add `outputs: {dev: {type: duckdb, path: lonely.duckdb}}`",
        );
        check(
            "shop",
            with_target("pro"),
            "Env var required but not provided: 'NOT_SET' (profiles.yml:10:13)",
            "set it (`export NOT_SET=...`) or give a default: `env_var('NOT_SET', 'default')`",
        );
        check(
            "empty",
            Flags::default(),
            "Profile empty in profiles.yml is empty (profiles.yml:15:1)",
            "write one: `empty: {target: dev, outputs: {dev: {type: duckdb, path: empty.duckdb}}}`",
        );
    }

    #[test]
    fn a_drawn_line_shows_no_password() {
        let text = "a:\n  password: hunter2\n  password: hunter3\n";
        let fault = YamlFile::parse("profiles.yml", text.as_bytes(), ErrorKind::Profile).unwrap_err();
        assert_eq!(fault.source_line(), Some("  password: *****"));
        assert!(!fault.full_text().contains("hunter"));
    }

    #[test]
    fn looks_in_dbts_order() {
        let (work, home, root) = (Path::new("/w"), Path::new("/h"), Path::new("/w/p"));
        let places = search_path(&Flags::default(), work, Some(home), root);
        assert_eq!(places, [Path::new("/w"), Path::new("/h/.dbt"), Path::new("/w/p")]);
        let named = Flags { profiles_dir: Some("conf".into()), ..Flags::default() };
        assert_eq!(search_path(&named, work, Some(home), root), [Path::new("/w/conf")]);
        let fault = read(&places, "shop").unwrap_err();
        assert_eq!(
            fault.message(),
            "Could not find profile named 'shop': no profiles.yml in `/w`, `/h/.dbt`, `/w/p`"
        );
    }
}
