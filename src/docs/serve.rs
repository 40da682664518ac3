//! A web server for one folder: GET and HEAD of files below it, nothing else.

use crate::error::{Error, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A client that says nothing for so long is dropped.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a waiting server looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// Most bytes of a request's head.
const HEAD: u64 = 16 << 10;

/// A server that has its port.
pub struct Server {
    listener: TcpListener,
    root: PathBuf,
}

impl Server {
    /// Takes a port; 0 takes any free one.
    ///
    /// # Errors
    /// The port is taken, or the host is none of this machine.
    pub fn bind(host: &str, port: u16, root: &Path) -> Result<Self> {
        let refused = |why: std::io::Error| {
            Error::runtime(format!("cannot serve on {host}:{port}: {why}")).help("choose another `--port`")
        };
        let listener = TcpListener::bind((host, port)).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        Ok(Server { listener, root: root.to_path_buf() })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().map_err(|why| Error::runtime(format!("no address to serve on: {why}")))
    }

    /// Answers until `stop` is set, each client in a thread of its own.
    pub fn run(&self, stop: &AtomicBool) {
        std::thread::scope(|scope| {
            while !stop.load(Ordering::SeqCst) {
                match self.listener.accept() {
                    Ok((client, _)) => {
                        // A client that goes away in the middle is no fault of ours.
                        scope.spawn(move || answer(client, &self.root).ok());
                    }
                    Err(_) => std::thread::sleep(LOOK),
                }
            }
        });
    }
}

fn answer(mut client: TcpStream, root: &Path) -> std::io::Result<()> {
    client.set_nonblocking(false)?;
    client.set_read_timeout(Some(PATIENCE))?;
    client.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(client.try_clone()?.take(HEAD));
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(method, "GET" | "HEAD") {
        return send(&mut client, ("405 Method Not Allowed", "text/plain"), b"", true);
    }
    match file_of(root, target).and_then(|path| Some((crate::disk::read(&path).ok()?, path))) {
        Some((bytes, path)) => send(&mut client, ("200 OK", kind_of(&path)), &bytes, method == "GET"),
        None => send(&mut client, ("404 Not Found", "text/plain"), b"not found\n", method == "GET"),
    }
}

/// The file that a target names; none for what lies outside the folder.
fn file_of(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.trim_start_matches('/');
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let below = Path::new(decoded.as_ref());
    if !below.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let path = root.join(below);
    Some(if path.is_dir() { path.join("index.html") } else { path })
}

fn kind_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("sql" | "md" | "csv" | "log") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn send(to: &mut TcpStream, (status, kind): (&str, &str), body: &[u8], whole: bool) -> std::io::Result<()> {
    let length = body.len();
    write!(
        to,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )?;
    if whole {
        to.write_all(body)?;
    }
    to.flush()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let root = Path::new("/r");
        let check = |target: &str, expect: Option<&str>| {
            assert_eq!(file_of(root, target), expect.map(PathBuf::from), "{target}");
        };
        check("/catalog.json?x=1", Some("/r/catalog.json"));
        check("/a%20b/c.sql", Some("/r/a b/c.sql"));
        check("/../etc/passwd", None);
        check("/%2e%2e/etc/passwd", None);
        check("//etc/passwd", Some("/r/etc/passwd"));
    }

    #[test]
    fn files_are_served_until_told_to_stop() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "hello").unwrap();
        let server = Server::bind("127.0.0.1", 0, folder.path()).unwrap();
        let (address, stop) = (server.address().unwrap(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| server.run(&stop));
            let ask = |line: &str| {
                let mut client = TcpStream::connect(address).unwrap();
                write!(client, "{line} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                let mut said = String::new();
                client.read_to_string(&mut said).unwrap();
                said
            };
            assert!(ask("GET /").ends_with("\r\n\r\nhello"));
            assert!(ask("GET /nope").starts_with("HTTP/1.1 404"));
            assert!(ask("POST /").starts_with("HTTP/1.1 405"));
            stop.store(true, Ordering::SeqCst);
        });
    }
}
