//! How many threads may be at work: workers of the pool and batches of microbatch models alike.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often one who waits looks whether its work is still there.
const LOOK: Duration = Duration::from_millis(20);

/// Permits to work; as many as the run has threads.
#[derive(Debug)]
pub struct Permits {
    free: Mutex<usize>,
    given_back: Condvar,
}

/// A permit; goes back when it is dropped.
#[derive(Debug)]
pub struct Permit<'a>(&'a Permits);

impl Permits {
    /// So many.
    pub fn new(count: usize) -> Self {
        Permits { free: Mutex::new(count), given_back: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit as soon as there is one; `None` once nobody needs it any more.
    pub fn wait(&self, needed: impl Fn() -> bool) -> Option<Permit<'_>> {
        let mut free = self.lock();
        while *free == 0 {
            if !needed() {
                return None;
            }
            let waited = self.given_back.wait_timeout(free, LOOK);
            free = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *free -= 1;
        Some(Permit(self))
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.lock() += 1;
        self.0.given_back.notify_one();
    }
}
