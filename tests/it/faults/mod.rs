//! Faults, made on purpose: what RELIABILITY.md promises, promise by promise, attacked on real engines.
//! Random moments come from a seed that is printed when a test fails; `KARAT_SEED` sets it, `KARAT_KILLS`
//! the number of kills.

mod commits;
mod disks;
mod engine;
mod fuzz;
mod history;
mod hostile;
mod input;
mod proxy;
mod sealed;
mod seeds;
mod server;
mod shared;
mod stop;
mod together;

use crate::harness::*;
use std::time::{Duration, Instant};

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited for a minute: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a started run has said so far.
fn said_so_far(p: &Project) -> String {
    std::fs::read_to_string(p.scratch("stdout")).unwrap_or_default()
}

/// Changes a line of the project's profile.
fn profile(p: &Project, from: &str, to: &str) {
    let old = p.text("profiles.yml");
    assert!(old.contains(from), "`{from}` in {old}");
    p.file("profiles.yml", &old.replace(from, to));
}

/// The project's runs go to this port instead of the server's.
fn over_port(p: &Project, port: u16) {
    profile(p, &format!("port: {}", Server::get().port()), &format!("port: {port}"));
}

fn table(sql: &str) -> String {
    format!("{{{{ config(materialized='table') }}}} {sql}")
}

/// Sessions at work on the project's database which run this text.
fn running(p: &Project, text: &str) -> bool {
    let asked = format!(
        "select count(*) from pg_stat_activity where state = 'active' and datname = '{}' and query like '%{text}%' \
         and pid <> pg_backend_pid()",
        p.database
    );
    Server::get().rows("postgres", &asked)[0][0] != "0"
}

/// Ends the sessions that run this text, and waits until they are gone; how many there were.
fn terminate(p: &Project, text: &str) -> usize {
    let asked = format!(
        "select pid, pg_terminate_backend(pid) from pg_stat_activity where datname = '{}' and query like '%{text}%' \
         and pid <> pg_backend_pid()",
        p.database
    );
    let ended = Server::get().rows("postgres", &asked);
    for session in &ended {
        let there = format!("select 1 from pg_stat_activity where pid = {}", session[0]);
        until("the session is gone", || Server::get().rows("postgres", &there).is_empty());
    }
    ended.len()
}
