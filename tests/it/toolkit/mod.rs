//! A package that does what the packages of the field do, used by a project as they are: its macros are
//! dispatched and overridden, look at the graph and the results, ask the engine, and keep state; its models,
//! seeds, tests, docs, vars and hooks are configured from outside. All of it holds for dbt as well
//! (`KARAT_BIN`).

mod calls;
mod dispatch;
mod graph;
mod queries;
mod resources;
mod state;
mod values;

use crate::harness::*;

/// Gives the project the package `toolkit` with these files, and installs it.
fn with_toolkit<'p>(p: &'p Project, files: &[(&str, &str)]) -> &'p Project {
    p.file("packages.yml", "packages:\n  - local: packages/toolkit\n");
    p.file("packages/toolkit/dbt_project.yml", "name: toolkit\nversion: 1.2.3\nconfig-version: 2\n");
    for (path, text) in files {
        p.file(&format!("packages/toolkit/{path}"), text);
    }
    p.karat(["deps"]).success();
    p
}

/// What a macro prints.
fn said(p: &Project, name: &str) -> Vec<String> {
    let outcome = p.karat(["--quiet", "run-operation", name]);
    outcome.success();
    outcome.raw_stdout().lines().map(str::to_string).collect()
}
