//! Puts packages into the project's folder: all of them or none.
//!
//! Everything is fetched and laid out in a passing folder first. Only when all is there, old and new change
//! places by renames; if one fails, those before it are taken back. One process at a time does this.

use super::fetch::{copy, digest, link, refused};
use super::marker::Marker;
use super::pin::{Pin, Source};
use super::read::project_name;
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Folders that begin so are passing ones; no loader takes them for packages.
const PASSING: &str = "__karat_";
/// The file that the one who installs has locked.
const LOCK: &str = ".karat.lock";

/// Makes the folder of packages hold these and no others.
///
/// # Errors
/// What cannot be fetched, all at once; the disk refuses. The folder is then as it was.
pub(super) fn install(session: &Session<'_>, pins: Vec<Pin>) -> Result<()> {
    let place = session.path(&session.project.packages_install_path);
    if pins.is_empty() && !place.exists() {
        return Ok(());
    }
    check_place(session, &place)?;
    fs::create_dir_all(&place).map_err(|why| refused(&place, &why))?;
    let _alone = alone(session, &place)?;
    remove_leftovers(&place);
    let passing = TempDir::with_prefix_in(PASSING, &place).map_err(|why| refused(&place, &why))?;
    let before = Marker::read(&place);
    let mut installer = Installer {
        session,
        place: &place,
        passing: passing.path(),
        before,
        after: Marker::default(),
        newer: vec![],
    };
    let staged = installer.stage(pins)?;
    installer.commit(&staged)?;
    installer.after.write(&place)?;
    installer.tell_newer();
    Ok(())
}

/// The folder is emptied of what is no package: it must not be one that holds the project.
fn check_place(session: &Session<'_>, place: &Path) -> Result<()> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if !real(session.options.first.root()).starts_with(real(place)) {
        return Ok(());
    }
    let message = format!("packages cannot be installed into `{}`, which holds the project", place.display());
    Err(Error::new(ErrorKind::Dependency, message)
        .help("set `packages-install-path: dbt_packages` in dbt_project.yml"))
}

/// Waits until no other process installs here. Some network disks know no locks: there, renames must do.
fn alone(session: &Session<'_>, place: &Path) -> Result<File> {
    let path = place.join(LOCK);
    crate::disk::claim(&path);
    let file = File::create(&path).map_err(|why| refused(&path, &why))?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        session.voice.note("Note", "Waiting for another process that installs packages");
        let _ = file.lock();
    }
    Ok(file)
}

/// What a killed process left.
fn remove_leftovers(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PASSING) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

struct Installer<'a> {
    session: &'a Session<'a>,
    place: &'a Path,
    passing: &'a Path,
    before: Marker,
    after: Marker,
    /// Packages of which the hub has a newer version.
    newer: Vec<String>,
}

/// What is to be in place at the end.
struct Staged {
    /// Names of all packages.
    names: HashSet<String>,
    /// Names of those that lie ready in the passing folder.
    ready: Vec<String>,
}

impl Installer<'_> {
    fn new_place(&self, name: &str) -> PathBuf {
        self.passing.join("new").join(name)
    }

    /// Lays out what is not in place yet.
    fn stage(&mut self, pins: Vec<Pin>) -> Result<Staged> {
        let made = ["new", "old"].iter().try_for_each(|name| fs::create_dir(self.passing.join(name)));
        made.map_err(|why| refused(self.passing, &why))?;
        let mut staged = Staged { names: HashSet::new(), ready: Vec::new() };
        let mut faults = Vec::new();
        for pin in pins {
            if let Err(fault) = self.stage_one(&pin, &mut staged) {
                faults.push(fault);
            }
        }
        Error::all(faults).map_or(Ok(staged), Err)
    }

    fn stage_one(&mut self, pin: &Pin, staged: &mut Staged) -> Result<()> {
        let voice = self.session.voice;
        let there =
            pin.name.as_deref().filter(|name| self.before.holds(self.session, pin, &self.place.join(name)));
        if let Some(name) = there.filter(|_| !matches!(pin.source, Source::Local { .. })) {
            self.claim(name, pin, staged)?;
            self.after.take_over(name, &self.before);
            voice.note("Note", format!("Already installed: {} ({})", pin.title(), pin.version()));
            return Ok(());
        }
        voice.note("DepsStartPackageInstall", format!("Installing {}", pin.title()));
        let folder = pin.fetch(self.session)?;
        let found =
            project_name(&folder, &format!("{}/", pin.title())).map_err(|fault| pin.spec.locate(fault))?;
        let name = pin.name.clone().unwrap_or(found);
        self.claim(&name, pin, staged)?;
        if !self.before.holds(self.session, pin, &self.place.join(&name)) {
            self.lay_out(pin, &folder, &name)?;
            staged.ready.push(name);
        }
        voice.note("DepsInstallInfo", format!("Installed from {}", pin.version()));
        self.tell_more(pin);
        Ok(())
    }

    /// Two packages cannot have one folder.
    fn claim(&self, name: &str, pin: &Pin, staged: &mut Staged) -> Result<()> {
        if staged.names.insert(name.to_string()) {
            return Ok(());
        }
        let message = format!("two packages have the name `{name}`");
        Err(pin.spec.fault(message).help("run `karat deps --upgrade`, or rename one of them"))
    }

    fn lay_out(&mut self, pin: &Pin, folder: &Path, name: &str) -> Result<()> {
        let to = self.new_place(name);
        if let Source::Local { .. } = pin.source {
            self.session.voice.debug("DepsCreatingLocalSymlink", "Creating symlink to local dependency.");
            if link(folder, &to).is_ok() {
                return Ok(());
            }
            let message = "Symlinks are not available on this OS, copying dependency.";
            self.session.voice.debug("DepsSymlinkNotAvailable", message);
            return copy(folder, &to);
        }
        copy(folder, &to)?;
        self.after.set(name, pin, digest(&to).map_err(|why| refused(&to, &why))?);
        Ok(())
    }

    fn tell_more(&mut self, pin: &Pin) {
        let voice = self.session.voice;
        if let Source::Hub { package, version } = &pin.source {
            let offer = self.session.sources.offer(package, version.contains('-'));
            match offer.ok().and_then(|offer| offer.last().cloned()) {
                Some(latest) if latest != *version => {
                    self.newer.push(package.clone());
                    voice.note("DepsUpdateAvailable", format!("Updated version available: {latest}"));
                }
                Some(_) => voice.note("DepsUpToDate", "Up to date!"),
                None => {}
            }
        }
        if let Source::Git { subdirectory: Some(folder), .. } = &pin.source {
            voice.note("DepsListSubdirectory", format!("and subdirectory {folder}"));
        }
    }

    fn tell_newer(&self) {
        if self.newer.is_empty() {
            return;
        }
        let names: Vec<String> = self.newer.iter().map(|name| format!("'{name}'")).collect();
        let names = names.join(", ");
        let message = format!(
            "Updates available for packages: [{names}]\nUpdate your versions in packages.yml, then run dbt deps"
        );
        self.session.voice.note("Formatting", "");
        self.session.voice.note("DepsNotifyUpdatesAvailable", message);
    }

    /// Old and new change places, and what is no longer listed goes.
    fn commit(&self, staged: &Staged) -> Result<()> {
        let mut moves = Moves::default();
        let swapped = self.gone(&staged.names).iter().chain(&staged.ready).try_for_each(|name| {
            let place = self.place.join(name);
            if place.symlink_metadata().is_ok() {
                moves.rename(&place, &self.passing.join("old").join(name))?;
            }
            if staged.ready.contains(name) { moves.rename(&self.new_place(name), &place) } else { Ok(()) }
        });
        if swapped.is_err() {
            moves.take_back();
        }
        swapped
    }

    /// Folders of packages that are no longer wanted; files stay.
    fn gone(&self, wanted: &HashSet<String>) -> Vec<String> {
        let entries = fs::read_dir(self.place).into_iter().flatten().flatten();
        let folders =
            entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink()));
        let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| !wanted.contains(name) && !name.starts_with(PASSING)).collect()
    }
}

/// Renames that can be taken back.
#[derive(Default)]
struct Moves(Vec<(PathBuf, PathBuf)>);

impl Moves {
    fn rename(&mut self, from: &Path, to: &Path) -> Result<()> {
        fs::rename(from, to).map_err(|why| refused(to, &why))?;
        self.0.push((from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    fn take_back(&self) {
        for (from, to) in self.0.iter().rev() {
            let _ = fs::rename(to, from);
        }
    }
}
