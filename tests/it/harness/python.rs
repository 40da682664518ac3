//! A Python for Python models, as `scripts/setup-python` makes it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A Python that has the modules `duckdb` and `pandas`.
pub fn python() -> String {
    let cached =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/karat/python/bin/python"));
    let named = std::env::var_os("KARAT_PYTHON").map(PathBuf::from);
    let found = named.into_iter().chain(cached).chain([PathBuf::from("python3")]).find(|python| {
        let mut command = Command::new(python);
        command.args(["-c", "import duckdb, pandas"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    let found =
        found.expect("a Python with `duckdb` and `pandas`: run `env \"$(scripts/setup-python)\" cargo test`");
    found.display().to_string()
}
