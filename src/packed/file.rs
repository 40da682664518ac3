//! Files of packed values: written beside their place and moved there, so that no reader sees half of one.

use std::fs::TryLockError;
use std::hash::{BuildHasher, Hasher};
use std::io::{Result, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// How often another name is tried where the file is taken for a stray before it has its lock.
const TRIES: u32 = 16;

/// What names begin with until a file is whole.
pub const UNFINISHED: &str = ".karat-new-";

/// Hash of bytes. Says that they are the same, not who wrote them.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::with_seed(0x6b61_7261_7431).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// Puts a file of these parts in its place; its folder is made where it is missing.
///
/// # Errors
/// The disk refuses; what stood there before still stands.
pub fn replace(path: &Path, parts: &[&[u8]]) -> Result<()> {
    replace_with(path, |file| parts.iter().try_for_each(|part| file.write_all(part)))
}

/// As [`replace`], of a file that is written bit by bit.
///
/// # Errors
/// As [`replace`].
pub fn replace_with(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = unfinished(folder, 0o600)?;
    write(&mut file)?;
    file.persist(path)?;
    Ok(())
}

/// A file under a name of its own, which goes away again unless it is moved to its place. It is locked as long as
/// it is open, so that others see that its writer is alive.
///
/// # Errors
/// The disk refuses.
pub fn unfinished(folder: &Path, mode: u32) -> Result<NamedTempFile> {
    let mut tries = 1..=TRIES;
    loop {
        let file = create(folder, mode)?;
        // Between its making and its lock it may have been taken for a stray. A file system without locks is
        // lived with.
        let locked = !matches!(file.as_file().try_lock(), Err(TryLockError::WouldBlock));
        if (locked && file.path().exists()) || tries.next().is_none() {
            return Ok(file);
        }
    }
}

fn create(folder: &Path, mode: u32) -> Result<NamedTempFile> {
    let mut file = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    file.prefix(UNFINISHED).tempfile_in(folder)
}
