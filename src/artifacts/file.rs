//! JSON files: written beside their place and then moved there, so that a reader never sees half of one.

use crate::error::{Error, Location, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

/// Writes a value as JSON, streamed; the folder is made where it is missing.
///
/// # Errors
/// The disk refuses; what stood there before still stands.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let refused = |why: std::io::Error| {
        let name = path.display();
        Error::runtime(format!("`{name}` cannot be written: {why}")).located(Location::file(path))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(refused)?;
    let mut file = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // Artifacts are for others to read too; the umask still has its say.
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = file.prefix(".karat-").tempfile_in(folder).map_err(refused)?;
    let mut to = BufWriter::with_capacity(1 << 16, file);
    serde_json::to_writer(&mut to, value).map_err(|why| refused(why.into()))?;
    to.flush().map_err(refused)?;
    let file = to.into_inner().map_err(|why| refused(why.into_error()))?;
    file.persist(path).map_err(|why| refused(why.error))?;
    Ok(())
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
