//! `path:`: a pattern over the files of the root project, as Python's `Path.glob` reads it.
//!
//! dbt looks at the disk; here the files that the manifest names, and the folders above them, are the
//! disk. A pattern is matched against those of the root project only, and what it finds is then
//! compared with the files of all packages: both as dbt does.

use super::glob::matches;
use super::member::Member;
use std::collections::HashSet;

/// A pattern, in its parts.
pub(super) struct PathPattern {
    parts: Option<Vec<String>>,
}

/// Files and folders that a pattern found, each as its parts.
pub(super) struct Found<'a>(HashSet<Vec<&'a str>>);

impl PathPattern {
    /// Reads a pattern. An absolute one, or one that leaves the project, finds nothing.
    pub(super) fn new(text: &str) -> PathPattern {
        let leaves = text.is_empty() || text.starts_with('/') || split(text).contains(&"..");
        PathPattern { parts: (!leaves).then(|| split(text).into_iter().map(str::to_string).collect()) }
    }

    /// What it finds among the files of the root project.
    pub(super) fn among<'a>(&self, members: impl Iterator<Item = Member<'a>>, project: &str) -> Found<'a> {
        let mut found = HashSet::new();
        let Some(parts) = &self.parts else { return Found(found) };
        let mut seen = HashSet::new();
        for path in members.flat_map(|m| files(m, project)) {
            let path = split(path);
            for end in (0..=path.len()).rev() {
                if !seen.insert(path[..end].to_vec()) {
                    break;
                }
                if fits(&path[..end], parts, end < path.len()) {
                    found.insert(path[..end].to_vec());
                }
            }
        }
        Found(found)
    }
}

impl Found<'_> {
    /// Is a resource's file, its property file, or a folder above its file among what was found?
    pub(super) fn holds(&self, member: Member<'_>) -> bool {
        let file = split(member.file());
        let patched = || member.patch().is_some_and(|(_, path)| self.has(&split(path)));
        (0..=file.len()).any(|end| self.has(&file[..end])) || patched()
    }

    fn has(&self, path: &[&str]) -> bool {
        self.0.contains(path)
    }
}

fn files<'a>(member: Member<'a>, project: &str) -> impl Iterator<Item = &'a str> {
    let own = (member.package() == project).then(|| member.file());
    let patch = member.patch().filter(|(package, _)| *package == project).map(|(_, path)| path);
    own.into_iter().chain(patch)
}

fn split(path: &str) -> Vec<&str> {
    path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect()
}

/// `**` stands for any folders; at the end it finds folders only.
fn fits(path: &[&str], pattern: &[String], is_folder: bool) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return path.is_empty() };
    if first == "**" {
        return if rest.is_empty() {
            is_folder
        } else {
            (0..=path.len()).any(|skip| fits(&path[skip..], rest, is_folder))
        };
    }
    match path.split_first() {
        Some((part, others)) => matches(part, first) && fits(others, rest, is_folder),
        None => false,
    }
}
