//! One exchange with the intake: 16,384 bytes out, 16,384 verified bytes back, and a plain name for whatever went wrong.
//!
//! Pinned TLS, no retry, no redirect: when to try again is the machine's business. Nothing is believed that the intake has
//! not signed, and an answer for another envelope is nobody's. It refuses to know what an envelope says.

use std::error::Error as _;
use std::io::{self, Read};

use ed25519_dalek::VerifyingKey;
use reqwest::Url;
use reqwest::blocking::{Client, Response};

use super::clock::Deadline;
use crate::id::EnvelopeId;
use crate::limits::ENVELOPE_BYTES;
use crate::machine::{Delivery, LinkFault};
use crate::pinned::{self, Patience, PinnedError};
use crate::time::Timestamp;
use crate::wire::api::{self, AfterStatus};
use crate::wire::read_page;

/// What is to be sent.
#[derive(Debug)]
pub struct Parcel {
    /// The queued envelope that this is; none for a heartbeat.
    pub queued: Option<EnvelopeId>,
    /// The digest of the bytes.
    pub id: EnvelopeId,
    /// The envelope.
    pub bytes: Box<[u8; ENVELOPE_BYTES]>,
    /// Who must have signed the answer.
    pub signed_by: VerifyingKey,
}

/// The way to one intake.
#[derive(Debug)]
pub struct Courier {
    client: Client,
    intake: Url,
    patience: Patience,
}

impl Courier {
    /// Prepares the way. Blocking: keep it out of asynchronous runtimes.
    pub fn new(intake: &str, authority: &[u8], not_before: Timestamp, patience: Patience) -> Result<Self, PinnedError> {
        let intake = pinned::address(intake)?;
        Ok(Self {
            client: pinned::client(authority, not_before, patience)?,
            intake,
            patience,
        })
    }

    /// Sends one parcel and says what came of it.
    pub fn exchange(&self, parcel: &Parcel) -> Delivery {
        match self.try_exchange(parcel) {
            Ok(delivery) => delivery,
            Err(fault) => Delivery::Fault(fault),
        }
    }

    fn try_exchange(&self, parcel: &Parcel) -> Result<Delivery, LinkFault> {
        let over = Deadline::after(self.patience.total);
        let path = format!("{}/{}", api::ENVELOPES, parcel.id);
        let url = self.intake.join(&path).map_err(|_| LinkFault::NameUnknown)?;
        let request = self
            .client
            .put(url)
            .header("content-type", api::OCTETS)
            .body(parcel.bytes.to_vec());
        let response = request.send().map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        match api::after_status(status) {
            AfterStatus::Later => Err(LinkFault::Busy {
                retry_after_seconds: retry_after(&response),
            }),
            AfterStatus::MuchLater => Err(stranger(&response)),
            AfterStatus::ReadPage => read_answer(response, parcel, over),
        }
    }
}

fn read_answer(response: Response, parcel: &Parcel, over: Deadline) -> Result<Delivery, LinkFault> {
    let is_page = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes() == api::OCTETS.as_bytes());
    // Anything in the middle can answer 200 with a page of its own.
    if !is_page {
        return Err(LinkFault::PortalPage);
    }
    let bytes = read_in_time(response, over).ok_or(LinkFault::TimedOut)?;
    let page = read_page(&bytes, &parcel.signed_by).map_err(|_| LinkFault::AnswerNotBelieved)?;
    if page.id == parcel.id {
        Ok(Delivery::Answer(Box::new(page)))
    } else {
        Err(LinkFault::AnswerNotBelieved)
    }
}

/// At most one byte more than a page has. The client's own limit of time begins anew with each piece of a body, so that
/// somebody who sends a byte a minute would hold the courier for days.
fn read_in_time(mut response: Response, over: Deadline) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
    let mut piece = [0; 4_096];
    while bytes.len() <= ENVELOPE_BYTES {
        let room = piece.len().min(ENVELOPE_BYTES + 1 - bytes.len());
        match response.read(&mut piece[..room]) {
            Ok(0) => break,
            Ok(read) if !over.is_past() => bytes.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
    Some(bytes)
}

/// A 401 with our own kind of problem is the intake's; everything else in this row is somebody in between.
fn stranger(response: &Response) -> LinkFault {
    let is_problem = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes() == api::PROBLEM.as_bytes());
    if is_problem && matches!(response.status().as_u16(), 401 | 403) {
        LinkFault::NotKnown
    } else {
        LinkFault::PortalPage
    }
}

fn retry_after(response: &Response) -> u32 {
    let header = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok());
    header.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

/// Names what went wrong from the chain of causes. Only kinds are looked at; texts are used for what has no kind.
fn classify(error: &reqwest::Error) -> LinkFault {
    if error.is_timeout() {
        return LinkFault::TimedOut;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.downcast_ref::<rustls::Error>().is_some() {
            return LinkFault::StrangersCertificate;
        }
        // The resolver gives its fault no kind of its own.
        if inner.to_string().starts_with("dns error") {
            return LinkFault::NameUnknown;
        }
        let io = inner.downcast_ref::<io::Error>();
        if let Some(fault) = io.and_then(|io| fault_of(io.kind())) {
            return fault;
        }
        // An io error passes over the one that it wraps when asked for its source; rustls hides in there.
        let wrapped = io.and_then(io::Error::get_ref);
        cause = wrapped.map_or_else(|| inner.source(), |wrapped| Some(wrapped));
    }
    if error.is_connect() {
        LinkFault::NoNetwork
    } else {
        LinkFault::TimedOut
    }
}

const fn fault_of(kind: io::ErrorKind) -> Option<LinkFault> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some(LinkFault::ConnectionRefused),
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Some(LinkFault::NoNetwork),
        io::ErrorKind::TimedOut
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(LinkFault::TimedOut),
        _ => None,
    }
}
