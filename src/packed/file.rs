//! Files of packed values: written beside their place and moved there, so that no reader sees half of one.

use std::hash::{BuildHasher, Hasher};
use std::io::{Result, Write};
use std::path::Path;

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
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    write(&mut file)?;
    file.persist(path)?;
    Ok(())
}
