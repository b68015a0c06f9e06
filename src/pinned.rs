//! An HTTPS client that trusts one private authority and nothing else, for the courier and the desk.
//!
//! TLS 1.3 only, no redirects, no system proxy, no public authorities, and the system clock is not asked: certificates
//! are judged at the time given. Plain HTTP is allowed to loopback only. It retries nothing: its callers decide.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use crate::time::Timestamp;

/// No certificate is judged earlier than this: the day this source was released, 2026-11-22.
pub const RELEASED: Timestamp = Timestamp(1_795_305_600);

/// How long an exchange may take, sized for the slowest mobile link.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the whole answer is here.
    pub total: Duration,
}

impl Patience {
    /// 30 s to connect, 180 s in all: 32 kB at 9 kbit/s and a slow handshake.
    pub const SLOW_LINK: Self = Self {
        connect: Duration::from_secs(30),
        total: Duration::from_secs(180),
    };
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinnedError {
    /// Not an `https://` address (or `http://` to loopback).
    Address,
    /// The authority in the anchor is not a certificate.
    Authority,
    /// The client could not be built.
    Client,
}

impl fmt::Display for PinnedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "the intake's address must start with https:// (http:// only to this same computer)",
            Self::Authority => "the anchor holds no usable certificate authority: enrol again",
            Self::Client => "no secure connection can be prepared on this computer",
        })
    }
}

impl std::error::Error for PinnedError {}

/// Reads an address and refuses everything that would not be private.
pub fn address(text: &str) -> Result<Url, PinnedError> {
    let url = Url::parse(text.trim()).map_err(|_| PinnedError::Address)?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(PinnedError::Address),
    }
}

/// A client pinned to `authority` (DER), judging certificates at `not_before` or the release, whichever is later.
///
/// Blocking: must be neither built nor dropped inside an asynchronous runtime.
pub fn client(authority: &[u8], not_before: Timestamp, patience: Patience) -> Result<Client, PinnedError> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.to_vec()))
        .map_err(|_| PinnedError::Authority)?;
    build(
        builder(not_before)?.with_root_certificates(roots).with_no_client_auth(),
        patience,
    )
}

/// A client for the one request that fetches an anchor: it trusts nobody yet, and what it brings is worth nothing until
/// it has been held against the token's digest.
pub fn client_before_trust(patience: Patience) -> Result<Client, PinnedError> {
    let config = builder(RELEASED)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
        .with_no_client_auth();
    build(config, patience)
}

fn builder(not_before: Timestamp) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, PinnedError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let time = Arc::new(FixedTime(not_before.max(RELEASED)));
    ClientConfig::builder_with_details(provider, time)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| PinnedError::Client)
}

fn build(config: ClientConfig, patience: Patience) -> Result<Client, PinnedError> {
    Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(patience.connect)
        .timeout(patience.total)
        .pool_max_idle_per_host(1)
        .build()
        .map_err(|_| PinnedError::Client)
}

/// The time at which certificates are judged.
#[derive(Debug)]
struct FixedTime(Timestamp);

impl TimeProvider for FixedTime {
    fn current_time(&self) -> Option<UnixTime> {
        u64::try_from(self.0.0)
            .ok()
            .map(|seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Accepts any certificate; see [`client_before_trust`].
#[derive(Debug)]
struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &rustls::pki_types::ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 is not spoken here".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_addresses_are_taken() {
        for good in [
            "https://intake.example",
            "https://10.0.0.5:8443",
            "http://127.0.0.1:80",
            "http://localhost:1",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "intake.example",
            "http://intake.example",
            "http://127.0.0.1.example",
            "ftp://localhost",
        ] {
            assert_eq!(address(wrong), Err(PinnedError::Address), "{wrong}");
        }
    }
}
