//! The running intake: a listener, one thread for HTTP, one thread that writes.
//!
//! Used by `heard-intake serve` and by the demonstration, which brings its own listener. It decides nothing about envelopes.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::mpsc;

use super::error::IntakeError;
use super::folder::{SERVER_CERTIFICATE, SERVER_KEY};
use super::routes;
use super::store::Store;
use super::stream::Bounded;
use super::writer::{Ending, Writer};

/// Bounds of connections, sized for kiosks on the slowest mobile link.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// Connections at a time.
    pub connections: usize,
    /// Without a byte in either direction.
    pub idle: Duration,
    /// Until a request's body is here.
    pub body: Duration,
    /// A connection altogether; kiosks connect again.
    pub life: Duration,
    /// For requests in flight when the intake stops.
    pub stop: Duration,
}

impl Waits {
    /// 512 connections; 60 s idle; 120 s for a body (16 kB at 1.1 kbit/s); 15 min in all; 10 s to stop.
    pub const STANDARD: Self = Self {
        connections: 512,
        idle: Duration::from_secs(60),
        body: Duration::from_secs(120),
        life: Duration::from_secs(900),
        stop: Duration::from_secs(10),
    };
}

/// Starts intakes.
#[derive(Debug)]
pub struct Server;

/// An intake that listens. Dropping it closes every connection at once; [`Running::stop`] lets them finish.
pub struct Running {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    stop: Duration,
    threads: Vec<JoinHandle<()>>,
    ended: mpsc::Receiver<()>,
}

impl Server {
    /// Serves the folder on a bound listener, over TLS 1.3 or, when `tls` is false, in the clear (loopback only).
    pub fn start(folder: &Path, listener: TcpListener, tls: bool) -> Result<Running, IntakeError> {
        Self::start_with(folder, listener, tls, Waits::STANDARD)
    }

    /// As [`Server::start`], with other bounds.
    pub fn start_with(folder: &Path, listener: TcpListener, tls: bool, waits: Waits) -> Result<Running, IntakeError> {
        let address = listener.local_addr().map_err(|_| IntakeError::Listen)?;
        if !tls && !address.ip().is_loopback() {
            return Err(IntakeError::InTheClear);
        }
        listener.set_nonblocking(true).map_err(|_| IntakeError::Listen)?;
        let store = Store::open(folder)?;
        let config = if tls { Some(tls_config(folder)?) } else { None };
        let anchor = store.keys().anchor.clone();
        let (ending, ended) = mpsc::channel(1);
        let (writer, writer_thread) = Writer::start(store, Ending(ending.clone()))?;
        let router = routes::router(writer, anchor, waits);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| IntakeError::Thread)?;
        let handle = Handle::new();
        let serving = serve(listener, config, router, handle.clone(), waits);
        let http_thread = thread::Builder::new()
            .name("intake-http".into())
            .spawn(move || {
                let _ending = Ending(ending);
                if let Err(why) = runtime.block_on(serving) {
                    tracing::error!(kind = %why.kind(), "the intake stopped listening");
                }
            })
            .map_err(|_| IntakeError::Thread)?;
        Ok(Running {
            address,
            handle,
            stop: waits.stop,
            threads: vec![http_thread, writer_thread],
            ended,
        })
    }
}

impl Running {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Comes back when a thread of it ended although nobody said stop: nothing is taken or answered any more.
    pub async fn ended(&mut self) {
        // None would mean that both have ended.
        let _ = self.ended.recv().await;
    }

    /// Takes no new connections, finishes what is in flight, commits and closes the database.
    pub fn stop(mut self) {
        self.handle.graceful_shutdown(Some(self.stop));
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the intake ended in a panic");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Running({})", self.address)
    }
}

async fn serve(
    listener: TcpListener,
    config: Option<RustlsConfig>,
    router: Router,
    handle: Handle<SocketAddr>,
    waits: Waits,
) -> std::io::Result<()> {
    let server = axum_server::from_tcp(listener)?.handle(handle);
    let bounded = Bounded::new(waits);
    let service = router.into_make_service();
    match config {
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config)
                .handshake_timeout(waits.idle)
                .acceptor(bounded);
            server.acceptor(acceptor).http1_only().serve(service).await
        }
        None => server.acceptor(bounded).http1_only().serve(service).await,
    }
}

fn tls_config(folder: &Path) -> Result<RustlsConfig, IntakeError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(folder.join(SERVER_CERTIFICATE))
        .map_err(|_| IntakeError::Certificates)?
        .collect();
    let chain = chain.map_err(|_| IntakeError::Certificates)?;
    let key = PrivateKeyDer::from_pem_file(folder.join(SERVER_KEY)).map_err(|_| IntakeError::Certificates)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|_| IntakeError::Certificates)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::setup::{InitOptions, init};
    use crate::seal::Identity;
    use crate::wire::Cost;

    #[test]
    fn an_end_that_nobody_asked_for_is_told() {
        let temporary = tempfile::tempdir().unwrap();
        let options = InitOptions {
            root: ed25519_dalek::SigningKey::from_bytes(&[3; 32])
                .verifying_key()
                .to_bytes(),
            names: vec!["localhost".into()],
            router_escrow: Identity::generate().unwrap().recipient(),
            cost: Cost::LEAST,
        };
        init(temporary.path(), options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut running = Server::start(temporary.path(), listener, true).unwrap();
        assert!(running.ended.try_recv().is_err());
        running.handle.shutdown();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(20), running.ended()).await })
            .unwrap();
    }
}
