//! package-lock.yml, in dbt's own form and with dbt's own hash, so that either program goes on with the
//! other's file.

use super::fetch::written;
use super::pin::Pin;
use super::read;
use super::session::Session;
use super::spec::{Spec, Wanted};
use crate::error::{Error, ErrorKind, Result};
use crate::jinja::value::{from_json, write_json};
use crate::jinja::yaml_text;
use crate::project::Map;
use crate::project::yaml::YamlFile;
use serde_json::Value as Json;
use sha1::{Digest, Sha1};
use std::sync::Arc;

/// The file's name.
const LOCK: &str = "package-lock.yml";

/// The hash of a list of packages: of each entry the JSON that Python writes of it, sorted.
///
/// # Errors
/// None that a user could cause.
pub(super) fn hash(specs: &[Spec]) -> Result<String> {
    let json = |spec: &Spec| {
        write_json(&from_json(&Json::Object(hashed(spec))), true, None)
            .map_err(|why| Error::internal(format!("a package cannot be hashed: {why}")))
    };
    let mut texts: Vec<String> = specs.iter().map(json).collect::<Result<_>>()?;
    texts.sort_unstable();
    Ok(hex::encode(Sha1::digest(texts.join("\n"))))
}

/// The fields of an entry that count, with those that were left out.
fn hashed(spec: &Spec) -> Map {
    let fields: &[(&str, Json)] = match &spec.wanted {
        Wanted::Local { .. } | Wanted::Tarball { .. } => &[],
        Wanted::Hub { .. } => &[("install_prerelease", Json::Bool(false))],
        Wanted::Git { .. } => {
            &[("revision", Json::Null), ("subdirectory", Json::Null), ("warn-unpinned", Json::Null)]
        }
        Wanted::Private { .. } => &[
            ("provider", Json::Null),
            ("revision", Json::Null),
            ("subdirectory", Json::Null),
            ("warn-unpinned", Json::Null),
        ],
    };
    let mut map: Map = fields.iter().map(|(key, value)| ((*key).to_string(), value.clone())).collect();
    map.extend(spec.rendered.clone());
    if map.get("name").is_some_and(Json::is_null) {
        map.remove("name");
    }
    map.insert("unrendered".into(), Json::Object(spec.written.clone()));
    map
}

/// What is locked, if the file was made from the list with this hash.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(session: &Session<'_>, hash: &str) -> Result<Option<Vec<Pin>>> {
    let path = session.path(LOCK);
    if !path.is_file() {
        return Ok(None);
    }
    let mend = |fault: Error| fault.help("`karat deps --upgrade` writes the file anew");
    let file = Arc::new(YamlFile::read(&path, LOCK, ErrorKind::Dependency).map_err(mend)?);
    if file.root.get("sha1_hash").and_then(|node| node.as_str()) != Some(hash) {
        return Ok(None);
    }
    let specs = read::entries(&file, Some(&session.renderer)).map_err(mend)?;
    specs.into_iter().map(Pin::locked).collect::<Result<Option<Vec<Pin>>>>().map_err(mend)
}

/// Writes what was chosen.
///
/// # Errors
/// The disk refuses.
pub(super) fn write(session: &Session<'_>, pins: &[Pin], hash: &str) -> Result<()> {
    let mut text = String::from("packages:\n");
    for pin in pins {
        let entry = scrubbed(session, pin.entry());
        for (at, (key, value)) in entry.iter().enumerate() {
            let start = if at == 0 { "  - " } else { "    " };
            let value = yaml_text(value.as_str().unwrap_or_default(), start.len() + key.len() + 2, 6);
            text += &format!("{start}{key}: {value}\n");
        }
    }
    text += &format!("sha1_hash: {}\n", yaml_text(hash, 11, 2));
    let path = session.path(LOCK);
    written(&path, text.as_bytes())?;
    session.voice.note("DepsLockUpdating", format!("Updating lock file in file path: {}", path.display()));
    Ok(())
}

/// A secret that stands in the list itself rather than in a variable must not go into the lock.
fn scrubbed(session: &Session<'_>, entry: Map) -> Map {
    let clean = |(key, value): (String, Json)| {
        let text = value.as_str().unwrap_or_default();
        let scrubbed = session.options.environment.scrub(text);
        if scrubbed != text && (key == "git" || key == "tarball") {
            let message = format!(
                "Detected secret env var in {scrubbed}. dbt will write a scrubbed representation to the lock file. \
                 This will cause issues with subsequent 'dbt deps' using the lock file, requiring 'dbt deps --upgrade'"
            );
            let fault = Error::new(ErrorKind::Dependency, message);
            session
                .voice
                .warn("DepsScrubbedPackageName", fault.help("write `{{ env_var('..') }}` in packages.yml"));
            return (key, Json::String(scrubbed));
        }
        (key, value)
    };
    entry.into_iter().map(clean).collect()
}
