//! The open sessions of a run: kept between nodes, one for each thread at work, all of them stoppable.

use super::base::{Adapter, AdapterResponse, Cancel, Connection, CsvLoad, Fetch, PythonJob};
use super::table::Table;
use crate::error::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lends sessions to nodes and takes them back, so that a run opens no more of them than it has threads.
pub struct Sessions {
    adapter: Arc<dyn Adapter>,
    idle: Mutex<Vec<Box<dyn Connection>>>,
    busy: Mutex<HashMap<u64, Arc<dyn Cancel>>>,
    next: AtomicU64,
    stopped: AtomicBool,
}

/// A session on loan; goes back when it is dropped, rolled back where a transaction was left open.
pub struct Lent {
    sessions: Arc<Sessions>,
    number: u64,
    connection: Option<Box<dyn Connection>>,
    broken: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sessions {
    /// No session is opened yet.
    pub fn new(adapter: Arc<dyn Adapter>) -> Arc<Self> {
        Arc::new(Sessions {
            adapter,
            idle: Mutex::default(),
            busy: Mutex::default(),
            next: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        })
    }

    /// The engine behind the sessions.
    pub fn adapter(&self) -> &Arc<dyn Adapter> {
        &self.adapter
    }

    /// Lends a session: an idle one, or a new one.
    ///
    /// # Errors
    /// The engine cannot be reached, or the run was stopped.
    pub fn lend(self: &Arc<Self>, name: &str) -> Result<Lent> {
        self.check()?;
        let idle = lock(&self.idle).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.adapter.connect(name)?,
        };
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.busy).insert(number, connection.canceller());
        Ok(Lent { sessions: self.clone(), number, connection: Some(connection), broken: false })
    }

    /// Stops every running statement and lends no more sessions.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.cancel_running();
    }

    /// Stops every running statement; sessions are lent on.
    pub fn cancel_running(&self) {
        let running: Vec<Arc<dyn Cancel>> = lock(&self.busy).values().cloned().collect();
        running.iter().for_each(|cancel| cancel.cancel());
    }

    /// Was the run stopped?
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// How many sessions are at work.
    pub fn busy(&self) -> usize {
        lock(&self.busy).len()
    }

    /// Closes idle sessions and the engine.
    pub fn close(&self) {
        lock(&self.idle).clear();
        self.adapter.close();
    }

    fn check(&self) -> Result<()> {
        match self.is_stopped() {
            true => Err(Error::new(ErrorKind::Interrupted, "the run was stopped")),
            false => Ok(()),
        }
    }
}

impl Lent {
    /// See [`Connection::execute`]. Nothing is sent once the run was stopped.
    pub fn execute(&mut self, sql: &str, fetch: Fetch) -> Result<(AdapterResponse, Table)> {
        self.with(|connection| connection.execute(sql, fetch))
    }

    /// See [`Connection::begin`].
    pub fn begin(&mut self) -> Result<()> {
        self.with(|connection| connection.begin())
    }

    /// See [`Connection::commit`].
    pub fn commit(&mut self) -> Result<()> {
        self.with(|connection| connection.commit())
    }

    /// See [`Connection::rollback`]. Works after a stop, too.
    pub fn rollback(&mut self) -> Result<()> {
        self.connection.as_mut().map_or(Ok(()), |connection| connection.rollback())
    }

    /// See [`Connection::in_transaction`].
    pub fn in_transaction(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.in_transaction())
    }

    /// See [`Connection::load_csv`].
    pub fn load_csv(&mut self, load: &CsvLoad) -> Result<u64> {
        self.with(|connection| connection.load_csv(load))
    }

    /// See [`Connection::run_python`].
    pub fn run_python(&mut self, job: &PythonJob, printed: &mut String) -> Result<AdapterResponse> {
        self.with(|connection| connection.run_python(job, printed))
    }

    /// See [`Connection::describe`].
    pub fn describe(&mut self, sql: &str) -> Result<Vec<(String, String)>> {
        self.with(|connection| connection.describe(sql))
    }

    /// The session is not to be lent again.
    pub fn discard(&mut self) {
        self.broken = true;
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut dyn Connection) -> Result<T>) -> Result<T> {
        self.sessions.check()?;
        let connection = self.connection.as_mut();
        let connection = connection.ok_or_else(|| Error::internal("a session was used after its return"))?;
        let outcome = work(connection.as_mut());
        match outcome {
            Err(error) if self.sessions.is_stopped() => Err(error.with_kind(ErrorKind::Interrupted)),
            outcome => outcome,
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        lock(&self.sessions.busy).remove(&self.number);
        let Some(mut connection) = self.connection.take() else { return };
        let clean = !connection.in_transaction() || connection.rollback().is_ok();
        if clean && !self.broken && !self.sessions.is_stopped() {
            lock(&self.sessions.idle).push(connection);
        }
    }
}
