//! A run of the binary that is still going on: it can be waited for, interrupted or killed.

use super::Outcome;
use super::Project;
use std::fs::File;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// How long a run may take before the test gives it up.
const PATIENCE: Duration = Duration::from_secs(180);

/// A started run.
pub struct Running<'p> {
    project: &'p Project,
    child: Child,
    words: String,
}

impl<'p> Running<'p> {
    /// Starts the command, its output going to files of the project's temporary folder.
    pub fn start(project: &'p Project, mut command: Command, words: String) -> Self {
        let file = |name| File::create(project.scratch(name)).expect("a file for the output");
        command.stdout(file("stdout")).stderr(file("stderr"));
        let child = command.spawn().unwrap_or_else(|why| panic!("{command:?}: {why}"));
        Running { project, child, words }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status();
        assert!(sent.expect("`kill` runs").success(), "the run is over already");
    }

    /// Kills it, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().ok();
        self.child.wait().expect("its status");
    }

    /// Waits until it ends.
    pub fn wait(mut self) -> Outcome {
        let status = self.status();
        let text = |name| {
            let bytes = std::fs::read(self.project.scratch(name)).expect("its output");
            String::from_utf8(bytes).expect("output is UTF-8")
        };
        Outcome::new(self.project, status, [self.words.clone(), text("stdout"), text("stderr")])
    }

    fn status(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its status") {
                return status;
            }
            if begin.elapsed() > PATIENCE {
                self.child.kill().ok();
                panic!("`karat {}` took longer than {PATIENCE:?}", self.words);
            }
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}
