//! What is known of files that did not change: their hashes, so that they need not be read.
//!
//! A file is taken for unchanged by what the system says of it (size, times, inode), as git does. A file that
//! was changed shortly before it was read is read again: a later change might bear the same time.

use super::FileHash;
use crate::packed::{Packed, Reader, Writer, hash, packed};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The name of the file below the target folder.
pub const FILE_NAME: &str = ".karat-files";

/// Begins the file: a new layout has another number.
const MAGIC: &[u8] = b"karat files 1\n";

/// How long a file must have been left alone, in nanoseconds: longer than the ticks of any file system.
const SETTLED: i64 = 3_000_000_000;

/// What the system says of a file, and what was found in it.
#[derive(Debug, Clone, PartialEq)]
struct Stamp {
    size: u64,
    inode: u64,
    device: u64,
    modified: i64,
    changed: i64,
    known: Known,
}
packed!(Stamp { size, inode, device, modified, changed, known });

/// What was found in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// Its hash as the manifest shows it; `None` for a big seed, whose path is its hash.
    sha256: Option<String>,
    /// The hash of its bytes.
    pub fingerprint: u64,
}
packed!(Known { sha256, fingerprint });

impl Known {
    /// Of a file that was read.
    pub fn of(checksum: &FileHash, fingerprint: u64) -> Self {
        let sha256 = (checksum.name == "sha256").then(|| checksum.checksum.clone());
        Known { sha256, fingerprint }
    }

    /// The hash as the manifest shows it, of a file that is no big seed.
    pub fn checksum(&self) -> Option<FileHash> {
        self.sha256.clone().map(|checksum| FileHash { name: "sha256", checksum })
    }
}

/// The files of a project as an earlier command met them, and as this one does.
#[derive(Debug, Default)]
pub struct Stamps {
    path: PathBuf,
    before: BTreeMap<String, Stamp>,
    now: Mutex<BTreeMap<String, Stamp>>,
    began: i64,
}

impl Stamps {
    /// Those of a target folder. A file that cannot be read or is none of karat's knows nothing.
    pub fn read(target: &Path) -> Self {
        let path = target.join(FILE_NAME);
        let before = crate::disk::read(&path).ok().and_then(|bytes| decode(&bytes)).unwrap_or_default();
        let began = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
        Stamps { path, before, now: Mutex::default(), began }
    }

    /// What is known of a file, if it is as it was.
    pub(super) fn known(&self, path: &Path, data: &Metadata) -> Option<Known> {
        let name = path.to_str()?;
        let found = self.before.get(name)?;
        let same = stamp(data, found.known.clone()).is_some_and(|now| now == *found);
        same.then(|| {
            self.note(name, found.clone());
            found.known.clone()
        })
    }

    /// Remembers what was found in a file. `data` was taken before it was read.
    pub(super) fn learn(&self, path: &Path, data: &Metadata, known: Known) {
        if let (Some(name), Some(stamp)) = (path.to_str(), stamp(data, known))
            && stamp.modified.max(stamp.changed).saturating_add(SETTLED) < self.began
        {
            self.note(name, stamp);
        }
    }

    fn note(&self, name: &str, stamp: Stamp) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_string(), stamp);
    }

    /// Writes what is known now, where it is not what was known before. That it cannot be written harms
    /// nothing.
    pub fn save(&self) {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != self.before && !self.path.as_os_str().is_empty() {
            let _ = crate::packed::replace(&self.path, &[MAGIC, &encode(&now)]);
        }
    }
}

fn encode(stamps: &BTreeMap<String, Stamp>) -> Vec<u8> {
    let mut to = Writer::default();
    stamps.pack(&mut to);
    let bytes = to.finish();
    let mut framed = hash(&bytes).to_le_bytes().to_vec();
    framed.extend(bytes);
    framed
}

fn decode(bytes: &[u8]) -> Option<BTreeMap<String, Stamp>> {
    let (sum, bytes) = bytes.strip_prefix(MAGIC)?.split_at_checked(8)?;
    if hash(bytes).to_le_bytes() != sum {
        return None;
    }
    let mut from = Reader::new(bytes);
    BTreeMap::unpack(&mut from).filter(|_| from.is_done())
}

#[cfg(unix)]
fn stamp(data: &Metadata, known: Known) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let nanos = |seconds: i64, nanos: i64| seconds.checked_mul(1_000_000_000)?.checked_add(nanos);
    Some(Stamp {
        size: data.size(),
        inode: data.ino(),
        device: data.dev(),
        modified: nanos(data.mtime(), data.mtime_nsec())?,
        changed: nanos(data.ctime(), data.ctime_nsec())?,
        known,
    })
}

/// Elsewhere every file is read.
#[cfg(not(unix))]
fn stamp(_: &Metadata, _: Known) -> Option<Stamp> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    fn known(text: &str) -> Known {
        Known { sha256: Some(text.to_string()), fingerprint: hash(text.as_bytes()) }
    }

    /// A target folder whose stamps know one file, read when it had been left alone long enough or not.
    fn learned(settled: bool) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.sql");
        fs::write(&file, "select 1").unwrap();
        let mut stamps = Stamps::read(dir.path());
        stamps.began += if settled { 2 * SETTLED } else { 0 };
        stamps.learn(&file, &fs::metadata(&file).unwrap(), known("select 1"));
        stamps.save();
        (dir, file)
    }

    fn ask(dir: &Path, file: &Path) -> Option<Known> {
        Stamps::read(dir).known(file, &fs::metadata(file).unwrap())
    }

    #[test]
    fn knows_a_file_that_did_not_change() {
        let (dir, file) = learned(true);
        assert_eq!(ask(dir.path(), &file), Some(known("select 1")));
        let (dir, file) = learned(false);
        assert_eq!(ask(dir.path(), &file), None, "it was changed just before");
    }

    #[test]
    fn knows_no_file_that_changed() {
        let (dir, file) = learned(true);
        let times = fs::metadata(&file).unwrap();
        fs::write(&file, "select 2").unwrap();
        let times = fs::FileTimes::new().set_modified(times.modified().unwrap());
        fs::File::options().write(true).open(&file).unwrap().set_times(times).unwrap();
        assert_eq!(ask(dir.path(), &file), None, "its own time says nothing of it");
        let (dir, file) = learned(true);
        fs::copy(&file, dir.path().join("b")).unwrap();
        fs::rename(dir.path().join("b"), &file).unwrap();
        assert_eq!(ask(dir.path(), &file), None, "another file took its place");
    }

    #[test]
    fn damaged_stamps_know_nothing() {
        let (dir, file) = learned(true);
        let path = dir.path().join(FILE_NAME);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(ask(dir.path(), &file), None, "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(ask(dir.path(), &file), None, "cut at {at}");
        }
    }
}
