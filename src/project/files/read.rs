//! Reads and hashes the files of a package, in parallel.

use super::ignore::Ignore;
use super::stamps::{Known, Stamps};
use super::walk::{Found, searches, walk};
use super::{FileHash, FileKind, SourceFile, strip};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::project::project_file::ResourcePaths;
use crate::project::yaml::decode;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// A seed above this size is known by its path alone.
const BIG_SEED: u64 = 1024 * 1024;

/// Where the files of a package are.
pub(in crate::project) struct Package<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its folder.
    pub root: &'a Path,
    /// Its resource paths.
    pub paths: &'a ResourcePaths,
    /// Put before paths in messages: empty for the project itself, `dbt_packages/x/` for a package.
    pub shown: &'a str,
}

/// The files of a package on disk. Those that did not change since an earlier command are not read, but for
/// macros, which every command needs. And the names that lead to pipes and devices, which are passed over.
///
/// # Errors
/// Files that cannot be read or are no UTF-8, all at once.
pub(in crate::project) fn read_package_files(
    package: &Package<'_>,
    stamps: &Stamps,
) -> Result<(Vec<SourceFile>, Vec<String>)> {
    let (found, passed) = walk(package.root, package.paths, &Ignore::read(package.root)?)?;
    let (name, root): (Arc<str>, Arc<Path>) = (package.name.into(), package.root.into());
    let read: Vec<Result<SourceFile>> =
        found.into_par_iter().map(|found| read_one((&name, &root), found, package.shown, stamps)).collect();
    let mut files = Vec::with_capacity(read.len());
    let mut faults = Vec::new();
    for file in read {
        match file {
            Ok(file) => files.push(file),
            Err(fault) => faults.push(fault),
        }
    }
    Error::all(faults).map_or(Ok((files, passed)), Err)
}

fn read_one(
    (package, root): (&Arc<str>, &Arc<Path>),
    found: Found,
    shown: &str,
    stamps: &Stamps,
) -> Result<SourceFile> {
    let path = root.join(&found.original);
    let shown = format!("{shown}{}", found.original);
    let data = fs::metadata(&path).map_err(|why| unreadable(&shown, &why))?;
    let is_big = found.kind == FileKind::Seed && data.len() > BIG_SEED;
    let mut file = SourceFile {
        package: package.clone(),
        root: Some(root.clone()),
        kind: found.kind,
        searched: found.searched.into(),
        path: found.path,
        checksum: FileHash { name: "path", checksum: found.original.clone() },
        original_file_path: found.original,
        fingerprint: 0,
        is_read: is_big,
        contents: "".into(),
    };
    if is_big {
        return Ok(file);
    }
    let is_macro = matches!(file.kind, FileKind::Macro | FileKind::GenericTest);
    if let Some((known, checksum)) = stamps
        .known(&path, &data)
        .filter(|_| !is_macro)
        .and_then(|known| Some((known.fingerprint, known.checksum()?)))
    {
        (file.fingerprint, file.checksum) = (known, checksum);
        return Ok(file);
    }
    read_contents(&mut file, &shown)?;
    stamps.learn(&path, &data, Known::of(&file.checksum, file.fingerprint));
    Ok(file)
}

/// Reads a file that was found.
///
/// # Errors
/// It cannot be read, or is no UTF-8.
pub(in crate::project) fn read_contents(file: &mut SourceFile, shown: &str) -> Result<()> {
    let Some(path) = file.absolute_path() else { return Ok(()) };
    let bytes = crate::disk::read(&path).map_err(|why| unreadable(shown, &why))?;
    let text = decode(shown, &bytes)?;
    file.checksum = hash(&bytes);
    file.fingerprint = crate::packed::hash(&bytes);
    file.contents = if file.kind == FileKind::Seed { "".into() } else { text.into() };
    file.is_read = true;
    Ok(())
}

fn unreadable(shown: &str, why: &std::io::Error) -> Error {
    Error::new(ErrorKind::Parsing, format!("cannot read `{shown}`: {why}")).located(Location::file(shown))
}

/// dbt's hash: of the text without white space around it. A byte order mark is part of it.
fn hash(bytes: &[u8]) -> FileHash {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    FileHash { name: "sha256", checksum: hex::encode(Sha256::digest(strip(text))) }
}

/// The files of a built-in package, by the folders and endings that every package has.
pub(in crate::project) fn built_in_files(package: &str, files: &[(String, &'static str)]) -> Vec<SourceFile> {
    let package: Arc<str> = package.into();
    let searches = searches(&ResourcePaths::default());
    let mut read = Vec::new();
    for search in &searches {
        for searched in search.paths() {
            let below = |path: &'_ String| path.strip_prefix(searched)?.strip_prefix('/').map(str::to_string);
            for (original, contents) in files {
                let Some(path) = below(original).filter(|path| search.takes(path)) else { continue };
                read.push(SourceFile {
                    package: package.clone(),
                    root: None,
                    kind: search.kind(),
                    searched: searched.into(),
                    path,
                    original_file_path: original.clone(),
                    checksum: hash(contents.as_bytes()),
                    fingerprint: 0,
                    is_read: true,
                    contents: (*contents).into(),
                });
            }
        }
    }
    read
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn project(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        dir
    }

    fn read(dir: &tempfile::TempDir, paths: &ResourcePaths) -> Result<Vec<SourceFile>> {
        let package = Package { name: "p", root: dir.path(), paths, shown: "" };
        read_package_files(&package, &Stamps::default()).map(|(files, _)| files)
    }

    fn listed(files: &[SourceFile]) -> Vec<(FileKind, &str)> {
        files.iter().map(|file| (file.kind, file.original_file_path.as_str())).collect()
    }

    #[test]
    fn finds_each_kind_where_dbt_does() {
        let names = [
            "models/a.sql",
            "models/b.PY",
            "models/x/c.yml",
            "models/.hidden.sql",
            "models/~c.sql",
            "models/.dir/d.sql",
            "models/readme.md",
            "models/notes.txt",
            "models/.sql",
            "seeds/s.csv",
            "seeds/s.yaml",
            "tests/t.sql",
            "tests/generic/g.sql",
            "tests/fixtures/f.csv",
            "macros/m.sql",
            "analyses/q.sql",
            "snapshots/h.sql",
            "functions/u.sql",
            "models/skip/z.sql",
            "elsewhere/e.sql",
        ];
        let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"x"[..])).collect();
        files.push((".dbtignore", b"skip/\n"));
        let dir = project(&files);
        let found = read(&dir, &ResourcePaths::default()).unwrap();
        let expect = [
            (FileKind::Macro, "macros/m.sql"),
            (FileKind::Model, "models/.dir/d.sql"),
            (FileKind::Model, "models/a.sql"),
            (FileKind::Model, "models/b.PY"),
            (FileKind::Snapshot, "snapshots/h.sql"),
            (FileKind::Analysis, "analyses/q.sql"),
            (FileKind::Test, "tests/t.sql"),
            (FileKind::GenericTest, "tests/generic/g.sql"),
            (FileKind::Seed, "seeds/s.csv"),
            (FileKind::Docs, "models/readme.md"),
            (FileKind::Properties, "models/x/c.yml"),
            (FileKind::Properties, "seeds/s.yaml"),
            (FileKind::Fixture, "tests/fixtures/f.csv"),
            (FileKind::Function, "functions/u.sql"),
        ];
        assert_eq!(listed(&found), expect);
    }

    #[test]
    fn hashes_without_white_space_around() {
        let dir = project(&[("models/a.sql", b"\n\n  select 1\r\n"), ("seeds/s.csv", b"a,b\n1,2\n")]);
        fs::write(dir.path().join("seeds/big.csv"), vec![b'a'; 1024 * 1024 + 1]).unwrap();
        let found = read(&dir, &ResourcePaths::default()).unwrap();
        let model = &found[0];
        assert_eq!(model.checksum.checksum, hex::encode(Sha256::digest(b"select 1")));
        assert_eq!((model.stripped(), model.lines_stripped()), ("select 1", 2));
        assert_eq!((found[1].checksum.name, found[1].checksum.checksum.as_str()), ("path", "seeds/big.csv"));
        assert_eq!((found[2].checksum.name, &*found[2].contents), ("sha256", ""));
    }

    #[test]
    fn a_file_on_two_paths_counts_once() {
        let dir = project(&[("models/sub/a.sql", b"x"), ("models/sub/a.yml", b"x")]);
        let models = vec!["models".to_string(), "models/sub/".to_string()];
        let found = read(&dir, &ResourcePaths { models, ..ResourcePaths::default() }).unwrap();
        let expect = [(FileKind::Model, "models/sub/a.sql"), (FileKind::Properties, "models/sub/a.yml")];
        assert_eq!(listed(&found), expect);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_circles_and_pipes_do_no_harm() {
        let dir = project(&[("models/a.sql", b"x")]);
        let models = dir.path().join("models");
        std::os::unix::fs::symlink(&models, models.join("loop")).unwrap();
        std::os::unix::fs::symlink(models.join("a.sql"), models.join("link.sql")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(models.join("pipe.sql")).unwrap();
        let found = read(&dir, &ResourcePaths::default()).unwrap();
        assert_eq!(listed(&found), [(FileKind::Model, "models/a.sql"), (FileKind::Model, "models/link.sql")]);
        std::os::unix::fs::symlink("nowhere", models.join("broken.sql")).unwrap();
        let fault = read(&dir, &ResourcePaths::default()).unwrap_err();
        assert!(fault.message().starts_with("cannot read `models/broken.sql`: "), "{fault}");
        std::fs::rename(models.join("broken.sql"), models.join(".#broken.sql")).unwrap();
        assert!(read(&dir, &ResourcePaths::default()).is_ok(), "an editor's lock");
    }

    #[test]
    fn says_which_byte_is_no_utf8() {
        let dir = project(&[("models/a.sql", b"select 1\nfrom \xe9t\xe9"), ("models/b.sql", b"\xff")]);
        let fault = read(&dir, &ResourcePaths::default()).unwrap_err();
        let told: Vec<String> = fault.iter().map(ToString::to_string).collect();
        let expect = [
            "byte 0xe9 at offset 14 is not UTF-8 (models/a.sql:2:6)",
            "byte 0xff at offset 0 is not UTF-8 (models/b.sql:1:1)",
        ];
        assert_eq!(told, expect);
    }

    #[test]
    fn built_in_packages_have_the_same_layout() {
        let files = [("macros/a/b.sql".to_string(), "x"), ("tests/generic/t.sql".to_string(), "y")];
        let read = built_in_files("dbt", &files);
        let expect = [(FileKind::Macro, "macros/a/b.sql"), (FileKind::GenericTest, "tests/generic/t.sql")];
        assert_eq!(listed(&read), expect);
        assert_eq!((read[0].path.as_str(), read[0].stem()), ("a/b.sql", "b"));
    }
}
