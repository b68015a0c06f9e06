//! The HTTP door of the intake: paths, headers, JSON bodies, what a desk signs, and what a kiosk makes of each status.
//!
//! Bytes in JSON are lower-case hexadecimal; times are RFC 3339 in UTC unless a field says Unix seconds. Errors are
//! `application/problem+json` (RFC 9457).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::id::to_hex;
use sha2::{Digest, Sha256};

/// `GET`: the anchor's bytes, to anybody.
pub const ANCHOR: &str = "/v1/anchor";
/// `POST` [`EnrolRequest`] → [`EnrolReply`], over TLS pinned to the anchor.
pub const ENROL: &str = "/v1/enrol";
/// `PUT /v1/envelopes/{id}` with 16,384 bytes → 201 or 200 with 16,384 bytes.
pub const ENVELOPES: &str = "/v1/envelopes";
/// `POST`, empty, with [`HEADER_KEY`] of somebody on the staff list → [`Nonce`]; good for one desk request.
pub const DESK_NONCE: &str = "/v1/desk/nonce";
/// `GET`, signed → the current bundle's bytes.
pub const DESK_BUNDLE: &str = "/v1/desk/bundle";
/// `GET`, signed → [`CaseList`]. Below it `/{case}/open` (`POST` → [`HandedOver`]), `/{case}/opened` (`POST` →
/// [`OpenedReply`]) and `/{case}/notes` (`POST` [`NoteRequest`]).
pub const DESK_CASES: &str = "/v1/desk/cases";

/// The desk key that signed, hexadecimal.
pub const HEADER_KEY: &str = "heard-key";
/// The nonce it used, hexadecimal.
pub const HEADER_NONCE: &str = "heard-nonce";
/// ed25519 over [`desk_signing_bytes`], hexadecimal.
pub const HEADER_SIGNATURE: &str = "heard-signature";

/// Content type of envelopes, answers, anchors and bundles.
pub const OCTETS: &str = "application/octet-stream";
/// Content type of errors.
pub const PROBLEM: &str = "application/problem+json";

/// An error body (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name, for example `urn:heard:unknown-kiosk`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One line for people.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
}

/// A kiosk introduces itself, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The token's secret half.
    pub secret: String,
    /// The kiosk's new ed25519 public key.
    pub public_key: String,
}

/// What the kiosk gets for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    /// First 16 bytes of SHA-256 of the public key.
    pub kiosk: String,
    /// The current bundle, whole.
    pub bundle: String,
    /// The intake's clock, Unix seconds.
    pub now: i64,
}

/// A single-use number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonce {
    /// 16 random bytes.
    pub nonce: String,
}

/// The cases that this caseworker may open. Nothing in it says which lane, who, or how many there are elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseList {
    /// Soonest due first.
    pub cases: Vec<CaseRow>,
}

/// One case in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Random id.
    pub case: String,
    /// When the first envelope of it arrived.
    pub arrived_at: String,
    /// Earliest plausible Send and 24 hours, of what nobody has opened yet; of the report when everything was opened.
    pub due_at: String,
    /// When a skilled person who is not excluded first said "opened" of the report.
    pub first_opened_at: Option<String>,
    /// Something in it pages the safeguarding lead.
    pub urgent: bool,
    /// Something came after it was opened; `due_at` says until when that must be opened.
    #[serde(default)]
    pub new: bool,
}

/// The sealed parts of one case, handed to a personally signed request after the handing-over was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Random id.
    pub case: String,
    /// As in [`CaseRow`].
    pub due_at: String,
    /// When a skilled person first said "opened", if anybody did.
    pub first_opened_at: Option<String>,
    /// X25519 recipient of status notes; none when the reporter has no code.
    pub inbox: Option<String>,
    /// Oldest first; the report before its additions.
    pub parts: Vec<HandedPart>,
}

/// One sealed report part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedPart {
    /// The envelope it came in.
    pub envelope: String,
    /// When that arrived.
    pub arrived_at: String,
    /// SHA-256 of the routing part's plaintext; must equal the one inside.
    pub routing_digest: String,
    /// The age file.
    pub sealed: String,
}

/// What the intake has written down after "opened".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedReply {
    /// The first time that anybody said so; later openings do not move it.
    pub first_opened_at: String,
}

/// A status note for a case's reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteRequest {
    /// 2,048 sealed bytes.
    pub sealed: String,
}

/// What a desk signs: `"heard desk v1"`, method, path with query, body digest, its public key and nonce, one a line.
pub fn desk_signing_bytes(method: &str, path_and_query: &str, body: &[u8], key: &[u8; 32], nonce: &str) -> Vec<u8> {
    let (digest, key) = (to_hex(&Sha256::digest(body)), to_hex(key));
    format!("heard desk v1\n{method}\n{path_and_query}\n{digest}\n{key}\n{nonce}\n").into_bytes()
}

/// What a kiosk does next about an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterStatus {
    /// Read and verify the answer page; it alone decides.
    ReadPage,
    /// Keep it and try again, no sooner than the intake asked.
    Later,
    /// Keep it and try again at the longest wait: something between us and the intake answers, or we are not known.
    MuchLater,
}

/// The table of DESIGN 5. Nothing here erases anything: only a verified page does.
pub const fn after_status(status: u16) -> AfterStatus {
    match status {
        // 422 carries a signed refusal; without a right signature it counts as a stranger's.
        200 | 201 | 422 => AfterStatus::ReadPage,
        408 | 429 | 500..=599 => AfterStatus::Later,
        _ => AfterStatus::MuchLater,
    }
}
