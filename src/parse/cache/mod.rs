//! The warm start: a manifest that an earlier command parsed, taken again where a parse would give the same.
//!
//! It is the same when all is the same that a parse looks at: every file by its contents ([`files`]); what the
//! project, the profile and the command line say, the environment variables and flags that templates read, and
//! the program itself ([`state`]). Where nothing but the SQL of some nodes is another, only these are rendered
//! ([`refresh`]); where they turn out to be seen otherwise by others, and in every other case, all is parsed. A
//! file that is damaged, or that another program wrote, is none ([`store`]).

mod files;
mod refresh;
mod state;
mod store;

use super::{Cold, cold};
use crate::context::Session;
use crate::error::Result;
use crate::event::Event;
use crate::manifest::Manifest;
use crate::project::{Project, Warning};
use files::Files;
use refresh::Anew;
use state::State;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use store::Stored;

/// The name of the file, below the target folder. dbt keeps its own under this name.
const FILE_NAME: &str = "partial_parse.msgpack";

/// More changed files than this are not worth looking at one by one.
const FEW: usize = 200;

/// A manifest, parsed or found.
pub struct Parsed {
    /// The manifest.
    pub manifest: Arc<Manifest>,
    /// What is warned of.
    pub warnings: Vec<Warning>,
    /// Did an earlier command tell the warnings already, when it parsed this manifest?
    pub told_before: bool,
    /// What is still being written for the next command.
    pub writing: Writing,
}

/// Files that are written beside the command; dropping it waits for them.
#[derive(Default)]
pub struct Writing(Option<JoinHandle<()>>);

impl Drop for Writing {
    fn drop(&mut self) {
        // That the next command starts cold is no fault of this one.
        let _ = self.0.take().map(JoinHandle::join);
    }
}

/// Parses a project, or takes what an earlier command parsed where that is the same. The session's engine
/// must have been made by [`super::macros`] of the same project.
///
/// # Errors
/// As [`super::parse`].
pub fn warm(session: &Session, project: &mut Project) -> Result<Parsed> {
    let path = project.target_path.join(FILE_NAME);
    let (state, files) = (State::of(session, project), Files::of(project));
    let read = match &session.flags.partial_parse_file_path {
        Some(named) => project.root.join(named),
        None => path.clone(),
    };
    if let Some((manifest, warnings)) = found(session, project, &read, (&state, &files))? {
        let stamps = project.stamps.clone();
        let writing = Writing(Some(std::thread::spawn(move || stamps.save())));
        return Ok(Parsed { manifest: Arc::new(manifest), warnings, told_before: true, writing });
    }
    project.read_all()?;
    // What was read now is what is parsed: a file may have changed since it was looked at.
    let (state, files) = (State::of(session, project), Files::of(project));
    let Cold { manifest, warnings, lasting } = cold(session, project)?;
    let manifest = Arc::new(manifest);
    let head = lasting
        .and_then(|lasting| store::Head::new((state, files), (session, &manifest), &warnings, lasting));
    let (stamps, kept) = (project.stamps.clone(), manifest.clone());
    let write = move || {
        stamps.save();
        if let Some(head) = head {
            store::write(&path, head, &kept);
        }
    };
    let writing = Writing(Some(std::thread::spawn(write)));
    Ok(Parsed { manifest, warnings, told_before: false, writing })
}

/// What an earlier command parsed, if it is the same or can be made so.
fn found(
    session: &Session,
    project: &mut Project,
    path: &Path,
    (state, files): (&State, &Files),
) -> Result<Option<(Manifest, Vec<Warning>)>> {
    let debug = |name: &'static str, message: String| session.reporter.report(Event::Debug { name, message });
    let unable = |reason: &str| {
        let message = format!("Unable to do partial parsing because {reason}");
        session.reporter.report(Event::Note { name: "UnableToPartialParse", message });
    };
    if !session.flags.partial_parse {
        debug("PartialParsingNotEnabled", "Partial parsing not enabled".to_string());
        return Ok(None);
    }
    let Some(stored) = Stored::read(path) else {
        debug(
            "UnableToPartialParse",
            "Unable to do partial parsing because saved manifest not found. Starting full parse.".to_string(),
        );
        return Ok(None);
    };
    if let Some(reason) = stored.head.state.differs(state, session) {
        unable(reason);
        return Ok(None);
    }
    if !session.flags.partial_parse_file_diff {
        return Ok(stored.manifest());
    }
    let changes = stored.head.files.changes(files);
    debug("PartialParsingEnabled", changes.to_string());
    let lost = || {
        debug("ParsedFileLoadFailed", format!("Failed to load parsed file from disk at {}", path.display()))
    };
    if changes.is_none() && stored.head.momentary.is_empty() {
        let found = stored.manifest();
        match &found {
            Some(_) => debug(
                "PartialParsingSkipParsing",
                "Partial parsing enabled, no changes found, skipping parsing".to_string(),
            ),
            None => lost(),
        }
        return Ok(found);
    }
    let few = changes.of_nodes().filter(|changed| changed.len() <= FEW);
    let Some((files_anew, (manifest, warnings))) = few.zip(stored.manifest()) else { return Ok(None) };
    let anew = Anew { files: files_anew, nodes: stored.head.momentary };
    let refreshed = refresh::refresh((session, project), manifest, &warnings, &anew);
    // A file that was taken for unchanged and has changed since: all is looked at again.
    let same = Files::of(project) == *files;
    Ok(refreshed.filter(|_| same).map(|manifest| (manifest, warnings)))
}
