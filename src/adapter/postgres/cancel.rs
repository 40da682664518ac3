//! Ends a running statement from another thread, by the server's own cancel request.

use crate::adapter::Cancel;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_postgres::CancelToken;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a cancel request may take.
const LIMIT: Duration = Duration::from_secs(2);

/// How long a statement that is asked to stop may take for it: a server beyond that is out of reach.
const PATIENCE: Duration = Duration::from_secs(5);

/// The key to one session's statements.
pub struct Canceller {
    token: CancelToken,
    tls: Option<MakeRustlsConnect>,
    asked: Notify,
}

impl Canceller {
    /// For a session, with TLS where the session has it.
    pub fn new(token: CancelToken, tls: Option<MakeRustlsConnect>) -> Self {
        Canceller { token, tls, asked: Notify::new() }
    }

    /// Drives the session's work to its end; `None` if it was asked to stop and the server is silent.
    pub fn wait<T>(&self, runtime: &Runtime, work: impl Future<Output = T>) -> Option<T> {
        let given_up = async {
            self.asked.notified().await;
            tokio::time::sleep(PATIENCE).await;
        };
        runtime.block_on(async {
            tokio::select! {
                biased;
                done = work => Some(done),
                () = given_up => None,
            }
        })
    }
}

impl Cancel for Canceller {
    fn cancel(&self) {
        self.asked.notify_waiters();
        let (token, tls) = (self.token.clone(), self.tls.clone());
        std::thread::spawn(move || {
            // A request that fails has nothing to tell: the statement then ends by itself.
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            let request = async {
                match tls {
                    Some(tls) => token.cancel_query(tls).await,
                    None => token.cancel_query(tokio_postgres::NoTls).await,
                }
            };
            let _ = runtime.block_on(async { tokio::time::timeout(LIMIT, request).await });
        });
    }
}
