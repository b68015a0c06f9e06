//! Fake intakes on real sockets: a private certificate authority, and a server that answers as each test says.
//!
//! Used by the tests of the courier and of the run loop. One thread for each server and one for each connection; a server
//! ends with its `Listening`.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A private certificate authority.
pub struct Authority {
    pub certificate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(9999, 12, 31));
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        let issuer = Issuer::new(params, key);
        Self { certificate, issuer }
    }

    /// A certificate for a name and the years from one new year to another.
    pub fn server(&self, name: &str, years: (i32, i32)) -> Tls {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate.der().to_vec())], private);
        Tls(Arc::new(config.unwrap()))
    }

    /// The certificate that a good intake has.
    pub fn good(&self) -> Tls {
        self.server("localhost", (2020, 9999))
    }
}

/// How a server proves who it is.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

/// What came in.
#[derive(Clone)]
pub struct Request {
    /// Method and path.
    pub line: String,
    pub body: Vec<u8>,
}

/// What goes out.
#[derive(Clone)]
pub enum Reply {
    /// Status, headers and body.
    Http(&'static str, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes and not one more until the client gives up; then a byte every 50 ms.
    Dribble(Vec<u8>),
    /// Nothing, while the connection stays open.
    Silence,
    /// The connection is cut.
    Cut,
}

impl Reply {
    /// 16,384 bytes or whatever else calls itself an answer.
    pub fn page(status: &'static str, bytes: Vec<u8>) -> Self {
        Self::Http(status, vec![("content-type", "application/octet-stream".into())], bytes)
    }
}

/// A server until it is dropped.
pub struct Listening {
    pub address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Listening {
    pub fn https(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

/// Serves on a port; 0 is a free one.
pub fn serve(port: u16, tls: Tls, answer: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Listening {
    let answer = Arc::new(answer);
    accept(port, move |socket| {
        let connection = ServerConnection::new(Arc::clone(&tls.0)).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        let Some(request) = read_request(&mut stream) else {
            return;
        };
        let reply = answer(request);
        // A client that has gone is no fault of the server.
        let _ = write_reply(&mut stream, reply);
    })
}

/// Hands every connection to `act`.
pub fn accept(port: u16, act: impl Fn(TcpStream) + Send + Sync + 'static) -> Listening {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let address = listener.local_addr().unwrap();
    let stopped = Arc::new(AtomicBool::new(false));
    let (stop, act) = (Arc::clone(&stopped), Arc::new(act));
    thread::spawn(move || {
        for socket in listener.incoming() {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let (Ok(socket), act) = (socket, Arc::clone(&act)) else {
                continue;
            };
            thread::spawn(move || act(socket));
        }
    });
    Listening { address, stopped }
}

fn read_request(stream: &mut impl Read) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).ok()? == 0 {
            return None;
        }
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Request { line, body })
}

fn write_reply(stream: &mut StreamOwned<ServerConnection, TcpStream>, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Http(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("connection: close\r\n\r\n");
            stream.write_all(&[head.as_bytes(), &body].concat())?;
            stream.conn.send_close_notify();
            stream.flush()
        }
        Reply::Dribble(bytes) => {
            stream.write_all(&bytes)?;
            loop {
                stream.write_all(b"\0")?;
                stream.flush()?;
                thread::park_timeout(Duration::from_millis(50));
            }
        }
        Reply::Silence => {
            // Until the client hangs up.
            let _ = stream.read(&mut [0; 1]);
            Ok(())
        }
        Reply::Cut => stream.sock.shutdown(std::net::Shutdown::Both),
    }
}
