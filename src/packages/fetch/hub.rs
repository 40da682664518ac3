//! The index of the hub: `api/v1/index.json` names all packages, `api/v1/<package>.json` tells a package's
//! versions with their archives, needs and required dbt.

use super::http::{ATTEMPTS, Fault};
use super::{Sources, UNREACHABLE, told};
use crate::error::{Error, ErrorKind, Result};
use crate::packages::version::{installable, takes};
use crate::project::project_file::DBT_VERSION;
use crate::project::yaml::suggestion;
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// No answer of the hub is larger.
const LIMIT: u64 = 64 << 20;

/// The hub, and what it has told in this run.
pub(super) struct Hub {
    pub(super) base: String,
    version_check: bool,
    told: RefCell<HashMap<String, Rc<Json>>>,
    /// It did not answer in this run: it is not waited for again where its last word is known.
    silent: Cell<bool>,
}

/// One version of a package.
pub(in crate::packages) struct Version {
    /// The name of its project.
    pub(in crate::packages) name: String,
    /// The packages that it needs.
    pub(in crate::packages) packages: Json,
    pub(super) tarball: String,
    pub(super) sha1: Option<String>,
}

impl Hub {
    pub(super) fn new(base: &str, version_check: bool) -> Self {
        let base = if base.ends_with('/') { base.to_string() } else { format!("{base}/") };
        Hub { base, version_check, told: RefCell::default(), silent: Cell::new(false) }
    }

    fn url(&self, name: &str) -> String {
        format!("{}api/v1/{name}.json", self.base)
    }

    /// What the hub tells of a package; without an answer, what it told last.
    pub(super) fn package(&self, sources: &Sources<'_>, package: &str) -> Result<Rc<Json>> {
        if let Some(known) = self.told.borrow().get(package) {
            return Ok(known.clone());
        }
        let about = format!("hub-index {}", self.url(package));
        let kept = sources.store.kept(&about).and_then(|text| serde_json::from_str(&text).ok());
        let json = match kept {
            Some(kept) if self.silent.get() => kept,
            kept => match self.ask(sources, package, if kept.is_some() { 1 } else { ATTEMPTS }) {
                Ok(json) => {
                    sources.store.keep(&about, &json.to_string());
                    json
                }
                Err(fault) => self.last_word(sources, kept, fault)?,
            },
        };
        redirected(sources, package, &json);
        let json = Rc::new(json);
        self.told.borrow_mut().insert(package.to_string(), json.clone());
        Ok(json)
    }

    /// What the hub told last, where it is silent now.
    fn last_word(&self, sources: &Sources<'_>, kept: Option<Json>, fault: Error) -> Result<Json> {
        if fault.code() != Some(UNREACHABLE) {
            return Err(fault);
        }
        let kept = kept.ok_or_else(|| fault.clone())?;
        self.silent.set(true);
        sources.voice.note("Note", format!("{}; taking what it told last", fault.message()));
        Ok(kept)
    }

    fn ask(&self, sources: &Sources<'_>, package: &str, attempts: u32) -> Result<Json> {
        let url = &self.url(package);
        sources
            .voice
            .debug("RegistryProgressGETRequest", format!("Making package registry request: GET {url}"));
        let bytes = match sources.http.get(url, LIMIT, attempts) {
            Ok(bytes) => bytes,
            Err(Fault::Status(404)) => return Err(self.unknown(sources, package)),
            Err(fault) => return Err(told(url, &fault)),
        };
        sources.voice.debug("RegistryProgressGETResponse", format!("Response from registry: GET {url} 200"));
        let json: Option<Json> = serde_json::from_slice(&bytes).ok();
        json.filter(|json| json.get("versions").is_some_and(Json::is_object)).ok_or_else(|| {
            Error::new(ErrorKind::Dependency, format!("`{url}` did not answer as a package hub does"))
                .with_code(UNREACHABLE)
                .help("check `DBT_PACKAGE_HUB_URL`, and whether a proxy answers in the hub's place")
        })
    }

    fn unknown(&self, sources: &Sources<'_>, package: &str) -> Error {
        let message = format!("Package {package} was not found in the package index");
        let error = Error::new(ErrorKind::Dependency, message);
        let index = sources.http.get(&self.url("index"), LIMIT, 1).ok();
        let index: Vec<String> =
            index.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let names: Vec<&str> = index.iter().map(String::as_str).collect();
        let same_name = || {
            let name = package.split('/').next_back();
            names.iter().find(|known| known.split('/').next_back() == name).copied()
        };
        match suggestion(package, &names).or_else(same_name) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("a package that is not on the hub can be a `git` package"),
        }
    }

    /// The versions that this release of dbt may use, oldest first.
    pub(super) fn installable(&self, package: &Json, prereleases: bool) -> Vec<String> {
        let versions = package["versions"].as_object().into_iter().flatten();
        let fits = |info: &Json| !self.version_check || takes(&required(info), DBT_VERSION);
        let fitting = versions.filter(|(_, info)| fits(info)).map(|(version, _)| version.clone());
        installable(fitting.collect(), prereleases)
    }

    pub(super) fn version(&self, known: &Json, package: &str, version: &str) -> Result<Version> {
        let fault = |what: &str| {
            let message = format!("the hub {what} version {version} of {package}");
            Error::new(ErrorKind::Dependency, message)
                .help("run `karat deps --upgrade` to choose another version")
        };
        let info = known["versions"].get(version).ok_or_else(|| fault("has no"))?;
        let text = |value: &Json| value.as_str().map(str::to_string);
        let name = text(&info["name"]).filter(|name| crate::packages::spec::is_name(name));
        let downloads = &info["downloads"];
        Ok(Version {
            name: name.ok_or_else(|| fault("gives no usable name to"))?,
            packages: info["packages"].clone(),
            tarball: text(&downloads["tarball"]).ok_or_else(|| fault("has no archive of"))?,
            sha1: text(&downloads["sha1"]),
        })
    }
}

fn required(info: &Json) -> Vec<String> {
    match info.get("require_dbt_version") {
        Some(Json::String(one)) if !one.is_empty() => vec![one.clone()],
        Some(Json::Array(all)) => all.iter().filter_map(|one| one.as_str().map(str::to_string)).collect(),
        _ => Vec::new(),
    }
}

/// A package that lives on under another name.
fn redirected(sources: &Sources<'_>, package: &str, json: &Json) {
    let new = |key: &str| json.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    if new("redirectnamespace").is_none() && new("redirectname").is_none() {
        return;
    }
    let (namespace, name) = package.split_once('/').unwrap_or(("", package));
    let namespace = new("redirectnamespace").or(new("namespace")).unwrap_or(namespace);
    let name = new("redirectname").or(new("name")).unwrap_or(name);
    let message = format!("The `{package}` package is deprecated in favor of `{namespace}/{name}`");
    let help = format!("write `{namespace}/{name}` in packages.yml");
    sources.voice.warn("PackageRedirectDeprecation", Error::new(ErrorKind::Dependency, message).help(help));
}
