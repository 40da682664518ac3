//! The house rules of ARCHITECTURE.md, held against `src/`: a room uses only rooms on floors below it, an
//! adapter is named only in its folder and in the list, and no file grows too long.

use fancy_regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Floors and the rooms on them.
const FLOORS: &[(u8, &[&str])] = &[
    (9, &["main"]),
    (8, &["cli"]),
    (7, &["run", "docs"]),
    (6, &["parse", "compile"]),
    (5, &["graph", "context", "ui", "packages"]),
    (4, &["artifacts", "event"]),
    (3, &["project", "manifest", "adapter", "sql"]),
    (2, &["jinja", "relation"]),
    (1, &["disk", "error"]),
];

/// Names of adapters.
const ADAPTERS: &[&str] = &["duckdb", "postgres"];

/// The longest that a file may be.
const LONGEST_FILE: usize = 600;

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The room that the file is in: its first folder below `src/`, or its name.
    fn room(&self) -> &str {
        let first = self.path.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// The modules that it declares for unit tests only, as paths without `.rs`.
    fn test_modules(&self) -> Vec<PathBuf> {
        let declared =
            Regex::new(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([a-z]+\))? )?mod (\w+);").unwrap();
        let is_door = ["mod.rs", "lib.rs", "main.rs"].iter().any(|door| self.path.ends_with(door));
        let folder =
            if is_door { self.path.parent().unwrap().to_path_buf() } else { self.path.with_extension("") };
        declared.captures_iter(&self.text).map(|found| folder.join(&found.unwrap()[1])).collect()
    }

    /// The code without comments and without the unit tests at its end.
    fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        // A cargo feature has an engine's name, and so have examples of profiles; neither is a decision.
        let is_code = |line: &&str| !line.trim_start().starts_with("//") && !line.contains("feature = \"");
        let code: Vec<&str> = code.lines().filter(is_code).collect();
        code.join("\n")
    }

    /// The rooms that it uses, with the names of their grouped imports.
    fn uses(&self) -> BTreeSet<String> {
        let code = self.code();
        let one = Regex::new(r"\b(?:crate|karat)::(\w+)").unwrap();
        let group = Regex::new(r"\b(?:crate|karat)::\{((?:[^{};]|\{[^{}]*\})*)\}").unwrap();
        let nested = Regex::new(r"\{[^{}]*\}").unwrap();
        let singles = one.captures_iter(&code).map(|found| found.unwrap()[1].to_string());
        let grouped = group.captures_iter(&code).flat_map(|found| {
            let list = nested.replace_all(&found.unwrap()[1], "").into_owned();
            list.split(',')
                .filter_map(|item| item.trim().split("::").next().map(str::to_string))
                .collect::<Vec<_>>()
        });
        singles.chain(grouped).filter(|room| floor(room).is_some()).collect()
    }
}

/// All Rust files of `src/` but those of unit tests.
fn sources() -> Vec<Source> {
    let all = all_sources();
    let tests: Vec<PathBuf> = all.iter().flat_map(Source::test_modules).collect();
    let is_test = |path: &Path| tests.iter().any(|t| path.with_extension("") == *t || path.starts_with(t));
    all.into_iter().filter(|source| !is_test(&source.path)).collect()
}

fn all_sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    WalkDir::new(&src)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| Source {
            text: std::fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(&src).unwrap().to_path_buf(),
        })
        .collect()
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

/// Fails with all of the faults.
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    let rooms = sources().into_iter().filter(|source| source.room() != "lib");
    none(
        rooms
            .filter(|source| floor(source.room()).is_none())
            .map(|source| source.path.display().to_string())
            .collect(),
    );
}

#[test]
fn rooms_use_only_floors_below() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(own) = floor(source.room()) else { continue };
        for used in source.uses().iter().filter(|used| *used != source.room()) {
            if floor(used).is_some_and(|floor| floor >= own) {
                faults.push(format!("{} uses `{used}`", source.path.display()));
            }
        }
    }
    none(faults);
}

#[test]
fn adapters_are_named_only_in_their_folders_and_in_the_list() {
    let mut faults = Vec::new();
    for source in sources() {
        for name in ADAPTERS {
            let at_home = source.path.starts_with(format!("adapter/{name}"))
                || source.path == Path::new("adapter/mod.rs");
            if !at_home
                && Regex::new(&format!("(?i)(?<!type: )(?<!\\.){name}"))
                    .unwrap()
                    .is_match(&source.code())
                    .unwrap()
            {
                faults.push(format!("{} names `{name}`", source.path.display()));
            }
        }
    }
    none(faults);
}

#[test]
fn files_are_short_and_have_a_caption() {
    let mut faults = Vec::new();
    for source in all_sources() {
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{} has {lines} lines", source.path.display()));
        }
        if !source.text.starts_with("//! ") {
            faults.push(format!("{} has no caption", source.path.display()));
        }
    }
    none(faults);
}

#[test]
fn a_folder_has_at_most_twelve_files_and_built_in_macros_are_sql() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for folder in
        WalkDir::new(&src).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_dir())
    {
        let files =
            std::fs::read_dir(folder.path()).unwrap().flatten().filter(|entry| entry.path().is_file());
        let files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
        let rust = files.iter().filter(|path| path.extension().is_some_and(|e| e == "rs")).count();
        let shown = folder.path().strip_prefix(&src).unwrap().display().to_string();
        if rust > 12 {
            faults.push(format!("{shown} has {rust} files"));
        }
        if shown.starts_with("global_project") && rust > 0 {
            faults.push(format!("{shown} has Rust files"));
        }
    }
    none(faults);
}
