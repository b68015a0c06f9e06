//! Sealing once: slip and content become an envelope that the kiosk itself can no longer read.
//!
//! After sealing, the report part is opened once with a throwaway identity, so that what leaves is known to be whole;
//! then that identity is forgotten. Nothing is ever sealed a second time.

use std::fmt;

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::age_file::{AgeError, decrypt, encrypt};
use super::random::{RandomUnavailable, random_bytes};
use super::x25519::{Identity, Recipient};
use crate::form::Lane;
use crate::id::KioskId;
use crate::limits::{ENVELOPE_BYTES, REPORT_PLAIN_BYTES, REPORT_STANZAS, ROUTING_PLAIN_BYTES};
use crate::wire::v1::{Content, ReportPart, RoutingSlip};
use crate::wire::{Bundle, Envelope, EnvelopeHeader, PaddingError, assemble, to_padded};

/// Who can open the report part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// The team of a lane and its offline escrow.
    Lane(Lane),
    /// Whoever holds the report that belongs to a reference code. The kiosk does not know the lane; the independent
    /// team's offline escrow can open an addition whose report never comes.
    Reply(Recipient),
    /// Nobody: there is nothing inside.
    Nobody,
    /// The hate team and the independent team.
    Canary,
}

/// With which a kiosk seals.
#[derive(Clone)]
pub struct SealingKeys {
    /// This kiosk.
    pub kiosk: KioskId,
    /// Its signing key.
    pub signing: SigningKey,
}

impl SealingKeys {
    /// From the 32-byte seed that the kiosk keeps.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(seed);
        Self {
            kiosk: KioskId::of_public_key(signing.verifying_key().as_bytes()),
            signing,
        }
    }
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKeys({})", self.kiosk)
    }
}

/// Why nothing was sealed. The report is still whole in memory; another try is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// The content or the slip is larger than its fixed size.
    TooLarge,
    /// age failed, or what it made did not open again.
    Age,
    /// No randomness.
    Random,
    /// The bundle has no keys for the lane.
    NoKeys,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the report is larger than an envelope",
            Self::Age => "the report could not be sealed",
            Self::Random => "the operating system gives no randomness yet: try again in a minute",
            Self::NoKeys => "the bundle names no team for this report: ask head office for a new bundle",
        })
    }
}

impl std::error::Error for SealError {}

impl From<RandomUnavailable> for SealError {
    fn from(_: RandomUnavailable) -> Self {
        Self::Random
    }
}

impl From<AgeError> for SealError {
    fn from(_: AgeError) -> Self {
        Self::Age
    }
}

impl From<PaddingError> for SealError {
    fn from(_: PaddingError) -> Self {
        Self::TooLarge
    }
}

/// Seals, checks and signs.
pub fn seal(
    keys: &SealingKeys,
    bundle: &Bundle,
    slip: &RoutingSlip,
    content: Content,
    destination: Destination,
) -> Result<Envelope, SealError> {
    let routing_plain = Zeroizing::new(to_padded(slip, ROUTING_PLAIN_BYTES)?);
    let routing_digest = Sha256::digest(&routing_plain[..]).into();
    let part = ReportPart {
        routing_digest,
        content,
    };
    let report_plain = Zeroizing::new(to_padded(&part, REPORT_PLAIN_BYTES)?);

    let routing = encrypt(
        &routing_plain,
        &[Recipient(bundle.router), Recipient(bundle.router_escrow)],
    )?;
    let witness = Identity::generate()?;
    let report = encrypt(&report_plain, &recipients(bundle, destination, &witness)?)?;
    if decrypt(&report, &witness, REPORT_PLAIN_BYTES)?[..] != report_plain[..] {
        return Err(SealError::Age);
    }

    let header = EnvelopeHeader {
        kiosk: keys.kiosk,
        bundle_sequence: bundle.sequence,
    };
    let fill = random_bytes(ENVELOPE_BYTES)?;
    assemble(header, &routing, &report, &fill, &keys.signing).map_err(|_| SealError::TooLarge)
}

/// Always four: the real ones, the witness, and throwaways whose identities nobody keeps.
fn recipients(bundle: &Bundle, destination: Destination, witness: &Identity) -> Result<Vec<Recipient>, SealError> {
    let lane = |lane| bundle.lane(lane).ok_or(SealError::NoKeys);
    let mut recipients = match destination {
        Destination::Lane(which) => vec![Recipient(lane(which)?.team), Recipient(lane(which)?.escrow)],
        Destination::Reply(reply) => vec![reply, Recipient(lane(Lane::Conduct)?.escrow)],
        Destination::Nobody => Vec::new(),
        Destination::Canary => vec![Recipient(lane(Lane::Hate)?.team), Recipient(lane(Lane::Conduct)?.team)],
    };
    recipients.push(witness.recipient());
    while recipients.len() < REPORT_STANZAS {
        recipients.push(Identity::generate()?.recipient());
    }
    Ok(recipients)
}
