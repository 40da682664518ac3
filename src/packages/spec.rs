//! One entry of a list of packages: what is wanted, not yet which version of it.

use super::version::Specifier;
use crate::error::{Error, ErrorKind, Result};
use crate::project::Map;
use crate::project::yaml::{Yaml, YamlFile, YamlValue};
use serde_json::Value as Json;
use std::sync::Arc;

/// What is wanted, by where it comes from.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// A folder, below the project unless absolute.
    Local { path: String },
    /// A git repository.
    Git { url: String, revision: Option<String>, subdirectory: Option<String>, warn_unpinned: bool },
    /// A `.tar.gz` behind a URL.
    Tarball { url: String, name: String },
    /// A package of the hub.
    Hub { package: String, versions: Vec<Specifier>, prerelease: bool },
    /// A repository that a hosted service would find by itself.
    Private { repository: String, provider: Option<String> },
}

/// One entry, with its place.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) wanted: Wanted,
    /// The entry as it is hashed: rendered, ...
    pub(super) rendered: Map,
    /// ... and as it was written.
    pub(super) written: Map,
    file: Arc<YamlFile>,
    node: Yaml,
}

/// A kind of entry: the key that tells it, and every key that it may have.
const KINDS: [(&str, &[&str]); 5] = [
    ("package", &["package", "version", "install_prerelease", "name", "unrendered"]),
    ("git", &["git", "revision", "warn-unpinned", "subdirectory", "name", "unrendered"]),
    ("local", &["local", "name", "unrendered"]),
    ("tarball", &["tarball", "name", "unrendered"]),
    ("private", &["private", "provider", "revision", "warn-unpinned", "subdirectory", "name", "unrendered"]),
];

impl Spec {
    /// Reads an entry; `written` is the same before its templates were rendered.
    ///
    /// # Errors
    /// All faults of the entry at once.
    pub(super) fn read(file: &Arc<YamlFile>, node: &Yaml, written: &Yaml) -> Result<Self> {
        let kind = kind(file, node)?;
        let mut faults = file.unknown_keys(node, kind.1, &format!("a `{}` package", kind.0));
        let reader = Reader { file, node };
        let wanted = match kind.0 {
            "package" => reader.hub(&mut faults),
            "git" => reader.git(&mut faults),
            "local" => reader.text("local").map(|path| Wanted::Local { path }),
            "tarball" => reader.tarball(&mut faults),
            _ => reader.private(),
        };
        let wanted = wanted.map_err(|fault| faults.push(fault)).ok();
        if let Err(fault) = reader.maybe("name") {
            faults.push(fault);
        }
        match (Error::all(faults), wanted) {
            (None, Some(wanted)) => Ok(Spec {
                wanted,
                rendered: object(node),
                written: object(written),
                file: file.clone(),
                node: node.clone(),
            }),
            (fault, _) => Err(fault.unwrap_or_else(|| file.fault(node, "this package cannot be read"))),
        }
    }

    /// A fault at the entry, with its line drawn.
    pub(super) fn fault(&self, message: impl Into<String>) -> Error {
        self.file.fault(&self.node, message)
    }

    /// A fault from elsewhere, at the entry unless it has a place of its own.
    pub(super) fn locate(&self, fault: Error) -> Error {
        match fault.location() {
            Some(_) => fault,
            None => self.file.lines.draw(fault.located(self.file.place(&self.node))),
        }
    }

    /// `name`, if the entry has one: entries of package-lock.yml do.
    pub(super) fn name(&self) -> Option<&str> {
        self.rendered.get("name").and_then(Json::as_str)
    }

    /// A key as it was written, else as it was rendered.
    pub(super) fn as_written(&self, key: &str) -> String {
        let text = self.written.get(key).or_else(|| self.rendered.get(key)).and_then(Json::as_str);
        text.unwrap_or_default().to_string()
    }
}

fn object(node: &Yaml) -> Map {
    match node.to_json() {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

/// Which kind an entry is.
fn kind(file: &YamlFile, node: &Yaml) -> Result<(&'static str, &'static [&'static str])> {
    let help = "write `- package: dbt-labs/dbt_utils` with `version:`, or `git:`, `local:`, `tarball:`";
    if !node.is_map() {
        return Err(file.wrong(node, "an item of packages", "a mapping").help(help));
    }
    let told: Vec<_> = KINDS.iter().filter(|(key, _)| node.get(key).is_some()).collect();
    match told.as_slice() {
        [one] => Ok(**one),
        [] => {
            let said = "this package does not say where it comes from";
            let slip = file.slips(node, &KINDS.map(|(key, _)| key), "a package").into_iter().next();
            Err(slip.map_or_else(|| file.fault(node, said), |slip| slip.with_message(said)).help(help))
        }
        several => {
            let keys: Vec<String> = several.iter().map(|(key, _)| format!("`{key}`")).collect();
            let message = format!("a package comes from one place, not from {}", keys.join(" and "));
            Err(file.fault(node, message).help("make one item of each"))
        }
    }
}

/// Reads the keys of one entry.
struct Reader<'a> {
    file: &'a YamlFile,
    node: &'a Yaml,
}

impl Reader<'_> {
    fn hub(&self, faults: &mut Vec<Error>) -> Result<Wanted> {
        let package = self.text("package")?;
        let part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        let parts: Vec<&str> = package.split('/').collect();
        if parts.len() != 2 || !parts.into_iter().all(part) {
            let message = format!("`{package}` is no package of the hub");
            let fault = self.fault("package", message);
            faults.push(fault.help("packages of the hub have a namespace, as `dbt-labs/dbt_utils`"));
        }
        let prerelease = self.flag("install_prerelease", faults).unwrap_or(false);
        Ok(Wanted::Hub { versions: self.versions(&package)?, package, prerelease })
    }

    fn versions(&self, package: &str) -> Result<Vec<Specifier>> {
        let Some(node) = self.node.get("version").filter(|node| !empty(node)) else {
            return Err(self
                .fault("package", format!("`{package}` needs a version"))
                .help("add `version: \"1.3.0\"` or `version: [\">=1.0.0\", \"<2.0.0\"]`"));
        };
        let one = std::slice::from_ref(node);
        let each = if node.is_list() { node.items() } else { one };
        let mut faults = Vec::new();
        let read = each.iter().filter_map(|item| self.version(item).map_err(|fault| faults.push(fault)).ok());
        let read: Vec<Specifier> = read.collect();
        Error::all(faults).map_or(Ok(read), Err)
    }

    fn version(&self, item: &Yaml) -> Result<Specifier> {
        let text = match &item.value {
            YamlValue::String(text, _) => text.clone(),
            YamlValue::Float(_) | YamlValue::Int(_) => item.to_json().to_string(),
            _ => return Err(self.file.wrong(item, "version", "a text")),
        };
        Specifier::parse(&text).ok_or_else(|| {
            let fault = self.file.fault(item, format!("\"{text}\" is not a valid semantic version"));
            fault.help(match text.contains(',') {
                true => "write a list: `version: [\">=1.0.0\", \"<2.0.0\"]`",
                false => "a version has three numbers, `1.3.0`, perhaps with one of `> >= < <= =` before it",
            })
        })
    }

    fn git(&self, faults: &mut Vec<Error>) -> Result<Wanted> {
        let warn_unpinned = self.flag("warn-unpinned", faults).unwrap_or(true);
        let url = self.text("git")?;
        let (revision, subdirectory) = (self.raw("revision")?, self.maybe("subdirectory")?);
        Ok(Wanted::Git { url, revision, subdirectory, warn_unpinned })
    }

    fn tarball(&self, faults: &mut Vec<Error>) -> Result<Wanted> {
        let url = self.text("tarball")?;
        let name = self.maybe("name")?.unwrap_or_default();
        if !is_name(&name) {
            let fault = match self.node.get("name") {
                None => self.fault("tarball", "a tarball needs the `name` of its package"),
                Some(_) => self.fault("name", format!("`{name}` cannot be the name of a package")),
            };
            faults.push(fault.help("add the `name` that stands in the package's dbt_project.yml"));
        }
        Ok(Wanted::Tarball { url, name })
    }

    fn private(&self) -> Result<Wanted> {
        Ok(Wanted::Private { repository: self.text("private")?, provider: self.maybe("provider")? })
    }

    /// A text that must be there.
    fn text(&self, key: &str) -> Result<String> {
        let missing = || {
            let kind = match key {
                "package" => "A hub package is",
                "git" => "A git package is",
                "local" => "A local package is",
                "tarball" => "A tarball package is",
                _ => "The package is",
            };
            self.fault(key, format!("{kind} missing the value of `{key}`")).with_kind(ErrorKind::Project)
        };
        let node = self.node.get(key).filter(|node| !empty(node)).ok_or_else(missing)?;
        self.file.expect_str(node, key).map(str::to_string)
    }

    /// A text that may be there.
    fn maybe(&self, key: &str) -> Result<Option<String>> {
        let node = self.node.get(key).filter(|node| !node.is_null());
        node.map(|node| self.file.expect_str(node, key).map(str::to_string)).transpose()
    }

    /// A text that may look like a number: `revision: 1.0`.
    fn raw(&self, key: &str) -> Result<Option<String>> {
        match self.node.get(key) {
            Some(node) if matches!(node.value, YamlValue::Int(_) | YamlValue::Float(_)) => {
                Ok(Some(node.to_json().to_string()))
            }
            _ => self.maybe(key),
        }
    }

    fn flag(&self, key: &str, faults: &mut Vec<Error>) -> Option<bool> {
        let node = self.node.get(key).filter(|node| !node.is_null())?;
        self.file.expect_bool(node, key).map_err(|fault| faults.push(fault)).ok()
    }

    fn fault(&self, key: &str, message: impl Into<String>) -> Error {
        self.file.fault(self.node.get(key).unwrap_or(self.node), message)
    }
}

fn empty(node: &Yaml) -> bool {
    node.is_null() || node.as_str() == Some("") || (node.is_list() && node.items().is_empty())
}

/// May this be the name of a project, and so of a folder?
pub(super) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_')
}
