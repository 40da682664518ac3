//! Python models: the user's own Python runs the model, beside the database and not within it, since a
//! database file admits one process. `host.py` is what runs there; what the model reads and writes passes
//! through this session as Parquet files, so it sees and belongs to the node's transaction.

mod interpreter;

pub use interpreter::Interpreter;

use super::connection::DuckDbConnection;
use crate::adapter::base::{AdapterResponse, Connection, Fetch, PythonJob};
use crate::error::{Error, Location, Result};
use crate::relation::quote_identifier;
use serde_json::{Value as Json, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

const HOST: &str = include_str!("host.py");

/// The Python at work for a session, so that it can be stopped.
pub type Running = Arc<Mutex<Option<Child>>>;

/// Ends the Python of a session, if one is at work.
pub fn kill(running: &Running) {
    if let Some(child) = lock(running).as_mut() {
        // One that ended by itself needs no end.
        let _ = child.kill();
    }
}

fn lock(running: &Running) -> MutexGuard<'_, Option<Child>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a model; what it prints is added to `printed`.
pub fn run(session: &mut DuckDbConnection, job: &PythonJob, printed: &mut String) -> Result<AdapterResponse> {
    let folder = tempfile::Builder::new()
        .prefix("karat-python-")
        .tempdir()
        .map_err(|fault| cannot("write", &fault))?;
    let outcome = converse(session, job, &folder);
    let child = lock(session.python()).take();
    let ended = child.and_then(|mut child| {
        // Nothing is to be read any more; a Python that still runs was left by a fault of this side.
        let _ = child.kill();
        child.wait().ok()
    });
    let said = std::fs::read(folder.path().join("printed")).unwrap_or_default();
    *printed += String::from_utf8_lossy(&said).trim_end();
    match outcome {
        Err(fault) => Err(fault),
        Ok(true) => Ok(AdapterResponse { message: "OK".to_string(), ..AdapterResponse::default() }),
        Ok(false) => {
            let how = ended.map_or_else(|| "it ended".to_string(), |status| status.to_string());
            Err(Error::runtime(format!(
                "Python model failed: Python ended before the model did ({how})\n{printed}"
            ))
            .located(Location::file(&job.file)))
        }
    }
}

fn cannot(what: &str, fault: &std::io::Error) -> Error {
    Error::runtime(format!("cannot {what} for a Python model: {fault}"))
}

/// Answers the model's requests until it is done; false where Python ended without a word.
fn converse(session: &mut DuckDbConnection, job: &PythonJob, folder: &TempDir) -> Result<bool> {
    let output = File::create(folder.path().join("printed")).map_err(|fault| cannot("write", &fault))?;
    let credentials = session.credentials().clone();
    let mut command = credentials.python.command(&job.packages)?;
    command.args(["-c", HOST]).current_dir(&job.root);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(output);
    let mut child = command.spawn().map_err(|fault| cannot("start Python", &fault))?;
    let (Some(mut replies), Some(requests)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Error::internal("Python was started without pipes"));
    };
    lock(session.python()).replace(child);
    let first = json!({
        "name": job.name, "file": job.file, "code": job.code, "folder": folder.path(),
        "here": credentials.database, "database": credentials.for_python(), "session": credentials.session_sql(),
        "module_paths": credentials.module_paths,
    });
    let mut reply = first;
    let mut refused = None;
    let mut lines = BufReader::new(requests).lines();
    loop {
        if writeln!(replies, "{reply}").and_then(|()| replies.flush()).is_err() {
            return Ok(false);
        }
        let Some(Ok(line)) = lines.next() else { return Ok(false) };
        let request: Json = serde_json::from_str(&line)
            .map_err(|_| Error::internal(format!("Python sent what is no request: {line}")))?;
        let text = |key: &str| request[key].as_str().unwrap_or_default();
        let done = match text("op") {
            "done" => return Ok(true),
            "failed" if request["refused"] == json!(true) => {
                return Err(refused.unwrap_or_else(|| failed(&request, job, &credentials.python)));
            }
            "failed" => return Err(failed(&request, job, &credentials.python)),
            "describe" => describe(session, text("name")),
            "register" => register(session, text("name"), text("sql")),
            "unregister" => send(session, &format!("drop view if exists {}", quote_identifier(text("name")))),
            _ => send(session, text("sql")),
        };
        reply = match done {
            Ok(answer) => answer,
            Err(fault) => {
                let answer = json!({"fault": fault.message()});
                refused = Some(fault);
                answer
            }
        };
    }
}

fn send(session: &mut DuckDbConnection, sql: &str) -> Result<Json> {
    session.execute(sql, Fetch::Nothing).map(|_| json!({}))
}

fn register(session: &mut DuckDbConnection, name: &str, sql: &str) -> Result<Json> {
    send(session, &format!("create or replace temporary view {} as {sql}", quote_identifier(name)))
}

/// The columns of a relation; none where there is no such relation.
fn describe(session: &mut DuckDbConnection, name: &str) -> Result<Json> {
    match session.describe(&format!("select * from {name}")) {
        Ok(columns) => Ok(json!({ "columns": columns })),
        Err(fault) if matches!(fault.code(), Some("Catalog" | "Binder")) => Ok(json!({})),
        Err(fault) => Err(fault),
    }
}

/// The model's own fault, at its own line.
fn failed(request: &Json, job: &PythonJob, python: &Interpreter) -> Error {
    let text = request["text"].as_str().unwrap_or_default();
    let place = match request["line"].as_u64() {
        Some(line) if line as usize <= job.own_lines => Location::line(&job.file, line as usize),
        _ => Location::file(&job.file),
    };
    let error = Error::runtime(format!("Python model failed:\n{text}")).located(place);
    match request["missing"].as_str() {
        Some(module) => error.help(python.install(module.split('.').next().unwrap_or(module))),
        None => error,
    }
}
