//! TLS as libpq's sslmode words mean it, by rustls.

use super::credentials::{Credentials, SslMode};
use crate::adapter::keys::fault;
use crate::error::{Error, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;

/// The client's side of TLS for these credentials. Certificates are read anew: files may be renewed.
pub fn client_config(credentials: &Credentials) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(verifier(credentials, &provider)?);
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::internal(format!("TLS cannot be set up: {e}")))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let (Some(cert), Some(key)) = (&credentials.tls.cert, &credentials.tls.key) else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(cert, "client certificate")?;
    let key_error = |e: &dyn std::fmt::Display| {
        fault(format!("the client key `{}` cannot be used: {e}", key.display()))
            .help("it must be a PEM file of an unencrypted private key (`sslkey`)")
    };
    check_private(key)?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| key_error(&e))?;
    builder.with_client_auth_cert(chain, private).map_err(|e| key_error(&e))
}

/// A key that others may read is refused, as libpq does; root's own file may be read by its group.
#[cfg(unix)]
fn check_private(key: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Ok(meta) = std::fs::metadata(key) else { return Ok(()) };
    let forbidden = if meta.uid() == 0 { 0o037 } else { 0o077 };
    if meta.mode() & forbidden == 0 {
        return Ok(());
    }
    let told = format!("others may read the client key `{}`", key.display());
    Err(fault(told).help("set its permissions to 0600"))
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<()> {
    Ok(())
}

fn certificates(file: &Path, what: &str) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |e: &dyn std::fmt::Display| {
        fault(format!("the {what} file `{}` cannot be used: {e}", file.display()))
            .help("name a PEM file in `sslrootcert` or `sslcert`")
    };
    let found = CertificateDer::pem_file_iter(file).map_err(|e| wrong(&e))?;
    let found = found.collect::<Result<Vec<_>, _>>().map_err(|e| wrong(&e))?;
    if found.is_empty() { Err(wrong(&"it holds no certificate")) } else { Ok(found) }
}

/// Roots make even the weaker modes check the chain, as libpq does where a root file exists.
fn verifier(credentials: &Credentials, provider: &Arc<CryptoProvider>) -> Result<Verifier> {
    let mut mode = credentials.sslmode;
    let mut roots = Vec::new();
    match &credentials.tls.root {
        Some(file) if file.as_os_str() == "system" => {
            mode = SslMode::VerifyFull;
            roots = rustls_native_certs::load_native_certs().certs;
        }
        Some(file) => roots = certificates(file, "root certificate")?,
        None if mode >= SslMode::VerifyCa => {
            return Err(fault("this sslmode needs a root certificate, and there is none")
                .help("name it in `sslrootcert`, or put it at ~/.postgresql/root.crt")
                .help("`sslrootcert: system` takes the authorities that the system trusts"));
        }
        None => {}
    }
    let mut store = RootCertStore::empty();
    let (usable, _) = store.add_parsable_certificates(roots.iter().cloned());
    let webpki = if usable == 0 {
        None
    } else {
        let built = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
        Some(built.map_err(|e| fault(format!("the root certificates cannot be used: {e}")))?)
    };
    if webpki.is_none() && mode >= SslMode::VerifyCa {
        return Err(fault("the root certificates cannot be used: none is a certificate authority's"));
    }
    Ok(Verifier { webpki, roots, check_name: mode == SslMode::VerifyFull, provider: provider.clone() })
}

/// Checks a server's certificate as far as the mode asks for it.
#[derive(Debug)]
struct Verifier {
    webpki: Option<Arc<WebPkiServerVerifier>>,
    roots: Vec<CertificateDer<'static>>,
    check_name: bool,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    /// A self-signed certificate that is its own root: trusted by being named, if the name is right.
    fn is_pinned(&self, cert: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<bool, rustls::Error> {
        if !self.roots.iter().any(|root| root.as_ref() == cert.as_ref()) {
            return Ok(false);
        }
        if self.check_name {
            rustls::client::verify_server_name(&ParsedCertificate::try_from(cert)?, name)?;
        }
        Ok(true)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        cert: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{Expired, ExpiredContext, NotValidForName, NotValidForNameContext};
        use rustls::Error::InvalidCertificate;
        let Some(webpki) = &self.webpki else { return Ok(ServerCertVerified::assertion()) };
        match webpki.verify_server_cert(cert, between, name, ocsp, now) {
            Err(InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) if !self.check_name => {
                Ok(ServerCertVerified::assertion())
            }
            Err(InvalidCertificate(e)) if !matches!(e, Expired | ExpiredContext { .. }) => {
                match self.is_pinned(cert, name)? {
                    true => Ok(ServerCertVerified::assertion()),
                    false => Err(InvalidCertificate(e)),
                }
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
