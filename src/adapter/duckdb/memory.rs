//! How much memory DuckDB may take while it does nothing but load files. It keeps what it has written in its
//! buffers until they are full, which by default is most of the machine: the memory of a seed would grow with
//! its file. Beside other statements nothing is bounded, since they need what they need.
//!
//! The bound itself must be wide, or DuckDB's threads wait for one another; so while a load is at work, what
//! it has written already is put out of the buffers again and again.

use super::credentials::Credentials;
use duckdb::Connection;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// MiB for all loads together; what every load adds, for each of DuckDB's threads and for each column. Less
/// than this for a column, and DuckDB keeps all threads but one waiting: it wants room for what they hold
/// before their rows' turn has come.
const SHARED: usize = 16;
const EACH_THREAD: usize = 4;
const EACH_COLUMN: usize = 16;
/// MiB of written rows that may stay in the buffers, and how often that is looked at. More or more rarely, and
/// a large file takes more memory than a small one.
const WRITTEN: usize = 8;
const LOOK: Duration = Duration::from_millis(5);
/// Columns beyond these add nothing: a wide load is slower rather than large.
const COLUMNS: usize = 64;

/// The bound of a database, for all of its sessions.
#[derive(Debug, Default)]
pub struct Memory(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// A bound was too narrow once: there are no more.
    unbounded: bool,
    /// The loads at work, and what they want for their columns, in MiB.
    loads: usize,
    wanted: usize,
    /// Other statements at work.
    others: usize,
    /// DuckDB's own limit while another one holds.
    own: Option<String>,
    /// The bound that holds, in MiB, while there is one.
    bound: Option<usize>,
    /// The limit that was set again last, and how DuckDB tells it since: rounded, so it is not asked twice.
    before: Option<(String, String)>,
}

/// A load or a statement at work; over when it is dropped.
pub struct AtWork<'a> {
    memory: &'a Memory,
    session: &'a Connection,
    /// The MiB of a load.
    load: Option<usize>,
}

impl Memory {
    /// Nothing is bounded where the profile does, or where the rows themselves are in memory.
    pub fn of(credentials: &Credentials) -> Self {
        let own = ["memory_limit", "max_memory"].iter().any(|option| credentials.sets(option));
        let unbounded = own || credentials.path.is_none();
        Memory(Mutex::new(State { unbounded, ..State::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Loads a file of so many columns by one statement, while another session keeps DuckDB's buffers small.
    pub fn while_loading<T>(&self, session: &Connection, columns: usize, load: impl FnOnce() -> T) -> T {
        let _at_work = self.load(session, columns);
        let Ok(other) = session.try_clone() else { return load() };
        let (over, is_over) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                while is_over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    self.state().empty(&other);
                }
            });
            let loaded = load();
            drop(over);
            loaded
        })
    }

    /// A file of so many columns is about to be loaded.
    pub(super) fn load<'a>(&'a self, session: &'a Connection, columns: usize) -> AtWork<'a> {
        let mib = EACH_COLUMN * columns.min(COLUMNS);
        let mut state = self.state();
        state.loads += 1;
        state.wanted += mib;
        if state.others == 0 && !state.unbounded {
            state.lower(session);
        }
        AtWork { memory: self, session, load: Some(mib) }
    }

    /// Another statement is about to run.
    pub fn statement<'a>(&'a self, session: &'a Connection) -> AtWork<'a> {
        let mut state = self.state();
        state.others += 1;
        state.raise(session);
        AtWork { memory: self, session, load: None }
    }

    /// A load found the bound too narrow. True where there was one, so that another try may work.
    pub fn lift(&self) -> bool {
        let mut state = self.state();
        let bounded = state.own.is_some() || !state.unbounded;
        state.unbounded = true;
        bounded
    }
}

impl State {
    fn lower(&mut self, session: &Connection) {
        if self.own.is_none() {
            let now = setting(session, "memory_limit");
            let known = self.before.as_ref().filter(|(_, told)| Some(told) == now.as_ref());
            self.own = known.map(|(own, _)| own.clone()).or(now);
        }
        let threads = setting(session, "threads").and_then(|threads| threads.parse().ok());
        let mib = SHARED + self.loads * EACH_THREAD * threads.unwrap_or(1_usize) + self.wanted;
        // What cannot be set stays as it is: it costs memory, nothing else.
        if let Some(own) = self.own.as_deref().and_then(mebibytes) {
            let bound = mib.min(own);
            if limit(session, &format!("{bound} MiB")).is_ok() {
                self.bound = Some(bound);
            }
        }
    }

    /// Puts written rows out of DuckDB's buffers by a limit that only holds for a moment: they go first, being
    /// in the file already. A quarter of them may stay, so that a load that wants room at this moment finds it.
    fn empty(&self, session: &Connection) {
        let Some(bound) = self.bound else { return };
        let Some((used, written)) = buffers(session) else { return };
        if written >= WRITTEN && limit(session, &format!("{} MiB", used - written * 3 / 4)).is_ok() {
            let _ = limit(session, &format!("{bound} MiB"));
        }
    }

    fn raise(&mut self, session: &Connection) {
        self.bound = None;
        if let Some(own) = self.own.take() {
            let _ = limit(session, &own);
            self.before = setting(session, "memory_limit").map(|told| (own, told));
        }
    }
}

/// A size as DuckDB tells it: `1.5 GiB`.
fn mebibytes(size: &str) -> Option<usize> {
    let (number, unit) = size.split_once(' ')?;
    let times = match unit {
        "TiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0,
        "MiB" => 1.0,
        _ => return None,
    };
    Some((number.parse::<f64>().ok()? * times) as usize)
}

fn limit(session: &Connection, size: &str) -> duckdb::Result<()> {
    session.execute_batch(&format!("set memory_limit = '{size}'"))
}

/// The MiB of DuckDB's buffers, and of what is in the file's tables among it.
fn buffers(session: &Connection) -> Option<(usize, usize)> {
    let sql = "select sum(memory_usage_bytes)::ubigint >> 20, \
        sum(memory_usage_bytes) filter (tag = 'BASE_TABLE')::ubigint >> 20 from duckdb_memory()";
    session.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).ok()
}

fn setting(session: &Connection, name: &str) -> Option<String> {
    let sql = format!("select current_setting('{name}')::varchar");
    session.query_row(&sql, [], |row| row.get(0)).ok()
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        let mut state = self.memory.state();
        match self.load {
            None => state.others -= 1,
            Some(mib) => {
                state.loads -= 1;
                state.wanted -= mib;
                if state.loads == 0 {
                    state.raise(self.session);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mebibytes;

    #[test]
    fn sizes_are_read() {
        let check = |size: &str, expect: Option<usize>| assert_eq!(mebibytes(size), expect, "{size}");
        check("18.5 GiB", Some(18944));
        check("1.0 TiB", Some(1 << 20));
        check("300.7 MiB", Some(300));
        check("1.0 KiB", None);
    }
}
