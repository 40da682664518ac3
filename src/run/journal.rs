//! The journal: one line for each node that has ended, on the disk before the next begins, so that a
//! killed run can be continued.

use crate::artifacts::{JournalPlan, result_json};
use crate::error::{Error, Location, Result};
use crate::manifest::RunResult;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The open journal of a run.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Begins anew at `path`. The first line says what the run set out to do.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begin(path: &Path, plan: &JournalPlan) -> Result<Self> {
        let refused = |fault: std::io::Error| {
            Error::runtime(format!("cannot write the journal of the run: {fault}"))
                .located(Location::file(path))
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(refused)?;
        }
        crate::disk::claim(path);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).open(path).map_err(refused)?;
        let head = serde_json::to_string(plan).unwrap_or_default();
        writeln!(file, "{head}").map_err(refused)?;
        file.sync_data().map_err(refused)?;
        Ok(Journal { path: path.to_path_buf(), file: Mutex::new(file) })
    }

    /// Notes an outcome. A full disk does not fail the node: the outcome is in run_results.json, too.
    pub fn note(&self, result: &RunResult) {
        let mut line = result_json(result);
        if let Some(fields) = line.as_object_mut() {
            fields.remove("compiled_code");
        }
        if let Ok(mut file) = self.file.lock() {
            // In one piece: JSON that is written as it is made costs a call of the system for each word.
            let line = format!("{line}\n");
            let _ = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
        }
    }

    /// The run has ended and its results are written: the journal is not needed any more.
    pub fn end(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
