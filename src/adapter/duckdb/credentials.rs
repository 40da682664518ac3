//! The output of a profile for DuckDB, with dbt-duckdb's keys and their meanings.

use super::python::Interpreter;
use crate::adapter::Settings;
use crate::adapter::keys::{KEY, Keys, fault, is_secret};
use crate::adapter::shapes::{Kind, Shape};
use crate::error::Result;
use crate::relation::{as_identifier, quote_identifier, quote_literal};
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const KNOWN: &[&str] = &[
    "path",
    "config_options",
    "extensions",
    "settings",
    "secrets",
    "external_root",
    "use_credential_provider",
    "attach",
    "filesystems",
    "remote",
    "plugins",
    "disable_transactions",
    "keep_open",
    "module_paths",
    "retries",
    "flights",
    "is_ducklake",
    "motherduck_token",
];

/// Keys that only Python can serve.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("filesystems", "fsspec is a Python library: use an extension (`httpfs`) and `secrets`"),
    ("plugins", "dbt-duckdb's plugins are Python modules: use an extension or `attach`"),
    ("flights", "Python models run on this machine"),
];

/// Settings of DuckDB's Python client, which the engine does not have.
const OF_PYTHON: &[&str] = &["pandas_analyze_sample", "python_scan_all_frames", "python_enable_replacements"];

const PLUGIN: Shape = Shape {
    fields: &[("module", Kind::Text), ("alias", Kind::Text), ("config", Kind::Mapping)],
    first_is_required: true,
};
const RETRIES: Shape = Shape {
    fields: &[
        ("connect_attempts", Kind::Number),
        ("query_attempts", Kind::Number),
        ("retryable_exceptions", Kind::Texts),
    ],
    first_is_required: false,
};
const FLIGHTS: Shape = Shape {
    fields: &[
        ("enabled_by_default", Kind::Truth),
        ("access_token_name", Kind::Text),
        ("max_runtime_sec", Kind::Number),
        ("instance_type", Kind::Text),
        ("timeout_sec", Kind::Number),
        ("poll_interval_sec", Kind::Number),
        ("log_lines", Kind::Number),
        ("log_url_template", Kind::Text),
        ("requirements", Kind::Texts),
        ("duckdb_version", Kind::Text),
    ],
    first_is_required: false,
};

/// Where paths of the profile begin.
pub struct Places {
    /// The project's folder.
    pub root: PathBuf,
    /// The user's, for `~`.
    pub home: Option<PathBuf>,
}

impl Places {
    /// The file of a path as it is written.
    pub fn file(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.root.join(path),
        }
    }
}

/// An extension to load, from where it is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// Its repository, where not DuckDB's own.
    pub repository: Option<String>,
}

/// How to meet faults that pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retries {
    /// Tries to open the file.
    pub connect: u32,
    /// Tries to run a statement, or the node in whose transaction it failed.
    pub query: u32,
    /// DuckDB's Python names of the faults that pass: `IOException`.
    pub on: Vec<String>,
}

/// All that is needed to open the database.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The file, resolved against the project's folder; `None` in memory.
    pub path: Option<PathBuf>,
    /// The catalog's name.
    pub database: String,
    /// The target's schema.
    pub schema: String,
    /// Options that must be set before the database opens.
    pub config_options: Vec<(String, String)>,
    /// Extensions to load.
    pub extensions: Vec<Extension>,
    /// `set` of every session.
    pub settings: Vec<(String, String)>,
    /// SQL that makes the secrets, with their names. Never shown.
    pub secrets: Vec<(String, String)>,
    /// SQL that attaches databases, with what they are.
    pub attach: Vec<(String, String)>,
    /// Folders that Python models import from.
    pub module_paths: Vec<String>,
    /// The Python that runs them.
    pub python: Arc<Interpreter>,
    /// Are begin and commit left out?
    pub disable_transactions: bool,
    /// Names of the databases that are lakes of DuckLake.
    pub lakes: Vec<String>,
    /// Is one of the databases at MotherDuck?
    pub is_hosted: bool,
    /// What to try again.
    pub retries: Retries,
    /// dbt's connection keys with their values, in its order.
    pub shown: Vec<(&'static str, Json)>,
    /// Things that the user should know.
    pub warnings: Vec<String>,
}

impl Credentials {
    /// Does the profile say what this option of the engine is?
    pub fn sets(&self, option: &str) -> bool {
        let mut all = self.config_options.iter().chain(&self.settings);
        all.any(|(name, _)| name.eq_ignore_ascii_case(option))
    }

    /// Reads an output of type `duckdb`. All faults are told at once.
    pub fn read(output: &Map<String, Json>, settings: &Settings<'_>) -> Result<Self> {
        let keys = Keys::new(output, KNOWN);
        check(&keys);
        let path = keys.text("path").unwrap_or_else(|| ":memory:".to_string());
        let home = (settings.env)("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
        let places = Places { root: settings.root.to_path_buf(), home };
        let database = database(&keys, &path);
        if keys.json("remote").is_some() {
            keys.blame(
                fault("`remote` in the profile's output names a server that only Python clients reach")
                    .help("open the database by `path`, or `attach` it"),
            );
        }
        let credentials = Credentials {
            path: file(&path, &places),
            schema: keys.text("schema").unwrap_or_else(|| "main".to_string()),
            config_options: pairs(&keys, "config_options"),
            extensions: keys.list("extensions").iter().filter_map(|item| extension(&keys, item)).collect(),
            settings: all_settings(&keys),
            secrets: super::secrets::all(&keys),
            attach: super::attach::all(&keys, &places),
            module_paths: module_paths(&keys, settings.root),
            python: Arc::new(Interpreter::new(settings.env, settings.root)),
            disable_transactions: keys.boolean("disable_transactions").unwrap_or(false),
            lakes: lakes(&keys, &path),
            is_hosted: paths(&keys, &path)
                .any(|(path, _)| path.starts_with("md:") || path.starts_with("motherduck:")),
            retries: retries(&keys),
            shown: shown(&keys, &path, &database),
            warnings: warnings(&keys),
            database,
        };
        keys.finish(credentials)
    }

    /// The statements that set a session up.
    pub fn session_sql(&self) -> Vec<String> {
        let each = |(key, value): &(String, String)| {
            format!("set {} = {}", as_identifier(key), quote_literal(value))
        };
        self.settings.iter().map(each).collect()
    }

    /// The statements that give a database of Python's own the profile's extensions and secrets.
    pub fn for_python(&self) -> Vec<String> {
        let extensions =
            self.extensions.iter().map(|extension| format!("load {}", quote_identifier(&extension.name)));
        extensions.chain(self.secrets.iter().map(|(_, sql)| sql.clone())).collect()
    }
}

/// What no other question looks at.
fn check(keys: &Keys<'_>) {
    PLUGIN.check_each(keys, "plugins");
    RETRIES.check(keys, "retries");
    FLIGHTS.check(keys, "flights");
    keys.text("external_root");
    keys.boolean("keep_open");
    keys.boolean("is_ducklake");
    for (key, takes) in
        [("filesystems", Json::is_object as fn(&Json) -> bool), ("module_paths", Json::is_string)]
    {
        if !keys.list(key).iter().all(takes) {
            let said = format!("an item of `{key}` in the profile's output is of a wrong kind");
            let kind = if key == "filesystems" { "a mapping with `fs`" } else { "a folder" };
            keys.blame(fault(said).with_field(KEY, key).help(format!("each is {kind}")));
        }
    }
}

fn module_paths(keys: &Keys<'_>, root: &Path) -> Vec<String> {
    let paths = keys.list("module_paths").iter().filter_map(Json::as_str);
    paths.map(|path| root.join(path).display().to_string()).collect()
}

/// The catalog that DuckDB derives from the file's name, unless the profile names an attached one.
fn database(keys: &Keys<'_>, path: &str) -> String {
    let derived = derived_name(path);
    let Some(named) = keys.text("database") else { return derived };
    let is_attached = keys.list("attach").iter().any(|item| item["alias"] == named.as_str());
    if named != derived && !is_attached {
        keys.blame(
            fault(format!("`database: {named}` does not fit `path: {path}`"))
                .help(format!("leave `database` out, or set it to `{derived}`")),
        );
    }
    named
}

/// The places of all databases, with what the profile says of each.
fn paths<'a>(keys: &'a Keys<'_>, path: &'a str) -> impl Iterator<Item = (&'a str, Option<&'a Json>)> {
    let attached = keys.list("attach").iter();
    let attached = attached.filter_map(|item| Some((item.get("path")?.as_str()?, Some(item))));
    std::iter::once((path, None)).chain(attached)
}

/// The databases that are lakes of DuckLake, by name.
fn lakes(keys: &Keys<'_>, path: &str) -> Vec<String> {
    let lake = |(path, item): (&str, Option<&Json>)| {
        let said =
            item.map_or_else(|| keys.boolean("is_ducklake"), |item| item.get("is_ducklake")?.as_bool());
        let alias = item.and_then(|item| item.get("alias")?.as_str());
        let is_lake = said == Some(true) || path.to_ascii_lowercase().contains("ducklake:");
        is_lake.then(|| alias.map_or_else(|| derived_name(path), str::to_string))
    };
    paths(keys, path).filter_map(lake).collect()
}

/// `data/my.db.duckdb` is the catalog `my`.
fn derived_name(path: &str) -> String {
    if path == ":memory:" {
        return "memory".to_string();
    }
    let (scheme, rest) = match path.split_once(':') {
        Some((scheme, rest)) if scheme.len() > 1 => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), path),
    };
    let rest = rest.split('?').next().unwrap_or(rest);
    let base = rest.rsplit('/').next().unwrap_or(rest);
    let base = base.rsplit(':').next().unwrap_or(base);
    let name = base.trim_start_matches('.').split('.').next().unwrap_or_default();
    match scheme.as_str() {
        "md" | "motherduck" if name.is_empty() => "my_db".to_string(),
        _ => name.to_string(),
    }
}

fn file(path: &str, places: &Places) -> Option<PathBuf> {
    if path == ":memory:" {
        return None;
    }
    Some(if is_address(path) { PathBuf::from(path) } else { places.file(path) })
}

/// Is this a place that DuckDB itself looks up (`md:x`, `s3://x`), not a file of this machine?
pub fn is_address(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains(['/', '\\']))
}

/// A value as text for DuckDB, which casts it.
pub fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn pairs(keys: &Keys<'_>, key: &str) -> Vec<(String, String)> {
    let map = keys.mapping(key).into_iter().flatten();
    map.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), plain(value))).collect()
}

fn all_settings(keys: &Keys<'_>) -> Vec<(String, String)> {
    let mut settings = pairs(keys, "settings");
    settings.retain(|(name, _)| !is_of_python(name));
    if let Some(token) = keys.text("motherduck_token") {
        if settings.iter().any(|(name, other)| name == "motherduck_token" && *other != token) {
            keys.blame(fault(
                "`motherduck_token` in the profile's output and among its `settings` are not the same",
            ));
        }
        settings.retain(|(name, _)| name != "motherduck_token");
        settings.push(("motherduck_token".to_string(), token));
    }
    settings
}

fn extension(keys: &Keys<'_>, item: &Json) -> Option<Extension> {
    let found = match item {
        Json::String(name) => Some(Extension { name: name.clone(), repository: None }),
        Json::Object(map) => map.get("name").and_then(Json::as_str).map(|name| Extension {
            name: name.to_string(),
            repository: map.get("repo").and_then(Json::as_str).map(str::to_string),
        }),
        _ => None,
    };
    if found.is_none() {
        keys.blame(
            fault("an item of `extensions` in the profile's output is no extension")
                .help("write a name (`httpfs`), or `{name: x, repo: community}`"),
        );
    }
    found
}

fn retries(keys: &Keys<'_>) -> Retries {
    let Some(map) = keys.mapping("retries") else {
        return Retries { connect: 1, query: 1, on: Vec::new() };
    };
    let count = |key: &str| map.get(key).and_then(Json::as_u64).unwrap_or(1).clamp(1, 100) as u32;
    let on = match map.get("retryable_exceptions").and_then(Json::as_array) {
        Some(names) => names.iter().filter_map(Json::as_str).map(str::to_string).collect(),
        None => vec!["IOException".to_string()],
    };
    Retries { connect: count("connect_attempts"), query: count("query_attempts"), on }
}

/// The wait before the next try, counted from 0: 1, 2, 4 … seconds.
pub fn wait(attempt: u32) -> Duration {
    Duration::from_secs(1 << attempt.min(6))
}

fn warnings(keys: &Keys<'_>) -> Vec<String> {
    let given = WITHOUT_EFFECT.iter().filter(|(key, _)| keys.json(key).is_some());
    let given = given.map(|(key, why)| format!("`{key}` in the profile has no effect: {why}"));
    let settings = keys.json("settings").and_then(Json::as_object).into_iter().flatten();
    let of_python = settings.filter(|(name, _)| is_of_python(name)).map(|(name, _)| {
        format!("the setting `{name}` of the profile has no effect: it is of DuckDB's Python client")
    });
    given.chain(of_python).chain(keys.warnings()).collect()
}

fn is_of_python(setting: &str) -> bool {
    OF_PYTHON.iter().any(|name| name.eq_ignore_ascii_case(setting))
}

fn shown(keys: &Keys<'_>, path: &str, database: &str) -> Vec<(&'static str, Json)> {
    let as_given = |key: &str| keys.json(key).map_or(Json::Null, |value| masked(key, value));
    vec![
        ("database", json!(database)),
        ("schema", json!(keys.text("schema").unwrap_or_else(|| "main".to_string()))),
        ("path", masked("path", &json!(path))),
        ("config_options", as_given("config_options")),
        ("extensions", as_given("extensions")),
        ("settings", keys.json("settings").map_or(json!({}), |value| masked("settings", value))),
        ("external_root", keys.json("external_root").cloned().unwrap_or(json!("."))),
        ("use_credential_provider", keys.json("use_credential_provider").cloned().unwrap_or(Json::Null)),
        (
            "attach",
            keys.json("attach").map_or(Json::Null, |list| masked("attach", &super::attach::shown(list))),
        ),
        ("filesystems", as_given("filesystems")),
        ("remote", as_given("remote")),
        ("plugins", as_given("plugins")),
        ("disable_transactions", json!(keys.boolean("disable_transactions").unwrap_or(false))),
    ]
}

/// The value without what its keys, or its connection string, call secret.
fn masked(key: &str, value: &Json) -> Json {
    const MASK: &str = "*****";
    match value {
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), masked(key, value))).collect(),
        Json::Array(items) => items.iter().map(|item| masked(key, item)).collect(),
        Json::Null | Json::Bool(_) => value.clone(),
        _ if is_secret(key) && key != "use_credential_provider" => json!(MASK),
        Json::String(text) => json!(mask_words(text)),
        other => other.clone(),
    }
}

/// `password=x` within a connection string, `user:x@` within an address.
pub fn mask_words(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    for word in ["password=", "token=", "secret="] {
        if let Some(at) = lower.find(word).map(|at| at + word.len()) {
            let end = text[at..].find([' ', '&']).map_or(text.len(), |end| at + end);
            return format!("{}*****{}", &text[..at], mask_words(&text[end..]));
        }
    }
    match (text.find("://"), text.find('@')) {
        (Some(start), Some(at)) if at > start => match text[start + 3..at].rfind(':') {
            Some(colon) => format!("{}:*****{}", &text[..start + 3 + colon], &text[at..]),
            None => text.to_string(),
        },
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(profile: Json) -> Result<Credentials> {
        let settings = Settings { threads: 1, root: Path::new("/p"), env: &|_| None };
        Credentials::read(profile.as_object().unwrap(), &settings)
    }

    #[test]
    fn catalogs_are_named_after_files() {
        let check = |path: &str, expect: &str| assert_eq!(derived_name(path), expect, "{path}");
        check(":memory:", "memory");
        check("data/my.db.duckdb", "my");
        check(".hidden.duckdb", "hidden");
        check("/a/b c.duckdb", "b c");
        check("md:", "my_db");
        check("md:x?motherduck_token=t", "x");
        check("ducklake:meta.ducklake", "meta");
    }

    #[test]
    fn files_are_found_from_the_project() {
        let c = read(json!({"type": "duckdb", "path": "d/x.duckdb", "schema": "s"})).unwrap();
        assert_eq!(c.path.as_deref(), Some(Path::new("/p/d/x.duckdb")));
        assert_eq!((c.database.as_str(), c.schema.as_str()), ("x", "s"));
        assert_eq!(read(json!({})).unwrap().path, None);
    }

    #[test]
    fn faults_and_warnings_are_told() {
        let error = read(json!({"path": "x.duckdb", "database": "y", "retries": {"x": 1}})).unwrap_err();
        assert_eq!(error.iter().count(), 2, "{}", error.full_text());
        assert_eq!(read(json!({"plugins": [{"module": "gsheet"}]})).unwrap().warnings.len(), 1);
        let attached = json!({"path": "x.duckdb", "database": "y", "attach": [{"path": "z", "alias": "y"}]});
        assert_eq!(read(attached).unwrap().database, "y");
    }

    #[test]
    fn secrets_are_not_shown() {
        let profile = json!({
            "path": "md:x?motherduck_token=hidden",
            "settings": {"s3_secret_access_key": "hidden", "threads": 4},
            "attach": [{"path": "postgres://u:hidden@h/d"}, {"path": "host=h password=hidden user=u"}],
        });
        let shown = json!(read(profile).unwrap().shown).to_string();
        assert!(!shown.contains("hidden") && shown.contains("\"threads\":4"), "{shown}");
    }
}
