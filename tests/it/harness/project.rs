//! A project in a temporary folder, on one engine.

use super::postgres::USER;
use super::{Adapter, Outcome, Running, Server};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use tempfile::TempDir;

const PROJECT: &str = "name: shop\nversion: \"1.0.0\"\nconfig-version: 2\nprofile: shop\n";

/// A project in a temporary folder, with a dbt_project.yml (`shop`), a profiles.yml (target `dev`, schema
/// `analytics`) and a database of its own.
pub struct Project {
    /// The engine.
    pub adapter: Adapter,
    /// The database's name, as relations carry it.
    pub database: String,
    folder: TempDir,
    environment: Mutex<Vec<(String, String)>>,
}

impl Project {
    /// A new project without a model.
    pub fn new(adapter: Adapter) -> Project {
        let folder = tempfile::Builder::new().prefix("karat-it-").tempdir().expect("a temporary folder");
        let database = match adapter {
            Adapter::DuckDb => "warehouse".to_string(),
            Adapter::Postgres => Server::get().new_database(),
        };
        let project = Project { adapter, database, folder, environment: Mutex::default() };
        std::fs::create_dir_all(project.scratch("home")).expect("a home folder");
        project.file("dbt_project.yml", PROJECT);
        project.file("profiles.yml", &project.profiles("shop"));
        project
    }

    /// The text of a profiles.yml with the profile `name`.
    pub fn profiles(&self, name: &str) -> String {
        format!("{name}:\n  target: dev\n  outputs:\n    dev:\n{}", self.output("analytics"))
    }

    /// One output of a profiles.yml, indented by six blanks.
    pub fn output(&self, schema: &str) -> String {
        let connection = match self.adapter {
            Adapter::DuckDb => "type: duckdb\n      path: warehouse.duckdb".to_string(),
            Adapter::Postgres => format!(
                "type: postgres\n      host: 127.0.0.1\n      port: {}\n      user: {USER}\n      \
                 password: ''\n      dbname: {}",
                Server::get().port(),
                self.database
            ),
        };
        format!("      {connection}\n      schema: {schema}\n      threads: 4\n")
    }

    /// Writes a file of the project.
    pub fn file(&self, path: &str, text: &str) -> &Self {
        self.bytes(path, text.as_bytes())
    }

    /// Writes a file that need not be UTF-8.
    pub fn bytes(&self, path: &str, bytes: &[u8]) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        self
    }

    /// Adds lines to dbt_project.yml.
    pub fn configure(&self, lines: &str) -> &Self {
        let old = self.text("dbt_project.yml");
        self.file("dbt_project.yml", &format!("{old}{lines}\n"))
    }

    /// Removes a file of the project.
    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.path(path)).unwrap_or_else(|why| panic!("{path}: {why}"));
        self
    }

    /// Sets a variable for all runs from now on.
    pub fn env(&self, name: &str, value: &str) -> &Self {
        self.environment.lock().expect("no test panicked").push((name.into(), value.into()));
        self
    }

    /// Where a file of the project is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The project's folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// A place beside the project.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a file of the project.
    pub fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
    }

    /// Runs the binary in the project's folder and waits for its end.
    pub fn karat<'a>(&self, words: impl AsRef<[&'a str]>) -> Outcome {
        self.start(words).wait()
    }

    /// What `ls` prints for these words, sorted.
    pub fn listed<'a>(&self, words: impl AsRef<[&'a str]>) -> Vec<String> {
        let outcome = self.karat([&["-q", "ls"], words.as_ref()].concat());
        let mut lines: Vec<String> = outcome.success().stdout().lines().map(str::to_string).collect();
        lines.sort();
        lines
    }

    /// As [`Project::karat`], from another folder.
    pub fn karat_in<'a>(&self, folder: &Path, words: impl AsRef<[&'a str]>) -> Outcome {
        let mut command = self.command(words.as_ref());
        command.current_dir(folder);
        Running::start(self, command, words.as_ref().join(" ")).wait()
    }

    /// Starts the binary and does not wait.
    pub fn start<'a>(&self, words: impl AsRef<[&'a str]>) -> Running<'_> {
        Running::start(self, self.command(words.as_ref()), words.as_ref().join(" "))
    }

    /// Runs a shell script in the project's folder, with the binary as `karat` on the path.
    pub fn shell(&self, script: &str) -> Outcome {
        let bin = self.scratch("bin");
        std::fs::create_dir_all(&bin).expect("a folder");
        if !bin.join("karat").exists() {
            std::os::unix::fs::symlink(binary(), bin.join("karat")).expect("a link");
        }
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = self.called("sh", &["-euc", script]);
        command.env("PATH", path);
        Running::start(self, command, "a script".into()).wait()
    }

    /// The command, not yet started.
    pub fn command(&self, words: &[&str]) -> Command {
        self.called(binary(), words)
    }

    fn called(&self, program: impl AsRef<OsStr>, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.root()).stdin(Stdio::null()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.scratch("home")).env("DO_NOT_TRACK", "1").env("USER", "ada");
        command.envs(self.environment.lock().expect("no test panicked").iter().cloned());
        command
    }
}

fn binary() -> OsString {
    std::env::var_os("KARAT_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_karat").into())
}

impl Drop for Project {
    /// Drops the project's database; says which engine a failed test was on.
    #[allow(clippy::print_stderr)]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the project was on {}", self.adapter.name());
        } else if self.adapter == Adapter::Postgres {
            Server::get().drop_database(&self.database);
        }
    }
}
