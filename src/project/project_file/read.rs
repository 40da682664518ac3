//! Reads dbt_project.yml: every fault of the file at once, each with its place.

use super::rules::{self, KEYS, keep, name_fault};
use super::version::{Comparison, refused};
use super::{Dispatch, FILE_NAME, ProjectFile, ProjectHook, ProjectQuoting, QueryComment, ResourcePaths};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::project::config_keys;
use crate::project::config_tree::{ConfigTrees, TreeKind};
use crate::project::render::Renderer;
use crate::project::yaml::{Yaml, YamlFile, YamlValue};
use crate::project::{Flags, Map, Warning};
use serde_json::Value as Json;
use std::path::Path;

/// Reads the file of a folder, not rendered yet. `shown` is the file's path in messages. Keys that are written
/// twice are warnings, since packages have them too.
///
/// # Errors
/// It is missing, no YAML, or no mapping.
pub(in crate::project) fn read(dir: &Path, shown: &str, warnings: &mut Vec<Warning>) -> Result<YamlFile> {
    let path = dir.join(FILE_NAME);
    if !path.exists() {
        let message = format!("No {FILE_NAME} found at expected path {}", path.display());
        return Err(Error::new(ErrorKind::Project, message)
            .located(Location::file(shown))
            .help("run the command in the folder of your project, or name it with `--project-dir`")
            .help("`karat init my_project` makes a new project"));
    }
    let (file, doubled) = YamlFile::read_doubled(&path, shown, ErrorKind::Project)?;
    let told = |error| Warning { name: "DuplicateYAMLKeysDeprecation", error };
    warnings.extend(doubled.into_iter().map(told));
    if !file.root.is_map() {
        return Err(file
            .fault(&file.root, format!("{FILE_NAME} must be a mapping, not {}", file.root.kind_name()))
            .help("it needs at least `name: my_project`"));
    }
    Ok(file)
}

/// What a reading found beside the file itself.
pub(in crate::project) struct Asked<'a> {
    /// Renders its templates.
    pub renderer: &'a Renderer,
    /// Check `require-dbt-version`?
    pub check_version: bool,
    /// Unknown keys are warnings, as they are in a package that somebody else wrote.
    pub lenient: bool,
}

/// Renders and reads a file.
///
/// # Errors
/// All faults at once: templates, types, unknown keys, names, versions.
pub(in crate::project) fn render(
    file: &YamlFile,
    asked: &Asked<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<ProjectFile> {
    let mut faults = Vec::new();
    let root = asked.renderer.render_tree(file, &file.root, keep, &mut faults);
    let mut reader = Reader { file, root: &root, faults };
    let project = reader.project();
    reader.check_versions(&project, asked.check_version);
    reader.check_cloud();
    let unknown = file.unknown_keys(&file.root, KEYS, FILE_NAME);
    if asked.lenient {
        warnings
            .extend(unknown.into_iter().map(|error| Warning { name: "CustomTopLevelKeyDeprecation", error }));
    } else {
        reader.faults.extend(unknown);
    }
    if !asked.lenient {
        reader.check_flags(&project.flags, warnings);
        let slips = TreeKind::ALL.iter().filter_map(|(_, key)| file.root.get(key));
        let slips = slips.flat_map(|tree| config_slips(file, tree));
        warnings.extend(slips.map(|error| Warning { name: "CustomKeyInConfigDeprecation", error }));
    }
    warnings.extend(reader.deprecated());
    let mut faults = reader.faults;
    faults.sort_by_key(|fault| fault.location().and_then(|place| place.line));
    Error::all(faults).map_or(Ok(project), Err)
}

/// Configs of a tree that are nearly known ones: what a `+` marks, or a lone value. Other keys are folders.
fn config_slips(file: &YamlFile, tree: &Yaml) -> Vec<Error> {
    let (mut configs, mut slips) = (Vec::new(), Vec::new());
    for (key, value) in tree.entries() {
        let is_config = key.as_str().is_some_and(|key| key.starts_with('+')) || !value.is_map();
        match is_config {
            true => configs.push((key.clone(), value.clone())),
            false => slips.extend(config_slips(file, value)),
        }
    }
    slips.extend(config_keys::config_slips(file, &tree.with(YamlValue::Map(configs))));
    slips
}

struct Reader<'a> {
    file: &'a YamlFile,
    root: &'a Yaml,
    faults: Vec<Error>,
}

impl<'a> Reader<'a> {
    fn project(&mut self) -> ProjectFile {
        ProjectFile {
            path: self.file.path.to_string(),
            text: self.file.text.clone(),
            name: self.name(),
            version: self.version(),
            profile: self.text("profile"),
            paths: self.paths(),
            target_path: self.text("target-path"),
            log_path: self.text("log-path"),
            clean_targets: self.texts("clean-targets"),
            packages_install_path: self
                .text("packages-install-path")
                .unwrap_or_else(|| "dbt_packages".into()),
            require_dbt_version: self.required_versions().iter().map(Comparison::text).collect(),
            query_comment: self.query_comment(),
            quoting: self.quoting(),
            on_run_start: self.hooks("on-run-start"),
            on_run_end: self.hooks("on-run-end"),
            dispatch: self.dispatch(),
            restrict_access: self.truth(self.root, "restrict-access", "restrict-access").unwrap_or(false),
            flags: self.map("flags"),
            vars: self.map("vars"),
            configs: self.trees(self.root),
            unrendered_configs: self.trees(&self.file.root),
        }
    }

    /// The value of a key, unless it is absent or null.
    fn value(&self, key: &str) -> Option<&'a Yaml> {
        self.root.get(key).filter(|value| !value.is_null())
    }

    fn note<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|fault| self.faults.push(fault)).ok()
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let text = self.file.expect_str(self.value(key)?, key).map(str::to_string);
        self.note(text)
    }

    fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let texts = self.file.expect_strings(self.value(key)?, key);
        self.note(texts)
    }

    fn truth(&mut self, map: &Yaml, key: &str, what: &str) -> Option<bool> {
        let value = map.get(key).filter(|value| !value.is_null())?;
        let truth = self.file.expect_bool(value, what);
        self.note(truth)
    }

    fn map(&mut self, key: &str) -> Map {
        let Some(value) = self.value(key) else { return Map::new() };
        let checked = self.file.expect_map(value, key).map(|_| ());
        match (self.note(checked), value.to_json()) {
            (Some(()), Json::Object(map)) => map,
            _ => Map::new(),
        }
    }

    fn name(&mut self) -> String {
        let Some(node) = self.value("name") else {
            let missing = self.file.fault(self.root, "Required \"name\" field not present in project");
            self.faults.push(missing.help("add `name: my_project`"));
            return String::new();
        };
        let Some(name) = self.text("name") else { return String::new() };
        if let Some(message) = name_fault(&name) {
            let fold = |c: char| if c.is_alphanumeric() { c } else { '_' };
            let better = name.chars().map(fold).collect::<String>();
            let better = if name_fault(&better).is_some() { format!("my_{better}") } else { better };
            self.faults.push(self.file.fault(node, message).help(format!("write `name: {better}`")));
        }
        name
    }

    /// A number or a text; numbers as dbt's manifest shows them.
    fn version(&mut self) -> Option<String> {
        let node = self.value("version")?;
        match &node.value {
            YamlValue::String(text, _) => {
                if !rules::is_version(text) {
                    let told =
                        format!("at path ['version']: '{text}' is not valid under any of the given schemas");
                    self.faults.push(self.file.fault(node, told).help("write `version: '1.0.0'`"));
                }
                Some(text.clone())
            }
            YamlValue::Int(_) | YamlValue::Float(_) => Some(node.to_json().to_string()),
            _ => {
                let fault = self.file.wrong(node, "version", "a text such as `'1.0.0'`");
                self.faults.push(fault);
                None
            }
        }
    }

    /// Settings of dbt's own service: they have no effect, but must be a mapping.
    fn check_cloud(&mut self) {
        let Some(node) = self.value("dbt-cloud").filter(|node| !matches!(node.value, YamlValue::Map(_)))
        else {
            return;
        };
        let text = node.as_str().map_or_else(|| node.to_json().to_string(), |text| format!("'{text}'"));
        let told = format!("at path ['dbt-cloud']: {text} is not valid under any of the given schemas");
        self.faults.push(self.file.fault(node, told).help("write a mapping: `dbt-cloud: {project-id: ...}`"));
    }

    fn paths(&mut self) -> ResourcePaths {
        let usual = ResourcePaths::default();
        self.exclusive("source-paths", "model-paths");
        self.exclusive("data-paths", "seed-paths");
        ResourcePaths {
            models: self.texts("model-paths").or_else(|| self.texts("source-paths")).unwrap_or(usual.models),
            seeds: self.texts("seed-paths").or_else(|| self.texts("data-paths")).unwrap_or(usual.seeds),
            tests: self.texts("test-paths").unwrap_or(usual.tests),
            analyses: self.texts("analysis-paths").unwrap_or(usual.analyses),
            macros: self.texts("macro-paths").unwrap_or(usual.macros),
            snapshots: self.texts("snapshot-paths").unwrap_or(usual.snapshots),
            functions: self.texts("function-paths").unwrap_or(usual.functions),
            docs: self.texts("docs-paths"),
            assets: self.texts("asset-paths").unwrap_or_default(),
        }
    }

    /// Two spellings of one key.
    fn exclusive(&mut self, old: &str, new: &str) {
        if let (Some((key, _)), Some(_)) = (self.root.entry(old), self.root.get(new)) {
            let fault = self.file.fault(key, format!("{old} and {new} cannot both be defined"));
            self.faults.push(fault.help(format!("`{old}` is the old name of `{new}`: keep `{new}`")));
        }
    }

    fn required_versions(&mut self) -> Vec<Comparison> {
        let Some(node) = self.value("require-dbt-version") else { return Vec::new() };
        let texts = match &node.value {
            YamlValue::String(text, _) => text.split(',').map(str::to_string).collect(),
            _ => self.texts("require-dbt-version").unwrap_or_default(),
        };
        let mut wanted = Vec::new();
        for text in texts {
            match Comparison::parse(&text) {
                Some(comparison) => wanted.push(comparison),
                None => {
                    let fault = self.file.fault(node, format!("\"{text}\" is not a valid semantic version."));
                    self.faults.push(fault.help("write comparisons such as `>=1.6.0` and `<2.0.0`"));
                }
            }
        }
        wanted
    }

    fn check_versions(&mut self, project: &ProjectFile, check_version: bool) {
        if let Some(node) = self.value("config-version").filter(|node| node.as_int() != Some(2)) {
            let fault =
                self.file.wrong(node, "config-version", "2").help("remove the line: 2 is the only one");
            self.faults.push(fault);
        }
        let Some(node) = self.value("require-dbt-version").filter(|_| check_version) else { return };
        let wanted: Vec<_> =
            project.require_dbt_version.iter().filter_map(|text| Comparison::parse(text)).collect();
        if let Some(message) = refused(&project.name, &wanted) {
            let fault = self.file.fault(node, message);
            self.faults.push(fault.help("change the range, or run with `--no-version-check`"));
        }
    }

    fn query_comment(&mut self) -> QueryComment {
        let comment = |text: Option<String>| QueryComment { comment: text, append: false, job_label: false };
        let Some((_, node)) = self.root.entry("query-comment") else { return comment(None) };
        match &node.value {
            YamlValue::Null | YamlValue::Bool(false) => comment(Some(String::new())),
            YamlValue::String(text, _) => comment(Some(text.clone())),
            YamlValue::Map(_) => {
                let faults =
                    self.file.unknown_keys(node, &["comment", "append", "job-label"], "query-comment");
                self.faults.extend(faults);
                let text = node.get("comment").filter(|text| !text.is_null());
                let text = text.and_then(|text| self.note(self.file.expect_str(text, "comment")));
                QueryComment {
                    comment: text.map(str::to_string),
                    append: self.truth(node, "append", "append").unwrap_or(false),
                    job_label: self.truth(node, "job-label", "job-label").unwrap_or(false),
                }
            }
            _ => {
                let fault = self.file.wrong(node, "query-comment", "a text or a mapping with `comment`");
                self.faults.push(fault);
                comment(None)
            }
        }
    }

    fn quoting(&mut self) -> ProjectQuoting {
        let Some(node) = self.value("quoting") else { return ProjectQuoting::default() };
        let checked = self.file.expect_map(node, "quoting").map(|_| ());
        self.note(checked);
        let known = ["database", "schema", "identifier", "project", "snowflake_ignore_case"];
        self.faults.extend(self.file.unknown_keys(node, &known, "quoting"));
        let database = self.truth(node, "database", "quoting.database");
        ProjectQuoting {
            database: database.or_else(|| self.truth(node, "project", "quoting.project")),
            schema: self.truth(node, "schema", "quoting.schema"),
            identifier: self.truth(node, "identifier", "quoting.identifier"),
        }
    }

    fn hooks(&mut self, key: &str) -> Vec<ProjectHook> {
        let Some(node) = self.value(key) else { return Vec::new() };
        let nodes = if node.as_str().is_some() { std::slice::from_ref(node) } else { node.items() };
        if nodes.is_empty() && !node.is_list() {
            let fault = self.file.wrong(node, key, "a text or a list of texts");
            self.faults.push(fault);
        }
        let mut hooks = Vec::new();
        for node in nodes {
            let sql = self.file.expect_str(node, &format!("item of {key}"));
            let sql = self.note(sql).map(str::to_string);
            hooks.extend(sql.map(|sql| ProjectHook { sql, line: node.line, column: node.column }));
        }
        hooks
    }

    /// Flags of a wrong type, at their places; and those that are nearly known ones.
    fn check_flags(&mut self, flags: &Map, warnings: &mut Vec<Warning>) {
        let Some(node) = self.value("flags") else { return };
        for (key, _) in node.entries() {
            let one: Map = flags
                .get_key_value(&key.key_text())
                .map(|(key, value)| (key.clone(), value.clone()))
                .into_iter()
                .collect();
            let wrong = Flags::default().apply_project_flags(&one).err();
            self.faults.extend(wrong.map(|fault| {
                self.file.lines.draw(fault.with_kind(self.file.kind).located(self.file.place(key)))
            }));
        }
        let slips = self.file.slips(node, &Flags::project_names(), "flags");
        warnings
            .extend(slips.into_iter().map(|error| Warning { name: "CustomKeyInObjectDeprecation", error }));
    }

    fn dispatch(&mut self) -> Vec<Dispatch> {
        let Some(node) = self.value("dispatch") else { return Vec::new() };
        let entries = self.file.expect_list(node, "dispatch");
        let entries = self.note(entries).unwrap_or_default();
        entries.iter().filter_map(|entry| self.dispatch_entry(entry)).collect()
    }

    fn dispatch_entry(&mut self, entry: &Yaml) -> Option<Dispatch> {
        let (Some(namespace), Some(order)) = (entry.get("macro_namespace"), entry.get("search_order")) else {
            let lacking =
                if entry.get("macro_namespace").is_none() { "macro_namespace" } else { "search_order" };
            let said = "an entry of `dispatch` needs `macro_namespace` and `search_order`";
            let fault = self.file.lacks((entry, entry), lacking, said);
            self.faults.push(
                fault.help("write `- {macro_namespace: dbt_utils, search_order: [my_project, dbt_utils]}`"),
            );
            return None;
        };
        let namespace = self.file.expect_str(namespace, "macro_namespace");
        let order = self.file.expect_strings(order, "search_order");
        let (namespace, order) = (self.note(namespace), self.note(order));
        Some(Dispatch { macro_namespace: namespace?.to_string(), search_order: order? })
    }

    /// The config trees of the file, as rendered or as written.
    fn trees(&mut self, root: &Yaml) -> ConfigTrees {
        let mut trees = ConfigTrees::default();
        if let (Some((key, tests)), Some(newer)) = (root.entry("tests"), root.get("data_tests"))
            && !tests.is_null()
            && !newer.is_null()
            && std::ptr::eq(root, self.root)
        {
            let fault = self
                .file
                .fault(key, "Invalid project config: cannot have both 'tests' and 'data_tests' defined");
            self.faults.push(fault.help("`tests` is the old name of `data_tests`: move its lines there"));
        }
        for (kind, key) in TreeKind::ALL {
            let old = root.get("tests").filter(|_| *kind == TreeKind::DataTests);
            let Some(node) = root.get(key).or(old).filter(|node| !node.is_null()) else { continue };
            match node.to_json() {
                Json::Object(tree) => {
                    trees.0.insert(*kind, tree);
                }
                _ if std::ptr::eq(root, self.root) => {
                    let fault = self.file.wrong(node, key, "a mapping");
                    self.faults.push(
                        fault.help(format!("write `{key}:` and below it `my_project:` or `+config: value`")),
                    );
                }
                _ => {}
            }
        }
        trees
    }

    /// Keys that dbt warns of: the key, its class, its newer name or the value that is usual.
    fn deprecated(&self) -> Vec<Warning> {
        let old = [
            ("source-paths", "ConfigSourcePathDeprecation", "model-paths"),
            ("data-paths", "ConfigDataPathDeprecation", "seed-paths"),
            ("log-path", "ConfigLogPathDeprecation", "logs"),
            ("target-path", "ConfigTargetPathDeprecation", "target"),
        ];
        let told = old.into_iter().filter_map(|(key, name, other)| {
            let (at, value) = self.root.entry(key)?;
            let renamed = other.ends_with("-paths");
            let error = match (renamed, key) {
                (true, _) => self.file.fault(at, format!("The `{key}` config has been renamed to `{other}`")),
                (_, "log-path") => {
                    self.file.fault(at, "`log-path` is deprecated: use `--log-path` or `DBT_LOG_PATH`")
                }
                _ => self
                    .file
                    .fault(at, "`target-path` is deprecated: use `--target-path` or `DBT_TARGET_PATH`"),
            };
            let error = error.with_field("deprecated_path", key);
            let error = if renamed { error.with_field("exp_path", other) } else { error };
            (renamed || value.as_str() != Some(other)).then_some(Warning { name, error })
        });
        told.collect()
    }
}
