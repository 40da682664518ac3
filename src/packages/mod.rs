//! `deps`: from the packages that a project lists to the packages that lie in its folder.
//!
//! [`read`](read) finds the entries, [`resolve`](resolve) narrows them down to one version each, with
//! what they need themselves, [`lock`](lock) writes that down as dbt does, and [`install`](install) puts
//! it in place: all of it or nothing. What is fetched is kept by content in a folder for all projects
//! ([`fetch`](fetch)), so that it is fetched once.

mod add;
mod fetch;
mod install;
mod lock;
mod marker;
mod options;
mod pin;
mod read;
mod resolve;
mod session;
mod spec;
#[cfg(test)]
mod tests;
mod version;

pub use options::{AddPackage, AddSource, DepsOptions, HUB_URL};

use crate::error::Result;
use crate::event::Reporter;
use read::Lister;
use session::Session;
use spec::Spec;

/// Installs the packages of a project, as its package-lock.yml has them; writes that file first where it
/// is missing or was made from another list.
///
/// # Errors
/// Faults of packages.yml, packages that are not there or do not fit together, servers that do not
/// answer: all of a step at once. What was installed before is then still in place.
pub fn deps(options: &DepsOptions, reporter: &dyn Reporter) -> Result<()> {
    let session = Session::open(options, reporter)?;
    run(&session).map_err(|fault| fault.with_texts(&|text| session.voice.scrub(text)))
}

fn run(session: &Session<'_>) -> Result<()> {
    let options = session.options;
    let added = options.add.as_ref().map(|add| add::add(session, add)).transpose()?;
    let done = settle(session);
    if let (Err(_), Some(added)) = (&done, added) {
        added.undo()?;
    }
    done
}

fn settle(session: &Session<'_>) -> Result<()> {
    let (_, specs) = read::listed(session.options.first.root(), "", &session.renderer, Lister::Project)?;
    if specs.is_empty() {
        session.voice.note("DepsNoPackagesFound", "Warning: No packages were found in packages.yml");
        return if session.options.lock { Ok(()) } else { install::install(session, Vec::new()) };
    }
    let pins = pinned(session, &specs)?;
    if session.options.lock { Ok(()) } else { install::install(session, pins) }
}

/// One version of each package: as locked, or found anew.
fn pinned(session: &Session<'_>, specs: &[Spec]) -> Result<Vec<pin::Pin>> {
    let hash = lock::hash(specs)?;
    if !session.options.upgrade
        && let Some(pins) = lock::read(session, &hash)?
    {
        return Ok(pins);
    }
    let pins = resolve::resolve(session, specs)?;
    lock::write(session, &pins, &hash)?;
    Ok(pins)
}
