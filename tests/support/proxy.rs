//! A link that misbehaves on request: a small TCP proxy between a kiosk and a real intake.
//!
//! It sees TLS bytes only, as anything on the way would. Changing how it behaves drops every open connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Bytes of a request and of an answer, envelope alone: one size for everything.
const ONE: usize = 16_384;

/// How the link behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the intake at this port, unharmed.
    Through(u16),
    /// The same, this many bytes at a time with so many milliseconds between them.
    Slow(u16, usize, u64),
    /// The request arrives, and the connection ends when the whole answer is on its way: after the commit.
    CutAnswer(u16),
    /// The same, but the connection stays open and silent.
    HoldAnswer(u16),
    /// Bytes that are no TLS.
    Nonsense(&'static [u8]),
    /// Every connection ends at once.
    HangUp,
}

/// A proxy on a port of its own.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    way: Mutex<Way>,
    open: Mutex<Vec<TcpStream>>,
    /// Connections that were taken.
    taken: AtomicUsize,
    /// Whole answers that did not go on.
    withheld: AtomicUsize,
    ended: AtomicBool,
}

impl Proxy {
    pub(crate) fn start(way: Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            way: Mutex::new(way),
            open: Mutex::new(Vec::new()),
            taken: AtomicUsize::new(0),
            withheld: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let all = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if all.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                all.taken.fetch_add(1, Ordering::SeqCst);
                let one = Arc::clone(&all);
                thread::spawn(move || one.serve(stream));
            }
        });
        Self { port, shared }
    }

    pub(crate) fn address(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// From now on like this.
    pub(crate) fn set(&self, way: Way) {
        *self.shared.way.lock().unwrap() = way;
        self.shared.drop_all();
    }

    pub(crate) fn taken(&self) -> usize {
        self.shared.taken.load(Ordering::SeqCst)
    }

    pub(crate) fn withheld(&self) -> usize {
        self.shared.withheld.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.drop_all();
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn drop_all(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn keep(&self, stream: &TcpStream) {
        self.open.lock().unwrap().push(stream.try_clone().unwrap());
    }

    fn serve(self: &Arc<Self>, mut kiosk: TcpStream) {
        let way = *self.way.lock().unwrap();
        let port = match way {
            Way::HangUp => return,
            Way::Nonsense(bytes) => {
                // The hello is read first: an answer to nothing could be lost with the connection.
                let _ = kiosk.read(&mut [0; 4_096]);
                let _ = kiosk.write_all(bytes);
                return;
            }
            Way::Through(port) | Way::Slow(port, ..) | Way::CutAnswer(port) | Way::HoldAnswer(port) => port,
        };
        let Ok(intake) = TcpStream::connect(("127.0.0.1", port)) else {
            return;
        };
        self.keep(&kiosk);
        self.keep(&intake);
        let sent = Arc::new(AtomicUsize::new(0));
        let (from, to, all, count) = (
            kiosk.try_clone().unwrap(),
            intake.try_clone().unwrap(),
            Arc::clone(self),
            Arc::clone(&sent),
        );
        let up = thread::spawn(move || {
            all.pump(way, &from, &to, |bytes| {
                count.fetch_add(bytes, Ordering::SeqCst);
                true
            })
        });
        let mut held = 0;
        self.pump(way, &intake, &kiosk, |bytes| {
            let withholds = matches!(way, Way::CutAnswer(_) | Way::HoldAnswer(_));
            if !withholds || sent.load(Ordering::SeqCst) < ONE {
                return true;
            }
            let before = held;
            held += bytes;
            if before < ONE && held >= ONE {
                self.withheld.fetch_add(1, Ordering::SeqCst);
                if matches!(way, Way::CutAnswer(_)) {
                    let _ = kiosk.shutdown(Shutdown::Both);
                    let _ = intake.shutdown(Shutdown::Both);
                }
            }
            false
        });
        let _ = up.join();
    }

    /// Carries bytes one way until either end is gone. `goes_on` is told how many there are.
    fn pump(&self, way: Way, mut from: &TcpStream, mut to: &TcpStream, mut goes_on: impl FnMut(usize) -> bool) {
        let (_keep, nothing) = mpsc::channel::<()>();
        let (step, wait) = match way {
            Way::Slow(_, step, wait) => (step, wait),
            _ => (65_536, 0),
        };
        let mut bytes = vec![0; step];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if wait > 0 {
                let _ = nothing.recv_timeout(Duration::from_millis(wait));
            }
            if goes_on(count) && to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        if !matches!(way, Way::HoldAnswer(_)) {
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
        }
    }
}
