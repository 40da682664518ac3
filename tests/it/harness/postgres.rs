//! One throw-away PostgreSQL for a test run: started by the first test that needs it, gone with the run.
//!
//! A guard process starts the server and waits for the end of its standard input, which comes when the
//! test run ends in whatever way; then it stops the server and removes its folder. So no server outlives
//! a test run that was killed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The superuser, who needs no password.
pub const USER: &str = "warehouse";
/// A role that must give its password, by SCRAM.
pub const PASSWORD_ROLE: &str = "keeper";
/// The password of that role.
pub const PASSWORD: &str = "correct horse";

const HBA: &str = "host all keeper 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";

/// Starts the server, says so, waits for the end of its input, stops the server. `$1` the folder of the
/// programs, `$2` the data, `$3` the port; `$as` becomes the user that the server may run as.
const GUARD: &str = r#"
trap '' INT TERM HUP
bin=$1 data=$2 port=$3
shift 3
"$@" "$bin/pg_ctl" -D "$data" -w -t 60 -l "$data/log" -o "-p $port" start >/dev/null || exit 1
echo ready
read -r _
"$@" "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null
rm -rf "$data"
"#;

/// The running server.
pub struct Server {
    port: u16,
    data: PathBuf,
    databases: AtomicUsize,
    /// Its standard input ends with this process.
    _guard: Child,
}

impl Server {
    /// The server of this test run.
    pub fn get() -> &'static Server {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(Server::start)
    }

    /// Makes a new, empty database and gives its name.
    pub fn new_database(&self) -> String {
        let name = format!("it_{}", self.databases.fetch_add(1, Ordering::SeqCst));
        self.rows("postgres", &format!("create database {name}"));
        name
    }

    /// Drops a database, whoever is still connected to it.
    pub fn drop_database(&self, name: &str) {
        self.rows("postgres", &format!("drop database {name} with (force)"));
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where a client of the tests connects to.
    pub fn url(&self, database: &str) -> String {
        format!("host=127.0.0.1 port={} user={USER} dbname={database}", self.port)
    }

    /// A server of a test's own, which it may break. It ends with the value.
    pub fn own() -> Server {
        Server::start()
    }

    /// Crashes the server, as a power cut would, and starts it again; `pause` between the two.
    pub fn crash(&self, pause: std::time::Duration) {
        self.control(&["-m", "immediate", "stop"]);
        std::thread::sleep(pause);
        let port = format!("-p {}", self.port);
        self.control(&["-l", &self.data.join("log").display().to_string(), "-o", &port, "start"]);
    }

    fn control(&self, words: &[&str]) {
        let program = programs().join("pg_ctl");
        let mut all = server_user(&self.data);
        all.push(program.into());
        let mut command = Command::new(&all[0]);
        command.args(&all[1..]).arg("-D").arg(&self.data).args(["-w", "-t", "60"]).args(words);
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().expect("pg_ctl runs").success(), "pg_ctl {words:?}");
    }

    fn start() -> Server {
        let programs = programs();
        let data = tempfile::Builder::new().prefix("karat-pg-").tempdir().expect("a folder").keep();
        let user = server_user(&data);
        initdb(&programs, &data, &user);
        let port = free_port();
        let guard = start_guarded(&programs, &data, port, &user);
        let server = Server { port, data, databases: AtomicUsize::new(0), _guard: guard };
        server
            .rows("postgres", &format!("create role {PASSWORD_ROLE} login superuser password '{PASSWORD}'"));
        server
    }
}

/// The folder of `initdb` and `pg_ctl`: `KARAT_PG_BIN`, the search path, or Debian's newest version.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|path| path.iter().nth(4).and_then(|v| v.to_str()?.parse::<u32>().ok()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::var_os("KARAT_PG_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(std::env::split_paths(&path))
        .chain(versions.into_iter().rev())
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .expect("no PostgreSQL server found: install the package `postgresql`, or set KARAT_PG_BIN to the folder of `initdb`")
}

/// The words that go before a program of the server: root must become another user, who owns the data.
fn server_user(data: &Path) -> Vec<OsString> {
    let id = Command::new("id").arg("-u").output().expect("`id` runs");
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return Vec::new();
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| Command::new("id").arg(user).output().is_ok_and(|out| out.status.success()))
        .expect("PostgreSQL refuses root, and there is no user `postgres` or `nobody` to run it as");
    run(Command::new("chown").arg(user).arg(data));
    ["runuser", "-u", user, "--"].map(OsString::from).to_vec()
}

fn initdb(programs: &Path, data: &Path, user: &[OsString]) {
    let mut words = user.to_vec();
    words.push(programs.join("initdb").into());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg("-D").arg(data);
    command.args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]).current_dir("/");
    run(&mut command);
    let settings = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n\
                    synchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n\
                    shared_buffers = 64MB\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n";
    append(&data.join("postgresql.conf"), settings);
    std::fs::write(data.join("pg_hba.conf"), HBA).expect("pg_hba.conf");
}

fn append(path: &Path, text: &str) {
    let old = std::fs::read_to_string(path).expect("a file of the server");
    std::fs::write(path, old + text).expect("a file of the server");
}

fn start_guarded(programs: &Path, data: &Path, port: u16, user: &[OsString]) -> Child {
    let mut guard = Command::new("sh");
    guard.args(["-c", GUARD, "guard"]).arg(programs).arg(data).arg(port.to_string()).args(user);
    guard.current_dir("/").process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut guard = guard.spawn().expect("`sh` runs");
    let mut said = String::new();
    BufReader::new(guard.stdout.take().expect("its output")).read_line(&mut said).expect("its word");
    let log = std::fs::read_to_string(data.join("log")).unwrap_or_default();
    assert_eq!(said.trim(), "ready", "PostgreSQL does not start: {log}");
    guard
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|why| panic!("{command:?}: {why}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
