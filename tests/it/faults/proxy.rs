//! A TCP proxy before the server: it passes bytes on until it is told to stall, to delay or to cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What it does with bytes from now on.
#[derive(Default)]
struct Mood {
    stalled: AtomicBool,
    delay: AtomicU64,
    /// How many connections it lets in at a time; zero for any number.
    room: AtomicUsize,
    open: AtomicUsize,
    streams: Mutex<Vec<TcpStream>>,
    at_commit: Mutex<Option<AtCommit>>,
}

/// What becomes of the first commit after a text: everything stalls before it reaches the server, or after.
#[derive(Clone)]
pub struct AtCommit {
    pub after: &'static str,
    pub reaches: bool,
}

/// The proxy; its threads end with the test run.
pub struct Proxy {
    port: u16,
    mood: Arc<Mood>,
}

impl Proxy {
    /// Before this port.
    pub fn before(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let proxy = Proxy { port: listener.local_addr().expect("its address").port(), mood: Arc::default() };
        let mood = Arc::clone(&proxy.mood);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let room = mood.room.load(Ordering::SeqCst);
                if room > 0 && mood.open.load(Ordering::SeqCst) >= room {
                    refuse(client);
                    continue;
                }
                mood.open.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let both = |a: &TcpStream| a.try_clone().expect("a second handle");
                mood.streams.lock().unwrap().extend([both(&client), both(&server)]);
                pass(both(&client), both(&server), Arc::clone(&mood), true);
                pass(server, client, Arc::clone(&mood), false);
            }
        });
        proxy
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Passes nothing on any more: a dead network.
    pub fn stall(&self) {
        self.mood.stalled.store(true, Ordering::SeqCst);
    }

    /// Passes nothing on for a while.
    pub fn stall_for(&self, pause: Duration) {
        self.stall();
        std::thread::sleep(pause);
        self.mood.stalled.store(false, Ordering::SeqCst);
    }

    /// Stalls at a commit.
    pub fn stall_at(&self, commit: AtCommit) {
        *self.mood.at_commit.lock().unwrap() = Some(commit);
    }

    /// Does it pass nothing on?
    pub fn is_stalled(&self) -> bool {
        self.mood.stalled.load(Ordering::SeqCst)
    }

    /// Passes on again what comes from now on; what was held back is lost.
    pub fn recover(&self) {
        self.cut();
        self.mood.stalled.store(false, Ordering::SeqCst);
    }

    /// Lets in so many at a time, as a pooler does.
    pub fn admit(&self, room: usize) {
        self.mood.room.store(room, Ordering::SeqCst);
    }

    /// Passes everything on a little later: a slow network.
    pub fn delay(&self, pause: Duration) {
        self.mood.delay.store(pause.as_millis() as u64, Ordering::SeqCst);
    }

    /// Cuts every connection that is open now.
    pub fn cut(&self) {
        for stream in self.mood.streams.lock().unwrap().drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Mood {
    /// Is the commit here at which everything stalls? Says whether it is still to reach the server.
    fn meets(&self, bytes: &[u8], met: &mut bool) -> Option<bool> {
        let mut wish = self.at_commit.lock().unwrap();
        let AtCommit { after, reaches } = wish.clone()?;
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        *met |= holds(after.as_bytes());
        let now = *met && holds(b"commit\0");
        now.then(|| *wish = None).map(|()| reaches)
    }
}

/// Answers the greeting, and whatever comes before it (a wish for TLS), with PgBouncer's refusal.
fn refuse(mut client: TcpStream) {
    std::thread::spawn(move || {
        let mut bytes = [0; 1024];
        while let Ok(count @ 1..) = client.read(&mut bytes) {
            if count == 8 {
                drop(client.write_all(b"N"));
                continue;
            }
            let fields = b"SFATAL\0C08P01\0Mno more connections allowed (max_client_conn)\0\0";
            let length = u32::try_from(fields.len() + 4).expect("a short answer").to_be_bytes();
            drop(client.write_all(&[&b"E"[..], &length, fields].concat()));
            return;
        }
    });
}

fn pass(mut from: TcpStream, mut to: TcpStream, mood: Arc<Mood>, counts: bool) {
    std::thread::spawn(move || {
        let mut bytes = [0; 1 << 14];
        let mut met = false;
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let reached = counts.then(|| mood.meets(&bytes[..count], &mut met)).flatten();
            if reached == Some(false) {
                mood.stalled.store(true, Ordering::SeqCst);
            }
            std::thread::sleep(Duration::from_millis(mood.delay.load(Ordering::SeqCst)));
            if reached == Some(true) {
                mood.stalled.store(true, Ordering::SeqCst);
                drop(to.write_all(&bytes[..count]));
                continue;
            }
            while mood.stalled.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        to.shutdown(Shutdown::Both).ok();
        if counts {
            mood.open.fetch_sub(1, Ordering::SeqCst);
        }
    });
}
