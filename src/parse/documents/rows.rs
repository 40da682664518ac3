//! Rows of unit tests: from YAML, CSV text, fixture files and seeds.

use crate::error::{Error, Location, Result};
use crate::manifest::Map;
use crate::project::{FileKind, Project, SourceFile};
use serde_json::Value as Json;
use std::collections::HashMap;

/// CSV text as rows of texts. Empty cells are null where `nulls`.
///
/// # Errors
/// Text that is no CSV.
pub(super) fn from_csv(text: &str, nulls: bool) -> Result<Json> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let failed = |why: csv::Error| Error::parsing(format!("rows are no CSV: {why}"));
    let header = reader.headers().map_err(failed)?.clone();
    let row = |record: csv::StringRecord| -> Json {
        let cell = |(name, value): (&str, &str)| {
            let value = if nulls && value.is_empty() { Json::Null } else { Json::String(value.to_string()) };
            (name.to_string(), value)
        };
        Json::Object(header.iter().zip(record.iter()).map(cell).collect::<Map>())
    };
    reader.records().map(|record| record.map(row).map_err(failed)).collect()
}

/// The first row without nulls comes first: engines take the types of columns from it.
pub(super) fn promote(rows: &mut Json) {
    let Some(rows) = rows.as_array_mut() else { return };
    let full = |row: &Json| row.as_object().is_some_and(|row| row.values().all(|value| !value.is_null()));
    if let Some(at) = rows.iter().position(full) {
        rows.swap(0, at);
    }
}

/// A fixture file of a package, by its name.
pub(super) fn fixture<'p>(project: &'p Project, package: &str, name: &str) -> Option<&'p SourceFile> {
    let files = &project.package(package)?.files;
    files.iter().find(|file| file.kind == FileKind::Fixture && file.stem() == name)
}

/// Fixtures of one package that have the same name: nobody can say which of them a unit test means.
pub(super) fn doubled_fixtures(project: &Project) -> Vec<Error> {
    let mut faults = Vec::new();
    for package in &project.packages {
        let mut known: HashMap<&str, &SourceFile> = HashMap::new();
        for file in package.files.iter().filter(|file| file.kind == FileKind::Fixture) {
            let Some(first) = known.insert(file.stem(), file) else { continue };
            let (name, paths) = (file.stem(), [&first.original_file_path, &file.original_file_path]);
            let message = format!(
                "dbt found two fixtures with the name \"{name}\".\n\nTo fix this, change the name of one of these resources:\n- {}\n- {}",
                paths[0], paths[1]
            );
            let fault = Error::compilation(message).located(Location::file(paths[1]));
            faults.push(fault.help("rename one of the files"));
        }
    }
    faults
}
