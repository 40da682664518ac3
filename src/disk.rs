//! Reading from the disk: regular files alone. A pipe or a device under a file's name would hold the
//! program for ever, or give bytes without an end.

use std::io::{Error, Result};
use std::path::Path;

/// The bytes of a regular file.
///
/// # Errors
/// The system's own, and what is no regular file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let found = std::fs::metadata(path)?;
    if found.is_dir() {
        return Err(Error::other("it is a folder"));
    }
    if !found.is_file() {
        return Err(Error::other("it is a pipe or a device, not a file"));
    }
    std::fs::read(path)
}

/// The text of a regular file.
///
/// # Errors
/// As [`read`], and bytes that are no UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(Error::other)
}
