//! `var()`: the command line's vars over the root project's over the package's own.

use super::Map;
use super::yaml::YamlFile;
use crate::error::{Error, ErrorKind, Result};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The vars of a run, by package. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Vars {
    cli: Arc<Map>,
    root: Arc<str>,
    by_package: Arc<BTreeMap<String, Map>>,
}

impl Default for Vars {
    fn default() -> Self {
        Vars::new(Map::new(), "", BTreeMap::new())
    }
}

impl Vars {
    /// `cli` is `--vars`, `root` the root project's name, `by_package` each package's `vars:`.
    pub fn new(cli: Map, root: &str, by_package: BTreeMap<String, Map>) -> Self {
        Vars { cli: Arc::new(cli), root: root.into(), by_package: Arc::new(by_package) }
    }

    /// What `--vars` gave.
    pub fn cli(&self) -> &Map {
        &self.cli
    }

    /// The same vars with some replaced, whoever asks, as a unit test does.
    pub fn overridden(&self, by: &Map) -> Self {
        let mut vars = self.clone();
        Arc::make_mut(&mut vars.cli).extend(by.iter().map(|(name, value)| (name.clone(), value.clone())));
        vars
    }

    /// A var as code of a package sees it: command line, then the root project's (those for that
    /// package before those for all), then the package's own in the same order.
    pub fn get(&self, package: &str, name: &str) -> Option<&Json> {
        self.cli.get(name).or_else(|| self.layers(package).into_iter().find_map(|layer| layer.get(name)))
    }

    /// Everything that [`Vars::get`] could give to a package.
    pub fn merged(&self, package: &str) -> Map {
        let mut merged = Map::new();
        for layer in self.layers(package).into_iter().rev().chain([&*self.cli]) {
            merged.extend(layer.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        merged
    }

    /// The error of a var that nobody gave, in dbt's words. `node` is who asked, `None` for project
    /// files.
    pub fn missing(&self, package: &str, name: &str, node: Option<&str>) -> Error {
        let supplied = if node.is_some() { self.merged(package) } else { Map::clone(&self.cli) };
        missing_var(name, node.unwrap_or("<Configuration>"), &supplied)
    }

    /// The vars to look in, the strongest first; the command line's not among them.
    fn layers(&self, package: &str) -> Vec<&Map> {
        let owners = if package == &*self.root { vec![package] } else { vec![&*self.root, package] };
        let mut layers = Vec::with_capacity(4);
        for vars in owners.into_iter().filter_map(|owner| self.by_package.get(owner)) {
            layers.extend(vars.get(package).and_then(Json::as_object));
            layers.push(vars);
        }
        layers
    }
}

/// Code of the fault of a var that nobody gave.
pub(super) const MISSING: &str = "missing-var";

/// dbt's error of a var that nobody gave.
pub(super) fn missing_var(name: &str, who: &str, supplied: &Map) -> Error {
    Error::compilation(format!(
        "Required var '{name}' not found in config:\nVars supplied to {who} = {}",
        pretty(&sorted(&Json::Object(supplied.clone())), 0)
    ))
    .with_code(MISSING)
    .help(format!("set it under `vars:` in dbt_project.yml, give `--vars '{name}: ...'`, or a default"))
}

fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(entries) => {
            let ordered: BTreeMap<_, _> =
                entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            Json::Object(ordered.into_iter().collect())
        }
        Json::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// JSON with four spaces a level, as dbt prints it.
fn pretty(value: &Json, level: usize) -> String {
    let inner = "    ".repeat(level + 1);
    let lines: Vec<String> = match value {
        Json::Object(entries) => {
            let line = |(key, value)| {
                format!("{inner}{}: {}", Json::String(String::clone(key)), pretty(value, level + 1))
            };
            entries.iter().map(line).collect()
        }
        Json::Array(items) => {
            items.iter().map(|item| format!("{inner}{}", pretty(item, level + 1))).collect()
        }
        _ => Vec::new(),
    };
    if lines.is_empty() {
        return value.to_string();
    }
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    format!("{open}\n{}\n{}{close}", lines.join(",\n"), "    ".repeat(level))
}

/// `--vars` (and `--args`): YAML text that must be a mapping.
///
/// # Errors
/// Text that is no YAML, or something else than a mapping.
pub fn parse_vars(option: &str, text: &str) -> Result<Map> {
    let file = YamlFile::parse(option, text.as_bytes(), ErrorKind::Usage)?;
    match file.root.to_json() {
        Json::Object(vars) => Ok(vars),
        Json::Null => Ok(Map::new()),
        _ => Err(Error::new(
            ErrorKind::Usage,
            format!("`{option}` must be a YAML mapping, not {}", file.root.kind_name()),
        )
        .help(format!("write `{option} '{{name: value}}'`"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn map(value: Json) -> Map {
        value.as_object().unwrap().clone()
    }

    fn vars() -> Vars {
        let root = map(json!({"a": "root", "b": "root", "c": "root", "pkg": {"b": "root for pkg"}}));
        let pkg = map(json!({"a": "own", "d": "own", "e": "own", "pkg": {"e": "own scoped"}}));
        let by_package = BTreeMap::from([("main".to_string(), root), ("pkg".to_string(), pkg)]);
        Vars::new(map(json!({"c": "cli"})), "main", by_package)
    }

    #[test]
    fn finds_the_strongest() {
        let check = |package: &str, name: &str, expect: Option<&str>| {
            assert_eq!(vars().get(package, name).and_then(Json::as_str), expect, "{package} {name}");
        };
        check("pkg", "a", Some("root"));
        check("pkg", "b", Some("root for pkg"));
        check("main", "b", Some("root"));
        check("pkg", "c", Some("cli"));
        check("pkg", "d", Some("own"));
        check("pkg", "e", Some("own scoped"));
        check("main", "d", None);
    }

    #[test]
    fn missing_var_speaks_dbts_words() {
        let vars = Vars::new(map(json!({"b": {"x": 1}, "a": []})), "main", BTreeMap::new());
        let expect = "Required var 'z' not found in config:\nVars supplied to m = {\n    \"a\": [],\n    \
                      \"b\": {\n        \"x\": 1\n    }\n}";
        assert_eq!(vars.missing("main", "z", Some("m")).message(), expect);
    }

    #[test]
    fn cli_vars_are_a_mapping() {
        assert_eq!(parse_vars("--vars", "{a: 1, b: yes}").unwrap(), map(json!({"a": 1, "b": true})));
        assert_eq!(parse_vars("--vars", "").unwrap(), Map::new());
        assert_eq!(
            parse_vars("--vars", "[1]").unwrap_err().message(),
            "`--vars` must be a YAML mapping, not a list"
        );
    }
}
