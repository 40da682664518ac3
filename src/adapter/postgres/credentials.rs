//! The output of a profile for PostgreSQL, joined with what libpq would take from the environment.

use super::pgpass;
use crate::adapter::Settings;
use crate::adapter::keys::{Keys, fault};
use crate::error::Result;
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;
use std::time::Duration;

const KNOWN: &[&str] = &[
    "host",
    "user",
    "password",
    "pass",
    "port",
    "dbname",
    "connect_timeout",
    "role",
    "search_path",
    "keepalives_idle",
    "sslmode",
    "sslcert",
    "sslkey",
    "sslrootcert",
    "application_name",
    "autocommit",
    "retries",
];

/// How much TLS is asked for; libpq's words and meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// Never.
    Disable,
    /// Only where the server insists.
    Allow,
    /// Where the server offers it.
    Prefer,
    /// Always.
    Require,
    /// Always, and the certificate must be signed by a known authority.
    VerifyCa,
    /// Always, and the certificate must be signed and made out to the host.
    VerifyFull,
}

impl SslMode {
    const WORDS: [(&'static str, SslMode); 6] = [
        ("disable", SslMode::Disable),
        ("allow", SslMode::Allow),
        ("prefer", SslMode::Prefer),
        ("require", SslMode::Require),
        ("verify-ca", SslMode::VerifyCa),
        ("verify-full", SslMode::VerifyFull),
    ];
}

/// Where the files for TLS lie.
#[derive(Debug, Clone, Default)]
pub struct TlsFiles {
    /// Root certificates: a file, `system`, or libpq's default file where it exists.
    pub root: Option<PathBuf>,
    /// The client's certificate.
    pub cert: Option<PathBuf>,
    /// The client's key.
    pub key: Option<PathBuf>,
}

/// All that is needed to open a session.
#[derive(Clone)]
pub struct Credentials {
    /// Host name, address, or the folder of a Unix socket.
    pub host: String,
    /// TCP port; also names the Unix socket.
    pub port: u16,
    /// The role that logs in.
    pub user: String,
    /// Its password, where one is known. Never shown.
    pub password: Option<String>,
    /// The database.
    pub database: String,
    /// The target's schema.
    pub schema: String,
    /// Bound on opening a session; `None` waits for ever.
    pub connect_timeout: Option<Duration>,
    /// `set role` after the login.
    pub role: Option<String>,
    /// The startup option string: the profile's search_path, else PGOPTIONS.
    pub options: Option<String>,
    /// Idle seconds before the first keepalive, where not the system's default.
    pub keepalives_idle: Option<Duration>,
    /// How much TLS.
    pub sslmode: SslMode,
    /// Its files.
    pub tls: TlsFiles,
    /// What the server shows of this client.
    pub application_name: String,
    /// The session's time zone from PGTZ.
    pub time_zone: Option<String>,
    /// How often to try again to connect.
    pub retries: u32,
    /// dbt's connection keys with their values, in its order.
    pub shown: Vec<(&'static str, Json)>,
    /// Things that the user should know.
    pub warnings: Vec<String>,
}

impl Credentials {
    /// Reads an output of type `postgres`. All faults are told at once.
    pub fn read(output: &Map<String, Json>, settings: &Settings<'_>) -> Result<Self> {
        let keys = Keys::new(output, KNOWN);
        keys.only_one(["password", "pass"]);
        keys.only_one(["dbname", "database"]);
        let env = |name: &str| (settings.env)(name).filter(|value| !value.is_empty());
        let home = env("HOME").map(PathBuf::from);
        let port = keys.integer("port", 1, 65535);
        if keys.json("port").is_none() {
            keys.required(&["port"]);
        }
        let mut credentials = Credentials {
            host: keys.required(&["host"]),
            port: port.unwrap_or(5432) as u16,
            user: keys.required(&["user"]),
            password: first_text(&keys, &["password", "pass"]).or_else(|| env("PGPASSWORD")),
            database: keys.required(&["dbname", "database"]),
            schema: keys.required(&["schema"]),
            connect_timeout: seconds(keys.integer("connect_timeout", 0, u32::MAX.into()).unwrap_or(10)),
            role: first_text(&keys, &["role"]),
            options: search_path_option(&keys).or_else(|| env("PGOPTIONS")),
            keepalives_idle: seconds(keys.integer("keepalives_idle", 0, u32::MAX.into()).unwrap_or(0)),
            sslmode: ssl_mode(&keys, env("PGSSLMODE")),
            tls: tls_files(&keys, &env, home.as_deref()),
            application_name: application_name(&keys, env("PGAPPNAME")),
            time_zone: env("PGTZ"),
            retries: keys.integer("retries", 0, u32::MAX.into()).unwrap_or(1) as u32,
            shown: Vec::new(),
            warnings: keys.warnings(),
        };
        credentials.shown = shown(output, &keys, &credentials);
        if credentials.password.is_none() {
            let file = env("PGPASSFILE").map(PathBuf::from).or_else(|| Some(home?.join(".pgpass")));
            let found = file.map(|file| pgpass::look_up(&file, &credentials)).unwrap_or_default();
            credentials.password = found.password;
            credentials.warnings.extend(found.warning);
        }
        keys.finish(credentials)
    }

    /// Is the server reached through a file rather than the network?
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// The server as messages name it: `127.0.0.1:5432`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn seconds(count: u64) -> Option<Duration> {
    (count > 0).then(|| Duration::from_secs(count))
}

fn first_text(keys: &Keys<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| keys.text(name)).filter(|text| !text.is_empty())
}

fn search_path_option(keys: &Keys<'_>) -> Option<String> {
    let path = first_text(keys, &["search_path"])?;
    Some(format!("-c search_path={}", path.replace('\\', "\\\\").replace(' ', "\\ ")))
}

fn application_name(keys: &Keys<'_>, from_environment: Option<String>) -> String {
    match keys.json("application_name") {
        None => "dbt".to_string(),
        Some(_) => first_text(keys, &["application_name"]).or(from_environment).unwrap_or_default(),
    }
}

fn ssl_mode(keys: &Keys<'_>, from_environment: Option<String>) -> SslMode {
    let Some(word) = first_text(keys, &["sslmode"]).or(from_environment) else { return SslMode::Prefer };
    let found = SslMode::WORDS.iter().find(|(known, _)| *known == word);
    found.map(|(_, mode)| *mode).unwrap_or_else(|| {
        let known = SslMode::WORDS.map(|(known, _)| known).join(", ");
        keys.blame(fault(format!("`{word}` is no sslmode")).help(format!("the modes are: {known}")));
        SslMode::VerifyFull
    })
}

/// The files that are named, else those of libpq's folder that exist.
fn tls_files(
    keys: &Keys<'_>,
    env: &dyn Fn(&str) -> Option<String>,
    home: Option<&std::path::Path>,
) -> TlsFiles {
    let expand = |path: String| match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    };
    let find = |key: &str, variable: &str, default: &str| {
        let named = first_text(keys, &[key]).or_else(|| env(variable)).map(expand);
        let usual = || home.map(|home| home.join(".postgresql").join(default)).filter(|file| file.exists());
        named.or_else(usual)
    };
    TlsFiles {
        root: find("sslrootcert", "PGSSLROOTCERT", "root.crt"),
        cert: find("sslcert", "PGSSLCERT", "postgresql.crt"),
        key: find("sslkey", "PGSSLKEY", "postgresql.key"),
    }
}

/// A null that is written is shown as one, whatever it means.
fn unless_null(output: &Map<String, Json>, key: &str, value: Json) -> Json {
    if output.get(key) == Some(&Json::Null) { Json::Null } else { value }
}

fn shown(output: &Map<String, Json>, keys: &Keys<'_>, c: &Credentials) -> Vec<(&'static str, Json)> {
    let text = |key: &str| keys.text(key).map_or(Json::Null, Json::from);
    let whole = |key: &str, default: u64| json!(keys.json(key).and_then(as_u64).unwrap_or(default));
    vec![
        ("host", json!(c.host)),
        ("port", json!(c.port)),
        ("user", json!(c.user)),
        ("database", json!(c.database)),
        ("schema", json!(c.schema)),
        ("connect_timeout", whole("connect_timeout", 10)),
        ("role", text("role")),
        ("search_path", text("search_path")),
        ("keepalives_idle", whole("keepalives_idle", 0)),
        ("sslmode", text("sslmode")),
        ("sslcert", text("sslcert")),
        ("sslkey", text("sslkey")),
        ("sslrootcert", text("sslrootcert")),
        ("application_name", unless_null(output, "application_name", json!(c.application_name))),
        ("autocommit", unless_null(output, "autocommit", json!(keys.boolean("autocommit").unwrap_or(false)))),
        ("retries", json!(c.retries)),
    ]
}

fn as_u64(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::path::Path;

    fn read(profile: Json, env: &[(&str, &str)]) -> Result<Credentials> {
        let look = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string());
        let settings = Settings { threads: 1, root: Path::new("."), env: &look };
        Credentials::read(profile.as_object().unwrap(), &settings)
    }

    fn minimal() -> Json {
        json!({"type": "postgres", "host": "h", "port": "6543", "user": "u", "dbname": "d", "schema": "s"})
    }

    #[test]
    fn defaults_are_those_of_dbt() {
        let c = read(minimal(), &[]).ok().unwrap();
        assert_eq!((c.port, c.database.as_str(), c.retries), (6543, "d", 1));
        assert_eq!((c.connect_timeout, c.sslmode), (Some(Duration::from_secs(10)), SslMode::Prefer));
        assert_eq!((c.application_name.as_str(), c.password), ("dbt", None));
        assert!(c.shown.iter().all(|(key, _)| *key != "password"));
    }

    #[test]
    fn the_environment_fills_what_is_not_said() {
        let env = [("PGPASSWORD", "p"), ("PGSSLMODE", "require"), ("PGOPTIONS", "-c x=1")];
        let c = read(minimal(), &env).ok().unwrap();
        assert_eq!((c.password.as_deref(), c.sslmode), (Some("p"), SslMode::Require));
        assert_eq!(c.options.as_deref(), Some("-c x=1"));
        let mut profile = minimal();
        profile["pass"] = json!("own");
        profile["sslmode"] = json!("disable");
        profile["search_path"] = json!("a, b");
        let c = read(profile, &env).ok().unwrap();
        assert_eq!((c.password.as_deref(), c.sslmode), (Some("own"), SslMode::Disable));
        assert_eq!(c.options.as_deref(), Some("-c search_path=a,\\ b"));
    }

    #[test]
    fn faults_come_together() {
        let error = read(json!({"host": "h", "port": "x", "sslmode": "y"}), &[]).err().unwrap();
        assert_eq!(error.iter().count(), 5, "{}", error.full_text());
    }
}
