//! A throw-away PostgreSQL server for tests: its own folder, a free port, gone with its last user.

#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// Who may log in how: `scram` by password, `tlsonly` and `plainonly` as their names say, all else freely.
const ACCESS: &str = "local all all trust\n\
    host all scram 127.0.0.1/32 scram-sha-256\n\
    hostssl all tlsonly 127.0.0.1/32 trust\n\
    hostnossl all tlsonly 127.0.0.1/32 reject\n\
    hostnossl all plainonly 127.0.0.1/32 trust\n\
    hostssl all plainonly 127.0.0.1/32 reject\n\
    host all all 127.0.0.1/32 trust\n";

/// A running server.
pub struct Server {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// Its folder: the socket, and `root.crt`, which signs itself and names `localhost`.
    pub folder: tempfile::TempDir,
    process: Child,
}

impl Server {
    /// The server that running tests share; the first starts it.
    pub fn shared() -> Arc<Server> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap();
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Server::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    fn start() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let owner = owner();
        give(folder.path(), owner, 0o755);
        let initdb = ["-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C", "-D"];
        let made = command("initdb", owner).args(initdb).arg(&data).output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        std::fs::write(data.join("pg_hba.conf"), ACCESS).unwrap();
        certify(folder.path(), &data, owner);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let socket = format!("unix_socket_directories={}", folder.path().display());
        let process = command("postgres", owner)
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", &socket])
            .args(["-c", "fsync=off", "-c", "ssl=on", "-c", "timezone=UTC"])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let server = Server { port, folder, process };
        server.wait();
        server.psql("create role scram login password 's3cret'; create role tlsonly login; create role plainonly login; create role other");
        server
    }

    fn wait(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        while !self.try_psql("select 1") {
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL does not start: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs SQL beside the code under test.
    pub fn psql(&self, sql: &str) {
        assert!(self.try_psql(sql), "psql fails: {sql}");
    }

    fn try_psql(&self, sql: &str) -> bool {
        let place = ["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "tester", "-d", "postgres"];
        let mut psql = Command::new(binary("psql"));
        psql.args(place).args(["-v", "ON_ERROR_STOP=1", "-X", "-q", "-c", sql]);
        psql.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ = self.process.wait();
    }
}

/// PostgreSQL refuses to run as root: its own user, or nobody, steps in.
fn owner() -> Option<u32> {
    let id = |name: &[&str]| {
        let out = Command::new("id").arg("-u").args(name).output().ok()?;
        String::from_utf8(out.stdout).ok()?.trim().parse::<u32>().ok()
    };
    match id(&[]) {
        Some(0) => Some(id(&["postgres"]).or_else(|| id(&["nobody"])).unwrap()),
        _ => None,
    }
}

fn give(path: &Path, owner: Option<u32>, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    if owner.is_some() {
        chown(path, owner, None).unwrap();
    }
}

fn command(name: &str, owner: Option<u32>) -> Command {
    let mut command = Command::new(binary(name));
    command.current_dir("/").env_remove("PGPORT").env_remove("PGDATA");
    if let Some(owner) = owner {
        command.uid(owner);
    }
    command
}

/// `$KARAT_PG_BIN`, then the newest of Debian's folders, then the path.
fn binary(name: &str) -> PathBuf {
    let named = std::env::var_os("KARAT_PG_BIN").map(PathBuf::from);
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = named.into_iter().chain(debian.into_iter().rev()).chain(std::env::split_paths(&path));
    let found = folders.map(|folder| folder.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| {
        panic!(
            "the tests need PostgreSQL's `{name}`: install `postgresql`, or set KARAT_PG_BIN to its folder"
        )
    })
}

fn certify(folder: &Path, data: &Path, owner: Option<u32>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).unwrap();
    std::fs::write(data.join("server.crt"), made.cert.pem()).unwrap();
    std::fs::write(data.join("server.key"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("root.crt"), made.cert.pem()).unwrap();
    for file in ["server.crt", "server.key", "pg_hba.conf"] {
        give(&data.join(file), owner, 0o600);
    }
}
