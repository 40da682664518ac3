//! Packages from git repositories, by the `git` program, so that keys, tokens and helpers are the user's.
//!
//! URL and revision come from files that others may have written: neither can become an option of git
//! (both are checked, and stand behind `--` or in a refspec), the helpers that run commands are refused,
//! and nothing but files and links that stay in the package leaves the checkout.

use super::store::Store;
use super::{Checkout, UNREACHABLE, archive, tree};
use crate::error::{Error, ErrorKind, Result};
use crate::packages::session::Voice;
use std::path::{Component, Path};
use std::process::{Command, Output, Stdio};

/// What is wanted of which repository.
pub(super) struct Place<'a> {
    pub(super) url: &'a str,
    /// A tag, a branch, a whole commit, or `HEAD`.
    pub(super) revision: &'a str,
    pub(super) subdirectory: Option<&'a str>,
}

/// The name that a fetched commit has in our passing repository.
const FETCHED: &str = "refs/karat/fetched";

/// What is wrong with URL, revision or folder of a git package, and how to mend it.
pub(in crate::packages) fn check_git(
    url: &str,
    revision: Option<&str>,
    folder: Option<&str>,
) -> Option<(String, &'static str)> {
    let odd = |text: &str| text.starts_with('-') || text.chars().any(|c| c.is_control());
    let helper = url.split_once("::").is_some_and(|(helper, _)| matches!(helper, "ext" | "fd"));
    if odd(url) || helper || url.trim() != url {
        let help = "write an `https://`, `ssh://`, `file://` URL, or `git@host:path`";
        return Some((format!("`{url}` is no URL of a git repository"), help));
    }
    if let Some(revision) = revision.filter(|revision| !is_revision(revision)) {
        return Some((
            format!("`{revision}` is no git revision"),
            "write a tag, a branch, or a whole commit hash",
        ));
    }
    let below = |folder: &str| {
        !odd(folder)
            && Path::new(folder)
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    let folder = folder.filter(|folder| !below(folder))?;
    Some((format!("the subdirectory `{folder}` leads out of the repository"), "name a folder below its root"))
}

/// What git takes as the name of a branch or tag.
fn is_revision(text: &str) -> bool {
    let bad = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    !text.is_empty()
        && !text.starts_with(['-', '/', '.'])
        && !text.ends_with(['/', '.'])
        && !text.ends_with(".lock")
        && !["..", "@{", "//", "/."].iter().any(|part| text.contains(part))
        && !text.contains(bad)
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

/// The files of a revision.
pub(super) fn checkout(store: &Store, voice: Voice<'_>, place: &Place<'_>) -> Result<Checkout> {
    if let Some((message, help)) = check_git(place.url, Some(place.revision), place.subdirectory) {
        return Err(Error::new(ErrorKind::Dependency, message).help(help));
    }
    let folder = place.subdirectory.unwrap_or("");
    let about = |commit: &str| format!("git {} {commit} {folder}", place.url);
    let known = |commit: String| Some(Checkout { folder: store.tree(&about(&commit))?, commit });
    if is_commit(place.revision)
        && let Some(found) = known(place.revision.to_string())
    {
        return Ok(found);
    }
    let asked = format!("git-revision {} {}", place.url, place.revision);
    let git = Git { voice, place };
    let remote = if is_commit(place.revision) { Ok(None) } else { git.remote().map(Some) };
    let remote = match remote {
        Ok(remote) => remote,
        Err(fault) => {
            let kept = store.kept(&asked).and_then(known).filter(|_| fault.code() == Some(UNREACHABLE));
            let kept = kept.ok_or_else(|| fault.clone())?;
            voice.note("Note", format!("{}; taking what was there last", first_line(fault.message())));
            return Ok(kept);
        }
    };
    if let Some(found) = remote.as_ref().and_then(|remote| known(remote.commit.clone())) {
        store.keep(&asked, &found.commit);
        return Ok(found);
    }
    let scratch = store.staging()?;
    let commit = git.fetch(scratch.path(), remote.as_ref().map(|remote| remote.name.as_str()))?;
    let staged = store.staging()?;
    export(voice, &source(scratch.path(), place)?, staged.path())?;
    let folder = store.put(&about(&commit), staged)?;
    store.keep(&asked, &commit);
    Ok(Checkout { commit, folder })
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// What a revision means in the repository.
struct Remote {
    /// `refs/tags/v1`.
    name: String,
    commit: String,
}

struct Git<'a> {
    voice: Voice<'a>,
    place: &'a Place<'a>,
}

impl Git<'_> {
    /// Asks the repository what the revision is; a tag goes before a branch.
    fn remote(&self) -> Result<Remote> {
        let revision = self.place.revision;
        self.voice.debug("GitProgressCheckoutRevision", format!("Checking out revision {revision}."));
        let names = match revision {
            "HEAD" => vec!["HEAD".to_string()],
            name => vec![format!("refs/tags/{name}"), format!("refs/heads/{name}")],
        };
        let peeled = format!("{}^{{}}", names[0]);
        let mut args = vec!["ls-remote", "--", self.place.url];
        args.extend(names.iter().map(String::as_str));
        args.push(&peeled);
        let listed = self.run(None, &args)?;
        let commit_of = |name: &str| {
            let line =
                listed.lines().filter_map(|line| line.split_once('\t')).find(|(_, ref_)| *ref_ == name);
            line.map(|(commit, _)| commit.to_string())
        };
        let found = names.iter().find_map(|name| {
            let commit = commit_of(&format!("{name}^{{}}")).or_else(|| commit_of(name))?;
            Some(Remote { name: name.clone(), commit })
        });
        found.ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Error {
        let Place { url, revision, .. } = self.place;
        self.fault(format!("the git repository `{url}` has no tag or branch `{revision}`"))
            .help("check `revision`; of a commit, write the whole hash")
    }

    /// Fetches the revision alone and checks it out; gives its commit.
    fn fetch(&self, scratch: &Path, name: Option<&str>) -> Result<String> {
        self.run(None, &["init", "--quiet", "--template=", "--", &scratch.display().to_string()])?;
        let url = self.place.url;
        // Large files are fetched by another program, which asks for the remote by its name.
        self.run(Some(scratch), &["remote", "add", "--", "origin", url])?;
        let wanted = format!("+{}:{FETCHED}", name.unwrap_or(self.place.revision));
        let shallow = ["fetch", "--quiet", "--depth", "1", "--no-tags", "--", url, &wanted];
        let alone = self.run(Some(scratch), &shallow);
        if let (Err(_), None) = (&alone, name) {
            // A server may not give out single commits: then all branches come, and the commit with them.
            let all = ["fetch", "--quiet", "--tags", "--", url, "+refs/heads/*:refs/karat/heads/*"];
            self.run(Some(scratch), &all)?;
            let commit = format!("{}^{{commit}}", self.place.revision);
            let found =
                self.run(Some(scratch), &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
            let found = found.map_err(|_| {
                let message = format!("the git repository `{url}` has no commit `{}`", self.place.revision);
                self.fault(message).help("check `revision`")
            })?;
            self.run(Some(scratch), &["update-ref", FETCHED, found.trim()])?;
        } else {
            alone?;
        }
        self.run(Some(scratch), &["checkout", "--quiet", "--detach", FETCHED])?;
        Ok(self.run(Some(scratch), &["rev-parse", "HEAD"])?.trim().to_string())
    }

    fn run(&self, at: Option<&Path>, args: &[&str]) -> Result<String> {
        let done = program(at).args(args).output().map_err(|why| {
            self.fault(format!("cannot run `git`: {why}")).help("install git: packages of kind `git` need it")
        })?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        Err(self.refused(&done))
    }

    fn refused(&self, done: &Output) -> Error {
        let said = String::from_utf8_lossy(&done.stderr);
        let said = said.split("\nusage: git").next().unwrap_or_default().trim();
        let Place { url, revision, .. } = self.place;
        // dbt counts a clone that fails among its internal errors.
        self.fault(format!("git cannot fetch `{revision}` of `{url}`\n{said}"))
            .with_kind(ErrorKind::Internal)
            .with_code(UNREACHABLE)
            .help("try `git ls-remote` with this URL: karat uses the keys and tokens that git uses")
    }

    fn fault(&self, message: String) -> Error {
        Error::new(ErrorKind::Dependency, self.voice.scrub(message))
    }
}

/// The package's folder in a checkout: no link may lead to another place.
fn source(scratch: &Path, place: &Place<'_>) -> Result<std::path::PathBuf> {
    let Some(folder) = place.subdirectory else { return Ok(scratch.to_path_buf()) };
    let real = scratch.join(folder).canonicalize().ok();
    let root = scratch.canonicalize().unwrap_or_else(|_| scratch.to_path_buf());
    real.filter(|real| real.is_dir() && real.starts_with(&root)).ok_or_else(|| {
        let message = format!("`{}` has no folder `{folder}` at revision `{}`", place.url, place.revision);
        Error::new(ErrorKind::Dependency, message).help("check `subdirectory`")
    })
}

/// Moves the files of a checkout; links that lead out of the package stay behind.
fn export(voice: Voice<'_>, from: &Path, to: &Path) -> Result<()> {
    tree::copy_but(from, to, &|path, link| {
        let git = path.components().next().is_some_and(|part| part.as_os_str() == ".git");
        let leads_out = link.is_some_and(|target| archive::inside(path, target).is_err());
        if leads_out {
            voice.debug("Note", format!("leaving out `{}`, a link out of the package", path.display()));
        }
        git || leads_out
    })
}

/// Is a folder a clone at this commit, without changes?
pub(in crate::packages) fn is_at(folder: &Path, commit: &str) -> bool {
    if !folder.join(".git").is_dir() {
        return false;
    }
    let ask = |args: &[&str]| {
        let done = program(Some(folder)).args(args).output().ok().filter(|done| done.status.success())?;
        Some(String::from_utf8_lossy(&done.stdout).trim().to_string())
    };
    ask(&["rev-parse", "HEAD"]).as_deref() == Some(commit)
        && ask(&["status", "--porcelain"]).as_deref() == Some("")
}

/// The program, in a folder.
fn program(at: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    // Within a hook of git these would lead to another repository; hooks of the user's are not for us.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command.args(["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"]);
    if let Some(folder) = at {
        command.arg("-C").arg(folder);
    }
    command
}
