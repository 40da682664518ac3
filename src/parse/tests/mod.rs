//! Whole projects, parsed: written inline to a temporary folder, with the real built-in macros.
#![allow(clippy::unwrap_used)]

mod configs;
mod faults;
mod nodes;
mod properties;

use super::{macros, parse};
use crate::adapter::{self, Adapter, Settings};
use crate::context::{Session, SessionParts};
use crate::error::{Error, Result};
use crate::event::{Event, Reporter};
use crate::manifest::{Manifest, Map, Node};
use crate::project::{
    self, Adapters, BuiltInPackage, Environment, FirstReading, Flags, LoadOptions, Project, Target, Warning,
};
use include_dir::{Dir, include_dir};
use std::fs;
use std::sync::Arc;

static GLOBAL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/global_project/macros");

/// Nobody listens.
struct Silent;

impl Reporter for Silent {
    fn report(&self, _: Event) {}
}

struct Engines;

impl Engines {
    fn open(target: &Target) -> Result<Arc<dyn Adapter>> {
        let settings = Settings { threads: 1, root: &target.root, env: &|_| None };
        adapter::open(&target.adapter_type, &target.fields, &settings)
    }
}

impl Adapters for Engines {
    fn packages(&self, kind: &str) -> Result<Vec<BuiltInPackage>> {
        let own = adapter::macro_package(kind).unwrap();
        let package = |name, dir: &'static Dir<'static>| {
            let mut files = Vec::new();
            gather(dir, &mut files);
            BuiltInPackage { name, files }
        };
        Ok(vec![package("dbt", &GLOBAL), package("dbt_duckdb", own)])
    }

    fn connection(&self, target: &Target) -> Result<Map> {
        Ok(Engines::open(target)?.target_fields())
    }
}

fn gather(dir: &'static Dir<'static>, files: &mut Vec<(String, &'static str)>) {
    let own = dir
        .files()
        .filter_map(|file| Some((format!("macros/{}", file.path().display()), file.contents_utf8()?)));
    files.extend(own);
    dir.dirs().for_each(|inner| gather(inner, files));
}

/// A project of files; dbt_project.yml and profiles.yml are there unless they are among them.
fn parsed(files: &[(&str, &str)]) -> Result<(Manifest, Vec<Warning>)> {
    let dir = tempfile::tempdir().unwrap();
    let given = [
        ("dbt_project.yml", "name: p\nprofile: p\n"),
        ("profiles.yml", "p: {target: dev, outputs: {dev: {type: duckdb, path: w.duckdb, schema: main}}}\n"),
    ];
    for (path, text) in given.iter().chain(files) {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let flags = Flags { profiles_dir: Some(dir.path().into()), ..Flags::default() };
    let environment = Arc::new(Environment::default());
    let first = FirstReading::of(&flags, &environment, dir.path());
    let project = project::load(&LoadOptions { first: &first, flags, environment, adapters: &Engines })?;
    parse(&session(&project)?, &project)
}

fn session(project: &Project) -> Result<Session> {
    let adapter = Engines::open(&project.target)?;
    let engine = macros(project, adapter.prefixes())?;
    let (reporter, invocation, stop) = (Arc::new(Silent), Session::invocation(), Arc::default());
    Ok(Session::new(project, SessionParts { adapter, engine, reporter, invocation, stop }))
}

fn manifest(files: &[(&str, &str)]) -> Manifest {
    parsed(files).map_err(|error| error.full_text()).unwrap().0
}

fn node<'m>(manifest: &'m Manifest, id: &str) -> &'m Node {
    manifest.nodes.get(id).unwrap_or_else(|| panic!("no {id} among {:?}", manifest.nodes.keys()))
}

/// The messages of all faults, each with its place.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let error: Error = parsed(files).map(|_| ()).unwrap_err();
    error.iter().map(ToString::to_string).collect()
}

/// The warnings: class and message with place.
fn warnings(files: &[(&str, &str)]) -> Vec<String> {
    let (_, warnings) = parsed(files).map_err(|error| error.full_text()).unwrap();
    warnings.iter().map(|warning| format!("{}: {}", warning.name, warning.error)).collect()
}
