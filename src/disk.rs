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

/// What helps where the disk refuses to take a file. 23 and 24 are the system's words for too many open files.
pub fn remedy(fault: &Error) -> &'static str {
    match fault.raw_os_error() {
        Some(23 | 24) => "raise the limit of open files (`ulimit -n`), or lower `threads`",
        _ => "look at the disk's room and at the permissions of the target path",
    }
}

/// Makes room for a file of the program's own: a link, a pipe or a device under its name goes, so that nothing is
/// written through it.
pub fn claim(path: &Path) {
    if path.symlink_metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let _ = std::fs::remove_file(path);
    }
}

/// Does a name lead to a pipe, which would be waited for?
pub fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    let is_pipe = |kind: std::fs::FileType| std::os::unix::fs::FileTypeExt::is_fifo(&kind);
    #[cfg(not(unix))]
    let is_pipe = |_| false;
    std::fs::metadata(path).is_ok_and(|found| is_pipe(found.file_type()))
}

/// The text of a regular file.
///
/// # Errors
/// As [`read`], and bytes that are no UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(Error::other)
}
