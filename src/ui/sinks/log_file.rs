//! The log file: everything down to debug level, in `logs/dbt.log`, in turns of 10 MiB.

use super::line::LineStyle;
use crate::event::{Event, Reporter};
use crate::project::Environment;
use crate::ui::message::Level;
use crate::ui::options::{LogFileOptions, UiOptions};
use crate::ui::translate::{Wording, loudest, messages};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many full files are kept beside the current one: `dbt.log.1` to `dbt.log.5`.
const KEPT: usize = 5;

/// A reporter that writes the log file. Whatever goes wrong with the file never fails the run.
pub struct LogFile {
    file: Mutex<Rotating>,
    style: LineStyle,
    wording: Wording,
    threshold: Level,
    secrets: Arc<Environment>,
}

impl LogFile {
    /// Opens the file for appending; none where that cannot be done.
    pub fn open(log: &LogFileOptions, options: &UiOptions) -> Option<LogFile> {
        let style = LineStyle {
            format: log.format,
            colours: log.colours,
            terminal: false,
            invocation_id: options.invocation_id.clone(),
            extra: options.extra.clone(),
        };
        let wording = options.wording(false);
        let file = Mutex::new(Rotating::open(&log.path, log.max_bytes)?);
        Some(LogFile { file, style, wording, threshold: log.level, secrets: options.secrets.clone() })
    }
}

impl Reporter for LogFile {
    fn report(&self, event: Event) {
        if loudest(&event) < self.threshold {
            return;
        }
        let now = chrono::Utc::now();
        let kept = messages(&event, &self.wording).into_iter().filter(|m| m.level >= self.threshold);
        let text: String = kept.map(|m| self.style.line(&m, now)).collect();
        let text = self.secrets.scrub(text);
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write(&text);
    }
}

/// A file that makes room for a new one when it is full.
struct Rotating {
    path: PathBuf,
    file: Option<File>,
    size: u64,
    limit: u64,
}

impl Rotating {
    fn open(path: &Path, limit: u64) -> Option<Rotating> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).ok()?;
        }
        let file = append_to(path)?;
        let size = file.metadata().map(|m| m.len()).unwrap_or(0);
        Some(Rotating { path: path.to_path_buf(), file: Some(file), size, limit })
    }

    fn write(&mut self, text: &str) {
        if self.limit > 0 && self.size > 0 && self.size + text.len() as u64 > self.limit {
            self.turn();
        }
        if let Some(file) = &mut self.file {
            if let Err(why) = file.write_all(text.as_bytes()) {
                crate::ui::print_error(&lost(&self.path, &why));
                self.file = None;
            }
            self.size += text.len() as u64;
        }
    }

    /// `dbt.log` becomes `dbt.log.1`, that `dbt.log.2` and so on; the oldest goes.
    fn turn(&mut self) {
        self.file = None;
        let numbered = |n: usize| PathBuf::from(format!("{}.{n}", self.path.display()));
        for n in (1..KEPT).rev() {
            let _ = std::fs::rename(numbered(n), numbered(n + 1));
        }
        let _ = std::fs::rename(&self.path, numbered(1));
        self.file = append_to(&self.path);
        self.size = 0;
    }
}

/// Told once: the run goes on without its log.
fn lost(path: &Path, why: &std::io::Error) -> String {
    format!("the log file `{}` cannot be written to any more: {why}\n", path.display())
}

fn append_to(path: &Path) -> Option<File> {
    if crate::disk::is_pipe(path) {
        return None;
    }
    OpenOptions::new().create(true).append(true).open(path).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/dbt.log");
        let mut file = Rotating::open(&path, 10).unwrap();
        ["first67890", "second", "third"].iter().for_each(|text| file.write(text));
        let read = |name: &str| std::fs::read_to_string(folder.path().join("logs").join(name)).unwrap();
        assert_eq!(
            [read("dbt.log"), read("dbt.log.1"), read("dbt.log.2")],
            ["third", "second", "first67890"]
        );
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("logs"), "a file").unwrap();
        assert!(Rotating::open(&folder.path().join("logs/dbt.log"), 0).is_none());
    }
}
