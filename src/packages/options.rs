//! What `deps` is asked to do, and where it may look.

use crate::error::{Error, ErrorKind, Result};
use crate::project::{Environment, FirstReading, Flags};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The public index of dbt packages.
pub const HUB_URL: &str = "https://hub.getdbt.com/";

/// What `deps` is asked to do.
#[derive(Debug, Clone)]
pub struct DepsOptions {
    /// The project, as far as it was read.
    pub first: Arc<FirstReading>,
    /// The flags of the run; `vars` and `version_check` matter here.
    pub flags: Flags,
    /// The environment of the run: for templates in packages.yml, and to keep secrets out of messages.
    pub environment: Arc<Environment>,
    /// Where the hub answers (`DBT_PACKAGE_HUB_URL`), else [`HUB_URL`].
    pub hub_url: String,
    /// The folder that keeps what was fetched, for all projects; `None` keeps nothing.
    pub cache: Option<PathBuf>,
    /// How long a server may be silent (`DBT_HTTP_TIMEOUT`).
    pub timeout: Duration,
    /// `--lock`: write package-lock.yml, install nothing.
    pub lock: bool,
    /// `--upgrade`: write package-lock.yml anew.
    pub upgrade: bool,
    /// `--add-package`.
    pub add: Option<AddPackage>,
}

impl DepsOptions {
    /// A plain `deps`; hub, cache (`${KARAT_CACHE:-~/.cache/karat}/packages`) and patience as the
    /// environment has them.
    pub fn new(first: Arc<FirstReading>, flags: Flags, environment: Arc<Environment>) -> Self {
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let base = set("KARAT_CACHE").map(PathBuf::from);
        let base = base.or_else(|| set("XDG_CACHE_HOME").map(|dir| PathBuf::from(dir).join("karat")));
        let base = base.or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".cache/karat")));
        let seconds = set("DBT_HTTP_TIMEOUT").and_then(|text| text.parse::<f64>().ok());
        let seconds = seconds.filter(|seconds| (0.001..86_400.0).contains(seconds)).unwrap_or(10.0);
        DepsOptions {
            hub_url: set("DBT_PACKAGE_HUB_URL").unwrap_or(HUB_URL).to_string(),
            cache: base.map(|base| base.join("packages")),
            timeout: Duration::from_secs_f64(seconds),
            first,
            flags,
            environment,
            lock: false,
            upgrade: false,
            add: None,
        }
    }
}

/// `--source`: where an added package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddSource {
    /// The hub.
    #[default]
    Hub,
    /// A git repository.
    Git,
    /// A folder.
    Local,
}

/// `--add-package name@version --source hub|git|local`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddPackage {
    /// Package, URL or folder.
    pub name: String,
    /// Version, range (`>=1.0.0,<2.0.0`) or git revision.
    pub version: Option<String>,
    /// Where it comes from.
    pub source: AddSource,
}

impl AddPackage {
    /// Reads `name@version`. The `@` of `git@github.com:org/repo` is part of the name.
    ///
    /// # Errors
    /// No name; a package of the hub without a version; a folder with one.
    pub fn parse(text: &str, source: AddSource) -> Result<Self> {
        let (name, version) = match text.rsplit_once('@') {
            Some((name, version)) if !version.contains(['/', ':']) || version.contains([',', '<', '>']) => {
                (name, Some(version.to_string()))
            }
            _ => (text, None),
        };
        let fault = |message: String, help: &str| Err(Error::new(ErrorKind::Usage, message).help(help));
        match (source, &version) {
            _ if name.is_empty() || version.as_deref() == Some("") => {
                fault(format!("`--add-package` cannot read `{text}`"), "write `--add-package name@version`")
            }
            (AddSource::Hub, None) => fault(
                format!("`{name}` needs a version"),
                "write `--add-package name@version`, for example `dbt-labs/dbt_utils@1.3.0`",
            ),
            (AddSource::Local, Some(_)) => {
                fault(format!("the folder `{name}` cannot have a version"), "leave out what follows the `@`")
            }
            _ => Ok(AddPackage { name: name.to_string(), version, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(text: &str, source: AddSource, expect: Result<(&str, Option<&str>), &str>) {
        let got = AddPackage::parse(text, source);
        match expect {
            Ok((name, version)) => {
                let got = got.unwrap();
                assert_eq!((got.name.as_str(), got.version.as_deref()), (name, version));
            }
            Err(message) => assert_eq!(got.unwrap_err().message(), message),
        }
    }

    #[test]
    fn reads_name_and_version() {
        check("a/b@1.0.0", AddSource::Hub, Ok(("a/b", Some("1.0.0"))));
        check("a/b@>=1.0.0,<2.0.0", AddSource::Hub, Ok(("a/b", Some(">=1.0.0,<2.0.0"))));
        check("a/b", AddSource::Hub, Err("`a/b` needs a version"));
        check("git@github.com:o/r.git", AddSource::Git, Ok(("git@github.com:o/r.git", None)));
        check("git@github.com:o/r.git@v1", AddSource::Git, Ok(("git@github.com:o/r.git", Some("v1"))));
        check("../tools", AddSource::Local, Ok(("../tools", None)));
        check("../tools@1", AddSource::Local, Err("the folder `../tools` cannot have a version"));
        check("@1.0.0", AddSource::Hub, Err("`--add-package` cannot read `@1.0.0`"));
    }

    #[test]
    fn takes_places_from_the_environment() {
        let vars = [("KARAT_CACHE", "/c"), ("DBT_PACKAGE_HUB_URL", "http://h/"), ("DBT_HTTP_TIMEOUT", "2.5")];
        let environment = Environment::new(vars.map(|(name, value)| (name.to_string(), value.to_string())));
        let (flags, environment) = (Flags::default(), Arc::new(environment));
        let first = FirstReading::of(&flags, &environment, std::path::Path::new("/p"));
        let options = DepsOptions::new(Arc::new(first), flags, environment);
        assert_eq!(options.cache, Some("/c/packages".into()));
        assert_eq!((options.hub_url.as_str(), options.timeout), ("http://h/", Duration::from_millis(2500)));
    }
}
