//! Folders of files as values: their digest, their copies.

use crate::error::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The sha256 of a folder's files and links, by their paths; empty folders do not count.
///
/// # Errors
/// Something in it cannot be read, or is neither file nor folder nor link.
pub(in crate::packages) fn digest(folder: &Path) -> io::Result<String> {
    let mut all = Sha256::new();
    for (entry, path) in entries(folder)? {
        let (kind, content) = match entry.file_type() {
            kind if kind.is_dir() => continue,
            kind if kind.is_symlink() => ("link", bytes(&fs::read_link(entry.path())?)),
            kind if kind.is_file() => ("file", fs::read(entry.path())?),
            _ => return Err(io::Error::other(format!("`{}` is no file", entry.path().display()))),
        };
        let name = bytes(&path);
        all.update(format!("{kind} {} {} ", name.len(), content.len()));
        all.update(&name);
        all.update(Sha256::digest(&content));
    }
    Ok(hex::encode(all.finalize()))
}

/// Copies a folder's files and links to where nothing is yet.
///
/// # Errors
/// The disk refuses.
pub(in crate::packages) fn copy(from: &Path, to: &Path) -> Result<()> {
    copy_but(from, to, &|_, _| false)
}

/// Of a path below the folder, and the target if it is a link: is it left out?
pub(super) type LeaveOut<'a> = &'a dyn Fn(&Path, Option<&Path>) -> bool;

/// [`copy`], without some.
pub(super) fn copy_but(from: &Path, to: &Path, leave_out: LeaveOut<'_>) -> Result<()> {
    copied(from, to, leave_out).map_err(|why| refused(to, &why))
}

fn copied(from: &Path, to: &Path, leave_out: LeaveOut<'_>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for (entry, path) in entries(from)? {
        let place = to.join(&path);
        let kind = entry.file_type();
        let target = if kind.is_symlink() { Some(fs::read_link(entry.path())?) } else { None };
        match target {
            target if leave_out(&path, target.as_deref()) => {}
            Some(target) => link(&target, &place)?,
            None if kind.is_dir() => fs::create_dir_all(place)?,
            None => fs::copy(entry.path(), place).map(|_| ())?,
        }
    }
    Ok(())
}

/// Everything below a folder in an order of its own, with its path from there; links are not followed.
fn entries(folder: &Path) -> io::Result<Vec<(DirEntry, PathBuf)>> {
    let walk = WalkDir::new(folder).min_depth(1).sort_by_file_name();
    let relative = |entry: DirEntry| {
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_path_buf();
        (entry, path)
    };
    walk.into_iter().map(|entry| Ok(relative(entry?))).collect()
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

/// Makes a link.
#[cfg(unix)]
pub(in crate::packages) fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// Makes a link, where the system lets us.
#[cfg(windows)]
pub(in crate::packages) fn link(target: &Path, at: &Path) -> io::Result<()> {
    let real = at.parent().unwrap_or(Path::new("")).join(target);
    if real.is_dir() {
        std::os::windows::fs::symlink_dir(target, at)
    } else {
        std::os::windows::fs::symlink_file(target, at)
    }
}

/// Writes a file beside its place and moves it there, so that nobody reads half of one.
///
/// # Errors
/// The disk refuses; what stood there before still stands.
pub(in crate::packages) fn written(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.permissions(fs::Permissions::from_mode(0o666));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = file.prefix(".karat-").tempfile_in(folder)?;
        io::Write::write_all(&mut file, bytes)?;
        file.persist(path).map_err(|why| why.error)?;
        Ok(())
    };
    write().map_err(|why| refused(path, &why))
}

/// A fault of the disk.
pub(in crate::packages) fn refused(path: &Path, why: &io::Error) -> Error {
    Error::new(ErrorKind::Dependency, format!("`{}` cannot be written: {why}", super::shown(path)))
        .help("check the rights and the free space of the disk")
}
