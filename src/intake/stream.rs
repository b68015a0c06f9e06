//! Connections with bounds: so many at a time, so long without a byte, so long altogether.
//!
//! Sits under TLS, so a peer that never finishes its handshake or its request line is bounded too.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use super::server::Waits;

/// Gives every connection its bounds.
#[derive(Clone)]
pub(crate) struct Bounded {
    places: Arc<Semaphore>,
    waits: Waits,
}

impl Bounded {
    pub(crate) fn new(waits: Waits) -> Self {
        Self {
            places: Arc::new(Semaphore::new(waits.connections)),
            waits,
        }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Bounded {
    type Stream = BoundedStream;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(BoundedStream, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        // Without a place the connection closes at once: the kiosk tries again, later and later.
        let place = self.places.clone().try_acquire_owned();
        let waits = self.waits;
        Box::pin(async move {
            let place = place.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
            stream.set_nodelay(true)?;
            Ok((BoundedStream::new(stream, place, waits), service))
        })
    }
}

/// A connection that ends by itself.
pub(crate) struct BoundedStream {
    stream: TcpStream,
    waits: Waits,
    idle: Pin<Box<Sleep>>,
    life: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl BoundedStream {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, waits: Waits) -> Self {
        Self {
            stream,
            waits,
            idle: Box::pin(sleep(waits.idle)),
            life: Box::pin(sleep(waits.life)),
            _place: place,
        }
    }

    /// Moves the idle deadline after progress; without progress wakes when a deadline passes.
    fn bound<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.idle.set(sleep(self.waits.idle));
            return polled;
        }
        let over = self.idle.as_mut().poll(context).is_ready() || self.life.as_mut().poll(context).is_ready();
        if over {
            Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
        } else {
            polled
        }
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.bound(context, polled)
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bound(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
