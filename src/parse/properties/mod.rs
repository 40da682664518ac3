//! Property files: all YAML of all packages, read, checked and rendered, entry by entry.

mod columns;
mod entry;
mod keys;
mod patch;
mod render;
mod tests_of;
mod versions;

pub(super) use columns::{Reader, python_constraints};
pub(super) use entry::{Entry, Key, PropertyFile, Spot};
pub(super) use patch::Patch;
pub(super) use tests_of::{Asked, asked_of};

use super::documents::Docs;
use super::findings::Findings;
use super::stage::Stage;
use crate::error::{ErrorKind, Result};
use crate::project::yaml::{Yaml, YamlFile, YamlValue};
use crate::project::{FileKind, SourceFile};
use rayon::prelude::*;
use std::sync::Arc;

/// Every entry of every property file, and the patches that nodes take from them.
pub(super) struct Properties {
    entries: Vec<Entry>,
    /// What property files say of nodes, one for each version of a model.
    pub patches: Vec<Arc<Patch>>,
}

impl Properties {
    /// The entries under any of these keys (of models, those that are semantic models as well), in the order of packages and files; in a file, in that of the keys.
    pub fn of_any<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| keys.contains(&entry.key))
    }

    /// The entries under a key, in the order of packages, files and lines.
    pub fn of(&self, key: Key) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.key == key)
    }
}

/// Reads all property files.
///
/// # Errors
/// Every file that is no YAML and every entry that cannot be read, at once.
pub(super) fn read(stage: &Stage<'_>, docs: &Docs, findings: &mut Findings) -> Result<Properties> {
    let files = stage.packages().flat_map(|package| &package.files);
    let files: Vec<&SourceFile> = files.filter(|file| file.kind == FileKind::Properties).collect();
    let read: Vec<(Vec<Entry>, Vec<Arc<Patch>>, Findings)> =
        files.into_par_iter().map(|file| read_file(stage, docs, file)).collect();
    let mut properties = Properties { entries: Vec::new(), patches: Vec::new() };
    for (entries, patches, found) in read {
        properties.entries.extend(entries);
        properties.patches.extend(patches);
        findings.extend(found);
    }
    findings.check()?;
    Ok(properties)
}

/// The patches of one file alone.
pub(super) fn patches_in(stage: &Stage<'_>, docs: &Docs, file: &SourceFile) -> (Vec<Arc<Patch>>, Findings) {
    let (_, patches, findings) = read_file(stage, docs, file);
    (patches, findings)
}

fn read_file(stage: &Stage<'_>, docs: &Docs, file: &SourceFile) -> (Vec<Entry>, Vec<Arc<Patch>>, Findings) {
    let mut findings = Findings::default();
    let yaml = YamlFile::parse_doubled(&stage.shown(file), file.contents.as_bytes(), ErrorKind::Parsing);
    let Some((mut yaml, doubled)) = findings.keep(yaml) else { return (Vec::new(), Vec::new(), findings) };
    doubled.into_iter().for_each(|fault| findings.warn("DuplicateYAMLKeysDeprecation", fault));
    let root = std::mem::replace(&mut yaml.root, Yaml { value: YamlValue::Null, line: 1, column: 1 });
    let file = Arc::new(PropertyFile {
        package: file.package.clone(),
        path: file.path.clone(),
        original_file_path: file.original_file_path.clone(),
        yaml,
    });
    let is_own = *file.package == *stage.project.name();
    if is_own {
        keys::check_lists(&file.yaml, &root, &mut findings);
    }
    let mut entries = entries(stage, &file, &root, &mut findings);
    drop(root);
    let mut patches = Vec::new();
    for entry in &entries {
        if is_own {
            keys::check(entry, &mut findings);
        }
        patches.extend(patch::patches(stage, docs, entry, &mut findings).into_iter().map(Arc::new));
    }
    // What only patches nodes was read whole: the trees of a big project need not wait for its end.
    entries.retain(|entry| !patch::is_patch(entry.key) || entry.is_semantic_model());
    (entries, patches, findings)
}

fn entries(stage: &Stage<'_>, file: &Arc<PropertyFile>, root: &Yaml, findings: &mut Findings) -> Vec<Entry> {
    if !matches!(root.value, YamlValue::Map(_) | YamlValue::Null) {
        let got = root.kind_name();
        let told = format!("Dictionary expected: a property file must be a mapping, not {got}");
        let help = "write the entries below a key that says what they are: `models:`";
        findings.error(file.yaml.fault(root, told).help(help));
    }
    let mut entries = Vec::new();
    for key in Key::ALL {
        let Some(list) = root.get(key.as_str()).filter(|list| !list.is_null()) else { continue };
        let Some(items) = findings.keep(file.yaml.expect_list(list, key.as_str())) else { continue };
        for item in items {
            // As in dbt, what is no description of a singular test is passed over.
            if matches!(key, Key::DataTests) && item.get("name").is_none() {
                let said = format!(
                    "Unable to parse '{}' section of file '{}'\n  Entry did not contain a name",
                    key.as_str(),
                    file.original_file_path
                );
                findings.warn("Note", file.yaml.fault(item, said));
                continue;
            }
            entries.extend(findings.keep(Entry::read(stage, file, *key, item)));
        }
    }
    entries
}
