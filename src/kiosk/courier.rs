//! One exchange with the intake: 16,384 bytes out, 16,384 verified bytes back, and a plain name for whatever went wrong.
//!
//! Pinned TLS, no retry, no redirect: when to try again is the machine's business. Nothing is believed that the intake has
//! not signed, and an answer for another envelope is nobody's. It refuses to know what an envelope says.

use std::error::Error as _;
use std::io::Read;

use ed25519_dalek::VerifyingKey;
use reqwest::Url;
use reqwest::blocking::{Client, Response};

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
}

impl Courier {
    /// Prepares the way. Blocking: keep it out of asynchronous runtimes.
    pub fn new(intake: &str, authority: &[u8], not_before: Timestamp, patience: Patience) -> Result<Self, PinnedError> {
        let intake = pinned::address(intake)?;
        Ok(Self {
            client: pinned::client(authority, not_before, patience)?,
            intake,
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
            AfterStatus::ReadPage => read_answer(response, parcel),
        }
    }
}

fn read_answer(response: Response, parcel: &Parcel) -> Result<Delivery, LinkFault> {
    let is_page = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes() == api::OCTETS.as_bytes());
    // Anything in the middle can answer 200 with a page of its own.
    if !is_page {
        return Err(LinkFault::PortalPage);
    }
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
    let limit = u64::try_from(ENVELOPE_BYTES + 1).unwrap_or(u64::MAX);
    response
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| LinkFault::TimedOut)?;
    let page = read_page(&bytes, &parcel.signed_by).map_err(|_| LinkFault::AnswerNotBelieved)?;
    if page.id == parcel.id {
        Ok(Delivery::Answer(Box::new(page)))
    } else {
        Err(LinkFault::AnswerNotBelieved)
    }
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
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            // rustls hides inside an io error.
            if io
                .get_ref()
                .is_some_and(|inside| inside.downcast_ref::<rustls::Error>().is_some())
            {
                return LinkFault::StrangersCertificate;
            }
            match io.kind() {
                std::io::ErrorKind::ConnectionRefused => return LinkFault::ConnectionRefused,
                std::io::ErrorKind::NetworkUnreachable
                | std::io::ErrorKind::HostUnreachable
                | std::io::ErrorKind::NetworkDown
                | std::io::ErrorKind::AddrNotAvailable => return LinkFault::NoNetwork,
                std::io::ErrorKind::TimedOut
                | std::io::ErrorKind::ConnectionReset
                | std::io::ErrorKind::ConnectionAborted
                | std::io::ErrorKind::BrokenPipe
                | std::io::ErrorKind::UnexpectedEof => return LinkFault::TimedOut,
                _ => {}
            }
        }
        // The resolver gives its fault no kind of its own.
        if inner.to_string().starts_with("dns error") {
            return LinkFault::NameUnknown;
        }
        cause = inner.source();
    }
    if error.is_connect() {
        LinkFault::NoNetwork
    } else {
        LinkFault::TimedOut
    }
}
