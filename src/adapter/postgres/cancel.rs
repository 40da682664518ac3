//! Ends a running statement from another thread, by the server's own cancel request.

use crate::adapter::Cancel;
use std::sync::mpsc;
use std::time::Duration;
use tokio_postgres::CancelToken;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a cancel request may take.
const LIMIT: Duration = Duration::from_secs(2);

/// The key to one session's statements.
pub struct Canceller {
    token: CancelToken,
    tls: Option<MakeRustlsConnect>,
}

impl Canceller {
    /// For a session, with TLS where the session has it.
    pub fn new(token: CancelToken, tls: Option<MakeRustlsConnect>) -> Self {
        Canceller { token, tls }
    }
}

impl Cancel for Canceller {
    fn cancel(&self) {
        let (token, tls) = (self.token.clone(), self.tls.clone());
        let (done, wait) = mpsc::channel();
        std::thread::spawn(move || {
            // A request that fails has nothing to tell: the statement then ends by itself.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                let request = async {
                    match tls {
                        Some(tls) => token.cancel_query(tls).await,
                        None => token.cancel_query(tokio_postgres::NoTls).await,
                    }
                };
                let _ = runtime.block_on(async { tokio::time::timeout(LIMIT, request).await });
            }
            let _ = done.send(());
        });
        let _ = wait.recv_timeout(LIMIT);
    }
}
