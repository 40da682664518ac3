//! The file of a parse: the parts of the manifest, then a head that says what it depends on. Every part has a
//! hash of its own, so that parts are written one by one and checked side by side.

use super::files::Files;
use super::state::State;
use crate::context::Session;
use crate::manifest::{Manifest, NodeKind, UniqueId, packed as parts};
use crate::packed::{Packed, Reader, Writer, hash, packed, replace_with};
use crate::parse::Lasting;
use crate::project::Warning;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::Path;

/// Begins the file: a new layout has another number.
const MAGIC: &[u8] = b"karat parse 1\n\0\0";

/// Warnings that depend on more than is kept: on `--debug`.
const OF_THE_MOMENT: [&str; 2] = ["SpacesInResourceNameDeprecation", "ResourceNamesWithSpacesDeprecation"];

/// What stands behind the manifest.
pub(super) struct Head {
    /// What it depends on besides files.
    pub state: State,
    /// The files that were parsed.
    pub files: Files,
    /// Nodes whose templates read what is another each time.
    pub momentary: Vec<UniqueId>,
    /// When a date is reached that a warning speaks of: seconds since 1970.
    until: Option<i64>,
    /// What was warned of.
    warnings: Vec<Warning>,
    /// Length and hash of each part.
    parts: Vec<(usize, u64)>,
}
packed!(Head { state, files, momentary, until, warnings, parts });
packed!(Warning { name, error });

impl Head {
    /// The head for a manifest; `None` where the manifest cannot be used again.
    pub fn new(
        (state, files): (State, Files),
        (session, manifest): (&Session, &Manifest),
        warnings: &[Warning],
        lasting: Lasting,
    ) -> Option<Self> {
        let fleeting = warnings.iter().any(|warning| OF_THE_MOMENT.contains(&warning.name));
        if fleeting || !manifest.unknown.is_empty() {
            return None;
        }
        Some(Head {
            state: state.with_reads(session, &lasting.reads),
            files,
            momentary: lasting.momentary,
            until: next_date(manifest),
            warnings: warnings.to_vec(),
            parts: Vec::new(),
        })
    }
}

/// The next date at which a model becomes deprecated.
fn next_date(manifest: &Manifest) -> Option<i64> {
    let dates = manifest.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Model { deprecation_date: Some(date), .. } => DateTime::parse_from_rfc3339(date).ok(),
        _ => None,
    });
    dates.map(|date| date.timestamp()).filter(|date| *date >= Utc::now().timestamp()).min()
}

/// Writes a manifest. Where the disk refuses, the next command parses.
pub(super) fn write(path: &Path, head: Head, manifest: &Manifest) {
    let _ = replace_with(path, |file| {
        file.write_all(MAGIC)?;
        let mut sums = Vec::new();
        for part in parts::pack(manifest) {
            sums.push((part.len(), hash(&part)));
            file.write_all(&part)?;
        }
        let mut to = Writer::default();
        Head { parts: sums, ..head }.pack(&mut to);
        let head = to.finish();
        file.write_all(&head)?;
        file.write_all(&(head.len() as u64).to_le_bytes())?;
        file.write_all(&hash(&head).to_le_bytes())
    });
}

/// A file that was read, its manifest still as bytes.
pub(super) struct Stored {
    /// What it depends on.
    pub head: Head,
    bytes: Vec<u8>,
    end: usize,
}

impl Stored {
    /// Reads a file; `None` where there is none, or none of this program's.
    pub fn read(path: &Path) -> Option<Self> {
        let bytes = crate::disk::read(path).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (rest, sum) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
        let (rest, length) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
        let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
        let (parts, head) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
        if hash(head).to_le_bytes() != sum {
            return None;
        }
        let end = MAGIC.len() + parts.len();
        let mut from = Reader::new(head);
        let head = Head::unpack(&mut from).filter(|_| from.is_done())?;
        let late = head.until.is_some_and(|until| until <= Utc::now().timestamp());
        (!late).then_some(Stored { head, bytes, end })
    }

    /// The manifest and the warnings; `None` where a part is damaged.
    pub fn manifest(&self) -> Option<(Manifest, Vec<Warning>)> {
        use rayon::prelude::*;
        let mut rest = self.bytes.get(MAGIC.len()..self.end)?;
        let mut parts = Vec::with_capacity(self.head.parts.len());
        for (length, sum) in &self.head.parts {
            let (part, after) = rest.split_at_checked(*length)?;
            parts.push((part, *sum));
            rest = after;
        }
        let whole = rest.is_empty() && parts.par_iter().all(|(part, sum)| hash(part) == *sum);
        let parts: Vec<&[u8]> = parts.into_iter().map(|(part, _)| part).collect();
        let manifest = whole.then(|| parts::unpack(&parts)).flatten()?;
        Some((manifest, self.head.warnings.clone()))
    }
}

impl Packed for Files {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Option<Self> {
        BTreeMap::unpack(from).map(Files)
    }
}
