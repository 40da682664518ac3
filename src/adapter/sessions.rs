//! The open sessions of a run: kept between nodes, one for each thread at work, all of them stoppable.

use super::base::{Adapter, AdapterResponse, Cancel, Connection, CsvLoad, Fetch, PythonJob};
use super::table::Table;
use crate::error::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an engine that is full, or that was lost, is asked again before a node fails for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// How long a database that another process holds is waited for, and who is told of it.
pub struct Waiting {
    /// The time.
    pub limit: Duration,
    /// Told once, when the waiting begins.
    pub tell: Box<dyn Fn(&Error) + Send + Sync>,
}

/// Lends sessions to nodes and takes them back, so that a run opens no more of them than it has threads.
pub struct Sessions {
    adapter: Arc<dyn Adapter>,
    waiting: Waiting,
    told: AtomicBool,
    idle: Mutex<Vec<Box<dyn Connection>>>,
    busy: Mutex<HashMap<u64, Arc<dyn Cancel>>>,
    returned: Condvar,
    next: AtomicU64,
    stopped: AtomicBool,
    /// Was a session lost in this run? Then the engine may be on its way back.
    lost: AtomicBool,
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
    pub fn new(adapter: Arc<dyn Adapter>, waiting: Waiting) -> Arc<Self> {
        Arc::new(Sessions {
            adapter,
            waiting,
            told: AtomicBool::new(false),
            idle: Mutex::default(),
            busy: Mutex::default(),
            returned: Condvar::new(),
            next: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            lost: AtomicBool::new(false),
        })
    }

    /// The engine behind the sessions.
    pub fn adapter(&self) -> &Arc<dyn Adapter> {
        &self.adapter
    }

    /// Lends a session: an idle one, or a new one. An engine that gives no more of them is lived with: the
    /// caller waits for one that comes back.
    ///
    /// # Errors
    /// The engine cannot be reached, or the run was stopped.
    pub fn lend(self: &Arc<Self>, name: &str) -> Result<Lent> {
        let began = Instant::now();
        let connection = loop {
            self.check()?;
            let idle = lock(&self.idle).pop();
            match idle.map_or_else(|| self.adapter.connect(name), Ok) {
                Ok(connection) => break connection,
                Err(fault) if self.may_come(&fault, began) => self.wait(),
                Err(fault) => return Err(fault),
            }
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

    /// Is it worth waiting for a session after this refusal?
    fn may_come(&self, fault: &Error, began: Instant) -> bool {
        match fault.code() {
            Some("53300") => self.tell(fault, self.busy() > 0 || began.elapsed() < PATIENCE),
            // This process has too many files open: what closes them is its own work.
            Some("files") => self.tell(fault, self.busy() > 0 || began.elapsed() < PATIENCE / 10),
            Some("held") => self.tell(fault, began.elapsed() < self.waiting.limit),
            Some("57P03" | "08001" | "08006") => {
                self.lost.load(Ordering::SeqCst) && began.elapsed() < PATIENCE
            }
            _ => false,
        }
    }

    fn tell(&self, fault: &Error, waits: bool) -> bool {
        if waits && !self.told.swap(true, Ordering::SeqCst) {
            (self.waiting.tell)(fault);
        }
        waits
    }

    /// Waits until a session comes back, or for a while.
    fn wait(&self) {
        let idle = lock(&self.idle);
        if idle.is_empty() {
            drop(self.returned.wait_timeout(idle, PAUSE));
        }
    }

    /// A session was lost: those that lie idle are gone with it.
    fn lose(&self) {
        self.lost.store(true, Ordering::SeqCst);
        let gone = std::mem::take(&mut *lock(&self.idle));
        drop(gone);
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
        if outcome.as_ref().is_err_and(is_lost) {
            self.broken = true;
            self.sessions.lose();
        }
        match outcome {
            Err(error) if self.sessions.is_stopped() => Err(error.with_kind(ErrorKind::Interrupted)),
            outcome => outcome,
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let clean = !self.broken && (!connection.in_transaction() || connection.rollback().is_ok());
        if clean && !self.sessions.is_stopped() {
            lock(&self.sessions.idle).push(connection);
        } else {
            drop(connection);
        }
        lock(&self.sessions.busy).remove(&self.number);
        self.sessions.returned.notify_all();
    }
}

/// Did the session end with this fault: the server went away, was told to end it, or the network broke?
/// 08007 is the loss of a session in the middle of its commit.
pub fn is_lost(fault: &Error) -> bool {
    matches!(
        fault.code(),
        Some("57P01" | "57P02" | "57P05" | "25P03" | "08000" | "08003" | "08006" | "08007")
    )
}
