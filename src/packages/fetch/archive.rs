//! Unpacks a `.tar.gz` into a folder, and never anywhere else.
//!
//! The archive comes from outside and may be hostile: every path is checked before anything is written,
//! files are made anew and never through a link, links may lead only deeper into the package, and both
//! the number and the size of what comes out are bounded.

use flate2::read::GzDecoder;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Entry, EntryType};

/// No package unpacks to more bytes.
const SIZE_LIMIT: u64 = 1 << 30;
/// No package has more entries.
const ENTRY_LIMIT: usize = 100_000;
/// No path is longer.
const PATH_LIMIT: usize = 1024;
/// No header that holds a long name is larger: these are read into memory.
const HEADER_LIMIT: u64 = 1 << 20;

/// Unpacks what lies below the archive's one top folder. The fault goes on from `the archive of x ...`.
pub(super) fn unpack(bytes: &[u8], into: &Path) -> Result<(), String> {
    check_sizes(bytes, SIZE_LIMIT)?;
    let mut unpacking = Unpacking { into, top: None, links: Vec::new(), left: SIZE_LIMIT };
    let mut archive = Archive::new(GzDecoder::new(bytes));
    for entry in archive.entries().map_err(broken)? {
        unpacking.entry(&mut entry.map_err(broken)?)?;
    }
    if unpacking.top.is_none() {
        return Err("is empty".into());
    }
    unpacking.link()
}

/// Reads the archive once without believing or keeping anything of it. What is decompressed is bounded, so
/// headers and padding count as well as files.
fn check_sizes(bytes: &[u8], limit: u64) -> Result<(), String> {
    let too_large = || format!("unpacks to more than {} MiB", limit >> 20);
    let mut archive = Archive::new(GzDecoder::new(bytes).take(limit));
    let mut read = 0_u64;
    for (count, entry) in archive.entries().map_err(broken)?.raw(true).enumerate() {
        if count >= ENTRY_LIMIT {
            return Err(format!("has more than {ENTRY_LIMIT} entries"));
        }
        let entry = entry.map_err(|why| if read >= limit { too_large() } else { broken(why) })?;
        let kind = entry.header().entry_type();
        let plain = matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse);
        if !plain && entry.size() > HEADER_LIMIT {
            return Err("holds a header that is too large".into());
        }
        read = read.saturating_add(512).saturating_add(entry.size());
        if read > limit {
            return Err(too_large());
        }
    }
    Ok(())
}

fn broken(why: std::io::Error) -> String {
    format!("cannot be read: {why}")
}

struct Unpacking<'a> {
    into: &'a Path,
    top: Option<PathBuf>,
    links: Vec<(PathBuf, PathBuf)>,
    left: u64,
}

impl Unpacking<'_> {
    fn entry<R: Read>(&mut self, entry: &mut Entry<'_, R>) -> Result<(), String> {
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader) {
            return Ok(());
        }
        let named = entry.path().map_err(broken)?.into_owned();
        let Some(path) = self.below_top(&named)? else {
            let folder = kind == EntryType::Directory;
            return if folder {
                Ok(())
            } else {
                Err(format!("has `{}` outside of a folder", named.display()))
            };
        };
        match kind {
            EntryType::Directory => self.folder(&path),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => self.file(entry, &path),
            EntryType::Symlink => {
                let target = entry.link_name().map_err(broken)?.map(|target| target.into_owned());
                self.links.push((path.clone(), inside(&path, &target.unwrap_or_default())?));
                Ok(())
            }
            EntryType::Link => Err(format!("holds `{}`, a hard link", path.display())),
            _ => Err(format!("holds `{}`, which is neither file nor folder", path.display())),
        }
    }

    /// An entry's path below the one folder at the top; `None` for that folder itself.
    fn below_top(&mut self, named: &Path) -> Result<Option<PathBuf>, String> {
        if named.as_os_str().len() > PATH_LIMIT {
            return Err("holds a path that is too long".into());
        }
        let mut parts = Vec::new();
        for part in named.components() {
            match part {
                Component::CurDir => {}
                Component::Normal(part) if portable(&part.to_string_lossy()) => parts.push(part),
                _ => return Err(format!("holds `{}`, which leads out of its folder", named.display())),
            }
        }
        let Some((top, rest)) = parts.split_first() else { return Ok(None) };
        let known = self.top.get_or_insert_with(|| PathBuf::from(top));
        if known.as_os_str() != *top {
            let both = format!("`{}` and `{}`", known.display(), Path::new(top).display());
            return Err(format!("must hold one folder with the package in it, not {both}"));
        }
        Ok((!rest.is_empty()).then(|| rest.iter().collect()))
    }

    fn folder(&self, path: &Path) -> Result<(), String> {
        fs::create_dir_all(self.into.join(path)).map_err(|why| format!("cannot be unpacked: {why}"))
    }

    fn file<R: Read>(&mut self, entry: &mut Entry<'_, R>, path: &Path) -> Result<(), String> {
        if let Some(folder) = path.parent() {
            self.folder(folder)?;
        }
        let unpacked = |why: std::io::Error| format!("cannot be unpacked: `{}`: {why}", path.display());
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = options.open(self.into.join(path)).map_err(unpacked)?;
        let size = std::io::copy(&mut entry.take(self.left + 1), &mut file).map_err(unpacked)?;
        file.flush().map_err(unpacked)?;
        let too_large = || format!("unpacks to more than {} MiB", SIZE_LIMIT >> 20);
        self.left = self.left.checked_sub(size).ok_or_else(too_large)?;
        Ok(())
    }

    /// Links come last, so that nothing is ever written through one.
    fn link(&self) -> Result<(), String> {
        for (path, target) in &self.links {
            if let Some(folder) = path.parent() {
                self.folder(folder)?;
            }
            super::tree::link(target, &self.into.join(path))
                .map_err(|why| format!("cannot be unpacked: `{}`: {why}", path.display()))?;
        }
        Ok(())
    }
}

/// A part of a path that means the same everywhere.
fn portable(part: &str) -> bool {
    let drive = part.len() == 2 && part.ends_with(':');
    !drive && !part.contains(['\\', '\0'])
}

/// The target of a link, if it stays in the package: first up, at most to the package's folder, then only
/// down.
pub(super) fn inside(link: &Path, target: &Path) -> Result<PathBuf, String> {
    let up = target.components().take_while(|part| *part == Component::ParentDir).count();
    let down = target.components().skip(up).all(|part| matches!(part, Component::Normal(_)));
    let depth = link.components().count().saturating_sub(1);
    if down && up <= depth && !target.as_os_str().is_empty() {
        return Ok(target.to_path_buf());
    }
    Err(format!("holds `{}`, a link that leads out of its folder", link.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    /// An archive of one entry with zeros in it.
    fn zeros(kind: EntryType, size: u64) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_path("p/zeros").unwrap();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        tar.append(&header, std::io::repeat(0).take(size)).unwrap();
        tar.into_inner().unwrap().finish().unwrap()
    }

    #[track_caller]
    fn check(kind: EntryType, size: u64, expect: Result<(), &str>) {
        assert_eq!(check_sizes(&zeros(kind, size), 4 << 20), expect.map_err(str::to_string));
    }

    #[test]
    fn bounds_sizes_before_anything_is_kept() {
        check(EntryType::Regular, 3 << 20, Ok(()));
        check(EntryType::Regular, 5 << 20, Err("unpacks to more than 4 MiB"));
        check(EntryType::GNULongName, 2 << 20, Err("holds a header that is too large"));
        check(EntryType::XHeader, 2 << 20, Err("holds a header that is too large"));
    }
}
