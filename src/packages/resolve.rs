//! From what is wanted to one version of each package, with what they need themselves.
//!
//! dbt's way: round by round, each new entry narrows what is known of its package, and what the version
//! chosen so far needs is the next round. A choice is not taken back; entries that do not fit together are
//! a fault.

use super::fetch::check_git;
use super::pin::{Pin, Source, private};
use super::read::{self, Lister};
use super::session::Session;
use super::spec::{Spec, Wanted};
use super::version::{self, Specifier};
use crate::error::{Error, Result};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::path::Path;

/// All that is wanted of one package.
#[derive(Clone)]
struct Unpinned {
    /// The entry that asked first.
    spec: Spec,
    /// Every entry of the hub asks for these.
    versions: Vec<Specifier>,
    prerelease: bool,
    /// Every entry of git asks for these.
    revisions: Vec<String>,
    warn: bool,
}

/// Packages by what identifies them, in the order in which they were asked for.
type Listing = IndexMap<String, Unpinned>;

/// One version of every package that is wanted, directly or not.
///
/// # Errors
/// Entries that do not fit together, packages or versions that are not there, names that clash: all that
/// are found.
pub(super) fn resolve(session: &Session<'_>, specs: &[Spec]) -> Result<Vec<Pin>> {
    let mut resolver = Resolver { session, faults: Vec::new(), warned: HashSet::new() };
    let mut pending = Listing::new();
    resolver.incorporate_all(&mut pending, specs);
    let mut known = Listing::new();
    let mut done = HashSet::new();
    while !pending.is_empty() {
        let mut next = Listing::new();
        for (key, package) in pending {
            let Some(package) = resolver.incorporate(&mut known, key, package) else { continue };
            let Some(pin) = resolver.pin(&package) else { continue };
            // The same version again needs nothing new; so circles end.
            if done.insert(pin.source.clone()) {
                let needs = resolver.needs(&pin);
                resolver.incorporate_all(&mut next, &needs);
            }
        }
        pending = next;
    }
    resolver.stop()?;
    let pins: Vec<Pin> = known.values().filter_map(|package| resolver.pin(package)).collect();
    resolver.check_names(&pins);
    resolver.stop()?;
    Ok(pins)
}

struct Resolver<'a> {
    session: &'a Session<'a>,
    faults: Vec<Error>,
    warned: HashSet<String>,
}

impl Resolver<'_> {
    fn stop(&mut self) -> Result<()> {
        Error::all(std::mem::take(&mut self.faults)).map_or(Ok(()), Err)
    }

    fn incorporate_all(&mut self, listing: &mut Listing, specs: &[Spec]) {
        for spec in specs {
            if let Some(package) = self.unpinned(spec) {
                let key = key(listing, &package.spec.wanted);
                self.incorporate(listing, key, package);
            }
        }
    }

    fn unpinned(&mut self, spec: &Spec) -> Option<Unpinned> {
        let blank = Unpinned {
            spec: spec.clone(),
            versions: vec![],
            prerelease: false,
            revisions: vec![],
            warn: true,
        };
        match &spec.wanted {
            Wanted::Private { .. } => {
                self.faults.push(private(spec));
                None
            }
            Wanted::Hub { versions, prerelease, .. } => {
                Some(Unpinned { versions: versions.clone(), prerelease: *prerelease, ..blank })
            }
            Wanted::Git { url, revision, subdirectory, warn_unpinned } => {
                if let Some((message, help)) = check_git(url, revision.as_deref(), subdirectory.as_deref()) {
                    self.faults.push(spec.fault(message).help(help));
                    return None;
                }
                Some(Unpinned {
                    revisions: revision.iter().cloned().collect(),
                    warn: *warn_unpinned,
                    ..blank
                })
            }
            Wanted::Local { .. } | Wanted::Tarball { .. } => Some(blank),
        }
    }

    /// Adds what is wanted to what is known of the package, and gives all of it.
    fn incorporate(&mut self, listing: &mut Listing, key: String, new: Unpinned) -> Option<Unpinned> {
        let Some(old) = listing.get_mut(&key) else {
            listing.insert(key, new.clone());
            return Some(new);
        };
        if std::mem::discriminant(&old.spec.wanted) != std::mem::discriminant(&new.spec.wanted) {
            let message = format!("`{key}` is wanted from two kinds of places");
            self.faults.push(new.spec.fault(message).help("name the package in one way everywhere"));
            return None;
        }
        old.versions.extend(new.versions);
        old.revisions.extend(new.revisions);
        old.warn &= new.warn;
        Some(old.clone())
    }

    fn pin(&mut self, package: &Unpinned) -> Option<Pin> {
        let pinned = self.source(package).and_then(|(source, name)| {
            let mut pin = Pin { source, name, spec: package.spec.clone() };
            if pin.name.is_none() {
                let shown = format!("{}/", pin.title());
                pin.name = Some(read::project_name(&pin.fetch(self.session)?, &shown)?);
            }
            Ok(pin)
        });
        pinned.map_err(|fault| self.found(package.spec.locate(fault))).ok()
    }

    /// Takes note of a fault; a package that is asked for twice is at fault once.
    fn found(&mut self, fault: Error) {
        let same = |known: &Error| known.message() == fault.message() && known.location() == fault.location();
        if !self.faults.iter().any(same) {
            self.faults.push(fault);
        }
    }

    fn source(&mut self, package: &Unpinned) -> Result<(Source, Option<String>)> {
        match &package.spec.wanted {
            Wanted::Local { path } => Ok((Source::Local { path: path.clone() }, None)),
            Wanted::Tarball { url, name } => Ok((Source::Tarball { url: url.clone() }, Some(name.clone()))),
            Wanted::Git { url, subdirectory, .. } => {
                Ok((self.commit(package, url, subdirectory.as_deref())?, None))
            }
            Wanted::Hub { package: name, .. } => {
                let version = self.version(package, name)?;
                let project = self.session.sources.version(name, &version)?.name;
                Ok((Source::Hub { package: name.clone(), version }, Some(project)))
            }
            Wanted::Private { .. } => Err(private(&package.spec)),
        }
    }

    fn version(&self, package: &Unpinned, name: &str) -> Result<String> {
        let wanted = &package.versions;
        let Some(range) = version::reduce(wanted) else {
            let options: Vec<String> = wanted.iter().map(|version| format!("'{version}'")).collect();
            let message = format!(
                "Version error for package {name}: Could not find a satisfactory version from options: [{}]",
                options.join(", ")
            );
            return Err(package
                .spec
                .fault(message)
                .help("loosen one of the ranges, here or in the packages that need it"));
        };
        let prereleases = package.prerelease || wanted.iter().any(|version| version.prerelease.is_some());
        let offer = self.session.sources.offer(name, prereleases)?;
        version::pick(&range, &offer).ok_or_else(|| {
            let versions: Vec<String> = offer.iter().map(|version| format!("'{version}'")).collect();
            let message = format!(
                "Could not find a matching compatible version for package {name}\n  Requested range: {range}\n  \
                 Compatible versions: [{}]",
                versions.join(", ")
            );
            let fault = package.spec.fault(message);
            match self.session.options.flags.version_check {
                true => fault.help("versions that want another dbt are not shown; `--no-version-check` includes them"),
                false => fault.help("choose one of the versions that there are"),
            }
        })
    }

    fn commit(&mut self, package: &Unpinned, url: &str, subdirectory: Option<&str>) -> Result<Source> {
        let mut revisions = package.revisions.clone();
        revisions.sort_unstable();
        revisions.dedup();
        let revision = match revisions.as_slice() {
            [] => "HEAD",
            [one] => one.as_str(),
            several => {
                let message = format!(
                    "git dependencies should contain exactly one version. {url} contains: {}",
                    several.join(", ")
                );
                return Err(package.spec.fault(message).help("ask for one revision everywhere"));
            }
        };
        let found = self.session.sources.checkout(url, revision, subdirectory)?;
        if package.warn
            && matches!(revision, "HEAD" | "main" | "master")
            && self.warned.insert(url.to_string())
        {
            self.warn_unpinned(&package.spec, url, revision);
        }
        let subdirectory = subdirectory.map(str::to_string);
        Ok(Source::Git { url: url.to_string(), commit: found.commit, subdirectory })
    }

    fn warn_unpinned(&self, spec: &Spec, url: &str, revision: &str) {
        let how = match revision {
            "HEAD" => "not pinned, using HEAD (default branch)".to_string(),
            branch => format!("pinned to the \"{branch}\" branch"),
        };
        let message = format!(
            "The git package \"{url}\" \n\tis {how}.\n\tThis can introduce breaking changes into your project \
             without warning!"
        );
        let help = "set `revision` to a tag or a commit, or `warn-unpinned: false`";
        self.session.voice.warn("DepsUnpinned", spec.fault(message).help(help));
    }

    /// The packages that a version needs itself.
    fn needs(&mut self, pin: &Pin) -> Vec<Spec> {
        let session = self.session;
        let listed = match &pin.source {
            Source::Hub { package, version } => session
                .sources
                .version(package, version)
                .and_then(|found| read::entries_of(&format!("{package}@{version} (hub)"), &found.packages)),
            _ => pin
                .fetch(session)
                .and_then(|folder| in_folder(session, &folder, &format!("{}/", pin.title()))),
        };
        listed.unwrap_or_else(|fault| {
            self.found(pin.spec.locate(fault));
            Vec::new()
        })
    }

    fn check_names(&mut self, pins: &[Pin]) {
        let mut seen = HashSet::new();
        for pin in pins {
            let name = pin.name.as_deref().unwrap_or_default();
            let message = if name == self.session.project.name {
                format!(
                    "Found a dependency with the same name as the root project \"{name}\". Package names must be \
                     unique in a project. Please rename one of these packages."
                )
            } else if !seen.insert(name) {
                format!(
                    "Found duplicate project \"{name}\". This occurs when a dependency has the same project name as \
                     some other dependency."
                )
            } else {
                continue;
            };
            self.faults
                .push(pin.spec.fault(message).help("change `name` in one of the dbt_project.yml files"));
        }
    }
}

fn in_folder(session: &Session<'_>, folder: &Path, shown: &str) -> Result<Vec<Spec>> {
    Ok(read::listed(folder, shown, &session.renderer, Lister::Package)?.1)
}

/// What identifies a package: a repository is the same with and without `.git` at its end.
fn key(listing: &Listing, wanted: &Wanted) -> String {
    match wanted {
        Wanted::Local { path } => path.clone(),
        Wanted::Tarball { name, .. } => name.clone(),
        Wanted::Hub { package, .. } => package.clone(),
        Wanted::Private { repository, .. } => repository.clone(),
        Wanted::Git { url, subdirectory, .. } => {
            let below =
                |url: &str| subdirectory.as_ref().map_or(url.to_string(), |dir| format!("{url}/{dir}"));
            let other = url.strip_suffix(".git").map_or_else(|| format!("{url}.git"), str::to_string);
            let names = [below(url), below(&other)];
            names.iter().find(|name| listing.contains_key(*name)).unwrap_or(&names[0]).clone()
        }
    }
}
