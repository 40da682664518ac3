//! The user's own Python: karat has none.

use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The variable that names the Python to run.
const VARIABLE: &str = "KARAT_PYTHON";
/// The release of the module `duckdb` that goes with this engine.
const MODULE: &str = "duckdb==1.5.6";

/// Where to look for a Python, and what was found. Looked up by the first Python model of a run.
#[derive(Debug, Default)]
pub struct Interpreter {
    candidates: Vec<PathBuf>,
    is_named: bool,
    found: OnceLock<Result<Found>>,
}

#[derive(Debug, Clone)]
enum Found {
    Python(PathBuf),
    Uv,
}

impl Interpreter {
    /// The places to look at, best first: a named one alone, else the active or the project's virtual
    /// environment and what is on the path.
    pub fn new(env: &dyn Fn(&str) -> Option<String>, root: &Path) -> Interpreter {
        let given = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(named) = given(VARIABLE) {
            return Interpreter { candidates: vec![named], is_named: true, ..Interpreter::default() };
        }
        let active = given("VIRTUAL_ENV").map(|folder| folder.join("bin/python"));
        let near = [".venv/bin/python", "venv/bin/python"].map(|path| root.join(path));
        let found = active.into_iter().chain(near).filter(|path| path.exists());
        let candidates = found.chain(["python3", "python"].map(PathBuf::from)).collect();
        Interpreter { candidates, ..Interpreter::default() }
    }

    /// The command that runs a program text, which is still to be added.
    ///
    /// # Errors
    /// There is no Python with the module `duckdb`.
    pub fn command(&self, packages: &[String]) -> Result<Command> {
        match self.found.get_or_init(|| self.find()).clone()? {
            Found::Python(path) => Ok(Command::new(path)),
            Found::Uv => {
                let mut command = Command::new("uv");
                command.args(["run", "--no-project", "--quiet", "--with", MODULE]);
                command.args(packages.iter().flat_map(|package| ["--with", package])).arg("python");
                Ok(command)
            }
        }
    }

    /// How to install something where the models run.
    pub fn install(&self, module: &str) -> String {
        match self.found.get() {
            Some(Ok(Found::Python(path))) => {
                format!("install it where the model runs: `{} -m pip install {module}`", path.display())
            }
            _ => format!("add `{module}` to the model's `packages`"),
        }
    }

    fn find(&self) -> Result<Found> {
        let mut without = Vec::new();
        for path in &self.candidates {
            match runs(Command::new(path).args(["-c", "import duckdb"])) {
                Some(true) => return Ok(Found::Python(path.clone())),
                Some(false) => without.push(path.display().to_string()),
                None => {}
            }
        }
        if !self.is_named && runs(Command::new("uv").arg("--version")) == Some(true) {
            return Ok(Found::Uv);
        }
        Err(self.missing(&without))
    }

    fn missing(&self, without: &[String]) -> Error {
        let Some(first) = without.first() else {
            let looked: Vec<_> = self.candidates.iter().map(|path| format!("`{}`", path.display())).collect();
            return Error::runtime(format!(
                "Python models need Python, and there is none: {}",
                looked.join(", ")
            ))
            .help(format!("install Python, or name one in the environment variable {VARIABLE}"));
        };
        Error::runtime(format!("Python models need the Python module `duckdb`, and `{first}` has none"))
            .help(format!("`{first} -m pip install {MODULE}`"))
            .help(format!("or name another Python in the environment variable {VARIABLE}"))
    }
}

/// Did the program succeed? `None` where there is no such program.
fn runs(command: &mut Command) -> Option<bool> {
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.ok().map(|status| status.success())
}
