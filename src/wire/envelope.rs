//! The envelope: exactly 16,384 bytes, everything a kiosk says, whatever it says.
//!
//! ```text
//! 0      4   magic "HRDE"
//! 4      1   version 1
//! 5      1   suite 1
//! 6      16  kiosk id
//! 22     4   bundle sequence, big-endian
//! 26     2   length of the routing part, big-endian
//! 28     2   length of the report part, big-endian
//! 30     2   zero
//! 32     …   routing part: an age file for the router and its offline escrow
//! …      …   report part: an age file with four recipients
//! …      …   random fill
//! 16320  64  ed25519 signature by the kiosk over "heard envelope v1" and bytes 0…16319
//! ```
//! Built by `seal`, checked by the intake and the desk. It refuses to know what is inside the parts.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::age_shape::{AgeShapeError, check_age_shape};
use super::{SUITE, VERSION};
use crate::id::{EnvelopeId, KioskId};
use crate::limits::{
    ENVELOPE_BYTES, HEADER_BYTES, REPORT_PLAIN_BYTES, REPORT_STANZAS, ROUTING_PLAIN_BYTES, ROUTING_STANZAS,
    SIGNED_BYTES,
};

const MAGIC: &[u8; 4] = b"HRDE";
const DOMAIN: &[u8] = b"heard envelope v1";

/// What stands in front of the sealed parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvelopeHeader {
    /// The kiosk that sealed it.
    pub kiosk: KioskId,
    /// The bundle whose keys it used.
    pub bundle_sequence: u32,
}

/// Why bytes are not an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Not exactly 16,384 bytes.
    Size,
    /// Another file altogether.
    Magic,
    /// A version or suite that is not known here.
    Version,
    /// Lengths that cannot be, or a header byte that must be zero and is not.
    Lengths,
    /// The routing part is not the right age file.
    RoutingPart(AgeShapeError),
    /// The report part is not the right age file.
    ReportPart(AgeShapeError),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => write!(f, "an envelope has exactly {ENVELOPE_BYTES} bytes"),
            Self::Magic => f.write_str("not an envelope"),
            Self::Version => f.write_str("an envelope of an unknown version"),
            Self::Lengths => f.write_str("an envelope with impossible lengths"),
            Self::RoutingPart(why) => write!(f, "routing part: {why}"),
            Self::ReportPart(why) => write!(f, "report part: {why}"),
        }
    }
}

impl core::error::Error for Malformed {}

/// A well-formed envelope. Its signature has not been checked until `verify` says so.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    bytes: Box<[u8; ENVELOPE_BYTES]>,
    header: EnvelopeHeader,
    routing_bytes: usize,
    report_bytes: usize,
}

impl Envelope {
    /// Checks everything that can be seen without a key: size, magic, version, lengths, both parts' shape.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let bytes: Box<[u8; ENVELOPE_BYTES]> = bytes
            .to_vec()
            .into_boxed_slice()
            .try_into()
            .map_err(|_| Malformed::Size)?;
        if &bytes[..4] != MAGIC {
            return Err(Malformed::Magic);
        }
        if bytes[4] != VERSION || bytes[5] != SUITE {
            return Err(Malformed::Version);
        }
        let length = |at: usize| usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
        let (routing_bytes, report_bytes) = (length(26), length(28));
        if length(30) != 0 || HEADER_BYTES + routing_bytes + report_bytes > SIGNED_BYTES {
            return Err(Malformed::Lengths);
        }
        let header = EnvelopeHeader {
            kiosk: claimed_kiosk(&bytes),
            bundle_sequence: u32::from_be_bytes([bytes[22], bytes[23], bytes[24], bytes[25]]),
        };
        let envelope = Self {
            bytes,
            header,
            routing_bytes,
            report_bytes,
        };
        check_age_shape(envelope.routing_part(), ROUTING_STANZAS, ROUTING_PLAIN_BYTES)
            .map_err(Malformed::RoutingPart)?;
        check_age_shape(envelope.report_part(), REPORT_STANZAS, REPORT_PLAIN_BYTES).map_err(Malformed::ReportPart)?;
        Ok(envelope)
    }

    /// Whether `key` signed exactly these bytes (strict verification: no malleable or weak signature passes).
    pub fn verify(&self, key: &VerifyingKey) -> bool {
        is_signed(&self.bytes, key)
    }

    /// The digest under which it travels.
    pub fn id(&self) -> EnvelopeId {
        envelope_id(&self.bytes[..])
    }

    /// What stands in front of the sealed parts.
    pub const fn header(&self) -> EnvelopeHeader {
        self.header
    }

    /// The age file for the router.
    pub fn routing_part(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..HEADER_BYTES + self.routing_bytes]
    }

    /// The age file for the team.
    pub fn report_part(&self) -> &[u8] {
        let start = HEADER_BYTES + self.routing_bytes;
        &self.bytes[start..start + self.report_bytes]
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8; ENVELOPE_BYTES] {
        &self.bytes
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({}, kiosk {})", self.id(), self.header.kiosk)
    }
}

/// SHA-256 of an envelope's bytes.
pub fn envelope_id(bytes: &[u8]) -> EnvelopeId {
    EnvelopeId(Sha256::digest(bytes).into())
}

/// The kiosk that bytes of the right length say they come from; worth nothing until [`is_signed`] agrees.
pub fn claimed_kiosk(bytes: &[u8; ENVELOPE_BYTES]) -> KioskId {
    let mut kiosk = [0; 16];
    kiosk.copy_from_slice(&bytes[6..22]);
    KioskId(kiosk)
}

/// Whether `key` signed bytes of the right length as an envelope, whatever else is wrong with them: the intake refuses
/// only what it knows to come from a kiosk, and signs that refusal.
pub fn is_signed(bytes: &[u8; ENVELOPE_BYTES], key: &VerifyingKey) -> bool {
    let mut signature = [0; 64];
    signature.copy_from_slice(&bytes[SIGNED_BYTES..]);
    key.verify_strict(&to_sign(&bytes[..]), &Signature::from_bytes(&signature))
        .is_ok()
}

/// Puts an envelope together and signs it.
///
/// `fill` gives random bytes for what the parts leave free; at least `ENVELOPE_BYTES` of them are always enough.
pub fn assemble(
    header: EnvelopeHeader,
    routing_part: &[u8],
    report_part: &[u8],
    fill: &[u8],
    key: &SigningKey,
) -> Result<Envelope, Malformed> {
    let used = HEADER_BYTES + routing_part.len() + report_part.len();
    let free = SIGNED_BYTES.checked_sub(used).ok_or(Malformed::Lengths)?;
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).map_err(|_| Malformed::Lengths);
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[VERSION, SUITE]);
    bytes.extend_from_slice(&header.kiosk.0);
    bytes.extend_from_slice(&header.bundle_sequence.to_be_bytes());
    bytes.extend_from_slice(&length(routing_part)?.to_be_bytes());
    bytes.extend_from_slice(&length(report_part)?.to_be_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(routing_part);
    bytes.extend_from_slice(report_part);
    bytes.extend_from_slice(fill.get(..free).ok_or(Malformed::Lengths)?);
    let signature = key.sign(&to_sign(&bytes));
    bytes.extend_from_slice(&signature.to_bytes());
    Envelope::parse(&bytes)
}

fn to_sign(bytes: &[u8]) -> Vec<u8> {
    [DOMAIN, &bytes[..SIGNED_BYTES]].concat()
}
