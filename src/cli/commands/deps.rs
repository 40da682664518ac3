//! `karat deps`: the packages of packages.yml.

use super::{Command, CommandSpec, PLAIN};
use crate::cli::session::Opening;
use crate::error::Result;
use crate::packages::{AddPackage, AddSource, DepsOptions, deps};

/// What the parser needs to know.
pub const SPEC: CommandSpec = CommandSpec {
    command: Command::Deps,
    name: "deps",
    about: "Install the packages of packages.yml",
    examples: "  karat deps
  karat deps --upgrade
  karat deps --add-package dbt-labs/dbt_utils@1.3.0",
    flags: &["lock", "upgrade", "add-package", "source"],
    ..PLAIN
};

/// Installs; the exit code.
///
/// # Errors
/// A package cannot be found, or does not fit the others.
pub fn run(opening: &Opening) -> Result<u8> {
    let start = opening.start;
    let given = &start.invocation.given;
    let mut options = DepsOptions::new(start.first.clone(), start.flags.clone(), start.environment.clone());
    options.lock = given.bool("lock") == Some(true);
    options.upgrade = given.bool("upgrade") == Some(true);
    if let Some(text) = given.text("add-package") {
        let source = match given.text("source") {
            Some("git") => AddSource::Git,
            Some("local") => AddSource::Local,
            _ => AddSource::Hub,
        };
        options.add = Some(AddPackage::parse(text, source)?);
    }
    deps(&options, &*opening.reporter)?;
    Ok(0)
}
