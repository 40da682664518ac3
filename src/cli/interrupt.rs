//! Ctrl-C and SIGTERM: the first asks the run to stop and cancels what runs in the engine, the second ends
//! the program at once.

use crate::error::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Exit code of a program that was ended at once: 128 and the number of SIGINT, as shells have it.
const ENDED: i32 = 130;

type Callback = Box<dyn Fn() + Send>;

/// The wish to stop. Cheap to clone; clones are the same wish.
#[derive(Clone, Default)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    callbacks: Arc<Mutex<Vec<Callback>>>,
}

impl Interrupt {
    /// Listens to the signals from now on, in a thread of its own.
    ///
    /// # Errors
    /// The system that lets no handler be set.
    pub fn listen() -> Result<Interrupt> {
        let interrupt = Interrupt::default();
        // A file that meets the user's size limit is an error of its writer, not the end of the program.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
        let mut signals = Signals::new([SIGINT, SIGTERM])
            .map_err(|why| Error::internal(format!("cannot listen to signals: {why}")))?;
        let listener = interrupt.clone();
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(move || {
                for _ in signals.forever() {
                    if listener.asked.load(Ordering::SeqCst) {
                        std::process::exit(ENDED);
                    }
                    listener.raise();
                }
            })
            .map_err(|why| Error::internal(format!("cannot start a thread: {why}")))?;
        Ok(interrupt)
    }

    /// Was a stop asked for? To be looked at between steps.
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    /// The flag itself, for rooms that know nothing of signals.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
    }

    /// Calls this at the first signal (cancels the queries of an engine); at once if it has come already.
    pub fn on_interrupt(&self, callback: impl Fn() + Send + 'static) {
        let mut callbacks = self.callbacks.lock().unwrap_or_else(PoisonError::into_inner);
        if self.asked() {
            callback();
        }
        callbacks.push(Box::new(callback));
    }

    /// Asks for a stop, as a signal does.
    pub fn raise(&self) {
        let callbacks = self.callbacks.lock().unwrap_or_else(PoisonError::into_inner);
        self.asked.store(true, Ordering::SeqCst);
        callbacks.iter().for_each(|callback| callback());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn a_signal_raises_the_flag_and_calls_back() {
        let interrupt = Interrupt::listen().unwrap();
        let called = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&called);
        interrupt.on_interrupt(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        signal_hook::low_level::raise(SIGTERM).unwrap();
        for _ in 0..500 {
            if called.load(Ordering::SeqCst) == 1 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert!(interrupt.asked());
        assert_eq!(called.load(Ordering::SeqCst), 1);
        let late = Arc::clone(&called);
        interrupt.on_interrupt(move || {
            late.fetch_add(10, Ordering::SeqCst);
        });
        assert_eq!(called.load(Ordering::SeqCst), 11);
    }
}
