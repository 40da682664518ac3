//! A hub on 127.0.0.1, a project in a passing folder, and what `deps` said.

use crate::error::Result;
use crate::event::{Event, Reporter};
use crate::packages::{DepsOptions, deps};
use crate::project::{Environment, FirstReading, Flags};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// What a server answers, by path, and what it was asked.
#[derive(Default)]
struct Answers {
    pages: BTreeMap<String, (u16, Vec<u8>)>,
    asked: Vec<String>,
}

/// A hub that answers what it was given.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) url: String,
    answers: Arc<Mutex<Answers>>,
}

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = Server { url, answers: Arc::default() };
        let answers = server.answers.clone();
        // The thread ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = answers.clone();
                std::thread::spawn(move || answer(stream, &answers));
            }
        });
        server
    }

    pub(super) fn page(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) -> &Self {
        self.answers.lock().unwrap().pages.insert(path.to_string(), (status, body.into()));
        self
    }

    /// What was asked since the last time.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.answers.lock().unwrap().asked)
    }

    /// Lists a package `acme/<name>` with some versions, and serves their archives.
    pub(super) fn package(&self, name: &str, versions: &[(&str, Json)]) -> &Self {
        let mut told = json!({"name": name, "namespace": "acme", "versions": {}});
        for (version, more) in versions {
            let path = format!("/{name}/{version}.tar.gz");
            let archive = package_archive(name, version);
            let mut info = json!({
                "name": name, "version": version, "packages": [],
                "downloads": {"tarball": format!("{}{}", self.url.trim_end_matches('/'), path), "format": "tgz"},
            });
            for (key, value) in more.as_object().into_iter().flatten() {
                info[key] = value.clone();
            }
            self.page(&path, 200, archive);
            told["versions"][*version] = info;
        }
        self.page(&format!("/api/v1/acme/{name}.json"), 200, told.to_string());
        self.page("/api/v1/index.json", 200, json!([format!("acme/{name}")]).to_string())
    }
}

fn answer(mut stream: TcpStream, answers: &Mutex<Answers>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap_or_default();
    let path = line.split(' ').nth(1).unwrap_or_default().to_string();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or_default() <= 2 {
            break;
        }
    }
    let (status, body) = {
        let mut answers = answers.lock().unwrap();
        answers.asked.push(path.clone());
        answers.pages.get(&path).cloned().unwrap_or((404, Vec::new()))
    };
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
}

/// The archive of a package as code hosts make it.
pub(super) fn package_archive(name: &str, version: &str) -> Vec<u8> {
    let project = format!("name: {name}\nversion: {version}\n");
    archive(|tar| {
        file(tar, &format!("{name}-{version}/dbt_project.yml"), &project);
        file(tar, &format!("{name}-{version}/macros/m.sql"), "{% macro m() %}1{% endmacro %}");
    })
}

/// A `.tar.gz`.
pub(super) fn archive(fill: impl FnOnce(&mut tar::Builder<GzEncoder<Vec<u8>>>)) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    fill(&mut tar);
    tar.into_inner().unwrap().finish().unwrap()
}

/// A file of an archive, its path exactly as given.
pub(super) fn file(tar: &mut tar::Builder<GzEncoder<Vec<u8>>>, path: &str, text: &str) {
    entry(tar, path, tar::EntryType::Regular, "", text);
}

/// Any entry of an archive, however hostile.
pub(super) fn entry(
    tar: &mut tar::Builder<GzEncoder<Vec<u8>>>,
    path: &str,
    kind: tar::EntryType,
    target: &str,
    text: &str,
) {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(text.len() as u64);
    header.set_cksum();
    tar.append(&header, text.as_bytes()).unwrap();
}

/// A project and a cache.
pub(super) struct World {
    pub(super) dir: TempDir,
    pub(super) server: Server,
    vars: Vec<(String, String)>,
}

/// What one `deps` did.
pub(super) struct Done {
    pub(super) result: Result<()>,
    /// Notes and warnings, in order, paths of the world as `DIR`.
    pub(super) said: Vec<String>,
}

impl World {
    pub(super) fn new() -> Self {
        let world = World { dir: TempDir::new().unwrap(), server: Server::start(), vars: Vec::new() };
        world.file("shop/dbt_project.yml", "name: shop\nprofile: shop\n")
    }

    pub(super) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub(super) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.into(), value.into()));
        self
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace("DIR", &self.dir.path().display().to_string())).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        self.cleaned(&fs::read_to_string(self.path(path)).unwrap())
    }

    fn cleaned(&self, text: &str) -> String {
        text.replace(&self.dir.path().display().to_string(), "DIR").replace(&self.server.url, "HUB/")
    }

    pub(super) fn options(&self, project: &str) -> DepsOptions {
        let environment = Arc::new(Environment::new(self.vars.clone()));
        let flags = Flags::default();
        let first = FirstReading::of(&flags, &environment, &self.path(project));
        let mut options = DepsOptions::new(Arc::new(first), flags, environment);
        options.hub_url = self.server.url.clone();
        options.cache = Some(self.path("cache"));
        options.timeout = Duration::from_secs(5);
        options
    }

    pub(super) fn deps(&self) -> Done {
        self.deps_with(&self.options("shop"))
    }

    pub(super) fn deps_with(&self, options: &DepsOptions) -> Done {
        let heard = Heard::default();
        let result = deps(options, &heard);
        let said = heard.0.into_inner().unwrap().iter().map(|line| self.cleaned(line)).collect();
        Done { result, said }
    }

    /// Folders and links below the folder of packages.
    pub(super) fn installed(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("shop/dbt_packages")).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> =
            folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Makes a folder a git repository with all its files, and gives the commit.
    pub(super) fn commit(&self, folder: &str, tag: Option<&str>) -> String {
        let folder = self.path(folder);
        if !folder.join(".git").exists() {
            run(&folder, &["init", "-q", "-b", "main", "."]);
        }
        run(&folder, &["add", "-A"]);
        run(
            &folder,
            &["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "x"],
        );
        if let Some(tag) = tag {
            run(&folder, &["-c", "user.name=t", "-c", "user.email=t@t", "tag", "-a", tag, "-m", tag]);
        }
        run(&folder, &["rev-parse", "HEAD"])
    }
}

fn run(folder: &Path, args: &[&str]) -> String {
    let done = Command::new("git").arg("-C").arg(folder).args(args).output().unwrap();
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_string()
}

impl Done {
    #[track_caller]
    pub(super) fn ok(self) -> Vec<String> {
        self.result.unwrap_or_else(|fault| panic!("{}", fault.full_text()));
        self.said
    }

    /// All faults: message and place.
    #[track_caller]
    pub(super) fn faults(self) -> Vec<String> {
        let fault = self.result.expect_err("it should fail");
        fault.iter().map(ToString::to_string).collect()
    }
}

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Reporter for Heard {
    fn report(&self, event: Event) {
        let line = match event {
            Event::Note { message, .. } => message,
            Event::Warning { name, error } => format!("{name}: {}", error.message()),
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}
