//! Ctrl-C and SIGTERM: the first asks the run to stop and cancels what runs in the engine, the second ends
//! the program at once.

use crate::error::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Exit code of a program that was ended at once: 128 and the number of SIGINT, as shells have it.
const ENDED: i32 = 130;

/// How long the last words may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

type Callback = Box<dyn Fn() + Send>;

/// The wish to stop. Cheap to clone; clones are the same wish.
#[derive(Clone, Default)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    callbacks: Arc<Mutex<Vec<Callback>>>,
}

impl Interrupt {
    /// Listens to the signals from now on, in a thread of its own. A signal that comes before anything can be
    /// cancelled ends the program; `last_words` says so.
    ///
    /// # Errors
    /// The system that lets no handler be set.
    pub fn listen(last_words: impl FnOnce() + Send + 'static) -> Result<Interrupt> {
        let interrupt = Interrupt::default();
        // A file that meets the user's size limit is an error of its writer, not the end of the program.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
        let mut signals = Signals::new([SIGINT, SIGTERM])
            .map_err(|why| Error::internal(format!("cannot listen to signals: {why}")))?;
        let listener = interrupt.clone();
        std::thread::Builder::new()
            .name("signals".into())
            .spawn(move || {
                let mut waiting = signals.forever();
                if waiting.next().is_some() && !listener.raise() {
                    say(last_words);
                } else {
                    waiting.next();
                }
                std::process::exit(ENDED);
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

    /// Asks for a stop, as a signal does. Is there anybody who heard it?
    pub fn raise(&self) -> bool {
        let callbacks = self.callbacks.lock().unwrap_or_else(PoisonError::into_inner);
        self.asked.store(true, Ordering::SeqCst);
        callbacks.iter().for_each(|callback| callback());
        !callbacks.is_empty()
    }
}

/// Says the last words; a console that takes nothing any more does not hold the program.
fn say(last_words: impl FnOnce() + Send + 'static) {
    let (done, waits) = std::sync::mpsc::channel();
    let speaker = std::thread::Builder::new().spawn(move || {
        last_words();
        let _ = done.send(());
    });
    if speaker.is_ok() {
        let _ = waits.recv_timeout(LAST_WORDS);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn a_signal_raises_the_flag_and_calls_back() {
        let interrupt = Interrupt::listen(|| ()).unwrap();
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
