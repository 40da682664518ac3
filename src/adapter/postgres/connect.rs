//! Opens a session: TLS by the mode's rules, the whole bounded in time, tried again where that helps.

use super::credentials::{Credentials, SslMode};
use super::{error, tls};
use crate::error::{Error, Result};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode as DriverMode;
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_RETRIES: u32 = 6;

/// An open session and what drives it.
pub struct Session {
    /// The thread's own event loop.
    pub runtime: Runtime,
    /// The session.
    pub client: Client,
    /// What moves its bytes while the loop runs.
    pub driver: JoinHandle<()>,
    /// TLS for a cancel request, where the session itself has it.
    pub tls: Option<MakeRustlsConnect>,
}

/// Opens a session, trying again as often as the profile says where the fault may pass. The waits are
/// dbt's: none, then 1, 4, 9 … seconds.
pub fn open(credentials: &Credentials) -> Result<Session> {
    let mut attempt = 0u64;
    loop {
        match open_once(credentials) {
            Err(error) if attempt < u64::from(credentials.retries) && error::may_pass(&error) => {
                std::thread::sleep(Duration::from_secs((attempt * attempt).min(60)));
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

const FEW_FILES: &str = "lower `threads`, or raise the limit of open files (`ulimit -n`)";

fn open_once(credentials: &Credentials) -> Result<Session> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| {
        Error::database(format!("a connection cannot be prepared: {e}")).with_code("files").help(FEW_FILES)
    })?;
    let tries = ways(credentials);
    let opened = runtime.block_on(async {
        let opening = async {
            let opened = try_each(credentials, tries).await?;
            prepare(&opened.0, credentials).await?;
            Ok(opened)
        };
        match credentials.connect_timeout {
            Some(limit) => tokio::time::timeout(limit, opening).await.unwrap_or_else(|_| {
                let limit = limit.as_secs();
                Err(unreachable(credentials, &format!("no answer within {limit} seconds"))
                    .help("`connect_timeout` in the profile says how long to wait"))
            }),
            None => opening.await,
        }
    });
    let (client, driver, tls) = opened?;
    Ok(Session { runtime, client, driver, tls })
}

/// The ways to try, in order: with TLS or without.
fn ways(credentials: &Credentials) -> &'static [DriverMode] {
    match credentials.sslmode {
        _ if credentials.is_socket() => &[DriverMode::Disable],
        SslMode::Disable => &[DriverMode::Disable],
        SslMode::Allow => &[DriverMode::Disable, DriverMode::Require],
        SslMode::Prefer => &[DriverMode::Prefer, DriverMode::Disable],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[DriverMode::Require],
    }
}

type Opened = (Client, JoinHandle<()>, Option<MakeRustlsConnect>);

async fn try_each(credentials: &Credentials, ways: &[DriverMode]) -> Result<Opened> {
    let mut first_error = None;
    for way in ways {
        match try_one(credentials, *way).await {
            Ok(opened) => return Ok(opened),
            Err((error, another_way_may_work)) => {
                let told = first_error.get_or_insert(error);
                if !another_way_may_work {
                    return Err(told.clone());
                }
            }
        }
    }
    Err(first_error.unwrap_or_else(|| Error::internal("no way to connect was tried")))
}

/// One try; a failure says whether the other way, with or without TLS, is worth trying: after a failed
/// handshake, and where pg_hba.conf has no line for this way.
async fn try_one(credentials: &Credentials, way: DriverMode) -> Result<Opened, (Error, bool)> {
    let config = driver_config(credentials, way);
    if way == DriverMode::Disable {
        let connected = config.connect(tokio_postgres::NoTls).await;
        let (client, connection) = connected.map_err(|e| refused(credentials, &e))?;
        let driver = tokio::spawn(async move { drop(connection.await) });
        return Ok((client, driver, None));
    }
    let tls = tls::client_config(credentials).map_err(|e| (e, credentials.sslmode == SslMode::Prefer))?;
    let tls = MakeRustlsConnect::new(tls);
    let connected = config.connect(tls.clone()).await;
    let (client, connection) = connected.map_err(|e| refused(credentials, &e))?;
    let driver = tokio::spawn(async move { drop(connection.await) });
    Ok((client, driver, Some(tls)))
}

fn driver_config(credentials: &Credentials, way: DriverMode) -> Config {
    let mut config = Config::new();
    for host in credentials.host.split(',') {
        config.host(host.trim());
    }
    config.port(credentials.port).user(&credentials.user).dbname(&credentials.database).ssl_mode(way);
    if let Some(password) = &credentials.password {
        config.password(password);
    }
    if let Some(options) = &credentials.options {
        config.options(options);
    }
    if !credentials.application_name.is_empty() {
        config.application_name(&credentials.application_name);
    }
    // A network that died is noticed within some two minutes, not in the two hours of the system's default.
    config.keepalives_idle(credentials.keepalives_idle.unwrap_or(KEEPALIVE_IDLE));
    config.keepalives_interval(KEEPALIVE_INTERVAL).keepalives_retries(KEEPALIVE_RETRIES);
    config.tcp_user_timeout(KEEPALIVE_IDLE + KEEPALIVE_INTERVAL * KEEPALIVE_RETRIES);
    config
}

/// What every session is set to: the text forms that are read back, the profile's role, and the server's
/// own watch over a client that was killed (PostgreSQL 14 and later).
async fn prepare(client: &Client, credentials: &Credentials) -> Result<()> {
    let mut sql = "set datestyle = 'ISO'; set intervalstyle = 'postgres'".to_string();
    if let Some(zone) = &credentials.time_zone {
        sql += &format!("; set timezone = {}", crate::relation::quote_literal(zone));
    }
    if let Some(role) = &credentials.role {
        sql += &format!("; set role {}", crate::relation::as_identifier(role));
    }
    client.batch_execute(&sql).await.map_err(|e| {
        let fault = error::of_statement(&e, "", &sql);
        match credentials.role.is_some() && fault.message().contains("role") {
            true => fault.help("`role` in the profile must be a role that the user may take"),
            false => fault,
        }
    })?;
    // Older servers do not know it, and some systems cannot do it: the session works without.
    drop(client.batch_execute("set client_connection_check_interval = '10s'").await);
    Ok(())
}

fn refused(credentials: &Credentials, error: &tokio_postgres::Error) -> (Error, bool) {
    let Some(fault) = error.as_db_error() else {
        let cause = error::cause(error);
        let is_tls = error.to_string().contains("TLS");
        let told = unreachable(credentials, &cause);
        if cause.contains("Too many open files") {
            return (told.with_code("files").help(FEW_FILES), false);
        }
        return match (is_tls, cause.contains("password missing")) {
            (true, _) => (tls_refused(credentials, &cause), true),
            (_, true) => (password_missing(credentials), false),
            _ => (told.help(reach_help(credentials)), false),
        };
    };
    let code = if is_full(fault.message()) { "53300" } else { fault.code().code() };
    let told = Error::database(format!(
        "PostgreSQL at `{}` refused the connection: {}",
        credentials.address(),
        fault.message()
    ));
    let told = match code {
        "28P01" => told
            .help(format!("check `password` of the user `{}` in the profile", credentials.user))
            .help("the password may also come from PGPASSWORD or from ~/.pgpass"),
        "28000" => told.help("check `user` and `sslmode` in the profile, and pg_hba.conf on the server"),
        "3D000" => told.help(format!(
            "create it with `create database {}`, or check `dbname` in the profile",
            crate::relation::quote_identifier(&credentials.database)
        )),
        "53300" => told.help("lower `threads`, or raise max_connections on the server"),
        _ => told,
    };
    (told.with_code(code), code == "28000")
}

/// Poolers say in words of their own, and under other codes, that there is no room.
fn is_full(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "too many connections",
        "too many clients",
        "no more connections allowed",
        "max clients reached",
        "max_client_conn",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

fn unreachable(credentials: &Credentials, cause: &str) -> Error {
    Error::database(format!("PostgreSQL at `{}` cannot be reached: {cause}", credentials.address()))
        .with_code("08001")
}

fn reach_help(credentials: &Credentials) -> String {
    match credentials.is_socket() {
        true => "is the server running, and does its socket lie in that folder? (`host`, `port`)".to_string(),
        false => "is the server running there, and may this machine reach it? (`host`, `port`)".to_string(),
    }
}

fn tls_refused(credentials: &Credentials, cause: &str) -> Error {
    Error::database(format!("no TLS with PostgreSQL at `{}`: {cause}", credentials.address()))
        .with_code("28000")
        .help("check `sslmode` and `sslrootcert` in the profile")
        .help("the server's certificate must name the host as a subject alternative name for verify-full")
}

fn password_missing(credentials: &Credentials) -> Error {
    let told = "PostgreSQL at `{}` asks for a password, and none is given";
    Error::database(told.replace("{}", &credentials.address()))
        .with_code("28P01")
        .help("give `password` in the profile, PGPASSWORD, or a line in ~/.pgpass")
}
