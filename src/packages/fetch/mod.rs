//! Where packages come from: the hub, tarballs behind URLs, git repositories; and the store that keeps
//! what came, so that it comes once and is there without a network.

mod archive;
mod git;
mod http;
mod hub;
mod store;
mod tree;

pub(super) use git::{check_git, is_at};
pub(super) use tree::{copy, digest, link, refused, written};

use super::options::DepsOptions;
use super::session::Voice;
use crate::error::{Error, ErrorKind, Result};
use http::{Fault, Http};
use hub::Hub;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use store::Store;

/// A tarball larger than this is refused.
const ARCHIVE_LIMIT: u64 = 256 << 20;

/// Everything that can be fetched. A folder that is given out lies in the store: copy, never change it.
pub(super) struct Sources<'a> {
    http: Http,
    store: Store,
    hub: Hub,
    voice: Voice<'a>,
    /// What came in this run is not asked for again: a branch must not move between two looks at it.
    tarballs: RefCell<HashMap<String, PathBuf>>,
    checkouts: RefCell<HashMap<Asked, Checkout>>,
}

/// URL, revision and folder of a repository.
type Asked = (String, String, Option<String>);

/// A commit of a repository, and its files.
#[derive(Clone)]
pub(super) struct Checkout {
    pub(super) commit: String,
    pub(super) folder: PathBuf,
}

impl<'a> Sources<'a> {
    pub(super) fn open(options: &DepsOptions, voice: Voice<'a>) -> Result<Self> {
        Ok(Sources {
            http: Http::new(options.timeout),
            store: Store::open(options.cache.as_deref())?,
            hub: Hub::new(&options.hub_url, options.flags.version_check),
            voice,
            tarballs: RefCell::default(),
            checkouts: RefCell::default(),
        })
    }

    /// The versions of a package of the hub that this release may use, oldest first.
    ///
    /// # Errors
    /// The hub does not know it, or does not answer and never did.
    pub(super) fn offer(&self, package: &str, prereleases: bool) -> Result<Vec<String>> {
        let known = self.hub.package(self, package)?;
        Ok(self.hub.installable(&known, prereleases))
    }

    /// The name and the packages of one version on the hub.
    ///
    /// # Errors
    /// As [`Sources::offer`]; the hub lacks the version.
    pub(super) fn version(&self, package: &str, version: &str) -> Result<hub::Version> {
        self.hub.version(&*self.hub.package(self, package)?, package, version)
    }

    /// The files of one version on the hub.
    ///
    /// # Errors
    /// As [`Sources::version`]; the archive is not there, is not what the hub says, or is harmful.
    pub(super) fn release(&self, package: &str, version: &str) -> Result<PathBuf> {
        let about = format!("hub {} {package} {version}", self.hub.base);
        if let Some(folder) = self.store.tree(&about) {
            return Ok(folder);
        }
        let found = self.version(package, version)?;
        self.unpacked(&about, &found.tarball, found.sha1.as_deref())
    }

    /// The files of a tarball. What is behind a URL may change, so it is asked for each time; without an
    /// answer, what was there last is taken.
    ///
    /// # Errors
    /// As [`Sources::release`].
    pub(super) fn tarball(&self, url: &str) -> Result<PathBuf> {
        if let Some(folder) = self.tarballs.borrow().get(url) {
            return Ok(folder.clone());
        }
        let about = format!("tarball {url}");
        let folder = self.unpacked(&about, url, None).or_else(|fault| match self.store.tree(&about) {
            Some(folder) if fault.code() == Some(UNREACHABLE) => {
                self.voice.debug("Note", format!("{}; taking what was kept", fault.message()));
                Ok(folder)
            }
            _ => Err(fault),
        })?;
        self.tarballs.borrow_mut().insert(url.to_string(), folder.clone());
        Ok(folder)
    }

    fn unpacked(&self, about: &str, url: &str, sha1: Option<&str>) -> Result<PathBuf> {
        self.voice.debug("Note", format!("downloading {url}"));
        let bytes = self.http.get(url, ARCHIVE_LIMIT, http::ATTEMPTS).map_err(|fault| told(url, &fault))?;
        if let Some(expected) = sha1 {
            check_sum(url, &bytes, expected)?;
        }
        let staging = self.store.staging()?;
        archive::unpack(&bytes, staging.path()).map_err(|why| {
            Error::new(ErrorKind::Dependency, format!("the archive of `{url}` {why}"))
                .help("tell the maintainers of the package; nothing was installed")
        })?;
        self.store.put(about, staging)
    }

    /// A revision of a repository, or its default branch.
    ///
    /// # Errors
    /// No `git`, no such repository, revision or folder in it.
    pub(super) fn checkout(&self, url: &str, revision: &str, subdirectory: Option<&str>) -> Result<Checkout> {
        let asked = (url.to_string(), revision.to_string(), subdirectory.map(str::to_string));
        if let Some(known) = self.checkouts.borrow().get(&asked) {
            return Ok(known.clone());
        }
        let found = git::checkout(&self.store, self.voice, &git::Place { url, revision, subdirectory })?;
        self.checkouts.borrow_mut().insert(asked, found.clone());
        Ok(found)
    }
}

/// The code of faults that a network heals.
const UNREACHABLE: &str = "unreachable";

fn told(url: &str, fault: &Fault) -> Error {
    let error = Error::new(ErrorKind::Dependency, format!("cannot fetch `{url}`: {fault}"));
    match fault {
        Fault::Silent(_) => error.with_code(UNREACHABLE).help(
            "check the network and `HTTPS_PROXY`; what was fetched once is installed without a network",
        ),
        _ => error.help("open the address in a browser to see what is there"),
    }
}

fn check_sum(url: &str, bytes: &[u8], expected: &str) -> Result<()> {
    use sha1::{Digest, Sha1};
    let real = hex::encode(Sha1::digest(bytes));
    // An index that keeps no checksum leaves the field empty or writes something else.
    let is_sum = expected.len() == 40 && expected.chars().all(|c| c.is_ascii_hexdigit());
    if !is_sum || real.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let message = format!("`{url}` is not what the hub recorded: its sha1 is {real}, not {expected}");
    Err(Error::new(ErrorKind::Dependency, message)
        .help("the release was changed after it was published: take another version, or a `git` package"))
}

/// A folder's name in messages.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
