//! Opens the database once for all sessions, and sets each session up, as dbt-duckdb does.

use super::credentials::{Credentials, Extension, wait};
use super::error;
use crate::error::{Error, Result};
use crate::relation::{as_identifier, quote_identifier, quote_literal};
use duckdb::{Config, Connection};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// How much may wait in the `.wal` before it is written into the file. What waits is held in memory, a
/// quarter of a megabyte for each column of even the smallest table, so a thousand small tables took 1.6 GB
/// with DuckDB's own 16 MB.
const WAITING: &str = "1MB";
const WAITING_OPTIONS: [&str; 2] = ["checkpoint_threshold", "wal_autocheckpoint"];

/// What every log begins with: the number of a field of its first entry.
const LOG_BEGINS: [u8; 2] = [100, 0];

/// What was committed last must not be lost over a damaged log. One of zeros was never written to the disk.
fn refuse_foreign_log(path: &Path) -> Result<()> {
    let mut log = path.as_os_str().to_os_string();
    log.push(".wal");
    let log = PathBuf::from(log);
    let mut begin = [0; 2];
    let is_file = std::fs::metadata(&log).is_ok_and(|found| found.is_file());
    let read = is_file && File::open(&log).and_then(|mut file| file.read_exact(&mut begin)).is_ok();
    match read && begin != LOG_BEGINS && begin != [0, 0] {
        true => Err(error::foreign_log(&log)),
        false => Ok(()),
    }
}

/// The database with its extensions, secrets and attached databases.
pub fn database(credentials: &Credentials) -> Result<Connection> {
    let connection = file(credentials)?;
    for extension in &credentials.extensions {
        load_extension(&connection, extension)?;
    }
    for (name, sql) in &credentials.secrets {
        let told = |fault: &duckdb::Error| hidden(&format!("the secret `{name}` cannot be made"), fault);
        connection.execute_batch(sql).map_err(|fault| told(&fault))?;
    }
    for (name, sql) in &credentials.attach {
        let told = |fault: &duckdb::Error| {
            hidden(&format!("the database `{name}` of `attach` cannot be attached"), fault)
        };
        connection.execute_batch(sql).map_err(|fault| told(&fault))?;
    }
    Ok(connection)
}

/// A session of it, with the profile's `settings`.
pub fn session(database: &Connection, credentials: &Credentials) -> Result<Connection> {
    let opened = database.try_clone().map_err(|fault| error::of_statement(&fault))?;
    for (key, value) in &credentials.settings {
        opened
            .execute_batch(&format!("set {} = {}", as_identifier(key), quote_literal(value)))
            .map_err(|fault| hidden(&format!("the setting `{key}` of the profile cannot be set"), &fault))?;
    }
    Ok(opened)
}

fn file(credentials: &Credentials) -> Result<Connection> {
    let mut attempt = 0;
    loop {
        let fault = match try_file(credentials) {
            Ok(connection) => return Ok(connection),
            Err(fault) => fault,
        };
        let retries = &credentials.retries;
        if attempt + 1 >= retries.connect || !retries.on.contains(&error::exception(&fault)) {
            return Err(fault);
        }
        std::thread::sleep(wait(attempt));
        attempt += 1;
    }
}

fn try_file(credentials: &Credentials) -> Result<Connection> {
    let mut config = Config::default();
    for (key, value) in &credentials.config_options {
        let told = |fault: &duckdb::Error| {
            hidden(&format!("the option `{key}` of `config_options` cannot be set"), fault)
        };
        config = config.with(key, value).map_err(|fault| told(&fault))?;
    }
    if !WAITING_OPTIONS.iter().any(|option| credentials.sets(option)) {
        let told = |fault: duckdb::Error| hidden("the size of the write-ahead log cannot be set", &fault);
        config = config.with(WAITING_OPTIONS[0], WAITING).map_err(told)?;
    }
    if let Some(path) = credentials.path.as_deref().filter(|path| crate::disk::is_pipe(path)) {
        let said = format!("`{}` is a pipe, not a database", path.display());
        return Err(Error::database(said).help("name another file under `path` in profiles.yml"));
    }
    if let Some(path) = &credentials.path {
        refuse_foreign_log(path)?;
    }
    let opened = match &credentials.path {
        Some(path) => Connection::open_with_flags(path, config),
        None => Connection::open_in_memory_with_flags(config),
    };
    opened.map_err(|fault| error::of_opening(&fault, credentials.path.as_deref()))
}

/// Which file of the disk bears the name now; none where the system does not say.
#[cfg(unix)]
pub fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Which file of the disk bears the name now; none where the system does not say.
#[cfg(not(unix))]
pub fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

/// What the library holds already is not fetched: a closed network is no fault then.
fn load_extension(connection: &Connection, extension: &Extension) -> Result<()> {
    let Extension { name, repository } = extension;
    let known = "select loaded, installed from duckdb_extensions() where extension_name = ? or list_contains(aliases, ?)";
    let state = connection.query_row(known, [name, name], |row| Ok((row.get(0)?, row.get(1)?)));
    let (loaded, installed): (bool, bool) = state.unwrap_or((false, false));
    if loaded {
        return Ok(());
    }
    let name = quote_identifier(name);
    let from =
        repository.as_deref().map_or_else(String::new, |place| format!(" from {}", as_repository(place)));
    let install = if installed { String::new() } else { format!("install {name}{from}; ") };
    connection.execute_batch(&format!("{install}load {name}")).map_err(|fault| {
        error::of_statement(&fault)
            .help(format!("`extensions` in the profile asks for {name}, which must be fetched once"))
    })
}

/// A repository of extensions: a name that DuckDB knows (`community`), or a place, with or without quotes.
fn as_repository(place: &str) -> String {
    let bare = place.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(place);
    let known = bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if known { as_identifier(bare) } else { quote_literal(bare) }
}

/// A fault whose statement holds secrets: DuckDB's sentence without the line that it quotes.
fn hidden(what: &str, fault: &duckdb::Error) -> Error {
    let message = error::text(fault);
    let sentence = message.split("\nLINE ").next().unwrap_or_default().trim();
    error::fetched(Error::database(format!("{what}: {sentence}")))
}

#[cfg(test)]
mod tests {
    use super::as_repository;

    #[test]
    fn a_repository_is_a_name_or_a_literal() {
        for (written, sql) in [
            ("community", "community"),
            ("http://a.b", "'http://a.b'"),
            ("'http://a.b'", "'http://a.b'"),
            ("core; drop table t", "'core; drop table t'"),
            ("x'; drop table t; --", "'x''; drop table t; --'"),
        ] {
            assert_eq!(as_repository(written), sql);
        }
    }
}
