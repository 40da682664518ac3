//! Files of the target folder: written beside their place and then moved there, so that a reader never sees half of one.

use crate::error::{Error, Location, Result};
use crate::packed::{UNFINISHED, unfinished};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{DirEntry, File, TryLockError};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;
use std::time::Duration;
use tempfile::NamedTempFile;

/// On a file system without locks, a file that nobody has written to for so long was left by a run that was killed.
const ABANDONED: Duration = Duration::from_secs(600);

/// Writes a value as JSON, streamed; the folder is made where it is missing.
///
/// # Errors
/// The disk refuses; what stood there before still stands.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    replace(path, |to| Ok(serde_json::to_writer(to, value)?))
}

/// Writes a text in the same way.
///
/// # Errors
/// As [`write_json`].
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    replace(path, |to| to.write_all(text.as_bytes()))
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let refused = |why: std::io::Error| {
        let (name, why) = (path.display(), reason(&why));
        Error::runtime(format!("`{name}` cannot be written: {why}")).located(Location::file(path))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(refused)?;
    let file = beside(folder).map_err(refused)?;
    let mut to = BufWriter::with_capacity(1 << 16, file);
    write(&mut to).map_err(refused)?;
    to.flush().map_err(refused)?;
    let file = to.into_inner().map_err(|why| refused(why.into_error()))?;
    file.persist(path).map_err(|why| refused(why.error))?;
    Ok(())
}

/// A file under a name of its own, which goes away again unless it is moved to its place.
///
/// # Errors
/// The disk refuses.
pub fn beside(folder: &Path) -> std::io::Result<NamedTempFile> {
    // Artifacts are for others to read too; the umask still has its say.
    unfinished(folder, 0o666)
}

/// The system's words, without the temporary name of the file that met them.
fn reason(why: &std::io::Error) -> String {
    let text = why.to_string();
    text.split(" at path ").next().unwrap_or_default().to_string()
}

/// Removes what killed runs left of files that they had not finished.
pub fn remove_strays(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let unfinished_ones = entries.filter(|it| it.file_name().to_string_lossy().starts_with(UNFINISHED));
    for entry in unfinished_ones.filter(|entry| entry.metadata().is_ok_and(|found| found.is_file())) {
        let file = File::options().read(true).write(true).open(entry.path());
        let lock = file.as_ref().map(File::try_lock);
        let is_stray = match lock {
            Ok(Ok(())) => true,
            Ok(Err(TryLockError::WouldBlock)) => false,
            // Nobody tells whether its writer is alive.
            _ => is_old(&entry),
        };
        if is_stray {
            // That one more file lies there is no fault of this run.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_old(entry: &DirEntry) -> bool {
    let written = entry.metadata().ok().and_then(|it| it.modified().ok());
    written.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED)
}

/// Reads a JSON file; `None` where there is none.
///
/// # Errors
/// The file cannot be read or is not what it should be.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    let text = match crate::disk::read(path) {
        Ok(text) => text,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => {
            let said = format!("`{}` cannot be read: {why}", path.display());
            return Err(Error::runtime(said).located(Location::file(path)));
        }
    };
    serde_json::from_slice(&text).map(Some).map_err(|why| {
        Error::runtime(format!("`{}` is not a valid artifact: {why}", path.display()))
            .located(Location::at(path, why.line(), why.column()))
            .help("remove the file, or let a run write it anew")
    })
}
