//! Bounded GETs over HTTP and HTTPS: the roots of the system, its proxy, a few patient retries.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How often a server is asked that does not answer or fails.
pub(super) const ATTEMPTS: u32 = 3;

/// Why nothing came.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server cannot be reached, or fails: it may work later.
    Silent(String),
    /// The server answered with another status than 200.
    Status(u16),
    /// More came than may come.
    TooLarge(u64),
    /// The address is none.
    Address(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Silent(why) => f.write_str(why),
            Fault::Status(status) => write!(f, "the server answered {status}"),
            Fault::TooLarge(limit) => write!(f, "it is larger than {} MiB", limit >> 20),
            Fault::Address(why) => f.write_str(why),
        }
    }
}

/// A client; connections are kept open between requests.
pub(super) struct Http {
    plain: Agent,
    /// Never led from HTTPS to plain HTTP.
    secure: Agent,
}

impl Http {
    /// `patience` is how long a server may be silent.
    pub(super) fn new(patience: Duration) -> Self {
        let tls = tls();
        let agent = |https_only| {
            Agent::config_builder()
                .https_only(https_only)
                .http_status_as_error(false)
                .timeout_resolve(Some(patience))
                .timeout_connect(Some(patience))
                .timeout_recv_response(Some(patience.max(Duration::from_secs(30))))
                .timeout_per_read(Some(patience.max(Duration::from_secs(30))))
                .user_agent(concat!("karat/", env!("CARGO_PKG_VERSION")))
                .tls_config(tls.clone())
                .build()
                .new_agent()
        };
        Http { plain: agent(false), secure: agent(true) }
    }

    /// What lies behind an address, at most `limit` bytes; a server that is silent is asked again.
    pub(super) fn get(&self, url: &str, limit: u64, attempts: u32) -> Result<Vec<u8>, Fault> {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Fault::Address("an address begins with `https://` or `http://`".into()));
        }
        let mut attempt = 1;
        loop {
            let got = self.once(url, limit);
            let passing = match &got {
                Err(Fault::Silent(_)) => true,
                Err(Fault::Status(status)) => *status >= 500 || *status == 429,
                _ => false,
            };
            if !passing || attempt >= attempts {
                return got.map_err(|fault| match fault {
                    Fault::Status(status) if passing => {
                        Fault::Silent(format!("the server answered {status}"))
                    }
                    fault => fault,
                });
            }
            std::thread::sleep(Duration::from_millis(200) * attempt);
            attempt += 1;
        }
    }

    fn once(&self, url: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        let agent = if url.starts_with("https://") { &self.secure } else { &self.plain };
        let mut answer = agent.get(url).call().map_err(fault)?;
        if answer.status().as_u16() != 200 {
            return Err(Fault::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        let mut body = answer.body_mut().as_reader().take(limit + 1);
        body.read_to_end(&mut bytes).map_err(|why| Fault::Silent(why.to_string()))?;
        if bytes.len() as u64 > limit { Err(Fault::TooLarge(limit)) } else { Ok(bytes) }
    }
}

fn fault(why: ureq::Error) -> Fault {
    match why {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
            Fault::Address(why.to_string())
        }
        ureq::Error::StatusCode(status) => Fault::Status(status),
        why => Fault::Silent(why.to_string()),
    }
}

/// The certificates of the system, so that those of a company hold too.
fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate<'static>> =
        found.certs.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
    TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build()
}
