//! A package at one version: what package-lock.yml holds and what is installed.

use super::session::Session;
use super::spec::{Spec, Wanted};
use super::version::Sign;
use crate::error::{Error, Result};
use crate::project::Map;
use std::path::PathBuf;

/// Where one version of a package comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// A folder.
    Local { path: String },
    /// A commit.
    Git { url: String, commit: String, subdirectory: Option<String> },
    /// What lies behind a URL.
    Tarball { url: String },
    /// A version on the hub.
    Hub { package: String, version: String },
}

/// A package at one version.
#[derive(Debug, Clone)]
pub(super) struct Pin {
    pub(super) source: Source,
    /// The name of its project and of its folder; a lock of an older dbt does not have it.
    pub(super) name: Option<String>,
    /// The entry that asked for it.
    pub(super) spec: Spec,
}

impl Pin {
    /// What an entry of package-lock.yml pins; `None` where it pins nothing.
    pub(super) fn locked(spec: Spec) -> Result<Option<Self>> {
        let source = match &spec.wanted {
            Wanted::Local { path } => Source::Local { path: path.clone() },
            Wanted::Tarball { url, .. } => Source::Tarball { url: url.clone() },
            Wanted::Git { url, revision: Some(commit), subdirectory, .. } => {
                Source::Git { url: url.clone(), commit: commit.clone(), subdirectory: subdirectory.clone() }
            }
            Wanted::Hub { package, versions, .. } => match versions.as_slice() {
                [one] if one.sign == Sign::Exact => {
                    Source::Hub { package: package.clone(), version: one.version() }
                }
                _ => return Ok(None),
            },
            Wanted::Git { revision: None, .. } => return Ok(None),
            Wanted::Private { .. } => return Err(private(&spec)),
        };
        if let Some(name) = spec.name().filter(|name| !super::spec::is_name(name)) {
            return Err(spec.fault(format!("`{name}` cannot be the name of a package")));
        }
        Ok(Some(Pin { source, name: spec.name().map(str::to_string), spec }))
    }

    /// What messages call it.
    pub(super) fn title(&self) -> String {
        match &self.source {
            Source::Local { path } => path.clone(),
            Source::Git { url, subdirectory: Some(folder), .. } => format!("{url}/{folder}"),
            Source::Git { url, .. } => url.clone(),
            Source::Tarball { url } => self.name.clone().unwrap_or_else(|| url.clone()),
            Source::Hub { package, .. } => package.clone(),
        }
    }

    /// What messages call its version.
    pub(super) fn version(&self) -> String {
        match &self.source {
            Source::Local { path } => format!("<local @ {path}>"),
            Source::Git { commit, .. } => format!("revision {commit}"),
            Source::Tarball { url } => format!("tarball (url: {url})"),
            Source::Hub { version, .. } => format!("version {version}"),
        }
    }

    /// Its entry of package-lock.yml, keys in order. URLs stand there as they were written, so that the
    /// secrets in them stay templates.
    pub(super) fn entry(&self) -> Map {
        let mut pairs = match &self.source {
            Source::Local { path } => vec![("local", path.clone())],
            Source::Git { commit, subdirectory, .. } => {
                let folder = subdirectory.iter().map(|folder| ("subdirectory", folder.clone()));
                let start = [("git", self.spec.as_written("git")), ("revision", commit.clone())];
                start.into_iter().chain(folder).collect()
            }
            Source::Tarball { .. } => vec![("tarball", self.spec.as_written("tarball"))],
            Source::Hub { package, version } => {
                vec![("package", package.clone()), ("version", version.clone())]
            }
        };
        pairs.extend(self.name.iter().map(|name| ("name", name.clone())));
        pairs.sort_unstable();
        pairs.into_iter().map(|(key, value)| (key.to_string(), value.into())).collect()
    }

    /// The folder with its files: the user's own, or one of the store that must not be changed.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub(super) fn fetch(&self, session: &Session<'_>) -> Result<PathBuf> {
        let sources = &session.sources;
        let fetched = match &self.source {
            Source::Local { path } => Ok(session.local(path)),
            Source::Git { url, commit, subdirectory } => {
                sources.checkout(url, commit, subdirectory.as_deref()).map(|checkout| checkout.folder)
            }
            Source::Tarball { url } => sources.tarball(url),
            Source::Hub { package, version } => sources.release(package, version),
        };
        fetched.map_err(|fault| self.spec.locate(fault))
    }
}

/// The fault of a private package: only a hosted service can find it.
pub(super) fn private(spec: &Spec) -> Error {
    let Wanted::Private { repository, provider } = &spec.wanted else {
        return spec.fault("this package cannot be read");
    };
    let address = match provider.as_deref() {
        Some("gitlab") => format!("gitlab.com/{repository}.git"),
        Some("ado" | "azure_active_directory" | "azure_dev_ops") => match repository.rsplit_once('/') {
            Some((project, name)) => format!("dev.azure.com/{project}/_git/{name}"),
            None => format!("dev.azure.com/{repository}"),
        },
        _ => format!("github.com/{repository}.git"),
    };
    let token = "{{ env_var('DBT_ENV_SECRET_GIT_TOKEN') }}";
    spec.fault(format!(
        "Cannot resolve private package {repository} because git provider integration is missing. \
         Please use a \"git\" package instead."
    ))
    .help(format!("write `git: \"https://{token}@{address}\"` and put a token into DBT_ENV_SECRET_GIT_TOKEN"))
    .help("or write the `ssh` URL of the repository: karat uses the keys that git uses")
}
