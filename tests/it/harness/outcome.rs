//! What a run gave: its exit code, its words, its artifacts.

use super::normalise::{lines, plain, squeeze};
use super::{Adapter, Project};
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitStatus;

/// The end of one run. Checks give the outcome back, so that they can be chained.
pub struct Outcome {
    status: ExitStatus,
    words: String,
    stdout: String,
    stderr: String,
    target: PathBuf,
    adapter: Adapter,
}

impl Outcome {
    /// From what the process gave: its words, standard output and standard error.
    pub fn new(project: &Project, status: ExitStatus, [words, stdout, stderr]: [String; 3]) -> Outcome {
        let target = project.path("target");
        Outcome { status, words, stdout, stderr, target, adapter: project.adapter }
    }

    /// It exited with 0.
    pub fn success(&self) -> &Self {
        self.exit(0)
    }

    /// It exited with this code.
    pub fn exit(&self, code: i32) -> &Self {
        self.check(self.code() == Some(code), &format!("exit code {code}"))
    }

    /// Its exit code; none if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Standard output without colours.
    pub fn stdout(&self) -> String {
        plain(&self.stdout)
    }

    /// Standard output as it came.
    pub fn raw_stdout(&self) -> &str {
        &self.stdout
    }

    /// Standard error without colours.
    pub fn stderr(&self) -> String {
        plain(&self.stderr)
    }

    /// The text stands in standard output.
    pub fn stdout_has(&self, text: &str) -> &Self {
        self.check(self.stdout().contains(text), &format!("standard output with `{text}`"))
    }

    /// The text does not stand in standard output.
    pub fn stdout_lacks(&self, text: &str) -> &Self {
        self.check(!self.stdout().contains(text), &format!("standard output without `{text}`"))
    }

    /// Standard output is this text, but for colours and white space at its ends.
    pub fn stdout_is(&self, text: &str) -> &Self {
        self.check(self.stdout().trim() == text.trim(), &format!("standard output `{text}`"))
    }

    /// The text stands in standard error.
    pub fn stderr_has(&self, text: &str) -> &Self {
        self.check(self.stderr().contains(text), &format!("standard error with `{text}`"))
    }

    /// A console line says this, but for its time stamp; seconds as `0.00s`, dots as `...`.
    pub fn prints(&self, line: &str) -> &Self {
        self.check(self.lines().iter().any(|l| l == line), &format!("the line `{line}`"))
    }

    /// The console lines without time stamps; seconds as `0.00s`, dots as `...`.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.stdout)
    }

    /// The statuses in run_results.json are these, as `id status`, in any order. `model.shop.a` may be
    /// called `a` if it is a model.
    pub fn statuses<'a>(&self, expect: impl AsRef<[&'a str]>) -> &Self {
        let mut found: Vec<String> = self
            .results()
            .iter()
            .map(|r| format!("{} {}", short_id(&text(r, "unique_id")), text(r, "status")))
            .collect();
        found.sort();
        let mut expect: Vec<&str> = expect.as_ref().to_vec();
        expect.sort_unstable();
        self.check(found == expect, &format!("statuses {expect:?}, found {found:?}"))
    }

    /// The results in run_results.json.
    pub fn results(&self) -> Vec<Value> {
        self.run_results()["results"].as_array().expect("results").clone()
    }

    /// The result of one node, by the name in its id.
    pub fn result(&self, name: &str) -> Value {
        let found = self.results().into_iter().find(|r| short_id(&text(r, "unique_id")) == name);
        found.unwrap_or_else(|| panic!("no result of `{name}`\n{}", self.report()))
    }

    /// run_results.json.
    pub fn run_results(&self) -> Value {
        self.artifact("run_results.json")
    }

    /// manifest.json.
    pub fn manifest(&self) -> Value {
        self.artifact("manifest.json")
    }

    fn artifact(&self, name: &str) -> Value {
        let path = self.target.join(name);
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{name}: {why}\n{}", self.report()));
        serde_json::from_str(&text).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    #[track_caller]
    fn check(&self, holds: bool, expected: &str) -> &Self {
        assert!(holds, "expected {expected}\n{}", self.report());
        self
    }

    fn report(&self) -> String {
        let (stdout, stderr) = (squeeze(&self.stdout()), self.stderr());
        format!(
            "`karat {}` on {}: {}\n--- standard output\n{stdout}\n--- standard error\n{stderr}",
            self.words,
            self.adapter.name(),
            self.status
        )
    }
}

/// `a` for `model.shop.a`, `test not_null_a_id` for `test.shop.not_null_a_id.d0b1c6d5e5`.
fn short_id(id: &str) -> String {
    let parts: Vec<&str> = id.split('.').collect();
    match parts[..] {
        ["model", "shop", ..] => parts[2..].join("."),
        ["test", "shop", name, ..] => format!("test {name}"),
        ["seed", "shop", name] => format!("seed {name}"),
        _ => id.to_string(),
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is no text: {value}")).to_string()
}
