//! The journal: one line for each node that has ended, on the disk before the next begins, so that a
//! killed run can be continued.

use crate::artifacts::{JournalPlan, beside, dead_journals, journal_path, remove_strays, result_json};
use crate::error::{Error, Location, Result};
use crate::manifest::{RunResult, UniqueId};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The open journal of a run. The file is locked as long as it is open, so that others see that the run is
/// alive.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<Lines>,
    marks: Mutex<HashMap<UniqueId, String>>,
}

#[derive(Debug)]
struct Lines {
    file: File,
    /// The last line may be there in part: the disk was full.
    torn: bool,
}

impl Journal {
    /// Begins a journal in the target folder. The first line says what the run set out to do; from then on
    /// the journals of runs that were killed before are not needed any more.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begin(folder: &Path, plan: &JournalPlan) -> Result<Self> {
        let path = journal_path(folder, &plan.invocation_id);
        let refused = |fault: std::io::Error| {
            Error::runtime(format!("cannot write the journal of the run: {fault}"))
                .located(Location::file(&path))
                .help(crate::disk::remedy(&fault))
        };
        std::fs::create_dir_all(folder).map_err(refused)?;
        remove_strays(folder);
        let dead = dead_journals(folder);
        let mut file = beside(folder).map_err(refused)?;
        // A file system without locks is lived with.
        let _ = file.as_file().try_lock();
        let head = serde_json::to_string(plan).unwrap_or_default();
        file.write_all(format!("{head}\n").as_bytes()).map_err(refused)?;
        file.as_file().sync_data().map_err(refused)?;
        let file = file.persist(&path).map_err(|why| refused(why.error))?;
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        dead.iter().filter(|it| **it != path).for_each(|it| drop(std::fs::remove_file(it)));
        let marks = plan.commit_marks.iter().map(|(id, mark)| (UniqueId::from(id.as_str()), mark.clone()));
        let file = Mutex::new(Lines { file, torn: false });
        Ok(Journal { path, file, marks: Mutex::new(marks.collect()) })
    }

    /// Notes an outcome. A full disk does not fail the node: the outcome is in run_results.json, too.
    pub fn note(&self, result: &RunResult) {
        let mut line = result_json(result);
        if let Some(fields) = line.as_object_mut() {
            fields.remove("compiled_code");
        }
        self.write(&line);
    }

    /// Notes that a node's transaction is about to be committed, and the mark that tells later whether it was.
    pub fn mark(&self, id: &UniqueId, mark: &str) {
        self.write(&json!({"unique_id": id, "commit_mark": mark}));
        if let Ok(mut marks) = self.marks.lock() {
            marks.insert(id.clone(), mark.to_string());
        }
    }

    /// Notes the batches that a model is to have, and whether the first is added to a table that is there.
    pub fn plan_batches(&self, id: &UniqueId, batches: &[Json], incremental: bool) {
        self.write(&json!({"unique_id": id, "batches": batches, "incremental": incremental}));
    }

    /// Notes that a batch is built.
    pub fn note_batch(&self, id: &UniqueId, batch: &Json) {
        self.write(&json!({"unique_id": id, "batch": batch}));
    }

    /// The marks that are still needed.
    pub fn marks(&self) -> Vec<String> {
        self.marks.lock().map(|marks| marks.values().cloned().collect()).unwrap_or_default()
    }

    /// The mark of a node's commit, which is not needed any more.
    pub fn take_mark(&self, id: &UniqueId) -> Option<String> {
        self.marks.lock().ok()?.remove(id)
    }

    fn write(&self, line: &Json) {
        if let Ok(mut lines) = self.file.lock() {
            // In one piece: JSON that is written as it is made costs a call of the system for each word.
            let line = format!("{}{line}\n", if lines.torn { "\n" } else { "" });
            let written = lines.file.write_all(line.as_bytes()).and_then(|()| lines.file.sync_data());
            lines.torn = written.is_err();
        }
    }

    /// The run has ended and its results are written: the journal is not needed any more.
    pub fn end(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
