//! One record of the database: whatever it says, 4,096 sealed bytes under a random id.
//!
//! A reader of the database learns neither what kind a record is of nor to which it belongs. Records are added, never
//! changed; what is known is what all of them together say. Enum order and field order are stored order: add at the end.
//!
//! Envelopes are sealed once more with the same key, so that somebody who has a team's key and a copy of the database
//! still opens nothing (SAFETY 26): that team may be the very one in which the reporter named somebody.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::form::Lane;
use crate::id::{CaseId, EnvelopeId, KioskId};
use crate::time::Timestamp;
use crate::wire::v1::RoutingSlip;
use crate::wire::{from_padded, to_padded};

/// Bytes of every sealed record.
pub(crate) const RECORD_BYTES: usize = 4_096;
const TAG_BYTES: usize = 16;
const PLAIN_BYTES: usize = RECORD_BYTES - TAG_BYTES;
const NONCE_DOMAIN: &[u8; 8] = b"heardrc1";
const ENVELOPE_DOMAIN: &[u8; 8] = b"heardev1";

/// A member of staff, by a random number.
pub(crate) type StaffId = [u8; 16];
/// A record, by a random number; also the nonce that it is sealed with.
pub(crate) type RecordId = [u8; 16];

/// A part of a case: the first bytes of its envelope's digest.
pub(crate) type PartMark = [u8; 8];
/// Marks in one record.
pub(crate) const MARKS_MOST: usize = 400;

/// What one record says.
#[derive(Serialize, Deserialize)]
pub(crate) enum Record {
    /// An envelope was committed.
    Envelope(Box<EnvelopeFacts>),
    /// An enrolment token was made: SHA-256 of its secret.
    Token { digest: [u8; 32], made: Timestamp },
    /// A kiosk spent a token.
    Kiosk {
        public_key: [u8; 32],
        token: [u8; 32],
        enrolled: Timestamp,
    },
    /// Somebody may sign desk requests.
    Staff(StaffMember),
    /// Somebody must not see a case.
    Exclusion {
        staff: StaffId,
        case: CaseId,
        at: Timestamp,
    },
    /// Somebody did something with a case.
    Access {
        staff: StaffId,
        case: CaseId,
        at: Timestamp,
        what: Access,
        /// Which parts, for handing over and opening; at most [`MARKS_MOST`].
        parts: Vec<PartMark>,
    },
    /// A status note waits for kiosks.
    Note { sequence: u64, sealed: Vec<u8> },
    /// A bundle was published; its bytes lie beside the database.
    Bundle {
        sequence: u32,
        digest: [u8; 32],
        published: Timestamp,
    },
}

/// What the intake knows of an envelope.
#[derive(Serialize, Deserialize)]
pub(crate) struct EnvelopeFacts {
    /// Its digest.
    pub(crate) id: EnvelopeId,
    /// Who signed it.
    pub(crate) kiosk: KioskId,
    /// When it was first here.
    pub(crate) arrival: Timestamp,
    /// The case that it opened or joined; a number of its own when it did neither.
    pub(crate) case: CaseId,
    /// Earliest plausible Send and 24 hours.
    pub(crate) due: Timestamp,
    /// The slip and the digest of its plaintext; none when it did not open.
    pub(crate) slip: Option<(RoutingSlip, [u8; 32])>,
    /// A heartbeat that came over the link: it cannot have waited, so its arrival is when it was made.
    pub(crate) live: bool,
}

/// Somebody who may sign desk requests.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StaffMember {
    /// Random.
    pub(crate) id: StaffId,
    /// As exclusions would name them.
    pub(crate) name: String,
    /// Hate or conduct.
    pub(crate) team: Lane,
    /// Gets the cases whose exclusions fit nobody for certain.
    pub(crate) lead: bool,
    /// Their ed25519 public key.
    pub(crate) key: [u8; 32],
    /// When they were added.
    pub(crate) added: Timestamp,
}

/// What somebody did with a case. Only what can be proved (SAFETY 28).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Access {
    /// The sealed parts were given to them.
    HandedOver,
    /// They said that they opened it.
    Opened,
    /// They left a note for the reporter.
    Note,
}

/// A record that cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordError;

/// Seals records at rest; lies outside the database.
pub(crate) struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Exactly [`RECORD_BYTES`].
    pub(crate) fn seal(&self, id: RecordId, record: &Record) -> Result<Vec<u8>, RecordError> {
        let plain = Zeroizing::new(to_padded(record, PLAIN_BYTES).map_err(|_| RecordError)?);
        self.cipher().encrypt(&nonce(id), &plain[..]).map_err(|_| RecordError)
    }

    pub(crate) fn open(&self, id: RecordId, sealed: &[u8]) -> Result<Record, RecordError> {
        let plain = self.cipher().decrypt(&nonce(id), sealed).map_err(|_| RecordError)?;
        from_padded(&Zeroizing::new(plain)).map_err(|_| RecordError)
    }

    /// An envelope as its row holds it: its bytes and a tag.
    pub(crate) fn seal_envelope(&self, id: EnvelopeId, bytes: &[u8]) -> Result<Vec<u8>, RecordError> {
        let bound = Payload { msg: bytes, aad: &id.0 };
        let sealed = self.cipher().encrypt(&envelope_nonce(id), bound);
        sealed.map_err(|_| RecordError)
    }

    /// The envelope of a row.
    pub(crate) fn open_envelope(&self, id: EnvelopeId, sealed: &[u8]) -> Result<Vec<u8>, RecordError> {
        let bound = Payload {
            msg: sealed,
            aad: &id.0,
        };
        let bytes = self.cipher().decrypt(&envelope_nonce(id), bound);
        bytes.map_err(|_| RecordError)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// A record is sealed once under its random id, so the id makes the nonce unique and binds the record to its row.
fn nonce(id: RecordId) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..8].copy_from_slice(NONCE_DOMAIN);
    nonce[8..].copy_from_slice(&id);
    nonce
}

/// An envelope's id is the digest of its bytes: one nonce never meets two contents.
fn envelope_nonce(id: EnvelopeId) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..8].copy_from_slice(ENVELOPE_DOMAIN);
    nonce[8..].copy_from_slice(&id.0[..16]);
    nonce
}
